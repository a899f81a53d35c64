import { expect, test } from "../support/test.ts";

test("somebody who types a long password on a phone may look at it", async ({ visitor }) => {
  const somebody = await visitor();
  await somebody.opens("/sign-in");
  const field = somebody.page.getByLabel("Password", { exact: true });
  await somebody.fillsIn("amy");
  await expect(field).toHaveAttribute("type", "password");
  await somebody.button("Show password").click();
  await expect(field).toHaveAttribute("type", "text");
  await somebody.settles();
  await somebody.button("Hide password").click();
  await expect(field).toHaveAttribute("type", "password");
  await somebody.button("Show password").click();
  await somebody.presses("Sign in");
  await expect(somebody.heading).toHaveText("Hello, Amy");
});
