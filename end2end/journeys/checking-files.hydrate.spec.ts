import { readFile } from "node:fs/promises";

import { expect, test } from "../support/test.ts";
import type { Visitor } from "../support/visitor.ts";

/** The receipt of the only signature that somebody has, as its file. */
async function receiptOf(signer: Visitor): Promise<string> {
  await signer.opens("/agreements");
  const address = await signer.main.locator('a[href^="/receipts/"]').first().getAttribute("href");
  const reply = await signer.page.request.get(`${address}/file`);
  return reply.text();
}

async function checks(somebody: Visitor, name: string, file: string | Buffer, heading: string): Promise<void> {
  await somebody.page.getByLabel("A file", { exact: true }).setInputFiles({ name, mimeType: "application/octet-stream", buffer: Buffer.from(file) });
  await somebody.button("Check").click();
  await expect(somebody.main.locator("#said .outcome h2")).toHaveText(heading);
  // What was found is scrolled to; the button above it may then lie below the bar, where nobody presses it.
  await somebody.page.evaluate(() => scrollTo(0, 0));
  await somebody.settles();
}

test("a receipt is checked by anybody in their own browser, and one that was altered is found out", async ({ visitor }) => {
  const receipt = await receiptOf(await visitor("cora"));
  const { key, entries } = JSON.parse(receipt) as { key: string; entries: { proof: string }[] };
  const head = entries[0]!.proof.split("\n\n").slice(1).join("\n\n");

  const somebody = await visitor();
  await somebody.opens("/audit/verify");
  const sent: string[] = [];
  somebody.page.on("request", (request) => sent.push(`${request.method()} ${new URL(request.url()).pathname.replace(/-[0-9a-f]{16}/, "")}`));
  await somebody.button("Check").click();
  await expect(somebody.page.getByRole("status")).toHaveText("Choose a file or a folder first.");

  await checks(somebody, "receipt.json", receipt, "Valid in itself");
  // What the demonstration has been given lies before its log, and is worth no more than that.
  await expect(somebody.page.locator("#said")).toContainText("1 of 1 were on record before the log began");
  await expect(somebody.page.locator("#said")).not.toContainText("were made after everything was passed");
  await expect(somebody.page.locator("#said")).toContainText("its key was taken from what was checked");

  await somebody.page.getByLabel("The log’s public key").fill(key);
  await somebody.page.getByLabel("A head of the log that you kept").fill(head);
  await checks(somebody, "receipt.json", receipt, "Valid");
  await expect(somebody.page.locator("#said")).toContainText("Who sat before the screen");

  const altered = receipt.replace("Cora Lindqvist", "Cara Lindqvist");
  expect(altered).not.toBe(receipt);
  await checks(somebody, "receipt.json", altered, "Invalid");
  await expect(somebody.page.locator("#said")).toContainText("was altered");

  await somebody.page.getByLabel("The log’s public key").fill("no key");
  await somebody.button("Check").click();
  await expect(somebody.page.getByRole("status")).toContainText("The key that you gave: it is no key of a log");
  await somebody.page.getByLabel("The log’s public key").fill("");
  await somebody.page.getByLabel("A head of the log that you kept").fill("no head");
  await somebody.button("Check").click();
  await expect(somebody.page.getByRole("status")).toContainText("The head that you gave: it is no head of a log");
  // The verifier was fetched, and nothing was sent.
  expect(new Set(sent)).toEqual(new Set(["GET /assets/verify-worker.js", "GET /assets/verifier.js", "GET /assets/verifier_bg.wasm"]));
});

test("an auditor makes an inspection pack, and the inspector checks it", async ({ visitor }) => {
  const ada = await visitor("ada");
  await ada.opens("/audit/pack");
  await ada.page.getByLabel("How many people").fill("3");
  await ada.page.getByLabel("The inspector’s word").fill("heron");
  const kept = ada.page.waitForEvent("download");
  // What becomes a file is told as a page that never came.
  ada.watch.expects(/ERR_ABORTED POST .*\/audit\/pack$/);
  await ada.button(/Draw and download the pack/).click();
  const download = await kept;
  expect(download.suggestedFilename()).toMatch(/^inspection-pack-\d{4}-\d\d-\d\d\.zip$/);
  const pack = await readFile(await download.path());

  const inspector = await visitor();
  await inspector.opens("/audit/verify");
  await checks(inspector, "pack.zip", pack, "Valid in itself");
  await expect(inspector.page.locator("#said")).toContainText("An inspection pack: 3 of");
  await expect(inspector.page.locator("#said")).toContainText("drawn by the word \"heron\"");
  await checks(inspector, "pack.zip", pack.subarray(0, pack.length - 400), "Invalid");
});

test("of a whole log anybody makes a table in their own browser of where everybody stood, by keyboard", async ({ site, visitor }) => {
  const log = await site.exportsLog();
  const somebody = await visitor();
  await somebody.opens("/audit/verify");
  const { page } = somebody;
  const day = page.getByLabel("On which day");
  const entry = page.getByLabel("As known at which entry");
  await expect(day).toBeHidden();
  await page.getByLabel("Or a folder").setInputFiles(log);
  await somebody.button("Check").press("Enter");
  await expect(page.locator("#said .outcome h2")).toHaveText("Valid in itself");
  // The bar covers no control half.
  await page.evaluate(() => window.scrollTo(0, 0));
  await somebody.settles();
  const sent: string[] = [];
  page.on("request", (request) => sent.push(request.url()));

  // What came of it has the focus, and the day is next.
  await page.keyboard.press("Tab");
  await expect(day).toBeFocused();
  const make = somebody.button("Make the table (CSV)");
  await make.press("Enter");
  await expect(day).toBeFocused();
  await expect(day).toHaveAccessibleDescription(/Error: Choose a day\.$/);
  await day.fill(new Date().toISOString().slice(0, 10));
  await entry.fill("1000000");
  await make.press("Enter");
  await expect(entry).toBeFocused();
  await expect(entry).toHaveAccessibleDescription(/Error: There is no entry 1000000\. The log has \d+, counted from 0\.$/);
  await expect(day).not.toHaveAttribute("aria-invalid");
  await page.evaluate(() => window.scrollTo(0, 0));
  await somebody.settles();

  await entry.fill("");
  const kept = page.waitForEvent("download");
  await make.press("Enter");
  const download = await kept;
  expect(download.suggestedFilename()).toMatch(/^where-everybody-stood-\d{4}-\d\d-\d\d\.csv$/);
  const table = await readFile(await download.path(), "utf8");
  expect(table).toMatch(/^\uFEFFperson,name,programmes,thing,status,due,done\r\n/);
  expect(table).toMatch(/^[0-9a-f]{64},Cora Lindqvist,learner-induction,agreement\/learner-aup,passed,/m);
  await expect(page.getByRole("link", { name: download.suggestedFilename() })).toBeVisible();
  expect(sent).toEqual([]);

  // Of what is chosen next nothing has been found yet.
  await page.getByLabel("A file", { exact: true }).setInputFiles({ name: "log.json", mimeType: "application/json", buffer: Buffer.from("{}") });
  await expect(day).toBeHidden();
});
