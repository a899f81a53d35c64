import type { Locator } from "@playwright/test";

import { expect, test } from "../support/test.ts";
import type { Visitor } from "../support/visitor.ts";

// Enough people for a list of which most is not drawn.
test.use({ crowd: 700 });

/** What has the focus: the number of its row in the whole table, and what it says. */
async function focused(visitor: Visitor): Promise<{ row: number; text: string; kind: string }> {
  return visitor.page.evaluate(() => {
    const element = document.activeElement as HTMLElement;
    const row = Number(element.closest("tr")?.getAttribute("aria-rowindex") ?? 0);
    return { row, text: (element.textContent ?? "").trim(), kind: element.localName };
  });
}

/** Presses keys, one after the other, and waits each time until another row or cell has the focus, or none is to. */
async function pressed(visitor: Visitor, ...keys: string[]): Promise<void> {
  for (const key of keys) {
    await visitor.page.keyboard.press(key);
    await visitor.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  }
}

/** Does what shows another view, and waits until it is there; without the audit, which makes the page narrow and so takes the focus away. */
async function shown(visitor: Visitor, action: () => Promise<unknown>): Promise<void> {
  const answered = visitor.page.waitForResponse((response) => new URL(response.url()).pathname === "/matrix");
  await action();
  await answered;
  await expect(visitor.page.locator("main > .wide:not([aria-busy])")).toBeVisible();
}

/** Whatever has the focus is in sight: neither below the head of the table, nor behind the names, nor out of it, once what was asked for has come and been scrolled to. */
async function isInSight(grid: Locator): Promise<void> {
  const hidden = () => grid.evaluate((table) => {
    const element = document.activeElement?.closest("th, td");
    if (!element) return "nothing has the focus";
    const at = element.getBoundingClientRect();
    const box = (table.parentElement as HTMLElement).getBoundingClientRect();
    const head = (table as HTMLTableElement).tHead as HTMLTableSectionElement;
    const top = head.contains(element) ? box.top : head.getBoundingClientRect().bottom;
    const names = element.matches(".first") ? box.left : (head.rows[1]?.cells[0] as HTMLElement).getBoundingClientRect().right;
    const fits = at.top >= top - 1 && at.bottom <= box.bottom + 1 && at.left >= names - 1 && at.right <= box.right + 1;
    return fits && at.bottom <= innerHeight + 1 ? "" : JSON.stringify([at, box, top, names]);
  });
  await expect.poll(hidden).toBe("");
}

const rowCount = async (grid: Locator): Promise<number> => Number(await grid.getAttribute("aria-rowcount"));

