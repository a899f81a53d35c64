import { codeOf } from "../support/phone.ts";
import { expect, test } from "../support/test.ts";

test("a code from a phone is asked for besides the password, and a recovery code when the phone is gone", async ({ visitor }) => {
  const amy = await visitor("amy");
  await amy.follows("Your account, and what is known about you");
  await amy.follows("Set up codes");
  await amy.page.getByLabel("Your password").fill("induct-demo-2026");
  await amy.presses("Begin");
  const key = await amy.main.locator(".to-type").innerText();
  await expect(amy.main.getByRole("img", { name: /^A code to scan/ })).toBeVisible();
  await amy.page.getByLabel("The six digits").fill("12");
  await amy.presses("Turn it on", 422);
  await expect(amy.main.locator(".to-type")).toHaveText(key);
  const confirmed = codeOf(key, new Date());
  await amy.page.getByLabel("The six digits").fill(confirmed);
  await amy.presses("Turn it on");
  const codes = await amy.main.locator(".recovery-codes li").allInnerTexts();
  expect(codes).toHaveLength(10);
  await amy.follows("I have kept them");
  await expect(amy.main).toContainText("You have 10 recovery codes left");

  const elsewhere = await visitor();
  await elsewhere.opens("/sign-in?next=/modules");
  await elsewhere.fillsIn("amy");
  await elsewhere.presses("Sign in");
  // The code with which it was confirmed lets nobody in a second time.
  await elsewhere.page.getByLabel("The six digits").fill(confirmed);
  await elsewhere.presses("Sign in", 422);
  await expect(elsewhere.main).toContainText("it was used already");
  await elsewhere.page.getByLabel("The six digits").fill(codeOf(key, new Date(Date.now() + 30_000)));
  await elsewhere.presses("Sign in");
  await expect(elsewhere.page).toHaveURL(/\/modules$/);

  const without = await visitor();
  await without.opens("/sign-in");
  await without.fillsIn("amy");
  await without.presses("Sign in");
  await without.page.getByLabel("The six digits").fill(codes[4] ?? "");
  await without.presses("Sign in");
  await without.opens("/account/second-factor");
  await without.page.getByText("Turn it off, or move to another phone").click();
  const off = without.main.locator("form[action$='/end']");
  await off.getByLabel("Your password").fill("induct-demo-2026");
  await off.getByLabel("A code from your app").fill(codes[5] ?? "");
  await without.presses("Turn it off");
  await expect(without.main).toContainText("your password alone lets you in");
});
