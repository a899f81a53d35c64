// What `make bench` runs: how fast what people see often is beside /healthz of the same server in the same minutes, and how much the
// browser has to load. Absolute figures say something about one machine only; the ratios travel.
//
//   node .ci/bench.mjs            all of it
//   node .ci/bench.mjs matrix     the managers' matrix alone
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { begin, choiceQuestions, enrol, induct, median, read, send, serve, share, signIn, timed } from "./visit.mjs";

const rounds = Number(process.env.ROUNDS ?? 3);
const seconds = Number(process.env.SECONDS_EACH ?? 2);
const connections = 16;
const classSize = 60;
/** How many people are drawn for the matrix, some three fifths of whom are still here, and within how many milliseconds 95 of 100 readers of its
 *  first page have it. MATRIX=160000 for a hundred thousand. */
const crowds = (process.env.MATRIX ?? "16000").split(",").map(Number);
const matrixWithin = (people) => (people > 50_000 ? 150 : 50);
/** Within how many milliseconds 95 of 100 searches for somebody are answered, by a page. */
const searchWithin = 50;
/** The same for a view of it that is sorted or filtered; as at another day twice as long as its first page. */
const changedWithin = (people) => (people > 50_000 ? 200 : 100);
/** A certificate is made within so many milliseconds, and has so many bytes at most. */
const certificateWithin = 30;
const certificateSize = 40 * 1024;
/** What a program that asks the database itself would have to write for everybody: who passed what last, and when. */
const FLATTENED = `WITH passed AS (SELECT person_id, module, MAX(completed_at) AS at, MAX(expires_at) AS until FROM completion GROUP BY person_id, module)
  SELECT d.name, d.email, m.module, passed.at, passed.until FROM person_detail d CROSS JOIN (SELECT DISTINCT module FROM completion) m
  LEFT JOIN passed ON passed.person_id = d.person_id AND passed.module = m.module ORDER BY d.name, m.module`;
/** Whole names, single ones, beginnings, letters, an address, another system's number, and nobody. */
const SEARCHES = ["Zara Zhang", "zara", "Mohammed", "o’brien", "wei yeo", "sof", "ma", "z", "q", "p99", "p777@crowd", "C000123", "nobody at all"];
/** Within how many milliseconds everybody is looked at who may be reminded. */
const sweepWithin = 5000;
/** How many times faster /healthz may be than each page, uncompressed and compressed. */
const plainShare = 12;
const compressedShare = 20;

/** Says what 95 of 100 had, which wrk itself does not. */
const PERCENTILE = 'done = function(summary, latency) io.write(string.format("  95%% %.3fms\\n", latency:percentile(95) / 1000)) end\n';

let missed = 0;
try {
  if (process.argv[2] === "matrix") for (const people of crowds) await matrix(people, {});
  else await inFolder((folder) => served(folder, ["--demo"], measure));
} catch (error) {
  console.error(`bench: ${error.message}`);
  missed += 1;
}
process.exitCode = missed > 0 ? 1 : 0;

/** Lends a folder, and removes it with all that is in it. */
async function inFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), "induct-bench-"));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The database of a folder, and its keys, as commands are told of them. */
function within(folder) {
  return { database: ["--database", `sqlite://${folder}/induct.db`], env: { ...process.env, INDUCT_DATA_DIR: folder } };
}

/** Serves the database of a folder for as long as the work takes, which is told the server and the database. */
async function served(folder, options, work) {
  const { database, env } = within(folder);
  const server = await serve([...database, ...options], env);
  try {
    await work(server, { url: database[1], env });
  } finally {
    await server.stop();
  }
}

