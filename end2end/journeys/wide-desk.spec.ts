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
