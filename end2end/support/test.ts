import { test as base, expect } from "@playwright/test";

import { type Content, type Cooldown, Ground, type Site } from "./site.ts";
import { Visitor } from "./visitor.ts";
import { Watch } from "./watch.ts";

export { expect };

/** What a file of journeys may choose. */
export interface Options {
  /** Whether learners wait between two attempts. */
  cooldown: Cooldown;
  /** What people find. */
  content: Content;
  /** How many people there are besides the demonstration's own. */
  crowd: number;
  /** Whether the provider has it counted how long people spend on modules. */
  timeSpent: boolean;
}

interface PerWorker extends Options {
  ground: Ground;
}

interface PerTest {
  /** A server with a database of its own, filled with demonstration people. */
  site: Site;
  /** The address of a preview of the content. */
  preview: string;
  /** Lets somebody in on a device of their own; without a name they are not signed in. */
  visitor: (name?: string) => Promise<Visitor>;
}

export const test = base.extend<PerTest, PerWorker>({
  cooldown: ["none", { option: true, scope: "worker" }],
  content: ["a short induction", { option: true, scope: "worker" }],
  crowd: [0, { option: true, scope: "worker" }],
  timeSpent: [false, { option: true, scope: "worker" }],

  ground: [
    async ({ cooldown, content, crowd, timeSpent }, use) => {
      const ground = await Ground.prepare(cooldown, content, crowd, timeSpent);
      await use(ground);
      await ground.clear();
    },
    { scope: "worker", timeout: 60_000 },
  ],

  site: async ({ ground }, use) => {
    await ground.lend(async (site) => {
      await use(site);
      expect.soft(site.errors(), "the server logs no errors").toEqual([]);
    });
  },

  preview: async ({ ground }, use) => {
    await ground.lendPreview(use);
  },

  visitor: async ({ browser, site, javaScriptEnabled }, use) => {
    const javaScript = javaScriptEnabled ?? true;
    const watches: Watch[] = [];
    await use(async (name) => {
      // A colour on its way to another is no fault in contrast.
      const context = await browser.newContext({ baseURL: site.url, reducedMotion: "reduce" });
      const watch = new Watch(context, site.url, javaScript);
      watches.push(watch);
      const visitor = new Visitor(site, await context.newPage(), watch, javaScript);
      if (name) await visitor.signsIn(name);
      return visitor;
    });
    const faults = watches.flatMap((watch) => watch.faults());
    expect.soft(faults, "nothing goes wrong in the browser").toEqual([]);
    for (const context of browser.contexts()) await context.close();
  },
});
