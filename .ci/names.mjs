// Checks that what ARCHITECTURE.md names is there: files and folders, and functions, tests, types, tables and whatever else has a name of several
// words. A file may be named from the folder that the text speaks of.
import { readFileSync, readdirSync } from "node:fs";

const MADE = /^(\.git|target|node_modules|data|test-results|playwright-report)$/;
const present = filesIn(".");
const sources = present.filter((file) => file !== ".ci/names.mjs" && /\.(rs|sql|toml|mjs|js|ts|py|css)$|^\.ci\/[^.]+$|^Makefile$/.test(file));
const words = new Set();
for (const file of sources) {
  for (const [word] of readFileSync(file, "utf8").matchAll(/[A-Za-z_][A-Za-z0-9_]*/g)) words.add(word);
}
const paths = new Set(present.flatMap((file) => file.split("/").map((_, place, parts) => `/${parts.slice(0, place + 1).join("/")}`)));

// What is spoken of and is no part of the project: crates that are not used, files that others write, a word that stands for any area.
const ELSEWHERE = ["leptos_router", "leptos_meta", "leptos_axum", "server_fn", "webauthn_rp", "induct.toml", "app/src/pages/AREA/"];

let named = 0;
let faults = 0;
for (const [index, line] of readFileSync("ARCHITECTURE.md", "utf8").split("\n").entries()) {
  for (const [, name] of line.matchAll(/`([^`]+)`/g)) {
    if (isThere(name)) continue;
    console.error(`ARCHITECTURE.md:${index + 1}: there is no ${name}`);
    faults += 1;
  }
}
if (named < 200) {
  console.error("the names in ARCHITECTURE.md were not found");
  faults += 1;
}
process.exitCode = faults > 0 ? 1 : 0;

/** The files in a folder and below it, without what is made. */
function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).filter((entry) => !MADE.test(entry.name)).flatMap((entry) => {
    const path = folder === "." ? entry.name : `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesIn(path) : [path];
  });
}

function isThere(name) {
  if (ELSEWHERE.includes(name)) return true;
  // A file, or a folder with a slash at its end; what begins with a slash is an address.
  if (/^\.?[\w-][\w./-]*\.(rs|mjs|ts|toml|md|sql|css|py|json)$/.test(name) || /^[\w.-]+(\/[\w.-]+)*\/$/.test(name)) {
    named += 1;
    const end = `/${name.replace(/\/$/, "")}`;
    return [...paths].some((path) => path.endsWith(end));
  }
  if (/^(\w+::)*\w+(\(\))?!?$/.test(name)) {
    const parts = name.replace(/[()!]+$/, "").split("::");
    // One word alone may be anything: a value, a word of a form, a command.
    if (parts.length === 1 && !/_|[a-z][A-Z]/.test(name)) return true;
    named += 1;
    return parts.every((part) => words.has(part));
  }
  return true;
}
