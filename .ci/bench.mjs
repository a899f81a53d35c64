// What `make bench` runs: how fast a page is beside /healthz of the same server in the same minutes, and how much the
// browser has to load. Absolute figures say something about one machine only; the ratios travel.
import { spawn, spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const induct = process.env.INDUCT_BIN ?? "target/release/induct";
const rounds = Number(process.env.ROUNDS ?? 7);
const seconds = Number(process.env.SECONDS_EACH ?? 4);
const connections = 16;

const folder = mkdtempSync(join(tmpdir(), "induct-bench-"));
const log = openSync(join(folder, "log"), "w");
const server = spawn(induct, ["serve", "--demo", "--addr", "127.0.0.1:0", "--database", `sqlite://${folder}/induct.db`], {
  stdio: ["ignore", "ignore", log],
});
let missed = 0;
try {
  await measure(await address());
} catch (error) {
  console.error(`bench: ${error.message}`);
  missed += 1;
} finally {
  const gone = new Promise((resolve) => server.once("exit", resolve));
  if (server.exitCode === null && server.kill()) await gone;
  closeSync(log);
  rmSync(folder, { recursive: true });
}
process.exitCode = missed > 0 ? 1 : 0;

async function measure(origin) {
  const cookie = await signIn(origin, "amy@northfield.example");
  const overview = await read(`${origin}/modules/four-cs`, cookie);
  const page = origin + /href="(\/modules\/four-cs\/(?!quiz")[^"/]+)"/.exec(overview)?.[1];
  const html = await read(page, cookie);
  if (!html.includes("Amy Archer") || !html.includes("Sign out")) throw new Error(`${page} is not Amy's page`);

  const scripts = [...html.matchAll(/<script[^>]*>/g)].map(([tag]) => tag);
  const others = scripts.filter((tag) => !/src="\/assets\/quick-exit-[0-9a-f]+\.js"/.test(tag));
  const clean = others.length === 0 && !/\.wasm|modulepreload|type="module"/.test(html);
  verdict("a page without an island", clean, `loads ${scripts.length} script, the quick exit, and no wasm`);

  const { wasm, script } = await islandFiles(origin, cookie);
  verdict("the quiz page's wasm", wasm <= 110_000, `${wasm} bytes as served with brotli, at most 110000`);
  verdict("the quiz page's script", script <= 8_000, `${script} bytes as served with brotli, at most 8000`);

  console.log(`wrk, ${connections} connections, ${rounds} rounds of ${seconds} s each, in alternation; the page is`);
  console.log(`  ${new URL(page).pathname}, ${html.length} characters, signed in as Amy`);
  const health = [];
  const pages = [];
  for (let round = 0; round <= rounds; round += 1) {
    const bare = wrk(`${origin}/healthz`);
    const full = wrk(page, cookie);
    // The first round warms up.
    if (round === 0) continue;
    health.push(bare);
    pages.push(full);
    console.log(`  ${round}: /healthz ${bare.rate.toFixed(0)} a second, the page ${full.rate.toFixed(0)}`);
  }
  const rate = (runs) => median(runs.map((run) => run.rate));
  const ratio = rate(pages) / rate(health);
  const p50 = median(pages.map((run) => run.p50));
  const p99 = median(pages.map((run) => run.p99));
  console.log(`median: /healthz ${rate(health).toFixed(0)} a second, the page ${rate(pages).toFixed(0)} a second`);
  verdict("the page beside /healthz", ratio >= 0.1, `${ratio.toFixed(3)}, at least 0.100`);
  verdict(
    "99% of the pages",
    p99 <= 5 * p50,
    `within ${p99.toFixed(2)} ms, ${(p99 / p50).toFixed(1)} times the median of ${p50.toFixed(2)} ms, at most 5.0 times`,
  );
}

function verdict(what, met, figure) {
  console.log(`${met ? "met   " : "MISSED"} ${what}: ${figure}`);
  if (!met) missed += 1;
}

async function address() {
  for (let tries = 0; tries < 600; tries += 1) {
    const said = readFileSync(join(folder, "log"), "utf8");
    const origin = /Induct serves (http:\S+)/.exec(said)?.[1];
    if (origin) return origin;
    if (server.exitCode !== null) throw new Error(`the server did not start:\n${said}`);
    await sleep(100);
  }
  throw new Error("the server did not start within a minute");
}

async function signIn(origin, email) {
  const body = new URLSearchParams({ email, password: "induct-demo-2026", next: "/" });
  const reply = await fetch(`${origin}/sign-in`, { method: "POST", body, redirect: "manual" });
  const cookie = reply.headers.getSetCookie().map((line) => line.split(";")[0]).join("; ");
  if (reply.status !== 303 || cookie === "") throw new Error(`${email} could not sign in: ${reply.status}`);
  return cookie;
}

async function read(address, cookie) {
  const reply = await fetch(address, { headers: { cookie }, redirect: "manual" });
  if (reply.status !== 200) throw new Error(`${address} answered ${reply.status}`);
  return reply.text();
}

/** The sizes of what an island loads, taken from the page of an attempt, which is where the quiz lives. */
async function islandFiles(origin, cookie) {
  const reply = await fetch(`${origin}/modules/four-cs/quiz`, { method: "POST", headers: { cookie } });
  const html = await reply.text();
  if (!reply.ok || !/\/attempts\//.test(reply.url)) throw new Error(`the quiz led to ${reply.url} (${reply.status})`);
  const name = /\/assets\/islands-[0-9a-f]+/.exec(html)?.[0];
  if (!name) throw new Error("the quiz page loads no island: was the browser's part built?");
  return { wasm: await size(`${origin}${name}_bg.wasm`), script: await size(`${origin}${name}.js`) };
}

function size(address) {
  return new Promise((resolve, reject) => {
    get(address, { headers: { "accept-encoding": "br" } }, (reply) => {
      let bytes = 0;
      reply.on("data", (chunk) => (bytes += chunk.length));
      reply.on("end", () => {
        const kept = /immutable/.test(reply.headers["cache-control"] ?? "");
        if (reply.statusCode === 200 && reply.headers["content-encoding"] === "br" && kept) resolve(bytes);
        else reject(new Error(`${address} is not served with brotli and immutable`));
      });
    }).on("error", reject);
  });
}

function wrk(address, cookie) {
  const header = cookie ? ["-H", `Cookie: ${cookie}`] : [];
  const run = spawnSync("wrk", ["-t1", `-c${connections}`, `-d${seconds}s`, "--latency", ...header, address], {
    encoding: "utf8",
  });
  if (run.status !== 0) throw new Error(`wrk failed: ${run.error?.message ?? run.stderr}`);
  if (/Non-2xx|Socket errors/.test(run.stdout)) throw new Error(`not every answer from ${address} was good:\n${run.stdout}`);
  const rate = Number(/Requests\/sec:\s+([\d.]+)/.exec(run.stdout)?.[1]);
  return { rate, p50: milliseconds(run.stdout, "50"), p99: milliseconds(run.stdout, "99") };
}

function milliseconds(text, percent) {
  const [, number, unit] = new RegExp(`^ +${percent}% +([\\d.]+)(us|ms|s)$`, "m").exec(text) ?? [];
  return Number(number) * { us: 0.001, ms: 1, s: 1000 }[unit];
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}
