import { setTimeout } from "node:timers/promises";

import { Sitting } from "../support/sitting.ts";
import { expect, test } from "../support/test.ts";
import type { Visitor } from "../support/visitor.ts";

test.use({ timeSpent: true });

/** How many seconds are being counted of somebody, as they are told who ask what is known about them. */
async function counted(visitor: Visitor): Promise<number> {
  const file = await (await visitor.page.request.get("/account/data/file")).json();
  return file.held.time_on?.rows[0]?.seconds ?? 0;
}

/** Keeps how many seconds a browser says that somebody spent, whatever the server makes of it. */
async function listens(visitor: Visitor): Promise<void> {
  await visitor.page.addInitScript(() => {
    const send = navigator.sendBeacon.bind(navigator);
    navigator.sendBeacon = (address, said) => {
      if (said instanceof URLSearchParams) {
        const before = Number(sessionStorage.getItem("said") ?? 0);
        sessionStorage.setItem("said", `${before + Number(said.get("seconds"))}`);
      }
      return send(address, said);
    };
  });
}

/** How many they are until now. */
function said(visitor: Visitor): Promise<number> {
  return visitor.page.evaluate(() => Number(sessionStorage.getItem("said") ?? 0));
}

test("time on pages of a module is counted for its reader, and time with help open is not", async ({ visitor }) => {
  const amy = await visitor("amy");
  // What is handed over while a page is left waits for no answer.
  amy.watch.expects(/^request failed: net::ERR_ABORTED POST .*\/time\/four-cs$/);
  await listens(amy);
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

  await test.step("reads, and gains no more than has gone by for the server, whatever the browser says", async () => {
    const begun = Date.now();
    await amy.opens("/modules/four-cs/content");
    await setTimeout(3_000);
    await minutes(2);
    await amy.opens("/help");
    expect(await said(amy)).toBeGreaterThanOrEqual(120);
    expect(await said(amy)).toBeLessThan(180);
    await expect.poll(() => counted(amy)).toBeGreaterThanOrEqual(2);
    expect(await counted(amy)).toBeLessThanOrEqual((Date.now() - begun) / 1000);
  });

  await test.step("looks for help, and on other pages", async () => {
    before = await counted(amy);
    const handedOver = await said(amy);
    for (const page of ["/help", "/", "/cpd"]) {
      await amy.opens(page);
      await minutes(5);
    }
    expect([await said(amy), await counted(amy)]).toEqual([handedOver, before]);
  });

  await test.step("reads a page that names who can help", async () => {
    const handedOver = await said(amy);
    await amy.opens("/modules/four-cs/get-help");
    await minutes(1);
    await amy.opens("/help");
    expect(await said(amy)).toBeGreaterThanOrEqual(handedOver + 60);
    await expect.poll(() => counted(amy)).toBeGreaterThan(before);
  });

  await test.step("opens the panel of help on a page of the module", async () => {
    const handedOver = await said(amy);
    await amy.opens("/modules/four-cs/contact");
    await minutes(1);
    await amy.page.locator(".help-panel > summary").click();
    await minutes(5);
    await amy.opens("/help");
    expect(await said(amy)).toBeGreaterThanOrEqual(handedOver + 60);
    expect(await said(amy)).toBeLessThan(handedOver + 180);
  });

  await test.step("goes away from the screen", async () => {
    const handedOver = await said(amy);
    await amy.opens("/modules/four-cs/contact");
    await minutes(20);
    await amy.opens("/help");
    expect(await said(amy)).toBeGreaterThanOrEqual(handedOver + 170);
    expect(await said(amy)).toBeLessThan(handedOver + 240);
  });

  await test.step("takes the quiz, and finds the minutes in the record", async () => {
    const sitting = await Sitting.begin(amy, "four-cs");
    await minutes(1);
    await sitting.answersAll();
    await minutes(1);
    await sitting.handsIn();
    await expect(amy.heading).toHaveText("You passed");
    expect(await counted(amy)).toBe(0);
    await amy.opens("/cpd");
    await expect(amy.main.getByText(/^Time that you spent: \d+ minutes?$/)).toBeVisible();
  });
});
