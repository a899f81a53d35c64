import { join } from "node:path";

import { test } from "../support/test.ts";
import { LOOKS, type Tours } from "../support/tours.ts";

const FOLDER = process.env["SHOTS"] ?? "shots/pictures";

/** Makes of each tour a test that takes a picture of every page on it, in each of its looks. */
export function takePictures(tours: Tours): void {
  for (const [name, tour] of Object.entries(tours)) {
    test(name, async ({ visitor }) => {
      await tour(visitor, async ({ page }, kind) => {
        for (const { colorScheme, size } of LOOKS) {
          await page.emulateMedia({ colorScheme });
          await page.setViewportSize(size);
          // A picture of the full page would show what is fixed to the bottom of the screen in the middle of it.
          const height = await page.evaluate(() => document.documentElement.scrollHeight);
          await page.setViewportSize({ width: size.width, height });
          await page.screenshot({ path: join(FOLDER, `${kind}-${size.width}-${colorScheme}.png`) });
        }
      });
    });
  }
}
