import { expect, test } from "../support/test.ts";

test("where there is no mail server nobody is promised a letter, and an administrator sees why", async ({ visitor }) => {
  const somebody = await visitor();
  await somebody.opens("/sign-in");
  await expect(somebody.page.getByRole("link", { name: "I forgot my password" })).toHaveCount(0);
  await somebody.opens("/sign-in/forgotten");
  await expect(somebody.main).toContainText("Ask your tutor or manager");

  const root = await visitor("root");
  await root.follows("Letters");
  await expect(root.main).toContainText("There is no mail server, so nothing is sent; 0 letters wait.");
  await expect(root.main).toContainText("No letter was written yet.");
  await root.opens("/people");
  await root.follows("Amy Archer");
  await root.follows("Change groups, duties, dates and sign-in");
  await expect(root.page.getByRole("button", { name: "Send a link by e-mail" })).toHaveCount(0);
});