test("the table is walked by keyboard as a grid", async ({ visitor }) => {
  const dan = await visitor("dan");
  await dan.opens("/matrix");
  const grid = dan.matrix;
  const count = await rowCount(grid);
  expect(count).toBeGreaterThan(300);
  await expect(grid.getByRole("columnheader", { name: /The 4 Cs/ }).first()).toBeVisible();
  expect(await grid.getByRole("gridcell").count()).toBeGreaterThan(50);

  // One stop for Tab, at the first person.
  await dan.tabsTo(grid.getByRole("rowheader").nth(2).locator("a").last());
  const start = await focused(dan);
  expect(start.row).toBe(5);
  await pressed(dan, "ArrowDown");
  expect((await focused(dan)).row).toBe(6);
  await pressed(dan, "ArrowLeft");
  expect((await focused(dan)).kind).toBe("input");
  // A box is ticked by Space, and Enter opens the person and sends no form.
  await pressed(dan, "Space");
  await expect(dan.main.getByText("With the person who is ticked")).toBeVisible();
  await pressed(dan, "Space", "ArrowRight", "Space");
  await expect(dan.main.getByText("With the person who is ticked")).toBeVisible();
  await pressed(dan, "Shift+Space");
  await expect(dan.main.getByText("With the people who are ticked")).toBeVisible();

  await pressed(dan, "ArrowRight", "ArrowRight");
  const cell = await focused(dan);
  expect(cell.row).toBe(6);
  await isInSight(grid);
  await pressed(dan, "End");
  await isInSight(grid);
  const last = await focused(dan);
  expect(last.row).toBe(6);
  await pressed(dan, "ArrowRight");
  expect(await focused(dan)).toEqual(last);
  await pressed(dan, "Home");
  expect((await focused(dan)).kind).toBe("input");
  await pressed(dan, "Home", "ArrowRight", "ArrowRight", "ArrowUp", "ArrowUp", "ArrowUp", "ArrowUp");
  // Past the name of the group and the totals, at the title of the column: it sorts.
  expect((await focused(dan)).text).toContain("Sort by");
  await pressed(dan, "ArrowUp", "ArrowUp");
  expect((await focused(dan)).row).toBe(1);
  await pressed(dan, "ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown");
  expect((await focused(dan)).row).toBe(5);

  // Where nothing is drawn yet, it is waited for.
  await pressed(dan, "PageDown", "PageDown", "PageDown", "PageDown");
  await expect.poll(async () => (await focused(dan)).row).toBeGreaterThan(20);
  await isInSight(grid);
  await dan.page.keyboard.press("Control+End");
  await expect.poll(async () => (await focused(dan)).row).toBe(count);
  await isInSight(grid);
  await pressed(dan, "ArrowDown");
  expect((await focused(dan)).row).toBe(count);
  await dan.page.keyboard.press("Control+Home");
  await expect.poll(async () => (await focused(dan)).row).toBe(1);
  await isInSight(grid);

  // Tab leaves, and comes back to where one was.
  await pressed(dan, "ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown", "Tab");
  expect((await focused(dan)).row).toBe(0);
  await pressed(dan, "Shift+Tab");
  expect((await focused(dan)).row).toBe(5);
  // Enter opens what stands in the cell.
  await pressed(dan, "Home", "ArrowRight");
  const { text } = await focused(dan);
  await dan.comesTo(() => dan.page.keyboard.press("Enter"));
  await expect(dan.heading).toHaveText(text);
  await dan.goesBack();
  await expect(dan.matrix.getByRole("link", { name: text, exact: true }).first()).toBeFocused();
});

test("sorting and folding by keyboard leave the focus where it was", async ({ visitor }) => {
  const dan = await visitor("dan");
  await dan.opens("/matrix");
  const loads: string[] = [];
  dan.page.on("request", (request) => {
    if (request.isNavigationRequest()) loads.push(request.url());
  });
  const count = await rowCount(dan.matrix);
  await dan.tabsTo(dan.matrix.getByRole("rowheader").nth(2).locator("a").last());
  await pressed(dan, "ArrowRight", "ArrowUp", "ArrowUp", "ArrowUp");
  await shown(dan, () => dan.page.keyboard.press("Enter"));
  await expect(dan.matrix.locator("th[aria-sort=ascending]")).toContainText("The 4 Cs");
  expect(await focused(dan)).toMatchObject({ row: 2, kind: "a" });
  await expect(dan.page.getByRole("status").filter({ hasText: /Sorted by .*, ascending/ })).toHaveCount(1);
  await shown(dan, () => dan.page.keyboard.press("Enter"));
  await expect(dan.matrix.locator("th[aria-sort=descending]")).toContainText("The 4 Cs");
  await expect(dan.page).toHaveURL(/\/matrix\?sort=-module\.four-cs$/);
  // The first group is folded, and the next one stands right below it.
  await pressed(dan, "ArrowDown", "ArrowDown", "Home");
  expect((await focused(dan)).row).toBe(4);
  await shown(dan, () => dan.page.keyboard.press("Enter"));
  expect(await rowCount(dan.matrix)).toBeLessThan(count);
  expect(await focused(dan)).toMatchObject({ row: 4, kind: "a" });
  await pressed(dan, "ArrowDown");
  expect((await focused(dan)).text).toContain("Hide the people of");
  // A group far down.
  await dan.page.keyboard.press("Control+End");
  await expect.poll(async () => (await focused(dan)).row).toBe(await rowCount(dan.matrix));
  const fold = dan.matrix.locator("a.fold").last();
  await fold.focus();
  const { row } = await focused(dan);
  await shown(dan, () => dan.page.keyboard.press("Enter"));
  expect((await focused(dan)).row).toBe(row);
  // Also once the rows beside it have come.
  await dan.page.waitForTimeout(800);
  expect((await focused(dan)).row).toBe(row);
  await isInSight(dan.matrix);
  await shown(dan, () => dan.page.goBack());
  await shown(dan, () => dan.page.goBack());
  // Also once what was scrolled has come to rest.
  await dan.page.waitForTimeout(500);
  await expect(dan.page).toHaveURL(/\/matrix\?sort=-module\.four-cs$/);
  expect(await rowCount(dan.matrix)).toBe(count);
  expect(loads).toEqual([]);
  await dan.settles();
});

