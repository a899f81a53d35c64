import { misconceptions, plain, readQuiz } from "../support/key.ts";
import { Sitting } from "../support/sitting.ts";
import { expect, test } from "../support/test.ts";

/** In bytes, as they are sent. */
const LARGEST = { ".wasm": 110_000, ".js": 8_000 };

test("files are sent compressed, and never asked for again", async ({ visitor }) => {
  const amy = await visitor("amy");
  await amy.opens("/modules/four-cs/quiz");
  await amy.presses("Start the quiz");
  const html = await (await amy.page.request.get(amy.page.url())).text();
  const named = [...html.matchAll(/["'](\/assets\/[^"']+)["']/g)].map(([, path]) => path ?? "");
  const files = new Set(named.flatMap((path) => (path.includes(".") ? [path] : [`${path}.js`, `${path}_bg.wasm`])));
  const endings = [...files].map((path) => path.replace(/^.*\./, ".")).sort();
  expect(endings).toEqual(expect.arrayContaining([".css", ".js", ".svg", ".wasm", ".woff2"]));
  for (const path of files) {
    const packed = await amy.page.request.get(path, { headers: { "accept-encoding": "gzip, br" } });
    expect(packed.status(), path).toBe(200);
    expect(packed.headers()["cache-control"], path).toBe("public, max-age=31536000, immutable");
    expect(packed.headers()["vary"], path).toContain("accept-encoding");
    if (!path.endsWith(".woff2")) expect(packed.headers()["content-encoding"], path).toBe("br");
    for (const [ending, most] of Object.entries(LARGEST)) {
      if (path.endsWith(ending)) expect(Number(packed.headers()["content-length"]), path).toBeLessThan(most);
    }
    const unpacked = await amy.page.request.get(path, { headers: { "accept-encoding": "identity" } });
    expect(unpacked.headers()["content-encoding"], path).toBeUndefined();
    expect((await unpacked.body()).equals(await packed.body()), path).toBe(true);
  }
});

test("before handing in nothing that is sent tells what is right", async ({ visitor, site }) => {
  const amy = await visitor("amy");
  for (const module of ["four-cs", "sharing-nudes"]) {
    const quiz = readQuiz(site.content, module);
    const secrets = quiz
      .flatMap(({ options, why }) => [why, ...options.map(({ feedback }) => feedback)])
      .flatMap((text) => text.split(/(?<=[.?!]) /))
      .filter((sentence) => sentence.length > 20 && !sentence.includes("{{"))
      .concat(misconceptions(site.content, module));
    expect(secrets.length).toBeGreaterThan(80);

    await amy.opens(`/modules/${module}/quiz`);
    const entry = await amy.page.request.get(amy.page.url());
    await amy.presses("Start the quiz");
    const sitting = new Sitting(amy, module);
    const attempt = new URL(amy.page.url()).pathname;
    const { count } = await sitting.place();
    const replies = [entry];
    for (let number = 1; number <= count; number += 1) {
      replies.push(await amy.page.request.get(`${attempt}?question=${number}`));
    }
    for (const accept of ["application/json", "text/html"]) {
      const form = { question: "1", option: "a" };
      replies.push(await amy.page.request.post(`${attempt}/answers`, { form, headers: { accept } }));
    }
    replies.push(await amy.page.request.get(`${attempt}/review`));
    for (const reply of replies) {
      expect(reply.status(), reply.url()).toBe(200);
      const bytes = (await reply.body()).toString("utf8");
      const read = plain(legible(bytes));
      expect(secrets.filter((secret) => bytes.includes(secret) || read.includes(secret)), reply.url()).toEqual([]);
    }

    // The same search finds them once they may be told.
    await sitting.goesToReview();
    await sitting.handsIn();
    await amy.presses("Try again");
    const again = new Sitting(amy, module);
    await again.answersAll();
    await again.handsIn();
    const told = plain(legible(await (await amy.page.request.get(amy.page.url())).text()));
    expect(secrets.filter((secret) => told.includes(secret)).length).toBeGreaterThan(count);
  }
});

/** Text without tags and without the escapes of HTML and JSON. */
function legible(bytes: string): string {
  return bytes
    .replace(/\\u([0-9a-fA-F]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&#(?:39|x27);/g, "'")
    .replace(/&amp;/g, "&")
    .replace(/<[^>]*>/g, "");
}
