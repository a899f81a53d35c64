import { readFile } from "node:fs/promises";

import { expect, test } from "../support/test.ts";

const PDF = Buffer.from("%PDF-1.7\na certificate\n%%EOF\n");

test("somebody adds what they learned elsewhere, with its file, and takes it back", async ({ visitor }) => {
  const sam = await visitor("sam");
  await sam.opens("/cpd");
  await expect(sam.main).toContainText("Safer recruitment");
  await sam.follows("Add something that you learned elsewhere");
  await sam.page.getByLabel("What it was").fill("Mental health first aid");
  await sam.page.getByLabel("Minutes").fill("a day");
  await sam.presses("Add it to your record", 422);
  await expect(sam.page.getByRole("alert")).toContainText("Say who offered it");
  await expect(sam.page.getByLabel("What it was")).toHaveValue("Mental health first aid");
  await sam.page.getByLabel("Who offered it").fill("Riverside Council");
  const today = (await sam.page.getByLabel("Day").getAttribute("max")) ?? "";
  await sam.page.getByLabel("Day").fill(today);
  await sam.page.getByLabel("Minutes").fill("240");
  await sam.page.getByLabel("How you did it").selectOption({ label: "In person" });
  await sam.page.getByLabel("Certificate or other proof").setInputFiles({ name: "mine.pdf", mimeType: "application/pdf", buffer: PDF });
  await sam.presses("Add it to your record");
  await expect(sam.page.getByRole("status")).toContainText("It is in your record.");
  const row = sam.main.getByRole("listitem").filter({ hasText: "Mental health first aid" });
  await expect(row).toContainText("240 minutes");
  const kept = sam.page.waitForEvent("download");
  await row.getByRole("link", { name: /^The file/ }).click();
  const file = await kept;
  expect(file.suggestedFilename()).toBe("evidence.pdf");
  expect(await readFile(await file.path())).toEqual(PDF);

  const dan = await visitor("dan");
  await dan.opens("/matrix?name=sam");
  await dan.comesTo(() => dan.page.getByRole("link", { name: "Sam Whitlock" }).first().click());
  await expect(dan.main).toContainText("Mental health first aid, Riverside Council");

  await sam.comesTo(() => row.getByRole("link", { name: /^Take it back/ }).click());
  await expect(sam.heading).toHaveText("Take back “Mental health first aid”?");
  await sam.presses("Take it back");
  await expect(sam.page.getByRole("status")).toContainText("You took it back.");
  await expect(row.filter({ hasText: "240 minutes" })).toHaveCount(0);
});

test("somebody writes what they took from a module, and changes it", async ({ visitor }) => {
  const ben = await visitor("ben");
  await ben.opens("/cpd");
  await ben.comesTo(() => ben.main.getByRole("link", { name: /^Write what you took from it/ }).first().click());
  await expect(ben.main).toContainText("Nobody else sees it in Induct");
  await ben.page.getByLabel("In your own words").fill("I ask first.\nAlways.");
  await ben.presses("Keep it");
  await expect(ben.page.getByRole("status")).toContainText("What you wrote is kept.");
  await expect(ben.main.locator(".own-words")).toHaveText("I ask first.\nAlways.");
  await ben.comesTo(() => ben.main.getByRole("link", { name: /^Change what you wrote/ }).click());
  await expect(ben.page.getByLabel("In your own words")).toHaveValue("I ask first.\nAlways.");
  await ben.page.getByLabel("In your own words").fill("");
  await ben.presses("Keep it");
  await expect(ben.main.locator(".own-words")).toHaveCount(0);
});

test("a calendar is made at a private address, read by a program, and ended", async ({ visitor, site }) => {
  const amy = await visitor("amy");
  await amy.opens("/cpd");
  await amy.presses("Make a private address");
  const address = await amy.page.getByLabel("Address").inputValue();
  const feed = async (): Promise<Response> => fetch(new URL(new URL(address).pathname, site.url));
  const read = await feed();
  expect(read.headers.get("content-type")).toBe("text/calendar; charset=utf-8");
  const lines = (await read.text()).split("\r\n");
  expect(lines[0]).toBe("BEGIN:VCALENDAR");
  expect(lines.filter((line) => line === "BEGIN:VEVENT").length).toBeGreaterThan(1);
  expect(lines.some((line) => line.startsWith("SUMMARY:Online safety\\, part 1: due"))).toBe(true);
  await amy.opens("/cpd");
  await expect(amy.main).toContainText("You made a private address for it on");
  await amy.presses("End the address");
  expect((await feed()).status).toBe(404);
});

test("somebody finds a module in their record by its title, and puts what they did in order", async ({ visitor }) => {
  const cora = await visitor("cora");
  await cora.opens("/cpd");
  const titles = cora.main.getByRole("listitem").getByRole("heading", { level: 3 });
  const all = await titles.allInnerTexts();
  expect(all.length).toBeGreaterThan(1);
  await cora.main.getByText("Find and put in order").click();
  await cora.page.getByLabel("Order").selectOption({ label: "By title" });
  await cora.presses("Show these");
  const sorted = await titles.allInnerTexts();
  expect(sorted).toEqual([...all].sort((one, other) => one.localeCompare(other)));
  await cora.page.getByLabel("In the title").fill((sorted[0] ?? "").toUpperCase());
  await cora.presses("Show these");
  await expect(titles).toHaveText([sorted[0] ?? ""]);
  await cora.page.getByLabel("In the title").fill("zzz");
  await cora.presses("Show these");
  await expect(cora.main).toContainText("Nothing that you passed or added fits this.");
  await cora.follows("Show everything");
  await expect(titles).toHaveCount(all.length);
});