test("the whole list is scrolled, and only what is near the view is drawn", async ({ visitor }) => {
  const dan = await visitor("dan");
  await dan.opens("/matrix?sort=name");
  const count = await rowCount(dan.matrix);
  const loads: string[] = [];
  dan.page.on("request", (request) => {
    if (request.isNavigationRequest()) loads.push(request.url());
  });
  const scroller = dan.page.locator(".scroller");
  const seen = new Map<number, string>();
  const drawn = dan.matrix.locator("tbody:not(.gap) tr");
  for (let way = 0; ; way += 1) {
    await expect.poll(() => scroller.evaluate(isCovered)).toBe(true);
    expect(await drawn.count()).toBeLessThan(200);
    for (const [number, name] of await drawn.evaluateAll((rows) =>
      rows.map((row) => [Number(row.getAttribute("aria-rowindex")), row.querySelector("th [dir=auto]")?.textContent ?? ""] as const),
    )) {
      expect(seen.get(number) ?? name, `row ${number} is one and the same`).toBe(name);
      seen.set(number, name);
    }
    const before = await scroller.evaluate((box) => box.scrollTop);
    await scroller.evaluate((box) => box.scrollBy(0, 600));
    await dan.page.waitForTimeout(50);
    if ((await scroller.evaluate((box) => box.scrollTop)) === before) break;
    expect(way).toBeLessThan(200);
  }
  // Each row once, none left out.
  expect([...seen.keys()].sort((one, other) => one - other)).toEqual(Array.from({ length: count - 3 }, (_, nth) => nth + 4));
  // The address carries how far one is, and whoever opens it is there.
  const rests = async () => {
    const address = dan.page.url();
    await dan.page.waitForTimeout(400);
    return dan.page.url() === address && /\/matrix\?sort=name&page=\d+$/.test(address);
  };
  await expect.poll(rests).toBe(true);
  const where = await dan.main.locator(".where").innerText();
  await dan.reloads();
  await expect(dan.main.locator(".where")).toHaveText(where);
  // At once to the middle, without anything in between.
  await scroller.evaluate((box) => (box.scrollTop = box.scrollHeight / 2));
  await expect.poll(() => scroller.evaluate(isCovered)).toBe(true);
  expect(loads.length).toBe(1);
});

/** Whether rows are all that is in sight below the head. */
function isCovered(box: HTMLElement | SVGElement): boolean {
  const at = box.getBoundingClientRect();
  const head = (box.querySelector("thead") as HTMLElement).getBoundingClientRect();
  return [...box.querySelectorAll(".gap")].every((gap) => {
    const room = gap.getBoundingClientRect();
    return room.bottom <= head.bottom + 1 || room.top >= at.bottom - 1;
  });
}

test("who is ticked stays ticked wherever one scrolls, and is meant", async ({ visitor }) => {
  const dan = await visitor("dan");
  await dan.opens("/matrix?sort=name");
  const names: string[] = [];
  for (const end of ["Control+Home", "Control+End"]) {
    await dan.matrix.getByRole("rowheader").nth(2).locator("a").last().focus();
    await dan.page.keyboard.press(end);
    const wanted = end === "Control+End" ? await rowCount(dan.matrix) : 1;
    await expect.poll(async () => (await focused(dan)).row).toBe(wanted);
    if (wanted === 1) await pressed(dan, "ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown");
    await pressed(dan, "Home", "Space", "ArrowRight");
    names.push((await focused(dan)).text);
  }
  await expect(dan.main.getByText("With the 2 people who are ticked")).toBeVisible();
  await dan.changesTo(() => dan.link("Close").click());
  await expect(dan.main.getByText("With the 2 people who are ticked")).toBeVisible();
  await dan.presses(/^Give a programme/);
  await expect(dan.heading).toHaveText("Give a programme to 2 people");
  for (const name of names) await expect(dan.main).toContainText(name);
  // Back, they are still ticked; of other people they would not be meant.
  await dan.goesBack();
  await expect(dan.main.getByText("With the 2 people who are ticked")).toBeVisible();
  await dan.page.getByLabel("Name", { exact: true }).fill("amy");
  await dan.changesTo(() => dan.button("Show").click());
  await expect(dan.main.getByText("With the people who are ticked")).toBeVisible();
});

