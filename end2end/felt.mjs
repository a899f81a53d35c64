// Measures what a slow phone feels: thirty cold loads, by Fast 3G and with a processor four times slower. Prints when the largest thing
// is painted and how far things move, and fails above the limits: npm run felt
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { chromium } from "@playwright/test";

import { address, signIn } from "./serving.mjs";

/** Milliseconds until the largest paint, and the sum of what moves, as "Web Vitals" count both. */
const LIMITS = { paint: 2500, shift: 0.05 };

/** As Lighthouse throttles: 1.6 Mbit/s down and 750 kbit/s up, each a tenth less, and 150 ms there and back, 3.75 times. */
const FAST_3G = { offline: false, latency: 562.5, downloadThroughput: (1.6e6 * 0.9) / 8, uploadThroughput: (750e3 * 0.9) / 8 };
const SLOWER = 4;

const PHONE = { width: 390, height: 844 };
const DESK = { width: 1280, height: 800 };
/** How each page is loaded: six times, mostly on a phone. */
const LOADS = [PHONE, PHONE, PHONE, PHONE, DESK, DESK];

const root = resolve(import.meta.dirname, "..");
const induct = resolve(root, process.env.INDUCT_BIN ?? "target/dist/induct");
const folder = await mkdtemp(join(tmpdir(), "induct-felt-"));
const args = ["serve", "--demo", "--addr", "127.0.0.1:0", "--content", join(root, "content"), "--database", `sqlite://${folder}/felt.db`];
const server = spawn(induct, args, { stdio: ["ignore", "ignore", "pipe"], cwd: folder });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
try {
  const origin = await address(server);
  const amy = await signedIn(origin, "amy");
  const ben = await signedIn(origin, "ben");
  const quiz = await begunQuiz(origin, amy);
  const pages = [
    ["sign-in", "/sign-in", undefined],
    ["own page", "/", amy],
    ["module page", "/modules/four-cs/content", amy],
    ["quiz", quiz, amy],
    ["agreement", "/agreements/learner-aup", ben],
  ];
  let missed = 0;
  console.log("page          paint: median and most, ms   moves most");
  for (const [name, path, state] of pages) {
    const loads = [];
    for (const viewport of LOADS) loads.push(await load(origin + path, viewport, state));
    const paints = loads.map(({ paint }) => paint).sort((one, other) => one - other);
    const shift = Math.max(...loads.map(({ shift }) => shift));
    const most = paints.at(-1);
    const moved = loads.flatMap(({ moved }) => moved);
    const fails = most > LIMITS.paint || shift > LIMITS.shift;
    if (fails) missed += 1;
    const figures = `${name.padEnd(14)}${String(paints[paints.length >> 1]).padStart(8)}${String(most).padStart(8)}`;
    console.log(`${figures}${shift.toFixed(3).padStart(23)}${fails ? "   too much" : ""}`);
    for (const what of new Set(shift > 0.01 ? moved : [])) console.log(`    moves: ${what}`);
  }
  console.log(`limits: ${LIMITS.paint} ms, ${LIMITS.shift}; ${pages.length * LOADS.length} loads`);
  process.exitCode = missed > 0 ? 1 : 0;
} finally {
  await browser.close();
  server.kill();
  await rm(folder, { recursive: true, force: true });
}

/** Loads a page with nothing kept, and waits until nothing more comes. */
async function load(url, viewport, storageState) {
  const context = await browser.newContext({ viewport, storageState, locale: "en-GB" });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Network.enable");
  await devtools.send("Network.emulateNetworkConditions", FAST_3G);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  await page.addInitScript(watch);
  await page.goto(url, { waitUntil: "load", timeout: 60_000 });
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(1500);
  const felt = await page.evaluate(() => window.felt);
  await context.close();
  return { paint: Math.round(felt.paint), shift: felt.shift, moved: felt.moved };
}

/** Runs in the page, before anything else. */
function watch() {
  window.felt = { paint: 0, shift: 0, moved: [] };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.felt.paint = entry.startTime;
  }).observe({ type: "largest-contentful-paint", buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.hadRecentInput) continue;
      window.felt.shift += entry.value;
      for (const { node } of entry.sources) {
        const element = node?.nodeType === 1 ? node : node?.parentElement;
        window.felt.moved.push(`${element?.tagName.toLowerCase()}.${element?.className} by ${entry.value.toFixed(3)}`);
      }
    }
  }).observe({ type: "layout-shift", buffered: true });
}

async function signedIn(origin, name) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await signIn(page, origin, name);
  const state = await context.storageState();
  await context.close();
  return state;
}

/** Begins a quiz, and gives the address of its first question. */
async function begunQuiz(origin, storageState) {
  const context = await browser.newContext({ storageState });
  const page = await context.newPage();
  await page.goto(`${origin}/modules/four-cs/quiz`);
  await page.getByRole("button", { name: "Start the quiz" }).click();
  await page.waitForURL("**/attempts/**");
  const { pathname, search } = new URL(page.url());
  await context.close();
  return pathname + search;
}
