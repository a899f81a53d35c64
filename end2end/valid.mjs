// Holds pages, as they were sent, against the standard by the W3C's checker: npm run valid FOLDER. The journeys keep pages in the folder
// that the variable PAGES names. The checker needs Java, which nothing else here does; make installs it.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const folder = process.argv[2];
if (!folder) {
  console.error("usage: npm run valid FOLDER");
  process.exit(2);
}
if (spawnSync("java", ["-version"]).status !== 0) {
  console.error("Java is missing, and so the pages could not be held against the standard: .ci/set-up chromium");
  process.exit(1);
}
const pages = readdirSync(folder).filter((name) => name.endsWith(".html"));
if (pages.length === 0) {
  console.error(`no pages in ${folder}`);
  process.exit(1);
}
const checker = createRequire(import.meta.url)("vnu-jar");
const checked = spawnSync("java", ["-jar", checker, "--errors-only", "--skip-non-html", "--format", "json", resolve(folder)], {
  encoding: "utf8",
  maxBuffer: 1e9,
});
const { messages } = JSON.parse(checked.stderr);
const said = new Map();
for (const { message, url, extract } of messages) {
  const place = `${url.replace(/^.*\//, "")}: ${extract?.replace(/\s+/g, " ").trim()}`;
  said.set(message, [...(said.get(message) ?? []), place]);
}
for (const [message, places] of said) console.log(`${message} (${places.length})\n    ${places.slice(0, 3).join("\n    ")}`);
console.log(`${pages.length} pages, ${messages.length} errors`);
process.exit(messages.length > 0 ? 1 : 0);
