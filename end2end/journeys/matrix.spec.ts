import { readFile } from "node:fs/promises";

import { expect, test } from "../support/test.ts";

test("a manager finds their people, goes down to one of them, and looks at a past day", async ({ visitor }) => {
  const mina = await visitor("mina");
  await mina.follows("Matrix");
  await expect(mina.heading).toHaveText("Matrix");
  const table = mina.matrix;
  await expect(table.getByRole("rowheader", { name: /Amy Archer/ })).toBeVisible();
  await expect(table.getByRole("columnheader", { name: /The 4 Cs/ }).first()).toBeVisible();
  // Cohort B is somebody else's.
  await expect(mina.main).not.toContainText("Cohort B");

  await mina.page.getByLabel("Name", { exact: true }).fill("amy");
  await mina.changesTo(() => mina.button("Show").click());
  await expect(table.getByRole("rowheader", { name: /Amy Archer/ })).toBeVisible();
  await expect(table.getByRole("rowheader", { name: /Ben Osei/ })).toHaveCount(0);
  await mina.changesTo(() => mina.link("Show everybody").click());
  await mina.changesTo(() => table.getByRole("link", { name: /Sort by The 4 Cs/ }).first().click());
  await expect(table.locator("th[aria-sort=ascending]")).toContainText("The 4 Cs");
  await mina.changesTo(() => mina.link("Close").click());

  await mina.comesTo(() => table.getByRole("link", { name: "Ben Osei" }).click());
  await expect(mina.heading).toHaveText("Ben Osei");
  await expect(mina.main).toContainText("Passed: The 4 Cs");
  await mina.goesBack();

  await mina.page.getByText("another day").click();
  await mina.page.getByLabel("Day", { exact: true }).fill("2020-01-01");
  await mina.changesTo(() => mina.button("Show that day").click(), 422);
  await expect(mina.main.locator(".error-summary")).toContainText("Nobody was here before");
  await expect(mina.page.getByLabel("Day", { exact: true })).toHaveValue("2020-01-01");
});

test("what is shown can be kept as a file", async ({ visitor }) => {
  const dan = await visitor("dan");
  await dan.opens("/matrix?name=amy");
  const kept = dan.page.waitForEvent("download");
  await dan.link("Download as CSV").click();
  const text = await readFile(await (await kept).path(), "utf8");
  expect(text.startsWith("\uFEFFAs at,Group,Person,")).toBe(true);
  expect(text).toContain("Amy Archer");
  expect(text).not.toContain("Ben Osei");
});

test("on a phone people are cards, with what is wrong first", async ({ visitor }) => {
  const dan = await visitor("dan");
  await dan.page.setViewportSize({ width: 360, height: 740 });
  await dan.opens("/matrix");
  await expect(dan.page.locator(".matrix")).toBeHidden();
  await expect(dan.main.getByRole("link", { name: "Amy Archer" })).toBeVisible();
  const width = await dan.page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(360);
});

test("an auditor's page in the dark, and a learner who has no matrix", async ({ visitor }) => {
  const ada = await visitor("ada");
  await ada.page.emulateMedia({ colorScheme: "dark" });
  await ada.opens("/matrix?rows=close");
  await ada.comesTo(() => ada.matrix.getByRole("link", { name: "Cora Lindqvist" }).click());
  const amy = await visitor("amy");
  await expect(amy.page.getByRole("link", { name: "Matrix" })).toHaveCount(0);
  await amy.opens("/matrix", 403);
});

