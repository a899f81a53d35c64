import { defineConfig } from "@playwright/test";

import journeys from "./playwright.config.ts";

/** Takes pictures of every kind of page; `npm run shots FOLDER` starts it. */
export default defineConfig({
  ...journeys,
  testDir: "shots",
  projects: [{ name: "with-javascript" }],
});
