import { expect, test } from "../support/test.ts";

const WEATHER = "https://www.bbc.co.uk/weather";

test("Back does not return to the page that was left", async ({ visitor }) => {
  const somebody = await visitor();
  await somebody.hasWeather();
  await somebody.opens("/help");
  await somebody.link("Leave this site quickly").click();
  await somebody.page.waitForURL(WEATHER);
  await somebody.page.goBack();
  expect(somebody.page.url()).toBe("about:blank");
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