test("a manager excuses those whom they tick, takes it back, and keeps a view", async ({ visitor }) => {
  const mina = await visitor("mina");
  await mina.opens("/matrix");
  const table = mina.matrix;
  await table.getByRole("checkbox", { name: "Choose Amy Archer" }).check();
  await table.getByRole("checkbox", { name: "Choose Ben Osei" }).check();
  await mina.presses(/^Excuse with a reason/);
  await expect(mina.heading).toHaveText("Excuse 2 people");
  await mina.page.getByLabel("Module or agreement").selectOption({ label: "The 4 Cs" });
  await mina.page.getByLabel("Why").fill("They teach it");
  await mina.presses("Excuse 2 people");
  await expect(mina.heading).toHaveText("The 4 Cs: 2 people excused");
  await mina.presses("End it for 2 people");
  await expect(mina.main).toContainText("It has been taken back from all of them.");
  await mina.opens("/matrix");
  await mina.follows("Done to several at once");
  const done = mina.main.getByRole("row").filter({ hasText: "Excused from: The 4 Cs" });
  await expect(done).toContainText("2 people");
  await expect(done).toContainText("Taken back from all");

  await mina.opens("/matrix?name=amy&views=open");
  await mina.page.getByLabel("Name for this view").fill("Only Amy");
  await mina.presses("Keep this view");
  await mina.opens("/matrix?views=open");
  await mina.changesTo(() => mina.link("Only Amy").click());
  await expect(table.getByRole("rowheader", { name: /Ben Osei/ })).toHaveCount(0);
});

test("a manager reminds whom they tick, and an administrator sees what was told", async ({ visitor }) => {
  const mina = await visitor("mina");
  await mina.opens("/matrix?name=ben");
  await mina.matrix.getByRole("checkbox", { name: "Choose Ben Osei" }).check();
  await mina.presses(/^Remind by letter/);
  await expect(mina.heading).toHaveText("Remind 1 person");
  await expect(mina.main).toContainText("1 person will get a letter with what is wanted of them");
  await mina.presses("Write to 1 person");
  await expect(mina.heading).toHaveText("A reminder for 1 person");
  await mina.opens("/matrix?name=ben");
  await mina.matrix.getByRole("checkbox", { name: "Choose Ben Osei" }).check();
  await mina.presses(/^Remind by letter/);
  await expect(mina.main).toContainText("nobody gets two letters a day");

  const root = await visitor("root");
  await root.follows("Letters");
  await root.follows("Reminders: who is told what is wanted of them, and when");
  await expect(root.main).toContainText("Reminders are not switched on.");
  await root.page.getByLabel("Why").selectOption({ label: "Reminded by somebody" });
  await root.presses("Show these");
  await expect(root.main.getByRole("region", { name: "What was told" })).toContainText("Ben Osei");
});

test("what changed, and how everybody stands altogether", async ({ visitor }) => {
  const dan = await visitor("dan");
  await dan.opens("/matrix");
  await dan.page.getByText("Compare two days").click();
  const before = new Date(Date.now() - 20 * 86_400_000).toISOString().slice(0, 10);
  await dan.page.getByLabel("From the end of").fill(before);
  await dan.changesTo(() => dan.button("Show what changed").click());
  await expect(dan.heading).toHaveText("What changed");
  await expect(dan.main).toContainText("Was not among these people before");
  await dan.page.setViewportSize({ width: 320, height: 740 });
  for (const address of ["/overview", `/matrix?against=${before}`, "/matrix/selected?do=assign&all=yes", "/matrix?paper=a3"]) {
    await dan.opens(address);
    const width = await dan.page.evaluate(() => document.documentElement.scrollWidth);
    expect(width, address).toBeLessThanOrEqual(320);
    // What is counted is in sight without moving sideways; the matrix itself is wider than any phone.
    if (address.includes("paper")) continue;
    for (const table of await dan.main.locator(".across").all()) {
      const cut = await table.evaluate((part) => part.scrollWidth - part.clientWidth);
      expect(cut, `${address}: ${await table.getAttribute("aria-label")}`).toBeLessThanOrEqual(0);
    }
  }
});

test("a record has all of its columns in sight beside the timeline", async ({ visitor }) => {
  const dan = await visitor("dan");
  await dan.opens("/people?name=cora");
  await dan.follows("Cora Lindqvist");
  for (const width of [320, 390, 768, 1280, 1600]) {
    await dan.page.setViewportSize({ width, height: 900 });
    const cut = await dan.main.getByRole("region", { name: "What is done" }).evaluate((part) => part.scrollWidth - part.clientWidth);
    expect(cut, `${width}`).toBeLessThanOrEqual(0);
  }
});
