import { Sitting } from "../support/sitting.ts";
import { expect, test } from "../support/test.ts";

test("an address with a slash too much, and a version by the name that people know, are found", async ({ visitor }) => {
  const ben = await visitor("ben");
  await ben.opens("/modules/");
  await expect(ben.heading).toHaveText("Modules");
  await ben.opens("/agreements/learner-aup/versions");
  const label = (await ben.main.getByRole("heading", { level: 2 }).first().innerText()).replace("Version ", "");
  await ben.opens(`/agreements/learner-aup/versions/${label}`);
  await expect(ben.main).toContainText(`Version ${label}, as it was put online here`);
  await ben.opens("/agreements/learner-aup/versions/0.0.1", 404);
});

for (const width of [320, 360, 390]) {
  test(`the numbers of the questions stand in one row at ${width} pixels`, async ({ visitor }) => {
    const amy = await visitor("amy");
    await amy.page.setViewportSize({ width, height: 844 });
    await Sitting.begin(amy, "four-cs");
    const tops = await amy.main.getByRole("button", { name: /^Question \d/ }).evaluateAll((dots) =>
      dots.map((dot) => Math.round(dot.getBoundingClientRect().top)),
    );
    expect(tops).toHaveLength(8);
    expect(new Set(tops).size).toBe(1);
  });
}

test("what looks like a link is flush with what stands above it", async ({ visitor }) => {
  const amy = await visitor("amy");
  await Sitting.begin(amy, "four-cs");
  const [above, below] = await Promise.all([
    amy.main.getByText("A tick means answered").boundingBox(),
    amy.button("Review and hand in").boundingBox(),
  ]);
  expect(Math.abs((above?.x ?? 0) - (below?.x ?? 99))).toBeLessThan(1);
});

for (const path of ["/", "/modules", "/modules/four-cs", "/modules/four-cs/contact", "/agreements/learner-aup", "/help"]) {
  test(`the heading of ${path} is on the first screen of a desk that is zoomed to 400 %`, async ({ visitor }) => {
    const ben = await visitor("ben");
    await ben.page.setViewportSize({ width: 320, height: 256 });
    await ben.opens(path);
    const box = await ben.heading.boundingBox();
    // What lies along the bottom covers 45 pixels.
    expect(box?.y ?? 999).toBeLessThan(256 - 45 - 24);
  });
}

for (const width of [800, 1000, 1280, 1600]) {
  test(`Tab goes through the bar in the order in which it is seen at ${width} pixels`, async ({ visitor }) => {
    const amy = await visitor("amy");
    await amy.page.setViewportSize({ width, height: 900 });
    const stops = amy.page.getByRole("banner").locator("a, button, summary");
    const places = await stops.evaluateAll((elements) =>
      elements
        .filter((element) => element.checkVisibility())
        .map((element) => element.getBoundingClientRect())
        .map(({ top, bottom, left }) => ({ row: Math.round((top + bottom) / 2 / 24), left })),
    );
    expect(places.length).toBeGreaterThan(6);
    const seen = [...places].sort((one, other) => one.row - other.row || one.left - other.left);
    expect(places).toEqual(seen);
  });
}

test("the control of an answer grows with somebody's letters and stays on the first line", async ({ visitor }) => {
  const amy = await visitor("amy");
  await amy.page.setViewportSize({ width: 390, height: 844 });
  await Sitting.begin(amy, "four-cs");
  for (const size of [100, 200]) {
    await amy.page.evaluate((percent) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(`html { font-size: ${percent}% }`);
      document.adoptedStyleSheets = [sheet];
    }, size);
    const offset = await amy.main.locator(".option").first().evaluate((option) => {
      const [control, label] = [option.querySelector("input"), option.querySelector("label")];
      if (!control || !label) return 99;
      const { top, height } = control.getBoundingClientRect();
      const style = getComputedStyle(label);
      const line = label.getBoundingClientRect().top + 2 + parseFloat(style.paddingTop) + parseFloat(style.lineHeight) / 2;
      return Math.abs(top + height / 2 - line) / height;
    });
    expect(offset, `${size} %`).toBeLessThan(0.1);
  }
});

test("where somebody stands is said below a title on a phone, whatever its length, and in two columns, and beside it between these", async ({ visitor }) => {
  const amy = await visitor("amy");
  await amy.opens("/modules");
  for (const width of [390, 900, 1280]) {
    await amy.page.setViewportSize({ width, height: 844 });
    const below = await amy.main.locator(".rows > li:has(.status)").evaluateAll((rows) =>
      rows.map((row) => {
        const [text, pill] = [row.querySelector("div"), row.querySelector(".status")].map((it) => it?.getBoundingClientRect());
        return (pill?.top ?? 0) >= (text?.bottom ?? 1) - 1;
      }),
    );
    expect(new Set(below), `${width}`).toEqual(new Set([width !== 900]));
  }
});

test("a page says how long it takes to read, and how far the end is", async ({ visitor }) => {
  const amy = await visitor("amy");
  await amy.opens("/modules/four-cs/the-four-cs");
  await expect(amy.main).toContainText(/Page 1 of \d+: \d minutes? to read, \d+ minutes to the end/);
});

for (const width of [780, 1160, 1280, 1600]) {
  test(`nothing in the bar lies over anything else at ${width} pixels, however many parts the site has`, async ({ visitor }) => {
    const ada = await visitor("ada");
    await ada.page.setViewportSize({ width, height: 800 });
    const parts = [".site-name", ".site-nav", ".site-search", ".site-account", ".site-sign-out", ".help-panel", ".quick-exit"];
    const boxes = await Promise.all(parts.map(async (part) => ({ part, box: await ada.page.locator(part).boundingBox() })));
    const over = boxes.flatMap(({ part, box: one }, place) =>
      boxes.slice(place + 1).flatMap(({ part: other, box: two }) => {
        if (!one || !two) return [`${part} or ${other} is not there`];
        const apart = one.x + one.width <= two.x || two.x + two.width <= one.x || one.y + one.height <= two.y || two.y + two.height <= one.y;
        return apart ? [] : [`${part} and ${other}`];
      }),
    );
    expect(over).toEqual([]);
  });
}

test("the bar takes two rows at most, however many parts the site has, and what has no room unfolds", async ({ visitor }) => {
  const root = await visitor("root");
  await expect(root.page.locator(".site-nav li")).toHaveCount(9);
  for (const width of [768, 850, 1000, 1036, 1080, 1280]) {
    await root.page.setViewportSize({ width, height: 900 });
    const bar = await root.page.locator(".site-bar").boundingBox();
    expect(bar?.height, `${width}`).toBeLessThan(110);
  }
  await root.page.setViewportSize({ width: 1000, height: 900 });
  await root.page.locator(".site-menu > summary").click();
  await root.comesTo(() => root.page.locator(".site-nav").getByRole("link", { name: "Administration" }).click());
  await expect(root.heading).toHaveText("Administration");
});
