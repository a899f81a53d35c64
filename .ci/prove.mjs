// What `make prove` runs: proofs that take too long for `make test`. Each prints its figure beside what is asked of it; all of them go, with
// the day, the commit and the machine, into PROOFS.md, which is kept, so that two runs can be compared by `git diff`.
//
//   node .ci/prove.mjs            all of them
//   node .ci/prove.mjs NAME ...   only these, and nothing is written down: killed, doors, load, crash, start, bringIn, directory, crowd, fuzz
//
// PEOPLE=… for another crowd than 100,000, SECONDS_EACH=… for longer fuzzing, ROUNDS=… for more crashes.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { begin, choiceQuestions, enrol, induct, median, read, send, serve, share, signIn, ticked, timed } from "./visit.mjs";

const people = Number(process.env.PEOPLE ?? 100_000);
const rounds = Number(process.env.ROUNDS ?? 20);
const postgres = process.env.INDUCT_TEST_POSTGRES;
const classSize = 60;
/** How many wrong passwords are tried at accounts that are there, and as many at such that are not. */
const wrongPasswords = 500;

const folder = mkdtempSync(join(tmpdir(), "induct-prove-"));
const proofs = { killed, doors, load, crash, start, bringIn, directory, crowd, fuzz };
const wanted = process.argv.slice(2);
const lines = [];
let missed = 0;
try {
  for (const [name, proof] of Object.entries(proofs)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    console.error(`${name} …`);
    await proof().catch((error) => verdict(name, false, error.message.split("\n")[0], "to end"));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (wanted.length === 0) writeDown();
process.exitCode = missed > 0 ? 1 : 0;

function verdict(what, met, figure, asked) {
  console.log(`${met ? "met   " : "MISSED"} ${what}: ${figure} (asked: ${asked})`);
  lines.push(`| ${what} | ${figure} | ${asked} | ${met ? "met" : "**missed**"} |`);
  if (!met) missed += 1;
}

/** A validator of SCIM against a server of ours, on each database. It is installed into a folder of its own. */
async function directory() {
  const python = join(folder, "scim", "bin", "python");
  execFileSync("python3", ["-m", "venv", join(folder, "scim")]);
  execFileSync(python, ["-m", "pip", "install", "--quiet", "scim2-tester==0.5.2", "scim2-client[httpx2]==0.13.2"]);
  for (const database of databases("directory")) {
    const server = await serve([...on(database.url), "--demo"]);
    try {
      const made = spawnSync(induct, ["token", "create", "--role", "administrator", "--name", "Validator", ...on(database.url)], { encoding: "utf8" });
      const checked = spawnSync(python, ["end2end/check_scim.py", `${server.origin}/scim/v2`], {
        encoding: "utf8",
        env: { ...process.env, INDUCT_TOKEN: made.stdout.trim() },
      });
      const said = checked.stdout.trim().split("\n").at(-1) || checked.stderr.slice(-200);
      verdict(`a validator of SCIM (scim2-tester) on ${database.name}`, checked.status === 0, said, "none failed");
    } finally {
      await server.stop();
      database.drop();
    }
  }
}

/** A process killed at each of its writes, in each way: the engine's own tests, with every round that they have. */
async function killed() {
  const run = spawnSync("cargo", ["test", "-p", "engine", "--test", "survive", "--", "--nocapture"], {
    encoding: "utf8",
    env: { ...process.env, INDUCT_PROVE: "1" },
  });
  if (run.status !== 0) throw new Error(`the tests failed: ${run.stdout.split("\n").find((line) => line.includes("panicked")) ?? run.stderr.slice(-300)}`);
  for (const [, deed, kind, times, done] of run.stdout.matchAll(/(\w+) on (\w+): killed (\d+) times; it was done (\d+) times/g)) {
    verdict(`${deed} on ${kind}, killed at each write`, true, `${times} times, whole ${done} times, nothing ${times - done} times`, "all or nothing, and done once when tried again");
  }
}

/** What the sign-in page tells of who is here, and how a class gets in at once while others read. */
async function doors() {
  // Each try comes from a place of its own: whoever tries many is held up, and that is not what is measured.
  const env = { ...process.env, INDUCT_TRUSTED_PROXIES: "1" };
  for (const database of databases("doors")) {
    const server = await serve([...on(database.url), "--demo"], env);
    try {
      // Three wrong passwords hold nobody up.
      const everybody = await enrol(database.url, server.origin, classSize + Math.ceil(wrongPasswords / 3), env);
      const [together, learners] = [everybody.slice(0, classSize), everybody.slice(classSize)];
      const took = { there: [], absent: [] };
      const answers = new Set();
      for (let turn = 0; turn < wrongPasswords; turn += 1) {
        const there = learners[turn % learners.length].email;
        const tries = [["there", there], ["absent", there.replace("learner", "missing")]];
        if (turn % 2) tries.reverse();
        for (const [kind, email] of tries) {
          const place = `10.${kind === "there" ? 1 : 2}.${turn >> 8}.${turn & 255}`;
          const body = new URLSearchParams({ email, password: `a wrong password ${turn}`, next: "/" });
          const began = performance.now();
          const reply = await fetch(`${server.origin}/sign-in`, { method: "POST", body, headers: { "x-forwarded-for": place }, redirect: "manual" });
          const page = await reply.text();
          took[kind].push(performance.now() - began);
          const headers = [...reply.headers.keys()].join(" ");
          // What was typed stands in it again, and each page has a number of its own for its scripts.
          answers.add(`${reply.status} ${headers} ${page.replaceAll(email, "").replaceAll(/nonce="[^"]*"/g, "")}`);
        }
      }
      const gap = Math.abs(median(took.there) - median(took.absent));
      const said = `the medians ${gap.toFixed(2)} ms apart, of ${median(took.there).toFixed(1)} ms; ${answers.size === 1 ? "one answer" : `${answers.size} answers`}`;
      verdict(`${2 * wrongPasswords} wrong passwords at accounts that are there and at others, ${database.name}`, gap < 5 && answers.size === 1, said, "under 5 ms, the same answer");
      const cora = await signIn(server.origin, "cora@northfield.example");
      let seconds = null;
      const began = performance.now();
      const signing = at_once(together, (learner) => signIn(server.origin, learner.email)).finally(() => {
        seconds = (performance.now() - began) / 1000;
      });
      const pages = [];
      while (seconds === null) pages.push(...(await timed(1, () => read(`${server.origin}/`, cora))));
      const { failed, all } = await signing;
      const page = share(pages, 0.95);
      const figures = `${all - failed} of ${all} within ${seconds.toFixed(2)} s; of ${pages.length} pages meanwhile 95% within ${page.toFixed(0)} ms`;
      verdict(`${classSize} sign in at once, ${database.name}`, failed === 0 && seconds < 4 && page < 300, figures, "all within 4 s, pages within 300 ms");
    } finally {
      await server.stop();
      database.drop();
    }
  }
}

/** A class that starts, answers at once and hands in, on each database. What was said to be saved is looked for afterwards. */
async function load() {
  for (const database of databases("load")) {
    const server = await serve([...on(database.url), "--demo"]);
    try {
      const learners = await enrol(database.url, server.origin, classSize);
      const started = await at_once(learners, (learner) => begin(server.origin, learner));
      verdict(`${classSize} start a quiz at once, ${database.name}`, is_quick(started), figure(started), "all, 99% in 2 s");
      for (const learner of learners) learner.questions = await choiceQuestions(learner, 3);
      const answers = learners.flatMap((learner) => learner.questions.map((question) => ({ learner, question })));
      const saved = await at_once(answers, ({ learner, question }) => send(`${learner.attempt}/answers`, learner.cookie, { question, option: "a" }));
      let kept = 0;
      for (const { learner, question } of answers) if ((await ticked(learner, question)).letters.includes("a")) kept += 1;
      const whole = is_quick(saved) && kept === answers.length;
      verdict(`${classSize} save three answers each at once, ${database.name}`, whole, `${figure(saved)}, ${kept} found afterwards`, "all, 99% in 2 s");
      const handed = await at_once(learners, (learner) => send(`${learner.attempt}/submit`, learner.cookie, {}));
      let marked = 0;
      for (const learner of learners) if (/ of \d+/.test(await read(learner.attempt, learner.cookie))) marked += 1;
      const all = is_quick(handed) && marked === learners.length;
      verdict(`${classSize} hand in at once, ${database.name}`, all, `${figure(handed)}, ${marked} results afterwards`, "all, 99% in 2 s");
    } finally {
      await server.stop();
      database.drop();
    }
  }
}

/** The server killed while a class saves: whatever was said to be saved is there when it is started again. */
async function crash() {
  for (const database of databases("crash")) {
    let server = await serve([...on(database.url), "--demo"]);
    try {
      const learners = await enrol(database.url, server.origin, 8);
      await at_once(learners, (learner) => begin(server.origin, learner));
      for (const learner of learners) {
        learner.saved = {};
        learner.questions = await choiceQuestions(learner, 3);
      }
      const save = (letter) =>
        Promise.all(
          learners.map(async (learner) => {
            for (const question of learner.questions) {
              // Until it is confirmed it may be there or not.
              delete learner.saved[question];
              const reply = await send(`${learner.attempt}/answers`, learner.cookie, { question, option: letter }).catch(() => undefined);
              if (reply) learner.saved[question] = letter;
            }
          }),
        );
      const began = performance.now();
      await save("a");
      const whole = performance.now() - began;
      let confirmed = 0;
      let lost = 0;
      for (let round = 0; round < rounds; round += 1) {
        const origin = server.origin;
        const saving = save(["b", "a"][round % 2]);
        await sleep((whole * (round + 1)) / rounds);
        server.kill();
        await saving;
        server = await serve(on(database.url));
        for (const learner of learners) {
          learner.attempt = learner.attempt.replace(origin, server.origin);
          for (const [question, letter] of Object.entries(learner.saved ?? {})) {
            confirmed += 1;
            if (!(await ticked(learner, question)).letters.includes(letter)) lost += 1;
          }
        }
      }
      verdict(`killed ${rounds} times while a class saves, ${database.name}`, lost === 0 && confirmed > 0, `${confirmed} answers that were confirmed, ${lost} lost`, "none lost");
    } finally {
      await server.stop();
      database.drop();
    }
  }
}

/** A thousand modules. */
async function start() {
  const content = join(folder, "content");
  cpSync("content", content, { recursive: true });
  const [original] = readdirSync(join(content, "modules")).filter((name) => name === "four-cs");
  for (let number = readdirSync(join(content, "modules")).length; number < 1000; number += 1) {
    const copy = join(content, "modules", `copy-${number}`);
    cpSync(join(content, "modules", original), copy, { recursive: true });
    // In one wording each: with its two twins it would be three thousand.
    for (const twin of ["cy", "easy-read"]) rmSync(join(copy, twin), { recursive: true, force: true });
    const file = join(copy, "module.toml");
    writeFileSync(file, readFileSync(file, "utf8").replace(/^title = "(.*)"$/m, `title = "$1, copy ${number}"`).replace(/^languages = .*$/m, `languages = ["en"]`));
  }
  const options = [...on(`sqlite://${join(folder, "start.db")}`), "--content", content];
  await (await serve([...options, "--demo"])).stop();
  const server = await serve(options);
  verdict("start with 1,000 modules", server.took < 3000, `${(server.took / 1000).toFixed(2)} s`, "under 3 s");
  const amy = await signIn(server.origin, "amy@northfield.example");
  const took = await timed(50, () => read(`${server.origin}/modules`, amy));
  verdict("the list of 1,000 modules", share(took, 0.99) < 50, `half within ${share(took, 0.5).toFixed(1)} ms, 99% within ${share(took, 0.99).toFixed(1)} ms`, "99% within 50 ms");
  await server.stop();
}

/** As many people as a large college has over the years, from one file, while somebody learns: how long it takes, in how much memory, and how
 *  long the learner waits for an answer to be saved. A second time it changes nothing. */
async function bringIn() {
  const file = join(folder, "people.csv");
  const rows = ["external_id,name,email,group,role,start_date"];
  for (let number = 0; number < people; number += 1) {
    const group = `Northfield/Centre ${1 + (number % 40)}/Cohort ${1 + (number % 1200)}`;
    rows.push(`L${number},Łucja O’Neill-Šmith ${number},learner${number}@intake.example,${group},learner,2026-09-${String(1 + (number % 28)).padStart(2, "0")}`);
  }
  writeFileSync(file, `${rows.join("\n")}\n`);
  for (const database of databases("import")) {
    const server = await serve([...on(database.url), "--demo"]);
    try {
      const [learner] = await enrol(database.url, server.origin, 1);
      await begin(server.origin, learner);
      const [question] = await choiceQuestions(learner, 1);
      let over = false;
      const waits = [];
      const saves = async () => {
        while (!over) {
          const asked = performance.now();
          await send(`${learner.attempt}/answers`, learner.cookie, { question, option: waits.length % 2 === 0 ? "a" : "b" });
          waits.push(performance.now() - asked);
          await sleep(20);
        }
      };
      const bringsIn = ["people", "import", file, "--database", database.url];
      const [first] = await Promise.all([watched(bringsIn).finally(() => (over = true)), saves()]);
      const asked = Math.max(5, (30 * people) / 100_000);
      const name = `${people} people from one CSV, ${database.name}`;
      verdict(name, first.seconds < asked, `${first.seconds.toFixed(1)} s, in which the command itself was at work for ${first.worked.toFixed(1)} s`, `under ${asked} s`);
      verdict(`${name}: memory`, first.megabytes < 150, `${first.megabytes.toFixed(0)} MB at most`, "under 150 MB");
      const wait = `of ${waits.length} answers saved meanwhile half within ${share(waits, 0.5).toFixed(1)} ms, 99% within ${share(waits, 0.99).toFixed(0)} ms, the slowest ${Math.max(...waits).toFixed(0)} ms`;
      verdict(`${name}: who is held up`, Math.max(...waits) < 200, wait, "nobody for more than 200 ms");
      const again = await watched(bringsIn);
      verdict(`${name}: the same file again`, again.seconds < asked && again.said.includes("there is nothing to change"), `${again.seconds.toFixed(1)} s: ${again.said.trim().split("\n").at(-1)}`, "changes nothing");
    } finally {
      await server.stop();
      database.drop();
    }
  }
}

/** Runs a command to its end: how long it took, how long it was at work itself (s), the most memory that it held (MB), what it said. */
async function watched(command) {
  const began = performance.now();
  const run = spawn(induct, command, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [run.stdout, run.stderr]) stream.on("data", (piece) => (said = (said + piece).slice(-4000)));
  let megabytes = 0;
  let worked = 0;
  const look = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${run.pid}/status`, "utf8");
      megabytes = Math.max(megabytes, Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1000);
      const fields = readFileSync(`/proc/${run.pid}/stat`, "utf8").split(") ")[1].split(" ");
      worked = Math.max(worked, (Number(fields[11]) + Number(fields[12])) / 100);
    } catch {
      // It has ended since the last look.
    }
  }, 50);
  const code = await new Promise((resolve) => run.once("close", resolve));
  clearInterval(look);
  if (megabytes === 0) throw new Error("how much memory it held could not be seen: that needs /proc");
  if (code !== 0) throw new Error(`${command.slice(0, 2).join(" ")} ended with ${code}: ${said.slice(-300)}`);
  return { seconds: (performance.now() - began) / 1000, worked, megabytes, said };
}

/** A crowd with years of history. */
async function crowd() {
  const file = join(folder, "crowd.db");
  const began = performance.now();
  const run = spawnSync(induct, ["demo", "--people", `${people}`, "--seed", "1", "--years", "3", "--database", `sqlite://${file}`], { encoding: "utf8" });
  if (run.status !== 0) throw new Error(run.stderr.slice(-300));
  const minutes = (performance.now() - began) / 60_000;
  const asked = Math.max(0.5, (5 * people) / 100_000);
  verdict(`induct demo --people ${people}`, minutes < asked, `${minutes.toFixed(1)} min`, `under ${asked} min`);
  const counted = execFileSync("sqlite3", [file, "SELECT COUNT(*) FROM completion"], { encoding: "utf8" });
  const completions = Number(counted);
  verdict(`its completions`, completions >= 10 * people, `${completions.toLocaleString("en-GB")}`, `${(10 * people).toLocaleString("en-GB")}`);
  const server = await serve(on(`sqlite://${file}`));
  verdict(`start on it`, server.took < 3000, `${(server.took / 1000).toFixed(2)} s`, "under 3 s");
  const cookie = await signIn(server.origin, "amy@northfield.example");
  const took = await timed(50, () => read(`${server.origin}/modules`, cookie));
  verdict(`the list of modules on it`, share(took, 0.99) < 50, `99% within ${share(took, 0.99).toFixed(1)} ms`, "50 ms");
  await server.stop();
}

/** Random files for the readers of content. */
async function fuzz() {
  const run = spawnSync(".ci/fuzz", [], { encoding: "utf8" });
  const tried = [...run.stderr.matchAll(/number_of_executed_units: (\d+)/g), ...run.stdout.matchAll(/number_of_executed_units: (\d+)/g)];
  const sum = tried.reduce((sum, [, number]) => sum + Number(number), 0);
  verdict("random files for the readers of content, GIFT and media", run.status === 0 && sum > 0, `${sum} tried`, "none trips");
}

function on(url) {
  return ["--database", url];
}

/** SQLite, and PostgreSQL where one is there. */
function* databases(name) {
  yield { name: "SQLite", url: `sqlite://${join(folder, `${name}.db`)}`, drop() {} };
  if (!postgres) {
    console.error("no PostgreSQL: INDUCT_TEST_POSTGRES says where one is");
    return;
  }
  const database = `induct_prove_${process.pid}_${name}`;
  const psql = (statement) => execFileSync("psql", [postgres, "-qc", statement], { stdio: ["ignore", "ignore", "inherit"] });
  psql(`CREATE DATABASE ${database}`);
  yield { name: "PostgreSQL", url: postgres.replace(/\/[^/]*$/, `/${database}`), drop: () => psql(`DROP DATABASE ${database} WITH (FORCE)`) };
}

async function at_once(all, work) {
  let failed = 0;
  const took = await Promise.all(
    all.map(async (one) => {
      const began = performance.now();
      await work(one).catch(() => (failed += 1));
      return performance.now() - began;
    }),
  );
  return { failed, all: all.length, half: share(took, 0.5), most: share(took, 0.99) };
}

function is_quick({ failed, most }) {
  return failed === 0 && most < 2000;
}

function figure({ failed, all, half, most }) {
  return `${all - failed} of ${all}, half within ${half.toFixed(0)} ms, 99% within ${most.toFixed(0)} ms`;
}

function writeDown() {
  const commit = execFileSync("git", ["describe", "--always", "--dirty"], { encoding: "utf8" }).trim();
  const machine = `${cpus().length} cores (${cpus()[0].model}), ${Math.round(totalmem() / 2 ** 30)} GiB`;
  const text = `# Proofs

What \`make prove\` measured, written by it: ${new Date().toISOString().slice(0, 10)}, commit ${commit}, ${machine}.

| What | Figure | Asked | |
| --- | --- | --- | --- |
${lines.join("\n")}
`;
  writeFileSync("PROOFS.md", text);
}
