import { expect, test } from "../support/test.ts";

test.use({ content: "as it ships" });

test("a learner reads, answers and signs in other words, and they are remembered", async ({ visitor }) => {
  const amy = await visitor("amy");
  await amy.opens("/modules/reporting/who-to-tell");
  await expect(amy.heading).toHaveText("Who you can tell");
  await amy.presses("Easy Read");
  await expect(amy.heading).toHaveText("Who can I tell?");
  await expect(amy.main).toContainText("People who use Easy Read have not tried it yet.");
  await amy.presses("Cymraeg");
  await expect(amy.heading).toHaveText("Wrth bwy y gallwch chi ddweud");
  await expect(amy.main.getByRole("article")).toHaveAttribute("lang", "cy");
  await expect(amy.main).toContainText("Cyfieithiad peiriant yw hwn");

  // Another module, and another device.
  const again = await visitor("amy");
  await again.opens("/modules/four-cs");
  await expect(again.heading).toHaveText("Y 4 C");
  await again.opens("/modules/four-cs/contact");
  await expect(again.main).toContainText("Rhaid bod rhywun sydd wedi bod yn garedig wrthoch chi ar-lein ers wythnosau yn ddiogel.");
  // The word of ours and the name of the next page stand side by side, however long that is.
  const next = again.main.getByRole("button", { name: /^Next: / });
  await expect(next.locator("> *")).toHaveCount(1);
  await again.opens("/modules/four-cs/quiz");
  await again.presses("Start the quiz");
  const question = again.main.locator("[lang='cy']").first();
  await expect(question).toBeVisible();
  const first = again.page.url();
  await again.presses("English");
  expect(again.page.url()).toBe(first);
  await expect(again.main.locator("h1 [lang='cy'], h1[lang='cy']")).toHaveCount(0);
  await again.presses("Cymraeg");
  await expect(question).toBeVisible();

  await again.opens("/modules/sharing-nudes");
  await expect(again.heading).toHaveText("Sharing nudes and semi-nudes");
  await again.opens("/modules/four-cs");
  await again.presses("English");
  await expect(again.heading).toHaveText("The 4 Cs");
});

test("an agreement is signed in the words that were read", async ({ visitor }) => {
  const ben = await visitor("ben");
  await ben.opens("/agreements/learner-aup");
  await ben.presses("Easy Read");
  await expect(ben.heading).toHaveText("Learner agreement (Easy Read)");
  await ben.page.getByRole("checkbox").check();
  await ben.page.getByLabel("Your full name").fill("Ben Osei");
  await ben.presses(/^Sign the/);
  await expect(ben.main).toContainText("I have read this agreement. I understand it. I will keep to it.");
  await expect(ben.main.locator("dl")).toContainText("Easy Read");
});
