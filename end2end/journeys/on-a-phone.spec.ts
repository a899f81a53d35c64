import { expect, test } from "../support/test.ts";

const PHONE = { width: 390, height: 844 };

test("the menu of a phone unfolds, says where one is, and leads on", async ({ visitor }) => {
  const amy = await visitor("amy");
  await amy.page.setViewportSize(PHONE);
  await amy.opens("/modules/four-cs");
  const menu = amy.page.locator(".site-menu > summary");
  await expect(menu).toContainText("you are in: Modules");
  await expect(amy.link("Agreements")).toBeHidden();
  await menu.click();
  for (const part of ["Your page", "Modules", "Agreements", "Your record"]) {
    const link = amy.page.getByRole("navigation", { name: "Parts of this site" }).getByRole("link", { name: part, exact: true });
    await expect(link).toBeInViewport({ ratio: 1 });
    expect((await link.boundingBox())?.height).toBeGreaterThanOrEqual(44);
  }
  await expect(amy.button("Sign out")).toBeInViewport({ ratio: 1 });
  await amy.follows("Agreements");
  await expect(amy.heading).toHaveText("Agreements");
});

test("whoever looks after others can type a name in the menu, however narrow the screen is", async ({ visitor }) => {
  const mina = await visitor("mina");
  for (const width of [320, 390, 1000]) {
    await mina.page.setViewportSize({ width, height: 844 });
    await mina.opens("/modules");
    await mina.page.locator(".site-menu > summary").click();
    const field = mina.page.getByRole("searchbox", { name: "Find a person" });
    const find = mina.button("Find");
    await find.scrollIntoViewIfNeeded();
    const [typed, pressed] = await Promise.all([field.boundingBox(), find.boundingBox()]);
    expect(typed?.width ?? 0, `${width}: a name has room`).toBeGreaterThan(120);
    expect(typed?.x ?? -1).toBeGreaterThanOrEqual(0);
    expect((pressed?.x ?? width) + (pressed?.width ?? 0), `${width}: the button is on the screen`).toBeLessThanOrEqual(width);
  }
});

test("what somebody looks after is said in lines that stand alike, and what leads on stands below", async ({ visitor }) => {
  const mina = await visitor("mina");
  await mina.page.setViewportSize(PHONE);
  await mina.opens("/");
  const line = mina.main.locator(".looked-after").first();
  const [said, link] = await Promise.all([line.locator("span").first().boundingBox(), line.getByRole("link").boundingBox()]);
  expect(link?.x ?? 0).toBeCloseTo(said?.x ?? 99, 0);
  expect(link?.y ?? 0).toBeGreaterThanOrEqual((said?.y ?? 999) + (said?.height ?? 0) - 1);
});

test("by when a programme is finished is said in its line, and begins where that line begins when it needs another", async ({
  visitor,
}) => {
  const amy = await visitor("amy");
  for (const width of [320, 390, 1280]) {
    await amy.page.setViewportSize({ width, height: 844 });
    await amy.opens("/");
    const line = amy.main.locator(".tallies p").first();
    await expect(line).toContainText(/: .+, (finish|was due|again) by /);
    const by = line.locator(".tally-by");
    const [whole, day, link] = await Promise.all([line.boundingBox(), by.boundingBox(), line.getByRole("link").boundingBox()]);
    const isBelow = (day?.y ?? 0) >= (link?.y ?? 0) + (link?.height ?? 0) - 1;
    if (isBelow) expect(day?.x ?? 99, `${width}`).toBeCloseTo(whole?.x ?? 0, 0);
  }
});

test("whoever comes back to sign an agreement need not turn eight screens", async ({ visitor }) => {
  const ben = await visitor("ben");
  await ben.page.setViewportSize(PHONE);
  await ben.opens("/agreements/learner-aup");
  await expect(ben.page.getByLabel("Your full name")).not.toBeInViewport();
  await ben.link("Go to the end of the text, to sign").click();
  await expect(ben.page.locator("#sign")).toBeInViewport();
});

test("what leads through a gate is as wide as a phone", async ({ visitor }) => {
  const amy = await visitor("amy");
  await amy.page.setViewportSize(PHONE);
  await amy.opens("/agreements/learner-aup");
  const button = amy.link(/^Go to what is missing/);
  const [card, box] = await Promise.all([amy.main.locator(".card:has(.steps)").boundingBox(), button.boundingBox()]);
  expect(box?.width ?? 0).toBeGreaterThan((card?.width ?? 999) - 40);
});

for (const [path, name] of [
  ["/", /^(Start this module|Carry on|Renew it|Read and sign it)/],
  ["/modules/four-cs", /^Start reading/],
] as const) {
  test(`the main button of ${path} is on the first screen of a small phone`, async ({ visitor }) => {
    const amy = await visitor("amy");
    await amy.page.setViewportSize({ width: 360, height: 740 });
    await amy.opens(path);
    const box = await amy.main.getByRole("link", { name }).first().boundingBox();
    // The bar at the bottom covers some 58 pixels.
    expect((box?.y ?? 999) + (box?.height ?? 999)).toBeLessThan(740 - 58);
  });
}

test("lists are cards on a phone, and tables all the same to who hears them", async ({ visitor }) => {
  const root = await visitor("root");
  for (const [path, rows, label] of [
    ["/people", /Amy Archer/, "Here as"],
    ["/admin/jobs", /.+/, "Due"],
  ] as const) {
    await root.page.setViewportSize({ width: 360, height: 740 });
    await root.opens(path);
    const table = root.main.getByRole("table").first();
    await expect(table.getByRole("columnheader", { name: label })).toBeAttached();
    const row = table.getByRole("row").filter({ has: root.page.getByRole("rowheader", { name: rows }) }).first();
    const cell = row.locator(`[data-label="${label}"]`);
    await expect(cell).toHaveRole("cell");
    const shown = await cell.evaluate((element) => getComputedStyle(element, "::before").content);
    expect(shown).toContain(`"${label}`);
    const wide = await table.evaluate((element) => element.scrollWidth > (element.parentElement?.clientWidth ?? 0) + 1);
    expect(wide, `${path} does not move sideways`).toBe(false);
    const [head, below] = await Promise.all([row.getByRole("rowheader").boundingBox(), cell.boundingBox()]);
    expect(below?.y ?? 0).toBeGreaterThan(head?.y ?? 999);
    // On a desk it is a table to everybody.
    await root.page.setViewportSize({ width: 1280, height: 900 });
    const [beside, first] = await Promise.all([cell.boundingBox(), row.getByRole("rowheader").boundingBox()]);
    expect(Math.abs((beside?.y ?? 0) - (first?.y ?? 99))).toBeLessThan(2);
  }
});

test("the foot of a page says how the provider is reached, and what this is", async ({ visitor }) => {
  const somebody = await visitor();
  await somebody.opens("/sign-in");
  const foot = somebody.page.getByRole("contentinfo");
  await expect(foot.getByRole("link", { name: "01632 960100" })).toHaveAttribute("href", "tel:01632960100");
  await expect(foot.getByRole("link", { name: "hello@northfield.example" })).toBeVisible();
  await expect(foot).toContainText(/uses Induct \d+\.\d+\.\d+/);
  for (const page of ["/privacy", "/accessibility"]) await expect(foot.locator(`a[href="${page}"]`)).toBeVisible();
});
