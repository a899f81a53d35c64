import { defineConfig } from "@playwright/test";

import type { Options } from "./support/test.ts";

/** Needs JavaScript: what an island or the quick exit does when it is alive. */
const ALIVE = /\.hydrate\.spec\.ts$/;

export default defineConfig<Options>({
  testDir: "journeys",
  outputDir: "test-results",
  // Pictures to compare with, the same for every machine.
  snapshotPathTemplate: "pictures/{arg}{ext}",
  workers: 2,
  fullyParallel: true,
  forbidOnly: Boolean(process.env["CI"]),
  retries: 0,
  reporter: "list",
  timeout: 180_000,
  expect: { timeout: 20_000 },
  use: {
    browserName: "chromium",
    actionTimeout: 20_000,
    navigationTimeout: 30_000,
    viewport: { width: 1280, height: 900 },
    locale: "en-GB",
    timezoneId: "Europe/London",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    { name: "with-javascript" },
    { name: "without-javascript", testIgnore: ALIVE, use: { javaScriptEnabled: false } },
  ],
});
