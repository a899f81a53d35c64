import { expect, test } from "../support/test.ts";

test("whoever was given a file finds how to check it, signed in or not", async ({ visitor }) => {
  const somebody = await visitor();
  await somebody.opens("/audit/verify");
  await expect(somebody.heading).toHaveText("Check a receipt, a pack or a log");
  await expect(somebody.section("Check it with the command")).toContainText("induct audit verify FILE --key KEY_FILE --known-head HEAD_FILE");
  await expect(somebody.section("Check it here")).toBeVisible({ visible: somebody.javaScript });
  await expect(somebody.section("This page checks nothing by itself")).toBeVisible({ visible: !somebody.javaScript });
});

test("the form for a pack says what is missing", async ({ visitor }) => {
  const ada = await visitor("ada");
  await ada.opens("/audit");
  await ada.follows("Inspection pack");
  await ada.page.locator("form[action='/audit/pack']").evaluate((form) => form.setAttribute("novalidate", ""));
  await ada.page.getByLabel("How many people").fill("5");
  await ada.page.getByLabel("The head that was noted before").fill("no head");
  await ada.page.getByLabel("The inspector’s word").fill("heron");
  await ada.presses(/Draw and download the pack/, 422);
  await expect(ada.page.getByRole("alert")).toContainText("This is no head that this log has had");
  await expect(ada.page.getByLabel("The inspector’s word")).toHaveValue("heron");
});
