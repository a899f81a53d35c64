import { expect, test } from "../support/test.ts";

test("somebody checks themselves at the end of a page, and is told at once, in whichever way they answer", async ({ visitor }) => {
  const amy = await visitor("amy");
  await amy.opens("/modules/four-cs/contact");
  const check = amy.section("Check yourself");
  await expect(check.getByRole("heading", { level: 3 })).toHaveText("Someone who has been kind to you online for weeks must be safe.");
  await expect(check.getByText("Right", { exact: true })).toBeHidden();
  await check.getByText("True", { exact: true }).click();
  await expect(check.getByText("Not this one")).toBeVisible();
  await amy.settles();
  await check.getByText("False", { exact: true }).click();
  await expect(check.getByText("Right", { exact: true })).toBeVisible();
  await expect(check).toContainText("kindness alone tells you nothing");
  // Nothing of it goes anywhere: it stands in no form, and has no control that could be sent.
  await expect(check.locator("input, button, select, form")).toHaveCount(0);
});

test("what stands on a page is not asked again", async ({ visitor }) => {
  const amy = await visitor("amy");
  await amy.opens("/modules/four-cs/quiz");
  await amy.presses("Start the quiz");
  expect(await amy.page.content()).not.toContain("Someone who has been kind to you online for weeks");
  await amy.opens("/modules/four-cs/the-four-cs");
  await expect(amy.main.getByText("Check yourself")).toHaveCount(0);
});
