import { audit } from "../support/audit.ts";
import { test } from "../support/test.ts";
import { LOOKS, TOURS } from "../support/tours.ts";

for (const [name, tour] of Object.entries(TOURS)) {
  test(`every page on the way holds up on a phone and on a desk, in the light and in the dark: ${name}`, async ({ visitor }) => {
    await tour(visitor, async ({ page, javaScript }) => {
      for (const { colorScheme, size } of LOOKS) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize(size);
        await audit(page, javaScript);
      }
    });
  });
}
