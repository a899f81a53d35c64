import type { Page } from "@playwright/test";

import { findFaults } from "../support/audit.ts";
import { Sitting } from "../support/sitting.ts";
import { expect, test } from "../support/test.ts";
import { LOOKS } from "../support/tours.ts";

// Holds the main pages against pictures in `pictures/`, in the light and in the dark, on a phone and on a desk. When a look is meant to
// change: npx playwright test same-look --update-snapshots, then look at what changed. The typeface comes with the product; what
// browsers draw by themselves, and how they smooth letters, may differ a little.

/** What may differ: edges of letters that a browser smooths otherwise, up to two in a thousand points. A word that is gone, a button in another
 * colour or a row that moved is more. */
const ALIKE = { maxDiffPixelRatio: 0.002, threshold: 0.25, animations: "disabled" } as const;

/** What differs from day to day is written alike before a picture is taken. */
async function makeTimeless(page: Page): Promise<void> {
  await page.evaluate(() => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      text.nodeValue = (text.nodeValue ?? "")
        .replace(/(?:\p{L}+day, )?\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December)(?: \d{4})?/gu, "10 December 2030")
        .replace(/\b(?:in \d+ days|tomorrow|\d\d:\d\d)\b/g, "in 11 days")
        .replace(/\b[0-9a-f]{8}-[0-9a-f-]{27}\b/g, "01990000-0000-7000-8000-000000000000");
    }
  });
}

async function looksTheSame(page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  await makeTimeless(page);
  for (const { colorScheme, size } of LOOKS) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(size);
    await page.evaluate(() => window.scrollTo(0, 0));
    const picture = `${name}-${size.width}-${colorScheme}.png`;
    await expect.soft(page).toHaveScreenshot(picture, ALIKE);
  }
}

test("the door looks the same", async ({ visitor }) => {
  const somebody = await visitor();
  await somebody.opens("/sign-in");
  await looksTheSame(somebody.page, "sign-in");
});

test("the pages of a learner look the same", async ({ visitor }) => {
  const amy = await visitor("amy");
  await looksTheSame(amy.page, "own-page");
  await amy.opens("/modules/every-form");
  await looksTheSame(amy.page, "module");
  await amy.opens("/modules/every-form/first-things");
  await looksTheSame(amy.page, "page");
  await amy.opens("/agreements/learner-aup");
  await looksTheSame(amy.page, "agreement");
});

/** Which question comes first is drawn by lot: it is given other words and two options. */
async function makeAlike(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const part of document.querySelectorAll("fieldset .hint, fieldset > div:not(.option), .option:nth-of-type(n + 3)")) part.remove();
    const stem = document.querySelector("#stem");
    if (stem) stem.textContent = "A stranger writes to you and asks where you live. What do you do first?";
    for (const [place, label] of [...document.querySelectorAll(".option label")].entries()) {
      label.textContent = place === 0 ? "Tell somebody whom you trust" : "Ask them why they want to know that, and wait for what they say before you decide";
    }
    for (const input of document.querySelectorAll<HTMLInputElement>(".option input")) input.type = "radio";
    const answers = document.querySelector<HTMLElement>(".answers");
    if (answers) answers.style.visibility = "hidden";
  });
}

test("a question, a result and a receipt look the same", async ({ visitor }) => {
  const amy = await visitor("amy");
  const sitting = await Sitting.begin(amy, "four-cs");
  await makeAlike(amy.page);
  await looksTheSame(amy.page, "question");
  await amy.reloads();
  await sitting.answersAll();
  await sitting.handsIn();
  await makeAlike(amy.page);
  await looksTheSame(amy.page, "result");
  const ben = await visitor("ben");
  await ben.opens("/agreements/learner-aup");
  await ben.page.getByRole("checkbox").check();
  await ben.page.getByLabel("Your full name").fill("Ben Osei");
  await ben.presses(/^Sign the/);
  await looksTheSame(ben.page, "receipt");
});

test("every part of pages looks the same, and is well made", async ({ browser, preview }) => {
  const context = await browser.newContext({ baseURL: preview, reducedMotion: "reduce" });
  const page = await context.newPage();
  await page.goto("/parts");
  const forms = page.getByRole("link", { name: /answer|order|Match|text/ });
  const addresses = await forms.evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""));
  const parts = addresses.filter((address) => address.startsWith("/parts/"));
  expect(parts).toHaveLength(5);
  for (const address of ["/parts", ...parts]) {
    await page.goto(address);
    await page.evaluate(() => document.fonts.ready);
    // Parts stand in one column, and so are as on a phone everywhere; what a desk makes of pages is on the pictures of pages.
    for (const { colorScheme, size } of LOOKS.filter(({ size }) => size.width < 480)) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(size);
      expect.soft(await findFaults(page, true), `${address} ${size.width} ${colorScheme}`).toEqual([]);
      const name = `${address.slice(1).replace("/", "-")}-${size.width}-${colorScheme}.png`;
      const main = page.getByRole("main");
      await expect.soft(main).toHaveScreenshot(name, ALIKE);
    }
  }
  await context.close();
});
