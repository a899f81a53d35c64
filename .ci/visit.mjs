// What `bench.mjs` and `prove.mjs` do alike: start a server, sign people in, send forms.
import { spawn, spawnSync } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export const induct = process.env.INDUCT_BIN ?? "target/dist/induct";

/** The password of the demonstration's people, and of those whom `enrol` adds. */
const PASSWORD = "induct-demo-2026";

/** Starts a server and waits until it serves; `options` follow `serve`. The first start on new content publishes all of it. */
export async function serve(options, env = process.env) {
  const path = join(tmpdir(), `induct-log-${process.pid}-${performance.now()}`);
  const log = openSync(path, "w");
  const began = performance.now();
  const server = spawn(induct, ["serve", "--addr", "127.0.0.1:0", ...options], { env, stdio: ["ignore", log, log] });
  closeSync(log);
  const gone = new Promise((resolve) => server.once("exit", resolve));
  for (;;) {
    const said = readFileSync(path, "utf8");
    const origin = /Induct serves (http:\S+)/.exec(said)?.[1];
    if (origin) {
      const took = performance.now() - began;
      const stop = async () => {
        if (server.exitCode === null && server.signalCode === null && server.kill()) await gone;
      };
      return { origin, took, pid: server.pid, stop, kill: () => server.kill("SIGKILL") };
    }
    if (server.exitCode !== null) throw new Error(`the server did not start: ${said}`);
    if (performance.now() - began > 600_000) throw new Error("the server did not start within ten minutes");
    await sleep(10);
  }
}

/** Signs somebody in: the cookie of their session. */
export async function signIn(origin, email) {
  const body = new URLSearchParams({ email, password: PASSWORD, next: "/" });
  const reply = await fetch(`${origin}/sign-in`, { method: "POST", body, redirect: "manual" });
  const cookie = reply.headers.getSetCookie().map((line) => line.split(";")[0]).join("; ");
  if (reply.status !== 303 || cookie === "") throw new Error(`${email} could not sign in: ${reply.status}`);
  return cookie;
}

/** So many learners who have signed in, each with the cookie of their session. */
export async function enrol(url, origin, size, env = process.env) {
  const learners = [];
  for (let number = 0; number < size; number += 1) {
    const email = `learner${number}@class.example`;
    const person = ["--name", `Learner ${number}`, "--email", email, "--role", "learner", "--database", url];
    const added = spawnSync(induct, ["people", "add", ...person], { env, stdio: ["ignore", "pipe", "pipe"], encoding: "utf8" });
    const link = /\/welcome\/\S+/.exec(added.stdout)?.[0];
    if (added.status !== 0 || !link) throw new Error(added.stderr);
    // The link names the address that the settings have, which need not be that of this server.
    const chosen = await fetch(origin + link, { method: "POST", body: new URLSearchParams({ password: PASSWORD }), redirect: "manual" });
    if (chosen.status !== 303) throw new Error(`${email} could not choose a password: ${chosen.status}`);
    learners.push({ email });
  }
  await Promise.all(learners.map(async (learner) => (learner.cookie = await signIn(origin, learner.email))));
  return learners;
}

/** The page at an address. */
export async function read(address, cookie) {
  const reply = await fetch(address, { headers: cookie ? { cookie } : {}, redirect: "manual" });
  if (reply.status !== 200) throw new Error(`${address} answered ${reply.status}`);
  return reply.text();
}

/** Sends a form, as a page without JavaScript does. Whatever is not taken is an error: whoever measures would count it as done. */
export async function send(address, cookie, fields) {
  const reply = await fetch(address, { method: "POST", body: new URLSearchParams(fields), headers: { cookie }, redirect: "manual" });
  if (reply.status !== 303) throw new Error(`${address} answered ${reply.status}`);
  return reply;
}

/** Has a learner begin the quiz of the 4 Cs; notes the address of the attempt. */
export async function begin(origin, learner) {
  const reply = await send(`${origin}/modules/four-cs/quiz`, learner.cookie, {});
  learner.attempt = origin + reply.headers.get("location").split("?")[0];
  if (!/\/attempts\/[0-9a-f-]+$/.test(learner.attempt)) throw new Error(`the quiz led to ${learner.attempt}`);
}

/** What is ticked on the page of a question, and of how many options. */
export async function ticked(learner, question) {
  const html = await read(`${learner.attempt}?question=${question}`, learner.cookie);
  const tags = [...html.replace(/<template[^]*?<\/template>/g, "").matchAll(/<input[^>]*name="option"[^>]*>/g)].map(([tag]) => tag);
  const chosen = tags.filter((tag) => /\bchecked\b/.test(tag));
  return { options: tags.length, letters: chosen.map((tag) => /value="([^"]*)"/.exec(tag)?.[1]) };
}

/** The first so many questions of an attempt that are answered by a letter. */
export async function choiceQuestions(learner, wanted) {
  const found = [];
  for (let question = 1; found.length < wanted && question < 50; question += 1) {
    if ((await ticked(learner, question)).options > 1) found.push(question);
  }
  return found;
}

/** How long each turn of something takes, one after the other, in milliseconds. */
export async function timed(times, work) {
  const took = [];
  for (let turn = 0; turn < times; turn += 1) {
    const began = performance.now();
    await work(turn);
    took.push(performance.now() - began);
  }
  return took;
}

/** What so large a part of all took at most. */
export function share(took, part) {
  const sorted = [...took].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}
