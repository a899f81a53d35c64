import { expect, test } from "../support/test.ts";

test("a learner says no with a reason, and signs after all", async ({ visitor }) => {
  const ben = await visitor("ben");
  await ben.opens("/agreements/learner-aup");
  await ben.follows("I do not want to sign this");
  await expect(ben.heading).toContainText("Decline to sign");
  await ben.presses("Decline", 422);
  await expect(ben.page.getByRole("alert")).toContainText("Say why, in a word or two at least");
  await ben.page.getByLabel("Why you do not want to sign").fill("I do not understand clause 4.\nCan we talk?");
  await ben.presses("Decline");
  const declined = ben.section("You declined to sign this");
  await expect(declined).toContainText("you can sign it at any time before");
  await expect(declined.locator(".own-words")).toHaveText("I do not understand clause 4.\nCan we talk?");
  await expect(ben.link("I do not want to sign this")).toHaveCount(0);
  await ben.opens("/");
  await expect(ben.main).toContainText("You declined to sign the learner acceptable use agreement: we ask you again from");
  await expect(ben.section("Your way through")).toContainText("Declined on");

  const ada = await visitor("ada");
  await ada.opens("/audit/declined");
  const row = ada.main.getByRole("row").filter({ hasText: "Ben" });
  await expect(row.getByRole("cell").last()).toHaveText("No");
  await expect(ada.main).not.toContainText("clause 4");
  await ada.comesTo(() => row.getByRole("link").click());
  await expect(ada.main.locator(".own-words")).toHaveText("I do not understand clause 4.\nCan we talk?");
  await ada.opens("/audit/unsigned?agreement=learner-aup");
  await expect(ada.main.getByRole("row").filter({ hasText: "Ben" }).getByRole("link", { name: /^Declined/ })).toHaveAttribute("href", /^\/declines\//);

  const dan = await visitor("dan");
  await dan.opens("/matrix?name=ben");
  await dan.comesTo(() => dan.page.getByRole("link", { name: /^Ben/ }).first().click());
  await expect(dan.main).toContainText("Declined to sign it on");
  await dan.comesTo(() => dan.main.getByRole("link", { name: "Why they declined" }).first().click());
  await expect(dan.main).toContainText("Can we talk?");

  await ben.opens("/agreements/learner-aup");
  await ben.page.getByLabel("I have read this agreement").check();
  await ben.page.getByLabel("Your full name").fill("Ben Carter");
  await ben.presses(/^Sign the/);
  await ada.opens("/audit/declined");
  await expect(row.getByRole("cell").last()).not.toHaveText("No");
});
