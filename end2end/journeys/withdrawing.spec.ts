import { expect, test } from "../support/test.ts";

test("an administrator withdraws a pass that was recorded wrongly, and what was signed says so", async ({ visitor }) => {
  const root = await visitor("root");
  await root.opens("/matrix?name=cora");
  await root.comesTo(() => root.page.getByRole("link", { name: /^Cora/ }).first().click());
  await root.comesTo(() => root.main.getByRole("link", { name: "Recorded wrongly? : The 4 Cs" }).click());
  await expect(root.heading).toContainText("Withdraw the pass in");
  await root.presses("Withdraw it", 422);
  await expect(root.page.getByRole("alert")).toContainText("Choose what was wrong");
  await root.page.getByLabel("What was wrong").selectOption("not-their-own");
  await root.page.getByLabel("Reason").fill("A friend took it, as both of them say");
  await root.presses("Withdraw it");
  await expect(root.main).toContainText("Withdrawn: The 4 Cs");

  const cora = await visitor("cora");
  await cora.opens("/cpd");
  await expect(cora.main.getByRole("listitem").filter({ hasText: "The 4 Cs" })).toContainText("does not count");
  await cora.opens("/agreements");
  await cora.comesTo(() => cora.main.getByRole("link", { name: /^Learner acceptable use/ }).first().click());
  await cora.follows("See your receipt");
  await expect(cora.main).toContainText("what was answered was not their own");
});
