import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const HERE = import.meta.dirname;
const BINARY = resolve(HERE, "..", process.env["INDUCT_BIN"] ?? "../target/debug/induct");
const CONTENT = resolve(HERE, "../../content");
/** A module that no programme asks for, with every form of question. */
const EVERY_FORM = resolve(HERE, "every-form");
const VIDEO = resolve(HERE, "../../server/engine/tests/media/one-second.webm");

/** What every demonstration person signs in with. */
export const PASSWORD = "induct-demo-2026";

/** Whether learners wait between two attempts, as authors ask, or not at all. */
export type Cooldown = "none" | "as written";

/** What people find: an induction of two modules that a journey can go through in seconds, or all that ships. */
export type Content = "a short induction" | "as it ships";

/** What a server has of its own that must be known before it starts: where it listens, and its settings. */
export interface Own {
  port: number;
  environment: Record<string, string>;
}

/** A running server with a database of its own. */
export interface Site {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  /** The folder with the content that it serves. */
  readonly content: string;
  /** The errors that it has logged. */
  errors(): string[];
  /** Everything that it has logged. */
  readonly log: () => string;
  /** Writes its whole signed log, with names, by the very command that people use; gives the folder. */
  exportsLog(): Promise<string>;
}

/** A folder with content and a database that is filled with demonstration people, for servers to start from. */
export class Ground {
  private readonly folder: string;
  private servers = 0;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Fills a database with demonstration people, by the very command that people use. */
  static async prepare(cooldown: Cooldown, content: Content, crowd: number, timeSpent: boolean): Promise<Ground> {
    const ground = new Ground(await mkdtemp(join(tmpdir(), "induct-end2end-")));
    try {
      await cp(CONTENT, ground.content, { recursive: true });
      if (content === "a short induction") {
        await ground.keepToTheFirstInduction();
        await cp(EVERY_FORM, join(ground.content, "modules", "every-form"), { recursive: true });
        await ground.addClips();
      }
      if (cooldown === "none") await ground.dropCooldowns();
      if (timeSpent) await rewrite(join(ground.content, "organisation.toml"), (text) => text.replace(/^\[cpd\]$/m, "[cpd]\ntime_spent = true"));
      if (crowd > 0) {
        await ground.fill(crowd);
      } else {
        const server = await Server.start(ground.folder, ["--demo", "--database", ground.database("demo")]);
        await server.stop();
      }
      return ground;
    } catch (error) {
      await ground.clear();
      throw error;
    }
  }

  /** Fills the database with so many people more, likewise by the command that people use. */
  private async fill(crowd: number): Promise<void> {
    await command(["demo", "--people", `${crowd}`, "--database", this.database("demo")], this.folder);
  }

  /** Starts a server on a copy of the database, lends it, and stops it. `own`: at which port, and what its settings are. */
  async lend(use: (site: Site) => Promise<void>, own?: Own): Promise<void> {
    // With the log's key and the head that was kept beside it: after another server has gone on, this copy would be an old one.
    const copy = `${++this.servers}`;
    await mkdir(join(this.folder, copy));
    for (const file of await readdir(this.folder)) {
      // With what SQLite keeps beside it where a server ended before all of it stood in the first.
      if (file.startsWith("demo.db") || file.startsWith("log-")) await cp(join(this.folder, file), join(this.folder, copy, file));
    }
    const server = await Server.start(this.folder, ["--database", this.database(join(copy, "demo"))], own);
    try {
      await use(server);
    } finally {
      await server.stop();
    }
  }

  /** Starts a preview of the content, lends its address, and stops it. */
  async lendPreview(use: (url: string) => Promise<void>): Promise<void> {
    const server = await Server.start(this.folder, ["--preview", this.content]);
    try {
      await use(server.url);
    } finally {
      await server.stop();
    }
  }

  async clear(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  private get content(): string {
    return join(this.folder, "content");
  }

  private database(name: string): string {
    return `sqlite://${join(this.folder, `${name}.db`)}`;
  }

  /** Leaves two modules, the agreement that then requires them, and the questions that ask to choose: an induction that a journey
   * can go through in seconds. All the rest has journeys of its own. */
  private async keepToTheFirstInduction(): Promise<void> {
    for (const module of await readdir(join(this.content, "modules"))) {
      const folder = join(this.content, "modules", module);
      if (KEPT.includes(module)) {
        await rewrite(join(folder, "quiz.md"), onlyChoices);
        for (const twin of TWINS) await rm(join(folder, twin), { recursive: true, force: true });
        await rewrite(join(folder, "module.toml"), (text) => text.replace(/^languages = .*/m, 'languages = ["en"]'));
      } else {
        await rm(folder, { recursive: true });
      }
    }
    for (const file of await readdir(join(this.content, "agreements"))) {
      if (file !== "learner-aup.md") await rm(join(this.content, "agreements", file));
    }
    for (const file of await readdir(join(this.content, "programmes"))) {
      if (file !== "learner-induction.toml") await rm(join(this.content, "programmes", file));
    }
    const kept = KEPT.join(", ");
    const quoted = KEPT.map((module) => `"${module}"`).join(", ");
    await rewrite(join(this.content, "agreements", "learner-aup.md"), (text) =>
      text.replace(/^requires:.*$/m, `requires: [${kept}]`),
    );
    await rewrite(join(this.content, "programmes", "learner-induction.toml"), (text) =>
      text.replace(/^modules = \[[^\]]*\]/m, `modules = [${quoted}]`),
    );
  }

