import { expect, test } from "../support/test.ts";
import type { Visitor } from "../support/visitor.ts";

/** What runs on the page that is open: the names of script and wasm files without their hashes, and inline scripts. */
async function running(visitor: Visitor): Promise<string[]> {
  const { files, inline } = await visitor.page.evaluate(() => ({
    files: performance.getEntriesByType("resource").map(({ name }) => name),
    // Rules for fetching a page early are data and no program.
    inline: [...document.scripts].filter((script) => !script.src && script.type !== "speculationrules").length,
  }));
  const programs = files.filter((file) => /\.(js|wasm)$/.test(file));
  const names = programs.map((file) => file.replace(/^.*\/assets\//, "").replace(/-[0-9a-f]{16}/, ""));
  return [...new Set(names), ...Array.from({ length: inline }, () => "inline")].sort();
}

test("a page without an island runs nothing but the quick exit", async ({ visitor }) => {
  const somebody = await visitor();
  for (const path of ["/sign-in", "/help"]) {
    await somebody.opens(path);
    expect(await running(somebody), path).toEqual(["quick-exit.js"]);
  }
  const ben = await visitor("ben");
  for (const path of ["/", "/modules", "/modules/four-cs", "/modules/four-cs/contact", "/agreements/learner-aup"]) {
    await ben.opens(path);
    expect(await running(ben), path).toEqual(["quick-exit.js"]);
  }
});

test("the quiz loads its island and nothing else", async ({ visitor }) => {
  const amy = await visitor("amy");
  await amy.opens("/modules/four-cs/quiz");
  expect(await running(amy)).toEqual(["quick-exit.js"]);
  await amy.presses("Start the quiz");
  const files = (await running(amy)).filter((name) => name !== "inline");
  expect(files).toEqual(["islands.js", "islands_bg.wasm", "quick-exit.js"]);
});

test("the matrix loads its own script and no WebAssembly, also once it has changed", async ({ visitor }) => {
  const mina = await visitor("mina");
  await mina.opens("/matrix");
  expect(await running(mina)).toEqual(["matrix.js", "quick-exit.js"]);
  await mina.changesTo(() => mina.link("Close").click());
  expect(await running(mina)).toEqual(["matrix.js", "quick-exit.js"]);
});
