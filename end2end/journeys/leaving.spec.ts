import { expect, test } from "../support/test.ts";

test("after leaving, an address that says what was read leads to the sign-in page, which does not", async ({ visitor }) => {
  const amy = await visitor("amy");
  await amy.hasWeather();
  await amy.opens("/modules/sharing-nudes");
  await amy.opens("/modules/sharing-nudes/the-law");
  await amy.leavesQuickly();
  // With scripts the last page has gone from the list; without them it is one more to go back to.
  for (let back = 0; back < 2; back += 1) {
    await amy.page.goBack();
    await expect(amy.heading).toHaveText("Sign in");
    await expect(amy.page).toHaveURL(`${amy.site.url}/sign-in`);
    await expect(amy.page.locator("html")).not.toContainText(/nudes/i);
  }
  await amy.signsIn("amy");
  await expect(amy.heading).toHaveText("Hello, Amy");
});
