import { Sitting } from "../support/sitting.ts";
import { expect, test } from "../support/test.ts";
import type { Visitor } from "../support/visitor.ts";

test.use({ timeSpent: true });

/** How many seconds are being counted of somebody, as they are told who ask what is known about them. */
async function counted(visitor: Visitor): Promise<number> {
  const file = await (await visitor.page.request.get("/account/data/file")).json();
  return file.held.time_on?.rows[0]?.seconds ?? 0;
}

test("time on pages of a module is counted for its reader, and time on pages of help is not", async ({ visitor }) => {
  const amy = await visitor("amy");
  // What is handed over while a page is left waits for no answer.
  amy.watch.expects(/^request failed: net::ERR_ABORTED POST .*\/time\/four-cs$/);
  await amy.page.clock.install();
  const minutes = (number: number): Promise<void> => amy.page.clock.runFor(number * 60_000);
  let before = 0;

  await test.step("is told before anything is counted", async () => {
    await amy.opens("/modules/four-cs");
    await expect(amy.main).toContainText("the minutes are counted for your CPD record");
    await minutes(2);
    await amy.opens("/help");
    expect(await counted(amy)).toBe(0);
  });

  await test.step("reads for two minutes, and looks for help for longer", async () => {
    await amy.opens("/modules/four-cs/content");
    await minutes(2);
    await amy.opens("/help");
    await expect.poll(() => counted(amy)).toBeGreaterThanOrEqual(120);
    before = await counted(amy);
    expect(before).toBeLessThan(180);
    await minutes(5);
    await amy.opens("/modules/four-cs/get-help");
    await expect(amy.main).toContainText("How long you spend on this page is not counted.");
    await minutes(5);
    await amy.opens("/");
    await minutes(5);
    await amy.opens("/cpd");
    expect(await counted(amy)).toBe(before);
  });

  await test.step("opens the panel of help on a page of the module", async () => {
    await amy.opens("/modules/four-cs/contact");
    await minutes(1);
    await amy.page.locator(".help-panel > summary").click();
    await minutes(5);
    await amy.opens("/help");
    await expect.poll(() => counted(amy)).toBeGreaterThanOrEqual(before + 60);
    expect(await counted(amy)).toBeLessThan(before + 180);
    before = await counted(amy);
  });

  await test.step("goes away from the screen", async () => {
    await amy.opens("/modules/four-cs/contact");
    await minutes(20);
    await amy.opens("/help");
    await expect.poll(() => counted(amy)).toBeGreaterThanOrEqual(before + 170);
    expect(await counted(amy)).toBeLessThan(before + 240);
  });

  await test.step("takes the quiz, and finds the minutes in the record", async () => {
    const sitting = await Sitting.begin(amy, "four-cs");
    await minutes(1);
    await sitting.answersAll();
    await minutes(1);
    before = await counted(amy);
    await sitting.handsIn();
    await expect(amy.heading).toHaveText("You passed");
    expect(await counted(amy)).toBe(0);
    await amy.opens("/cpd");
    const said = await amy.main.getByText(/^Time that you spent: \d+ minutes$/).innerText();
    const spent = Number(/\d+/.exec(said)?.[0]);
    // With the minute before they handed in, which came along with it.
    expect(spent * 60).toBeGreaterThanOrEqual(before + 30);
    expect(spent).toBeLessThan(15);
  });
});
