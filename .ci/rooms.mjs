// Checks that no room imports from one that stands after it. The order of rooms is written once, in the documentation of the module that
// holds them, in a sentence that begins with "Rooms:"; what imports what is read from the `use` lines.
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";

const crates = { model: "app/model/src", app: "app/src", engine: "server/engine/src", audit: "server/engine/audit/src", verifier: "app/verifier/src", server: "server/src" };

let faults = 0;
let looked = 0;
for (const [crate, source] of Object.entries(crates)) {
  const files = rust(source);
  for (const file of files) {
    const order = roomsOf(file);
    if (order) check(crate, source, file, order, files);
  }
}
if (looked === 0) fail("no order of rooms was found");
process.exitCode = faults > 0 ? 1 : 0;

/** The rooms that a file lists, in order. Rooms that stand beside one another are listed in one pair of brackets. */
function roomsOf(file) {
  const comments = readFileSync(file, "utf8").split("\n").filter((line) => line.startsWith("//!"));
  const text = comments.map((line) => line.slice(3).trim()).join(" ");
  const list = /\bRooms: ([^.]*)\./.exec(text)?.[1];
  return list?.match(/\([^)]*\)|`\w+`/g).map((entry) => entry.match(/\w+/g));
}

function check(crate, source, file, order, files) {
  looked += 1;
  const folder = dirname(file);
  const here = modulePath(crate, source, file);
  const floor = new Map(order.flatMap((rooms, place) => rooms.map((room) => [room, place])));
  for (const room of floor.keys()) {
    if (!existsSync(join(folder, room)) && !existsSync(join(folder, `${room}.rs`))) fail(`${file}: there is no room ${room}`);
  }
  for (const entry of readdirSync(folder)) {
    if (statSync(join(folder, entry)).isDirectory() && !floor.has(entry)) fail(`${file}: the room ${entry} has no place in the order`);
  }
  for (const other of files) {
    const path = modulePath(crate, source, other);
    const room = path[here.length];
    if (path.length <= here.length || !here.every((part, place) => path[place] === part) || !floor.has(room)) continue;
    for (const { line, used } of uses(other, path)) {
      const target = used[here.length];
      if (!here.every((part, place) => used[place] === part) || !floor.has(target) || target === room) continue;
      const beside = floor.get(target) === floor.get(room);
      if (floor.get(target) > floor.get(room)) fail(`${other}:${line}: ${room} imports from ${target}, which stands after it`);
      else if (beside) fail(`${other}:${line}: ${room} imports from ${target}, which stands beside it`);
    }
  }
}

/** Every path that a file uses, from the crate's root, with its line. */
function uses(file, path) {
  const text = readFileSync(file, "utf8");
  const found = [];
  for (const match of text.matchAll(/^[ \t]*(?:pub(?:\([^)]*\))? )?use ((?:crate|super|self)\b[^;]*);/gm)) {
    const line = text.slice(0, match.index).split("\n").length;
    // A module of tests inside the file is one deeper.
    const inside = /^[ \t]/.test(match[0]) ? [...path, "tests"] : path;
    for (const leaf of leaves(match[1])) found.push({ line, used: resolve(leaf, inside, basename(file)) });
  }
  return found;
}

function leaves(tree) {
  const text = tree.trim();
  const open = text.indexOf("{");
  if (open < 0) return [text.split("::").map((part) => part.trim())];
  const head = text.slice(0, open).split("::").map((part) => part.trim()).filter(Boolean);
  const parts = [];
  let depth = 0;
  let part = "";
  for (const char of text.slice(open + 1, text.lastIndexOf("}"))) {
    if (char === "{") depth += 1;
    if (char === "}") depth -= 1;
    if (char === "," && depth === 0) {
      parts.push(part);
      part = "";
    } else part += char;
  }
  parts.push(part);
  return parts.filter((one) => one.trim()).flatMap((one) => leaves(one).map((leaf) => [...head, ...leaf]));
}

function resolve(leaf, path) {
  if (leaf[0] === "crate") return [path[0], ...leaf.slice(1)];
  let at = [...path];
  let rest = leaf;
  while (rest[0] === "super" || rest[0] === "self") {
    if (rest[0] === "super") at = at.slice(0, -1);
    rest = rest.slice(1);
  }
  return [...at, ...rest];
}

/** The module that a file is, from its crate's root. */
function modulePath(crate, source, file) {
  const parts = file.slice(source.length + 1, -".rs".length).split("/");
  if (["mod", "lib", "main"].includes(parts.at(-1))) parts.pop();
  return [crate, ...parts];
}

function rust(folder) {
  return readdirSync(folder, { recursive: true }).map(String).filter((file) => file.endsWith(".rs")).map((file) => join(folder, file));
}

function fail(what) {
  console.error(`rooms: ${what}`);
  faults += 1;
}