async function measure({ origin, pid }, database) {
  const amy = await signIn(origin, "amy@northfield.example");
  const cora = await signIn(origin, "cora@northfield.example");
  const ben = await signIn(origin, "ben@northfield.example");
  const overview = await read(`${origin}/modules/four-cs`, amy);
  const page = origin + /href="(\/modules\/four-cs\/(?!quiz")[^"/]+)"/.exec(overview)?.[1];
  const html = await read(page, amy);
  if (!html.includes("Amy Archer") || !html.includes("Sign out")) throw new Error(`${page} is not Amy's page`);

  const scripts = [...html.matchAll(/<script[^>]*>/g)].map(([tag]) => tag);
  const loaded = scripts.filter((tag) => /src=/.test(tag));
  const clean = loaded.every((tag) => /src="\/assets\/quick-exit-[0-9a-f]+\.js"/.test(tag)) && !/\.wasm|modulepreload|type="module"/.test(html);
  verdict("a page without an island", clean, `loads ${loaded.length} script, the quick exit, and no wasm`);

  const { wasm, script, attempt } = await islandFiles(origin, amy);
  verdict("the quiz page's wasm", wasm <= 110_000, `${wasm} bytes as served with brotli, at most 110000`);
  verdict("the quiz page's script", script <= 8_000, `${script} bytes as served with brotli, at most 8000`);

  const receipt = origin + /href="(\/receipts\/[^"]+)"/.exec(await read(`${origin}/`, cora))?.[1];
  const pages = [
    ["own page", `${origin}/`, amy, true],
    ["module list", `${origin}/modules`, amy, true],
    ["overview", `${origin}/modules/four-cs`, amy, true],
    ["page", page, amy, true],
    ["question", `${attempt}?question=1`, amy, true],
    ["agreement", `${origin}/agreements/learner-aup`, ben, true],
    ["receipt", receipt, cora, false],
    ["help", `${origin}/help`, undefined, true],
  ];
  console.log(`wrk, ${connections} connections, ${rounds} rounds of ${seconds} s each, in alternation with /healthz`);
  const figures = {};
  for (const [name, address, cookie, asked] of pages) {
    for (const coding of [undefined, "br"]) {
      const label = coding ? `${name}, compressed` : name;
      if (coding && !(await isCoded(address, cookie, coding))) {
        verdict(label, false, "it is not compressed");
        continue;
      }
      const measured = beside({ origin, pid }, address, cookie, coding);
      figures[label] = measured;
      const share = coding ? compressedShare : plainShare;
      const figure = `${measured.rate.toFixed(0)} a second, ${measured.ratio.toFixed(4)} of /healthz (1/${(1 / measured.ratio).toFixed(1)}), p99 ${measured.p99.toFixed(2)} ms, ${measured.cpu.toFixed(3)} ms of a processor`;
      if (asked) verdict(label, measured.ratio >= 1 / share, `${figure}, at least 1/${share}`);
      else console.log(`       ${label}: ${figure}`);
      if (name === "page" && !coding) {
        verdict("99% of the pages", measured.p99 <= 5 * measured.p50, `within ${(measured.p99 / measured.p50).toFixed(1)} times the median, at most 5.0 times`);
      }
    }
  }
  for (const people of crowds) await matrix(people, figures);
  await writes(origin, database, figures);
  compare(figures);
}

/** How fast a page is, and its share of what /healthz does in the same minutes. */
function beside({ origin, pid }, address, cookie, coding) {
  const health = [];
  const full = [];
  let [spent, answered] = [0, 0];
  for (let round = 0; round <= rounds; round += 1) {
    const bare = wrk(`${origin}/healthz`);
    const before = processorTime(pid);
    const one = wrk(address, cookie, coding);
    const after = processorTime(pid);
    // The first round warms up.
    if (round === 0) continue;
    health.push(bare.rate);
    full.push(one);
    spent += after - before;
    answered += one.requests;
  }
  const rate = median(full.map((run) => run.rate));
  const ratio = rate / median(health);
  return { rate, ratio, p50: median(full.map((run) => run.p50)), p99: median(full.map((run) => run.p99)), cpu: spent / answered };
}

