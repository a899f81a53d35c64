import { audit, findClipped, findOverflow, spaceText } from "./audit.ts";
import { expect, test } from "./test.ts";
import { LOOKS, type Tours } from "./tours.ts";

/** Makes of each tour a test that every page on it can be read and used, however it looks. */
export function everyPageHoldsUp(tours: Tours): void {
  for (const [name, tour] of Object.entries(tours)) {
    test(`${name}: every page holds up on a phone and on a desk, in the light and in the dark`, async ({ visitor }) => {
      await tour(visitor, async ({ page, javaScript }, kind) => {
        for (const { colorScheme, size } of LOOKS) {
          await page.emulateMedia({ colorScheme });
          await page.setViewportSize(size);
          await audit(page, javaScript);
        }
        await spaceText(page);
        expect.soft(await findOverflow(page), `${kind} fits with its text spaced out`).toEqual([]);
        expect.soft(await findClipped(page), `${kind} cuts nothing off with its text spaced out`).toEqual([]);
      });
    });
  }
}