test("a day that is half typed is told, and the rest of the view stays", async ({ visitor }) => {
  const dan = await visitor("dan");
  await dan.opens("/matrix?name=amy");
  await dan.page.getByLabel("Due before").focus();
  // The first part of a day is its day or its month; without the others a browser hands over nothing.
  await dan.page.keyboard.type("03");
  await dan.changesTo(() => dan.button("Show").click(), 422);
  await expect(dan.main.locator(".error-summary")).toContainText("Due before: “…” is no day.");
  await expect(dan.page.getByLabel("Due before")).toHaveAttribute("aria-invalid", "true");
  await expect(dan.page.getByLabel("Name", { exact: true })).toHaveValue("amy");
});

test("a lost connection is said, and nothing is lost", async ({ visitor }) => {
  const dan = await visitor("dan");
  await dan.opens("/matrix?sort=name");
  await dan.matrix.getByRole("checkbox").first().check();
  dan.watch.expects(/ERR_INTERNET_DISCONNECTED/);
  await dan.page.context().setOffline(true);
  await dan.page.getByLabel("Name", { exact: true }).fill("amy");
  await dan.button("Show").click();
  const alert = dan.page.getByRole("alert");
  await expect(alert).toContainText("The server cannot be reached");
  await expect(dan.page.getByLabel("Name", { exact: true })).toHaveValue("amy");
  await expect(dan.main.getByText("With the person who is ticked")).toBeVisible();
  await dan.settles();
  // Once it is back, it goes on by itself.
  await dan.changesTo(() => dan.page.context().setOffline(false));
  await expect(alert).toBeEmpty();
  await expect(dan.matrix.getByRole("rowheader", { name: /Amy Archer/ })).toBeVisible();

  await dan.opens("/matrix?sort=name");
  await dan.page.context().setOffline(true);
  const scroller = dan.page.locator(".scroller");
  await scroller.evaluate((box) => (box.scrollTop = box.scrollHeight));
  await expect(alert).toContainText("not all people can be shown");
  await dan.page.context().setOffline(false);
  await expect(alert).toBeEmpty();
  await expect.poll(() => scroller.evaluate(isCovered)).toBe(true);

  // Whoever has been signed out is led to the door, and back to the view.
  dan.watch.expects(/ERR_ABORTED GET .*\/(sign-in\?next=|matrix\?sort=)/);
  await dan.isForgotten();
  await dan.comesTo(() => dan.matrix.getByRole("link", { name: /Sort by The 4 Cs/ }).first().click());
  await expect(dan.page).toHaveURL(/\/sign-in\?next=/);
  await dan.fillsIn("dan");
  await dan.presses("Sign in");
  await expect(dan.page).toHaveURL(/\/matrix\?sort=module\.four-cs$/);
});

test("what is recorded meanwhile shows nobody twice", async ({ visitor }) => {
  const dan = await visitor("dan");
  await dan.opens("/matrix?sort=name");
  const root = await visitor("root");
  await root.opens("/matrix?name=amy");
  await root.matrix.getByRole("checkbox").first().check();
  await root.presses(/^Excuse with a reason/);
  await root.page.getByLabel("Module or agreement").selectOption({ label: "The 4 Cs" });
  await root.page.getByLabel("Why").fill("She teaches it");
  await root.presses("Excuse 1 person");
  const before = await dan.page.locator(".scroller").getAttribute("data-mark");
  const anew = dan.page.waitForResponse((response) => new URL(response.url()).pathname === "/matrix");
  await dan.page.locator(".scroller").evaluate((box) => (box.scrollTop = box.scrollHeight / 2));
  await anew;
  await expect(dan.page.locator(".scroller")).not.toHaveAttribute("data-mark", before ?? "");
  await expect.poll(() => dan.page.locator(".scroller").evaluate(isCovered)).toBe(true);
  expect(await dan.page.locator(".scroller").evaluate((box) => box.scrollTop)).toBeGreaterThan(1000);
});
