// Takes pictures of every kind of page, on a phone and on a desk, in the light and in the dark: npm run shots FOLDER
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

const folder = process.argv[2];
if (!folder) {
  console.error("usage: npm run shots FOLDER");
  process.exit(2);
}
const env = { ...process.env, SHOTS: resolve(folder) };
const done = spawnSync("npx", ["playwright", "test", "--config", "shots.config.ts"], { env, stdio: "inherit" });
process.exit(done.status ?? 1);
