import { join } from "node:path";

import { test } from "../support/test.ts";
import { LOOKS, TOURS } from "../support/tours.ts";

const FOLDER = process.env["SHOTS"] ?? "shots/pictures";

for (const [name, tour] of Object.entries(TOURS)) {
  test(name, async ({ visitor }) => {
    test.setTimeout(180_000);
    await tour(visitor, async ({ page }, kind) => {
      for (const { colorScheme, size } of LOOKS) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize(size);
        const file = `${kind}-${size.width}-${colorScheme}.png`;
        await page.screenshot({ path: join(FOLDER, file), fullPage: true, animations: "disabled" });
      }
    });
  });
}
