import { expect, test } from "../support/test.ts";

const WEATHER = "https://www.bbc.co.uk/weather";

test("Back does not return to the page that was left", async ({ visitor }) => {
  const somebody = await visitor();
  await somebody.hasWeather();
  await somebody.opens("/help");
  await somebody.button("Leave this site quickly").click();
  await somebody.page.waitForURL(WEATHER);
  await somebody.page.goBack();
  expect(somebody.page.url()).toBe("about:blank");
});

test("after leaving, Back asks to sign in", async ({ visitor }) => {
  const amy = await visitor("amy");
  await amy.hasWeather();
  await amy.opens("/modules/sharing-nudes");
  await amy.opens("/help");
  await amy.button("Leave this site quickly").click();
  await amy.page.waitForURL(WEATHER);
  await amy.page.goBack();
  await expect(amy.heading).toHaveText("Sign in");
});

test("however often somebody goes back after leaving, no address and no page says what was read", async ({ visitor }) => {
  const amy = await visitor("amy");
  await amy.hasWeather();
  await amy.opens("/modules/sharing-nudes");
  await amy.opens("/modules/sharing-nudes/the-law");
  await amy.opens("/modules/four-cs");
  await amy.opens("/help");
  await amy.button("Leave this site quickly").click();
  await amy.page.waitForURL(WEATHER);
  for (let back = 0; back < 3; back += 1) {
    await amy.page.goBack();
    await expect(amy.heading).toHaveText("Sign in");
    await expect(amy.page).toHaveURL(`${amy.site.url}/sign-in`);
    await expect(amy.page.locator("html")).not.toContainText(/nudes|4 Cs/i);
  }
  // Whoever signs in again is let in as ever, and goes back and forth as ever.
  await amy.signsIn("amy");
  await amy.opens("/modules/four-cs");
  await amy.opens("/modules/sharing-nudes");
  await amy.page.goBack();
  await expect(amy.heading).toHaveText("The 4 Cs");
});

test("Escape closes what lies over the page first, and that does not count", async ({ visitor }) => {
  const amy = await visitor("amy");
  await amy.hasWeather();
  await amy.opens("/modules/four-cs");
  const summary = amy.page.getByText("Get help", { exact: true }).first();
  const panel = amy.page.locator(".help-panel");
  await summary.click();
  await expect(panel).toHaveAttribute("open", "");
  await expect(panel).toContainText("press Escape three times");
  await amy.page.keyboard.press("Escape");
  await expect(panel).not.toHaveAttribute("open", "");
  await expect(summary).toBeFocused();
  await amy.page.keyboard.press("Escape");
  await amy.page.keyboard.press("Escape");
  await expect(amy.heading).toHaveText("The 4 Cs");
  await amy.page.keyboard.press("Escape");
  await amy.page.waitForURL(WEATHER);
});

test("a press elsewhere closes what lies over the page", async ({ visitor }) => {
  const somebody = await visitor();
  await somebody.opens("/help");
  await somebody.page.getByText("Get help", { exact: true }).first().click();
  await somebody.main.click({ position: { x: 5, y: 5 } });
  await expect(somebody.page.locator(".help-panel")).not.toHaveAttribute("open", "");
});

test("Escape three times leaves from anywhere, even out of the quiz", async ({ visitor }) => {
  const amy = await visitor("amy");
  await amy.hasWeather();
  await amy.opens("/modules/four-cs/quiz");
  await amy.presses("Start the quiz");
  const option = amy.main.getByRole("group").locator("input").first();
  await option.check();
  await expect(amy.page.getByRole("status")).toHaveText("Saved. 1 of 8 answered.");
  await option.press("Escape");
  await option.press("Escape");
  await option.press("Tab");
  await option.press("Escape");
  await expect(amy.heading).toBeVisible();
  const quiz = amy.page.url();
  await amy.page.keyboard.press("Escape");
  await amy.page.keyboard.press("Escape");
  await amy.page.waitForURL(WEATHER);
  await amy.page.goBack();
  expect(amy.page.url()).not.toBe(quiz);
});
