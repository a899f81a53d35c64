import { Sitting } from "../support/sitting.ts";
import { expect, test } from "../support/test.ts";

test("a double click begins one attempt and hands in one", async ({ visitor }) => {
  const amy = await visitor("amy");
  await amy.opens("/modules/four-cs/quiz");
  await expect(amy.fact("Attempts left")).toHaveText("3");
  await amy.doublePresses("Start the quiz", /\/attempts\/[0-9a-f-]+/);
  const attempt = new URL(amy.page.url()).pathname;
  const begun = await Promise.all([1, 2, 3].map(() => amy.posts("/modules/four-cs/quiz", {})));
  for (const reply of begun) expect(new URL(reply.url()).pathname).toBe(attempt);

  const sitting = new Sitting(amy, "four-cs");
  await sitting.goesToReview();
  await amy.doublePresses("Hand in my answers", new RegExp(`${attempt}$`));
  await expect(amy.main).toContainText("You have 2 attempts left");
  const handedIn = await Promise.all([1, 2, 3].map(() => amy.posts(`${attempt}/submit`, {})));
  for (const reply of handedIn) expect(new URL(reply.url()).pathname).toBe(attempt);
  await amy.opens("/modules/four-cs/quiz");
  await expect(amy.fact("Attempts left")).toHaveText("2");
});

test("Back after handing in leads to the result", async ({ visitor }) => {
  const amy = await visitor("amy");
  const sitting = await Sitting.begin(amy, "four-cs");
  await sitting.goesToReview();
  await sitting.handsIn();
  await amy.goesBack();
  await expect(amy.heading).toHaveText("You haven’t passed yet");
  await amy.goesBack();
  await expect(amy.heading).toHaveText("You haven’t passed yet");
});

test("a double click, a second tab and a repeated form sign once", async ({ visitor }) => {
  const ben = await visitor("ben");
  await ben.opens("/agreements/learner-aup");
  const other = await ben.opensTab();
  await other.opens("/agreements/learner-aup");
  const form = {
    version: await ben.page.locator("input[name=version]").inputValue(),
    key: await ben.page.locator("input[name=key]").inputValue(),
    typed_name: "Ben Osei",
    agree: "yes",
  };
  await ben.page.getByRole("checkbox").check();
  await ben.page.getByLabel("Your full name").fill("Ben Osei");
  await ben.doublePresses(/^Sign the/, /\/receipts\//);
  await expect(ben.heading).toContainText("Signed");
  const receipt = new URL(ben.page.url()).pathname;

  const repeated = await Promise.all([1, 2, 3].map(() => ben.posts("/agreements/learner-aup/sign", form)));
  for (const reply of repeated) expect(new URL(reply.url()).pathname).toBe(receipt);
  await other.page.getByRole("checkbox").check();
  await other.page.getByLabel("Your full name").fill("Ben Osei");
  await other.presses(/^Sign the/);
  expect(new URL(other.page.url()).pathname).toBe(receipt);

  await ben.opens("/");
  await ben.main.getByText("Done (3)").click();
  await expect(ben.link("Learner acceptable use agreement (your receipt)")).toHaveAttribute("href", receipt);
});
