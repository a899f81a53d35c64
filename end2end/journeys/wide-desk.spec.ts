import { expect, test } from "../support/test.ts";

for (const width of [1100, 1280, 1440]) {
  test(`a page of a module has its pages, its text and what it rests on side by side at ${width} pixels`, async ({ visitor }) => {
    const amy = await visitor("amy");
    await amy.page.setViewportSize({ width, height: 900 });
    await amy.opens("/modules/four-cs/the-four-cs");
    const [pages, text, facts] = await Promise.all(
      [amy.main.getByRole("navigation", { name: "Pages of this module" }), amy.main.getByRole("article"), amy.main.locator(".beside-text")].map(
        (part) => part.boundingBox(),
      ),
    );
    expect((pages?.x ?? 0) + (pages?.width ?? 0)).toBeLessThanOrEqual(text?.x ?? 0);
    expect((text?.x ?? 0) + (text?.width ?? 0)).toBeLessThanOrEqual(facts?.x ?? 0);
    expect(facts?.width ?? 0).toBeGreaterThan(180);
    expect(text?.width ?? 0).toBeGreaterThan(500);
  });
}

test("the list of pages stays in sight below the header, and never under it", async ({ visitor }) => {
  for (const name of ["amy", "ada"]) {
    const somebody = await visitor(name);
    for (const width of [1000, 1280]) {
      await somebody.page.setViewportSize({ width, height: 800 });
      await somebody.opens("/modules/four-cs/the-four-cs");
      await somebody.page.evaluate(() => scrollTo(0, 700));
      const header = await somebody.page.getByRole("banner").boundingBox();
      const list = await somebody.main.getByRole("navigation", { name: "Pages of this module" }).boundingBox();
      const bottom = (header?.y ?? 0) + (header?.height ?? 0);
      expect(list?.y ?? 0, `${name}, ${width}: below the header`).toBeGreaterThanOrEqual(bottom);
      expect(list?.y ?? 999, `${name}, ${width}: in sight`).toBeLessThan(bottom + 80);
    }
  }
});

test("a programme has what is said of it beside what it asks, agreements their receipts, and a record its calendar", async ({ visitor }) => {
  const cora = await visitor("cora");
  for (const [path, heading] of [
    ["/programmes/learner-induction", "This programme"],
    ["/agreements", "Your receipts"],
    ["/cpd", "Calendar"],
  ] as const) {
    await cora.page.setViewportSize({ width: 1280, height: 900 });
    await cora.opens(path);
    const [list, side] = [cora.main.locator(".with-side > div").first(), cora.main.getByRole("heading", { name: heading })];
    const [wide, beside] = await Promise.all([list.boundingBox(), side.boundingBox()]);
    expect(beside?.x ?? 0, path).toBeGreaterThan((wide?.x ?? 999) + (wide?.width ?? 999));
    expect(beside?.y ?? 999, path).toBeLessThan(300);
    // On a phone it comes after what is to be done.
    await cora.page.setViewportSize({ width: 390, height: 844 });
    const [above, below] = await Promise.all([list.boundingBox(), side.boundingBox()]);
    expect(below?.y ?? 0, path).toBeGreaterThanOrEqual((above?.y ?? 999) + (above?.height ?? 999));
  }
});

test("the controls of a search stand in one line, whether or not a hint stands above one of them", async ({ visitor }) => {
  const root = await visitor("root");
  for (const [path, labels] of [
    ["/people", ["Who", "Group", "Also who has left"]],
    ["/admin/reminders", ["Why", "What became of it"]],
  ] as const) {
    await root.page.setViewportSize({ width: 1280, height: 900 });
    await root.opens(path);
    const form = root.main.locator("form.filter");
    const boxes = await Promise.all(labels.map((label) => form.getByLabel(label, { exact: true }).boundingBox()));
    const middles = boxes.map((box) => (box?.y ?? 0) + (box?.height ?? 0) / 2);
    expect(Math.max(...middles) - Math.min(...middles), path).toBeLessThan(2);
    const lowest = Math.max(...boxes.map((box) => (box?.y ?? 0) + (box?.height ?? 0)));
    const button = await form.getByRole("button", { name: "Show these" }).boundingBox();
    expect(button?.y ?? 0, `${path}: the button stands apart`).toBeGreaterThan(lowest + 4);
  }
});

test("a state is a pill on pages with tables as on all others, whichever it is", async ({ visitor }) => {
  const root = await visitor("root");
  await root.opens("/matrix");
  const shown = await root.page.evaluate(() =>
    ["passed", "in-progress", "due-soon", "waiting", "overdue", "expired", "changed", "not-started", "not-required", "exempt"].map((state) => {
      const pill = document.createElement("span");
      pill.className = `status ${state}`;
      document.querySelector("main")?.append(pill);
      return getComputedStyle(pill).display;
    }),
  );
  expect(new Set(shown)).toEqual(new Set(["inline-flex"]));
});

test("with many parts, too, looking for somebody stands in the row of the ways out", async ({ visitor }) => {
  for (const name of ["ada", "root"]) {
    const somebody = await visitor(name);
    await somebody.page.setViewportSize({ width: 1280, height: 900 });
    await somebody.opens("/modules");
    const [find, out] = await Promise.all([
      somebody.page.getByRole("searchbox", { name: "Find a person" }).boundingBox(),
      somebody.page.getByRole("button", { name: /^Leave/ }).boundingBox(),
    ]);
    expect(Math.abs((find?.y ?? 0) - (out?.y ?? 99)), name).toBeLessThan(4);
  }
});
