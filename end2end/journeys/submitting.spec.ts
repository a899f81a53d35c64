import { expect, test } from "../support/test.ts";

test("what a learner signs comes in for whoever holds the role, who ticks it off", async ({ visitor }) => {
  const ben = await visitor("ben");
  await ben.opens("/agreements/learner-aup");
  await ben.page.getByLabel("I have read this agreement").check();
  await ben.page.getByLabel("Your full name").fill("Ben Osei");
  await ben.presses(/^Sign the/);

  const root = await visitor("root");
  await root.opens("/");
  await expect(root.main).toContainText(/agreements? ha(s|ve) come in for you as Head of Digital and ICT/);
  await root.follows("See them, and tick them off");
  await expect(root.heading).toHaveText("What came in");
  const row = root.main.getByRole("row").filter({ hasText: "Ben Osei" });
  await expect(row).toContainText("Not yet");
  await root.presses("Tick off what I chose", 422);
  await expect(root.page.getByRole("alert")).toContainText("Choose at least one");
  await root.page.getByRole("checkbox", { name: "Ben Osei" }).check();
  await root.presses("Tick off what I chose");
  await expect(root.page.getByRole("status").first()).toContainText("Ticked off");
  await expect(row).toHaveCount(0);
  await root.follows("Ticked off");
  await expect(row).toContainText("by Robin Root");
  await root.comesTo(() => row.getByRole("link", { name: /^Evidence of what Ben Osei signed/ }).click());
  await root.opens("/submitted?state=ticked");
  await root.page.getByRole("checkbox", { name: "Ben Osei" }).check();
  await root.presses("Take the ticks back of what I chose");
  await expect(row).toHaveCount(0);
  await root.follows(/^To look at/);
  await expect(row).toContainText("Not yet");

  await ben.opens("/agreements");
  await expect(ben.link("What others signed, as it came in")).toHaveCount(0);
  await ben.opens("/submitted", 403);
});
