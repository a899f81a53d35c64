// Checks that no verb asks for a second connection to the database while it has one: where all are lent, each would wait for another. What a
// function takes is read from its text (`store.read()`, `store.write()`, `store.write_for(…)`), and what it calls on the engine takes what is
// taken there. Who has one hands it on. What is taken by functions that are none of the engine's, or kept in a pattern, is not seen.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const SOURCE = "server/engine/src";
const TAKE = /\bstore\s*\.\s*(?:read|write|write_for)\s*\(/g;
const CALL = /\b(?:self|engine)\s*\.\s*(\w+)\s*\(/g;

const functions = readdirSync(SOURCE, { recursive: true }).map(String).filter((file) => file.endsWith(".rs")).flatMap((file) => functionsOf(join(SOURCE, file)));
const engines = functions.filter((one) => one.of === "Engine");
if (engines.length < 200) fail("the functions of the engine were not found");

// Whatever takes a connection, and whatever calls that.
const taking = new Set(engines.filter((one) => one.body.search(TAKE) >= 0).map((one) => one.name));
for (let more = true; more; ) {
  more = false;
  for (const one of engines) {
    if (taking.has(one.name) || !callsIn(one.body).some((call) => taking.has(call.name))) continue;
    taking.add(one.name);
    more = true;
  }
}

let held = 0;
for (const one of functions) {
  for (const { name, lent, from, to } of heldIn(one)) {
    held += 1;
    const text = one.body.slice(from, to);
    // What it was only lent it still has after it lent it on.
    const gone = lent ? [] : goneIn(one.body, name, from, to);
    const asked = callsIn(text).filter((call) => taking.has(call.name)).map((call) => ({ what: `${call.name}()`, at: from + call.at }));
    asked.push(...[...text.matchAll(TAKE)].map((match) => ({ what: `${match[0]}…)`, at: from + match.index })));
    for (const { what, at } of asked) {
      if (gone.some((one) => one.from <= at && at < one.to)) continue;
      const line = one.line + one.body.slice(0, at).split("\n").length - 1;
      fail(`${one.file}:${line}: ${one.name} asks for another connection (${what}) while it has ${name}`);
    }
  }
}
if (held < 100) fail("the connections that are held were not found");

/** The functions of a file outside its tests, each with its text, without what stands in comments and strings, and whose it is. */
function functionsOf(file) {
  const whole = blank(readFileSync(file, "utf8"));
  const tests = whole.search(/^#\[cfg\(test\)\]/m);
  const text = tests < 0 ? whole : whole.slice(0, tests);
  const impls = [...text.matchAll(/^impl(?:<[^>]*>)?\s+(?:[\w:<>', ]+\s+for\s+)?(\w+)[^{]*\{/gm)].map((match) => {
    const from = match.index + match[0].length;
    return { of: match[1], from, to: endOf(text, from) };
  });
  return [...text.matchAll(/\bfn (\w+)/g)].flatMap((match) => {
    const open = text.indexOf("{", match.index);
    const none = text.indexOf(";", match.index);
    if (open < 0 || (none >= 0 && none < open)) return [];
    const of = impls.find((one) => one.from <= match.index && match.index < one.to)?.of;
    const body = text.slice(open + 1, endOf(text, open + 1));
    return [{ file, name: match[1], of, head: text.slice(match.index, open), body, line: text.slice(0, open).split("\n").length }];
  });
}

function callsIn(text) {
  return [...text.matchAll(CALL)].map((match) => ({ name: match[1], at: match.index }));
}

/** From where to where a function has a connection: all the way one that it was handed, and one that it took until its block ends. */
function heldIn({ head, body }) {
  const handed = [...head.matchAll(/\b(\w+): (&mut )?(?:impl Linked|Conn|Tx)\b/g)].map((match) => ({ name: match[1], lent: match[2] !== undefined, from: 0, to: body.length }));
  const took = [...body.matchAll(/\blet (?:mut )?(\w+) = (?:self|engine|\w+)(?:\.engine)?\.store\s*\.(?:read|write|write_for)\([^;{}]*\)\s*\.await[^;{}]*;/g)];
  return [...handed, ...took.map((match) => {
    const from = match.index + match[0].length;
    return { name: match[1], lent: false, from, to: endOf(body, from) };
  })];
}

/** From where to where it has given a connection away: behind what drops it, ends it or is handed it whole, to the end of that block. */
function goneIn(body, name, from, to) {
  const given = new RegExp(`\\bdrop\\(${name}\\)|\\b${name}\\s*\\.(?:commit|rollback)\\(|(?<!\\w!)[({]\\s*${name}\\s*[,)]|, ${name}\\s*[,)}]`, "g");
  return [...body.slice(from, to).matchAll(given)].map((match) => {
    const at = from + match.index + match[0].length;
    return { from: at, to: endOf(body, at) };
  });
}

function endOf(text, from) {
  let depth = 1;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === "{") depth += 1;
    if (text[at] === "}") depth -= 1;
    if (depth === 0) return at;
  }
  return text.length;
}

/** The same text with blanks in place of comments, strings and signs, so that places and lines stay. */
function blank(text) {
  const empty = (found) => found.replace(/[^\n]/g, " ");
  return text.replace(/\/\/[^\n]*|r#*"[^]*?"#*|"(?:[^"\\]|\\[^])*"|'(?:[^'\\\n]|\\[^'\n]+)'/g, empty);
}

function fail(what) {
  console.error(`connections: ${what}`);
  process.exitCode = 1;
}