/** How long a process and its threads have been at work so far, in milliseconds: what the server itself spends on a page, without wrk. */
function processorTime(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** The first page of the matrix with its totals, as whoever sees everybody gets it, and the whole of it as CSV. */
function matrix(people, figures) {
  return inFolder(async (folder) => {
    const { database, env } = within(folder);
    const filled = spawnSync(induct, ["demo", "--people", `${people}`, ...database], { env, stdio: ["ignore", "ignore", "inherit"] });
    if (filled.status !== 0) throw new Error("the crowd could not be drawn");
    await served(folder, [], ({ origin }) => matrixOf(folder, origin, people, figures));
  });
}

async function matrixOf(folder, origin, people, figures) {
  const dan = await signIn(origin, "dan@northfield.example");
  const began = performance.now();
  const html = await read(`${origin}/matrix`, dan);
  const first = performance.now() - began;
  const here = Number(/All: ([\d]+) people/.exec(html)?.[1]);
  const run = wrk(`${origin}/matrix`, dan, "br", folder);
  const name = `matrix, ${people} drawn`;
  figures[name] = { p95: run.p95, rate: run.rate };
  const most = matrixWithin(people);
  verdict(name, run.p95 < most, `${here} people here: p95 ${run.p95.toFixed(1)} ms over ${connections} connections, at most ${most}; ${run.rate.toFixed(0)} a second; the first after the start ${first.toFixed(0)} ms`);
  const day = (ago) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
  const past = `as-at=${day(200)}`;
  for (const [how, query, within] of [
    ["sorted by a module", "sort=-module.four-cs", changedWithin(people)],
    ["of who is late", "status=overdue&status=expired", changedWithin(people)],
    ["of a name", "name=zara", changedWithin(people)],
    ["as at a past day", past, 2 * most],
  ]) {
    await read(`${origin}/matrix?${query}`, dan);
    const view = wrk(`${origin}/matrix?${query}`, dan, "br", folder);
    figures[`${name}, ${how}`] = { p95: view.p95, rate: view.rate };
    verdict(`${name}, ${how}`, view.p95 < within, `p95 ${view.p95.toFixed(1)} ms over ${connections} connections, at most ${within}`);
  }
  // Days that nobody has asked for: every cell is decided anew, and the page is made.
  let ago = 300;
  const anew = median(await timed(5, () => read(`${origin}/matrix?as-at=${day((ago += 1))}`, dan)));
  figures[`${name}, a day that is new`] = { ms: anew };
  console.log(`       ${name}, as at a day that nobody has asked for: ${anew.toFixed(0)} ms`);
  // Between two days that were asked for already: what changed is worked out anew for each page.
  const changed = `against=${day(200)}&as-at=${day(20)}`;
  await read(`${origin}/matrix?${changed}`, dan);
  const between = median(await timed(5, () => read(`${origin}/matrix?${changed}&page=2`, dan)));
  figures[`${name}, what changed`] = { ms: between };
  console.log(`       ${name}, what changed between two days: ${between.toFixed(0)} ms`);
  const whole = median(await timed(3, () => read(`${origin}/matrix/csv`, dan)));
  const shell = median(
    await timed(3, async () => {
      const run = spawnSync("sqlite3", ["-csv", join(folder, "induct.db"), FLATTENED], { maxBuffer: 2 ** 30 });
      if (run.status !== 0) throw new Error(`sqlite3 failed: ${run.error?.message ?? run.stderr}`);
    }),
  );
  figures[`${name}, CSV`] = { ms: whole, shell };
  verdict(`${name}, all of it as CSV`, whole <= shell / 10, `${whole.toFixed(0)} ms, ${(shell / whole).toFixed(1)} times as fast as the sqlite3 shell (${shell.toFixed(0)} ms), at least 10.0 times`);
  await searchOf(origin, people, figures);
  await sweepOf(origin, people, figures);
}

/** People looked for by whoever sees everybody, one search after the other. */
async function searchOf(origin, people, figures) {
  const root = await signIn(origin, "root@northfield.example");
  const find = (text) => read(`${origin}/people?name=${encodeURIComponent(text)}`, root);
  if (!(await find("Zara Zhang")).includes("Zara Zhang")) throw new Error("nobody is called Zara Zhang");
  const took = {};
  for (const text of SEARCHES) took[text] = await timed(10, () => find(text));
  const all = Object.values(took).flat();
  const [slowest, its] = Object.entries(took).sort(([, one], [, other]) => median(other) - median(one))[0];
  const name = `people search, ${people} drawn`;
  figures[name] = { ms: median(all) };
  verdict(name, share(all, 0.95) < searchWithin, `half within ${median(all).toFixed(1)} ms, 95% within ${share(all, 0.95).toFixed(1)} ms, at most ${searchWithin}; the slowest, ‘${slowest}’, ${median(its).toFixed(1)} ms`);
}

/** The plan of reminders: everybody on the board is looked at, and what each is to be told is decided, as the daily job does before it writes. */
async function sweepOf(origin, people, figures) {
  const root = await signIn(origin, "root@northfield.example");
  const plan = `${origin}/admin/reminders`;
  if (!(await read(plan, root)).includes("Reminders")) throw new Error(`${plan} is not the plan of reminders`);
  const took = median(await timed(3, () => read(plan, root)));
  const name = `reminders, ${people} drawn`;
  figures[name] = { ms: took };
  verdict(name, took < sweepWithin, `everybody looked at in ${took.toFixed(0)} ms, at most ${sweepWithin}`);
}

/** What changes something, one after the other: the median of each, beside the median of /healthz asked the same way. */
async function writes(origin, { url, env }, figures) {
  const health = median(await timed(50, () => fetch(`${origin}/healthz`)));
  const show = (name, took) => {
    const ms = median(took);
    figures[name] = { ms, times: ms / health };
    console.log(`       ${name}: ${ms.toFixed(2)} ms, ${(ms / health).toFixed(1)} times /healthz (${health.toFixed(2)} ms)`);
  };
  show("sign in", await timed(9, () => signIn(origin, "freya@northfield.example")));
  const freya = await signIn(origin, "freya@northfield.example");
  const cora = await signIn(origin, "cora@northfield.example");
  const address = /href="(\/certificates\/[^"/]+)"/.exec(await read(`${origin}/cpd`, cora))?.[1];
  let bytes = 0;
  const certificates = await timed(20, async () => {
    const made = await fetch(origin + address, { headers: { Cookie: cora } });
    bytes = (await made.arrayBuffer()).byteLength;
  });
  show("a certificate", certificates);
  const quick = median(certificates) < certificateWithin && bytes <= certificateSize;
  verdict("a certificate", quick, `${median(certificates).toFixed(1)} ms and ${bytes} bytes, at most ${certificateWithin} ms and ${certificateSize} bytes`);
  show("own page, asked alone", await timed(50, () => read(`${origin}/`, freya)));

  const learners = await enrol(url, origin, classSize, env);
  for (const learner of learners) {
    await begin(origin, learner);
    [learner.question] = await choiceQuestions(learner, 1);
  }
  const letters = ["a", "b"];
  const save = (learner, turn) => send(`${learner.attempt}/answers`, learner.cookie, { question: learner.question, option: letters[turn % 2] });
  show("save an answer", await timed(50, (turn) => save(learners[0], turn)));
  show(`${classSize} learners save an answer at once, all of them`, await timed(5, (turn) => Promise.all(learners.map((one) => save(one, turn)))));
  show("hand in", await timed(classSize, (turn) => send(`${learners[turn].attempt}/submit`, learners[turn].cookie, {})));

  const agreement = `${origin}/agreements/learner-aup`;
  const ben = await signIn(origin, "ben@northfield.example");
  const form = await read(agreement, ben);
  const field = (name) => new RegExp(`name="${name}"[^>]*value="([^"]*)"|value="([^"]*)"[^>]*name="${name}"`).exec(form)?.slice(1).find(Boolean);
  const fields = { version: field("version"), key: field("key"), typed_name: "Ben Osei", agree: "yes" };
  show("sign, once", await timed(1, () => send(`${agreement}/sign`, ben, fields)));
}