  /** Adds a page with a video and a sound to the module with every form, since nothing that ships plays anything yet. */
  private async addClips(): Promise<void> {
    const folder = join(this.content, "modules", "every-form");
    const page = "# Hear from others\n\n![Sam asks for help](asking.webm)\n\n![A message for a tutor](voicemail.mp3)\n";
    await writeFile(join(folder, "95-hear-from-others.md"), page);
    await cp(VIDEO, join(folder, "asking.webm"));
    await writeFile(join(folder, "asking.vtt"), `WEBVTT\n\n00:00.000 --> 00:01.000\n${SAYS}\n`);
    await writeFile(join(folder, "asking.transcript.md"), `A dot wanders to the right.\n\n**Sam:** ${SAYS}\n`);
    await writeFile(join(folder, "voicemail.mp3"), SILENCE);
    await writeFile(join(folder, "voicemail.transcript.md"), "**Sam:** Please call me back.\n");
  }

  private async dropCooldowns(): Promise<void> {
    for (const module of await readdir(join(this.content, "modules"))) {
      const quiz = join(this.content, "modules", module, "quiz.md");
      await rewrite(quiz, (text) => text.replace(/^cooldown:.*$/m, "cooldown: 0m"));
    }
  }
}

/** What is said in the video that the journeys play. */
export const SAYS = "Can you help me?";

/** A second of silence as MP3: 28 frames of 36 milliseconds. */
const SILENCE = Buffer.alloc(28 * 144);
for (let at = 0; at < SILENCE.length; at += 144) SILENCE.set([0xff, 0xfb, 0x18, 0xc0], at);

/** The folders of a module's words in other languages and in Easy Read, which follow its quiz question by question. */
const TWINS = ["cy", "easy-read"];

/** The modules of the journeys' induction. */
const KEPT = ["four-cs", "sharing-nudes"];

async function rewrite(file: string, change: (text: string) => string): Promise<void> {
  await writeFile(file, change(await readFile(file, "utf8")));
}

/** A quiz without its questions of other forms, without variants and with one mark for each question. Every attempt asks at least two
 * questions with several right answers, which some journeys need. */
function onlyChoices(quiz: string): string {
  const [settings = "", ...questions] = quiz.split(/^(?=## )/m);
  const choices = questions
    .filter((question) => /^(?:\d+\.|-) \[[ x]\] /m.test(question))
    .map((question) => question.replace(/^### Variant[^]*$/m, "").replace(/; (?:weight|pool): [a-z0-9-]+/g, ""))
    .map((question) => (/^- \[/m.test(question) && !/\buse: page\b/.test(question) ? question.replace("; page:", "; pool: several; page:") : question));
  const free = settings.replace(/^pools:\n(?: .*\n)+/m, "");
  return free.replace(/^draw:.*$/m, (draw) => `${draw}\npools:\n  several: 2`) + choices.join("");
}

/** Runs a command until it ends. */
async function command(args: string[], folder: string): Promise<void> {
  const child = spawn(BINARY, args, { cwd: folder, env: {}, stdio: ["ignore", "ignore", "inherit"] });
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`induct ${args[0]} ended with ${code}`);
}

class Server implements Site {
  readonly url: string;
  readonly content: string;
  private readonly folder: string;
  private readonly args: string[];
  private readonly child: ChildProcess;
  readonly log: () => string;

  private constructor(url: string, folder: string, args: string[], child: ChildProcess, log: () => string) {
    this.url = url;
    this.content = join(folder, "content");
    this.folder = folder;
    this.args = args;
    this.child = child;
    this.log = log;
  }

  static async start(folder: string, args: string[], own?: Own): Promise<Server> {
    const content = join(folder, "content");
    const from = args.includes("--preview") ? [] : ["--content", content];
    const child = spawn(BINARY, ["serve", "--addr", `127.0.0.1:${own?.port ?? 0}`, ...from, ...args], {
      // Neither a settings file nor the environment of whoever runs the tests may change what is tested.
      cwd: folder,
      env: own ? { INDUCT_BASE_URL: `http://127.0.0.1:${own.port}`, ...own.environment } : {},
      stdio: ["ignore", "ignore", "pipe"],
    });
    let log = "";
    const url = await new Promise<string>((found, fail) => {
      child.stderr.setEncoding("utf8");
      child.stderr.on("data", (text: string) => {
        log += text;
        const address = /(?:serves|at) (http:\/\/[\d.:]+)/.exec(log)?.[1];
        if (address) found(address);
      });
      child.on("error", (error) => fail(new Error(`${BINARY} does not start: ${error.message}`)));
      child.on("exit", (code) => fail(new Error(`induct serve ended with ${code}:\n${log}`)));
    });
    return new Server(url, folder, args, child, () => log);
  }

  async exportsLog(): Promise<string> {
    const to = join(await mkdtemp(join(this.folder, "exported-")), "log");
    const database = this.args.slice(this.args.indexOf("--database"));
    await command(["audit", "export", to, "--names", ...database], this.folder);
    return to;
  }

  errors(): string[] {
    return this.log()
      .split("\n")
      .filter((line) => /"level":"ERROR"|panicked at/.test(line));
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = once(this.child, "exit");
      this.child.kill("SIGTERM");
      await ended;
    }
    if (this.child.exitCode !== 0) throw new Error(`induct serve did not end as it should:\n${this.log()}`);
  }
}
