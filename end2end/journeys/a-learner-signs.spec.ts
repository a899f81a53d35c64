import { pageNames, printed } from "../support/key.ts";
import { Sitting, passes } from "../support/sitting.ts";
import { expect, test } from "../support/test.ts";

const PHONE = { width: 390, height: 844 };

test.describe("on a phone", () => {
  test.use({ viewport: PHONE });

  test("a new learner reads, passes, and signs", async ({ site, visitor }) => {
    const amy = await visitor("amy");
    await expect(amy.heading).toHaveText("Hello, Amy");
    await expect(amy.main).toContainText("3 things to do by");
    await expect(amy.main).toContainText("Pass 2 more modules, and you can sign the learner acceptable use agreement.");
    await expect(amy.section("Your way through")).toContainText("2 modules to pass first");

    await test.step("reads a module to its end", async () => {
      await amy.follows("Start this module");
      await amy.follows("Start reading");
      const pages = pageNames(site.content, "four-cs").length;
      for (let page = 1; page < pages; page += 1) {
        await expect(amy.main.getByText(`Page ${page} of ${pages}`)).toBeVisible();
        await amy.presses(/^Next: /);
      }
      await amy.presses("Go on to the quiz");
    });

    let asked: string[] = [];
    await test.step("does not pass, and is told why and where to read again", async () => {
      await amy.presses("Start the quiz");
      const sitting = new Sitting(amy, "four-cs");
      const answered = await sitting.answersAll(2);
      asked = answered.map(({ question }) => question.stem);
      await expect(amy.main).toContainText("You have answered 8 of 8");
      await sitting.handsIn();
      await expect(amy.heading).toHaveText("You haven’t passed yet");
      await expect(amy.main).toContainText("6 of 8 marks. You need 7.");
      await expect(amy.main).toContainText("You have 2 attempts left");
      for (const [place, { question, chosen }] of answered.entries()) {
        const about = amy.main.getByRole("listitem").filter({ hasText: `${place + 1}. ` }).filter({ hasText: printed(question.stem) });
        await expect(about).toContainText(place < 2 ? "Not right yet" : "Right");
        for (const option of chosen) {
          const told = expect(about);
          await (place < 2 ? told.not : told).toContainText(printed(option.feedback));
        }
        if (place < 2) await expect(about).not.toContainText(printed(question.why));
        const reread = about.getByRole("link", { name: place < 2 ? /^Reread “/ : /^See “/ });
        await expect(reread).toHaveAttribute("href", `/modules/four-cs/${question.page}`);
      }
    });

    await test.step("tries again with the questions in another order, and passes", async () => {
      await amy.presses("Try again");
      const sitting = new Sitting(amy, "four-cs");
      const answered = await sitting.answersAll();
      expect(answered.map(({ question }) => question.stem)).not.toEqual(asked);
      await sitting.handsIn();
      await expect(amy.heading).toHaveText("You passed");
      await expect(amy.main).toContainText("8 of 8 marks. You needed 7.");
      for (const { question } of answered) await expect(amy.main).toContainText(printed(question.why));
      await amy.follows("Go to your page");
      await expect(amy.section("Sharing nudes and semi-nudes")).toBeVisible();
      await expect(amy.section("Your way through")).toContainText("1 of 2 to sign");
    });

    await test.step("is told what is missing before signing", async () => {
      await amy.follows("Learner acceptable use agreement");
      const gate = amy.section("Before you can sign");
      await expect(gate).toContainText("1 is still missing");
      await expect(gate.getByRole("listitem").filter({ hasText: "The 4 Cs" })).toContainText("Passed");
      await expect(gate.getByRole("listitem").filter({ hasText: "Sharing nudes" })).toContainText("Not started");
      await expect(amy.button(/^Sign the/)).toHaveCount(0);
      await amy.follows(/^Go to what is missing ?: Sharing nudes and semi-nudes$/);
      await passes(amy, "sharing-nudes");
      await amy.follows("Go to your page");
    });

    await test.step("signs, and keeps a receipt", async () => {
      await expect(amy.main).toContainText("You can sign the learner acceptable use agreement now.");
      await amy.follows("Read and sign it");
      await amy.page.getByRole("checkbox").check();
      await amy.page.getByLabel("Your full name").fill("Amy Archer");
      await amy.presses("Sign the learner acceptable use agreement");
      await expect(amy.heading).toContainText("Signed");
      await expect(amy.main).toContainText("I have read this agreement, I understand it, and I agree to keep to it.");
      await expect(amy.fact("Name typed")).toHaveText("Amy Archer");
      await expect(amy.fact("Passed before signing")).toContainText("The 4 Cs, version 1");
      await expect(amy.fact("Passed before signing")).toContainText("Sharing nudes and semi-nudes, version 1");
      await expect(amy.main).toContainText("Head of Digital and ICT");
      await amy.follows("See the evidence");
      await expect(amy.heading).toContainText("Amy Archer, Learner acceptable use agreement");
      await expect(amy.main.getByRole("heading", { name: "Signed, and it still counts" })).toBeVisible();
      await expect(amy.fact("Text shown")).not.toHaveText("Not known");
      await expect(amy.section("What opened the gate").getByRole("row", { name: /^The 4 Cs/ })).toContainText("8 of 8");
      await amy.main.getByText(/^The exact text as signed/).click();
      await expect(amy.main.getByRole("region", { name: "The exact text" })).toContainText("screenshot");
    });

    await test.step("finds it all done", async () => {
      await amy.opens("/");
      await expect(amy.main).toContainText("You are up to date.");
      await amy.page.getByText("Done (3)").click();
      await expect(amy.main.getByRole("listitem").filter({ hasText: "acceptable use" })).toContainText("Signed");
      await expect(amy.main.getByRole("listitem").filter({ hasText: "The 4 Cs" })).toContainText("Passed");
    });
  });
});

test("reading is carried on from another device", async ({ site, visitor }) => {
  const amy = await visitor("amy");
  await amy.opens("/modules/four-cs");
  await amy.follows("Start reading");
  await amy.presses(/^Next: /);
  await amy.presses(/^Next: /);
  const third = await amy.heading.innerText();
  await amy.follows("Back");
  await expect(amy.main.getByText(`Page 2 of ${pageNames(site.content, "four-cs").length}`)).toBeVisible();
  await amy.presses("Sign out");

  const phone = await visitor("amy");
  await phone.follows("Carry on");
  await phone.follows("Carry on from page 3");
  await expect(phone.heading).toHaveText(third);
});
