// Takes the pictures of content/README.md: npm run guide. Each example there that is followed by a picture `../style/guide/NAME.png` is put
// into a module as it stands, served, and photographed as a learner sees it. So an example that does not compile has no picture.
import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { chromium } from "@playwright/test";

import { address, signIn } from "./serving.mjs";

const root = resolve(import.meta.dirname, "..");
const induct = resolve(root, process.env.INDUCT_BIN ?? "target/debug/induct");
const pictures = join(root, "style/guide");
const EXAMPLE = /^(`{3,})markdown\n((?:(?!\n\1\n)[^])*)\n\1\n\n!\[[^\]]*\]\(\.\.\/style\/guide\/([a-z-]+)\.png\)/gm;

/** Around what is shown, in pixels. */
const MARGIN = 14;

const readme = await readFile(join(root, "content/README.md"), "utf8");
const examples = [...readme.matchAll(EXAMPLE)].map(([, , text, name]) => ({ text, name }));
const questions = examples.filter(({ text }) => text.startsWith("## "));
const pages = examples.filter(({ text }) => !text.startsWith("## "));

const folder = await mkdtemp(join(tmpdir(), "induct-guide-"));
const server = await serve();
try {
  await mkdir(pictures, { recursive: true });
  await photograph(await address(server));
  console.log(`${examples.length} pictures in ${pictures}`);
} finally {
  server.kill();
  await rm(folder, { recursive: true });
}

async function serve() {
  const content = join(folder, "content");
  const guide = join(content, "modules/guide");
  await mkdir(guide, { recursive: true });
  for (const file of ["organisation.toml", "facts.toml"]) await cp(join(root, "content", file), join(content, file));
  await cp(join(root, "content/modules/sharing-nudes"), join(content, "modules/sharing-nudes"), { recursive: true });
  await cp(join(root, "content/modules/boundaries/two-accounts.svg"), join(guide, "two-accounts.svg"));
  const about = await readFile(join(root, "content/modules/upskirting/module.toml"), "utf8");
  await writeFile(join(guide, "module.toml"), about.replace(/^audience.*$/m, 'audience = ["learner"]'));
  let number = 10;
  const named = new Set(pages.map(({ name }) => name));
  for (const { text, name } of pages) await writeFile(join(guide, `${(number += 1)}-${name}.md`), `# ${name}\n\n${text}\n`);
  // What the examples refer to.
  const taught = [...questions.map(({ text }) => /page: ([a-z-]+)/.exec(text)?.[1]), "what-to-do"];
  for (const page of new Set(taught.filter((page) => !named.has(page)))) {
    const file = page === "what-to-do" ? "20-what-to-do.md" : `${(number += 1) + 20}-${page}.md`;
    await writeFile(join(guide, file), `# ${page}\n\nIt is taught here.\n`);
  }
  const settings = `---\npass: 80%\ndraw: ${questions.length}\nattempts: 3\ncooldown: 10m\n---\n\n`;
  await writeFile(join(guide, "quiz.md"), settings + questions.map(({ text }) => text).join("\n\n") + "\n");
  const args = ["serve", "--demo", "--addr", "127.0.0.1:0", "--content", content, "--database", `sqlite://${folder}/guide.db`];
  return spawn(induct, args, { stdio: ["ignore", "ignore", "pipe"], cwd: folder });
}

async function photograph(origin) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
  });
  const page = await browser.newPage({
    baseURL: origin,
    viewport: { width: 560, height: 1200 },
    javaScriptEnabled: false,
    reducedMotion: "reduce",
  });
  const picture = async (name, locator, top = 0) => {
    const { x, y, width, height } = await locator.boundingBox();
    const from = Math.max(y - MARGIN, top);
    const clip = { x: x - MARGIN, y: from, width: width + 2 * MARGIN, height: y + height + MARGIN - from };
    await page.screenshot({ path: join(pictures, `${name}.png`), clip, fullPage: true });
  };
  await signIn(page, origin, "amy");
  for (const { name } of pages) {
    await page.goto(`/modules/guide/${name}`);
    const first = page.locator("article summary").first();
    if ((await first.count()) > 0) await first.click();
    // Without the title, which is no part of the example.
    const title = await page.locator("article h1").boundingBox();
    await picture(name, page.locator("article"), title.y + title.height);
  }
  await page.goto("/modules/guide/quiz");
  await page.getByRole("button", { name: "Start the quiz" }).click();
  for (let shown = 1; shown <= questions.length; shown += 1) {
    // A page says nothing of a question's id, and prints quotation marks in their own way.
    const stem = letters(await page.locator("#stem").textContent());
    const asked = questions.find(({ text }) => letters(text).startsWith(stem));
    await picture(asked.name, page.locator("fieldset").first());
    if (shown < questions.length) await page.goto(page.url().replace(/question=\d+/, `question=${shown + 1}`));
  }
  await browser.close();
}

function letters(text) {
  return text.replace(/[^\p{L}\p{N}]/gu, "");
}
