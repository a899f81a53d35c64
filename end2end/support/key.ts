import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** An option as its author wrote it. */
export interface Option {
  text: string;
  right: boolean;
  feedback: string;
}

/** A question as its author wrote it. */
export interface Question {
  stem: string;
  page: string;
  options: Option[];
  why: string;
}

/** The quiz of a module, read from its Markdown: this is how the tests know what is right. */
export function readQuiz(content: string, module: string): Question[] {
  const text = withFacts(content, readFileSync(join(content, "modules", module, "quiz.md"), "utf8"));
  const questions: Question[] = [];
  // What stands on a page is in no attempt.
  const drawn = text.split(/^(?=## )/m).filter((section) => !/^<!--.*\buse: page\b/m.test(section));
  for (const line of drawn.join("").split("\n")) {
    const question = questions.at(-1);
    const stem = /^## (.*)$/.exec(line)?.[1];
    const option = /^(?:\d+\.|-) \[([ x])\] (.*)$/.exec(line);
    const feedback = /^ +> ?(.*)$/.exec(line)?.[1];
    const why = /^> (?:\*\*Why:\*\* )?(.*)$/.exec(line)?.[1];
    if (stem) questions.push({ stem: plain(stem), page: "", options: [], why: "" });
    if (!question) continue;
    question.page ||= /<!--.*\bpage: ([a-z0-9-]+)/.exec(line)?.[1] ?? "";
    if (option) question.options.push({ text: plain(option[2] ?? ""), right: option[1] === "x", feedback: "" });
    const last = question.options.at(-1);
    if (feedback && last) last.feedback = plain(`${last.feedback} ${feedback}`);
    if (why) question.why = plain(`${question.why} ${why}`);
  }
  return questions;
}

/** Text with its facts put in place; one that begins an option begins with a capital. */
function withFacts(content: string, text: string): string {
  const register = readFileSync(join(content, "facts.toml"), "utf8");
  const facts = new Map([...register.matchAll(/^id = "(.*)"\ntext = "(.*)"$/gm)].map(([, id, fact]) => [id, fact ?? ""]));
  const fact = (id: string): string => facts.get(id) ?? `no fact ${id}`;
  return text
    .replace(/(\] |^## |> )\{\{fact:([a-z0-9-]+)\}\}/gm, (_, before: string, id: string, at: number) => {
      const lines = text.slice(0, at).split("\n");
      const goesOn = before === "> " && lines.at(-1)?.trim() === "" && lines.at(-2)?.trim().startsWith(">") === true;
      return before + (goesOn ? fact(id) : fact(id).charAt(0).toUpperCase() + fact(id).slice(1));
    })
    .replace(/\{\{fact:([a-z0-9-]+)\}\}/g, (_, id: string) => fact(id));
}

/** The names of the misconceptions that wrong options stand for, without those that a question bears as well. */
export function misconceptions(content: string, module: string): string[] {
  const text = readFileSync(join(content, "modules", module, "quiz.md"), "utf8");
  const names = (key: string): string[] =>
    [...text.matchAll(new RegExp(`\\b${key}: ([a-z0-9-]+)`, "g"))].map(([, name]) => name ?? "");
  return names("misconception").filter((name) => !names("id").includes(name));
}

/** The slugs of a module's pages, in order. */
export function pageNames(content: string, module: string): string[] {
  return readdirSync(join(content, "modules", module))
    .filter((file) => /^\d.*\.md$/.test(file))
    .sort()
    .map((file) => file.replace(/^\d+-/, "").replace(/\.md$/, ""));
}

/** What is read of a text that was typed: quotation marks and apostrophes are printed in their own way. */
export function printed(text: string, whole = false): RegExp {
  const escaped = text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const pattern = escaped.replace(/"/g, '["“”]').replace(/'/g, "['‘’]").replace(/\s+/g, "\\s+");
  return new RegExp(whole ? `^\\s*${pattern}\\s*$` : pattern);
}

/** Text without marks, comments and differences in space and quotes, so that what is written and what is shown compare. */
export function plain(text: string): string {
  return text
    .replace(/<!--.*?(-->|$)/g, "")
    .replace(/[*_`]/g, "")
    .replace(/[“”]/g, '"')
    .replace(/[‘’]/g, "'")
    .replace(/\s+/g, " ")
    .trim();
}
