import { fails, passes } from "../support/sitting.ts";
import { expect, test } from "../support/test.ts";

test("a tutor helps a learner who has used all attempts", async ({ visitor }) => {
  const amy = await visitor("amy");
  for (const left of ["You have 2 attempts left", "You have 1 attempt left", "That was the last attempt for now."]) {
    await fails(amy, "four-cs");
    await expect(amy.main).toContainText(left);
  }
  await amy.opens("/");
  await expect(amy.main).toContainText("“The 4 Cs” waits for your tutor, who has been asked to help you.");
  await expect(amy.section("Sharing nudes and semi-nudes").getByRole("link", { name: "Start this module" })).toBeVisible();
  await expect(amy.section("Your way through")).toContainText("Waiting for your tutor");
  await amy.opens("/modules/four-cs/quiz");
  await expect(amy.heading).toHaveText("Your tutor or manager will help you with this one");
  await expect(amy.main).toContainText("it is not held against you");
  const begun = await amy.posts("/modules/four-cs/quiz", {});
  expect(new URL(begun.url()).pathname).toBe("/modules/four-cs/quiz");

  const mina = await visitor("mina");
  const waiting = mina.section("Learners who need a hand");
  await expect(waiting).toContainText("Amy Archer");
  await expect(waiting).toContainText("The 4 Cs");
  await mina.presses("Give 3 more attempts to Amy Archer in The 4 Cs");
  await expect(waiting).toHaveCount(0);
  await expect(mina.page.getByRole("status")).toHaveText("Amy Archer has 3 more attempts at “The 4 Cs”, and is told so.");

  await amy.opens("/");
  await expect(amy.section("The 4 Cs")).toContainText("Your tutor has given you 3 more attempts at the quiz.");
  await amy.opens("/modules/four-cs/quiz");
  await expect(amy.main).toContainText("You have 3 attempts left");
  await passes(amy, "four-cs");
});

test("a manager sees the learners of their own cohort only", async ({ visitor }) => {
  for (const learner of ["amy", "freya"]) {
    const stuck = await visitor(learner);
    for (let attempt = 1; attempt <= 3; attempt += 1) await fails(stuck, "four-cs");
  }
  const mina = await visitor("mina");
  await expect(mina.section("Learners who need a hand")).toContainText("Amy Archer");
  await expect(mina.main).not.toContainText("Freya Doyle");

  // The safeguarding lead sees both; what leads there is of no use to mina.
  const dan = await visitor("dan");
  const waiting = dan.section("Learners who need a hand");
  await expect(waiting).toContainText("Amy Archer");
  const freya = waiting.getByRole("listitem").filter({ hasText: "Freya Doyle" });
  const address = (await freya.locator("form").getAttribute("action")) ?? "";
  expect((await mina.posts(address, {})).status()).toBe(404);
  const amy = await visitor("amy");
  expect((await amy.posts(address, {})).status()).toBe(403);
  await dan.reloads();
  await expect(waiting).toContainText("Freya Doyle");
  await dan.presses("Give 3 more attempts to Freya Doyle in The 4 Cs");
  await expect(waiting).not.toContainText("Freya Doyle");
});
