import { readdirSync } from "node:fs";
import { join } from "node:path";

import { pageNames } from "../support/key.ts";
import { expect, test } from "../support/test.ts";

test("every page of the first induction can be read", async ({ visitor, site }) => {
  const amy = await visitor("amy");
  for (const module of readdirSync(join(site.content, "modules"))) {
    const pages = pageNames(site.content, module);
    for (const [place, page] of pages.entries()) {
      await amy.opens(`/modules/${module}/${page}`);
      await expect(amy.main).toContainText(`Page ${place + 1} of ${pages.length}`);
    }
  }
});
