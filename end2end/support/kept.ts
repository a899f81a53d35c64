import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Response } from "@playwright/test";

/** Where pages are kept as they were sent, for `valid.mjs`. Without it none are. */
const FOLDER = process.env["PAGES"];

/** How many pages are kept of one address and status. */
const MOST = 4;

const kept = new Map<string, number>();

/** Keeps a page as it was sent, a few for each kind of address. */
export async function keepPage(response: Response): Promise<void> {
  if (!FOLDER || !response.headers()["content-type"]?.startsWith("text/html")) return;
  const { pathname } = new URL(response.url());
  const kind = `${response.status()}${pathname.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "ID").replaceAll("/", "+")}`;
  const number = (kept.get(kind) ?? 0) + 1;
  if (number > MOST) return;
  kept.set(kind, number);
  try {
    const html = await response.text();
    await mkdir(FOLDER, { recursive: true });
    await writeFile(join(FOLDER, `${kind}-${process.pid}-${number}.html`), html);
  } catch {
    // Whoever has gone on already keeps nothing of what they left.
  }
}