function isCoded(address, cookie, coding) {
  return new Promise((resolve, reject) => {
    get(address, { headers: { "accept-encoding": coding, ...(cookie ? { cookie } : {}) } }, (reply) => {
      reply.resume();
      resolve(reply.headers["content-encoding"] === coding);
    }).on("error", reject);
  });
}

/** Beside the figures that are kept in the repository. RECORD=1 keeps these instead. */
function compare(figures) {
  const file = ".ci/bench.json";
  const kept = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { figures: {} };
  for (const [name, { ratio, times }] of Object.entries(figures)) {
    const before = kept.figures[name];
    if (before?.ratio && ratio) console.log(`       ${name}: ${(ratio / before.ratio).toFixed(2)} times the share that was kept`);
    if (before?.times && times) console.log(`       ${name}: ${(times / before.times).toFixed(2)} times what was kept`);
  }
  if (process.env.RECORD) writeFileSync(file, `${JSON.stringify({ when: new Date().toISOString().slice(0, 10), figures }, null, 2)}\n`);
}

function verdict(what, met, figure) {
  console.log(`${met ? "met   " : "MISSED"} ${what}: ${figure}`);
  if (!met) missed += 1;
}

/** The sizes of what an island loads, taken from the page of an attempt, which is where the quiz lives. */
async function islandFiles(origin, cookie) {
  const reply = await fetch(`${origin}/modules/four-cs/quiz`, { method: "POST", headers: { cookie } });
  const html = await reply.text();
  if (!reply.ok || !/\/attempts\//.test(reply.url)) throw new Error(`the quiz led to ${reply.url} (${reply.status})`);
  const name = /\/assets\/islands-[0-9a-f]+/.exec(html)?.[0];
  if (!name) throw new Error("the quiz page loads no island: was the browser's part built?");
  const attempt = origin + new URL(reply.url).pathname;
  return { wasm: await size(`${origin}${name}_bg.wasm`), script: await size(`${origin}${name}.js`), attempt };
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

function wrk(address, cookie, coding, scripts) {
  const header = cookie ? ["-H", `Cookie: ${cookie}`] : [];
  if (coding) header.push("-H", `Accept-Encoding: ${coding}`);
  if (scripts) {
    writeFileSync(join(scripts, "percentile.lua"), PERCENTILE);
    header.push("-s", join(scripts, "percentile.lua"));
  }
  const run = spawnSync("wrk", ["-t1", `-c${connections}`, `-d${seconds}s`, "--latency", ...header, address], {
    encoding: "utf8",
  });
  if (run.status !== 0) throw new Error(`wrk failed: ${run.error?.message ?? run.stderr}`);
  if (/Non-2xx|Socket errors/.test(run.stdout)) throw new Error(`not every answer from ${address} was good:\n${run.stdout}`);
  const rate = Number(/Requests\/sec:\s+([\d.]+)/.exec(run.stdout)?.[1]);
  const requests = Number(/(\d+) requests in/.exec(run.stdout)?.[1]);
  return { rate, requests, p50: milliseconds(run.stdout, "50"), p95: milliseconds(run.stdout, "95"), p99: milliseconds(run.stdout, "99") };
}

function milliseconds(text, percent) {
  const [, number, unit] = new RegExp(`^ +${percent}% +([\\d.]+)(us|ms|s)$`, "m").exec(text) ?? [];
  return Number(number) * { us: 0.001, ms: 1, s: 1000 }[unit];
}
