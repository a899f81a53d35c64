import { Sitting } from "../support/sitting.ts";
import { expect, test } from "../support/test.ts";

test("the first Tab leads past what stands on every page", async ({ visitor }) => {
  const amy = await visitor("amy");
  await amy.opens("/modules/four-cs");
  await amy.page.keyboard.press("Tab");
  const skip = amy.link("Skip to the main part of this page");
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await amy.page.keyboard.press("Enter");
  await amy.page.keyboard.press("Tab");
  await expect(amy.main.locator("a:focus, button:focus")).toHaveCount(1);
});

test("whatever takes the focus shows it", async ({ visitor }) => {
  const ben = await visitor("ben");
  for (const path of ["/", "/modules/four-cs/contact", "/agreements/learner-aup", "/help"]) {
    await ben.opens(path);
    const stops = await ben.page.locator("a[href], button, input:not([type=hidden]), summary").count();
    const unseen: string[] = [];
    for (let stop = 0; stop < stops; stop += 1) {
      await ben.page.keyboard.press("Tab");
      const plain = await ben.page.evaluate(() => {
        const element = document.activeElement;
        if (!element || element === document.body) return "";
        const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : [];
        const isRinged = (element: Element): boolean => {
          const { outlineStyle, outlineWidth } = getComputedStyle(element);
          return outlineStyle !== "none" && outlineWidth !== "0px";
        };
        return [element, ...labels].some(isRinged) ? "" : element.outerHTML;
      });
      if (plain) unseen.push(plain);
    }
    expect(unseen, path).toEqual([]);
  }
});

test("a quiz is taken with the keyboard alone", async ({ visitor }) => {
  const amy = await visitor("amy");
  const { keyboard } = amy.page;
  await amy.opens("/modules/four-cs/quiz");
  await amy.tabsTo(amy.button("Start the quiz"));
  await amy.comesTo(() => keyboard.press("Enter"));

  const sitting = new Sitting(amy, "four-cs");
  const { count } = await sitting.place();
  const inputs = amy.main.getByRole("group").locator("input:not([type=hidden])");
  for (let number = 1; number <= count; number += 1) {
    const { options } = await sitting.question();
    const shown = await sitting.options();
    const right = options.filter((option) => option.right).map(({ text }) => shown.indexOf(text));
    await amy.tabsTo(inputs.first());
    if ((await inputs.first().getAttribute("type")) === "radio") {
      await keyboard.press("Space");
      for (let place = 0; place < (right[0] ?? 0); place += 1) await keyboard.press("ArrowDown");
    } else {
      for (let place = 0; place < shown.length; place += 1) {
        if (place > 0) await keyboard.press("Tab");
        if (right.includes(place)) await keyboard.press("Space");
      }
    }
    expect((await sitting.chosen()).map((text) => shown.indexOf(text))).toEqual(right.sort());
    await amy.tabsTo(amy.button("Save and go on"));
    if (number === count || !amy.javaScript) {
      await amy.comesTo(() => keyboard.press("Enter"));
    } else {
      await keyboard.press("Enter");
    }
    if (number < count) await sitting.shows(number + 1);
    if (number < count && amy.javaScript) await expect(amy.heading).toBeFocused();
  }
  await amy.tabsTo(amy.button("Hand in my answers"));
  await amy.comesTo(() => keyboard.press("Enter"));
  await expect(amy.heading).toHaveText("You passed");
});
