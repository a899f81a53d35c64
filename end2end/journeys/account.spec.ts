import { expect, test } from "../support/test.ts";

test("somebody signs out elsewhere and changes their password without losing their place", async ({ visitor }) => {
  const amy = await visitor("amy");
  const elsewhere = await visitor("amy");
  await amy.follows("Your account, and what is known about you");
  await expect(amy.main).toContainText("amy@northfield.example");
  const others = amy.page.getByRole("button", { name: /^Sign out of/ });
  await expect(others).toHaveCount(1);
  await amy.follows("Change your password");
  await amy.page.getByLabel("Your password now").fill("induct-demo-2026");
  await amy.page.getByLabel("Choose a password").fill("password2026password");
  await amy.presses("Change my password", 422);
  await expect(amy.main).toContainText("one of the passwords that are tried first");
  await amy.page.getByLabel("Your password now").fill("induct-demo-2026");
  await amy.page.getByLabel("Choose a password").fill("purple kettle sings");
  await amy.presses("Change my password");
  await expect(amy.main).toContainText("Your password is changed.");
  await expect(amy.main).toContainText("You are signed in nowhere else.");
  await elsewhere.page.goto("/account");
  await expect(elsewhere.page).toHaveURL(/\/sign-in/);
});
