// Says what gift-pegjs, another parser of Moodle's GIFT, makes of the questions in server/engine/tests/gift, in a form that
// takes no side. The engine's tests compare that with what they read, and need no Node:
//   node gift.mjs           writes server/engine/tests/gift/gift-pegjs.json
//   node gift.mjs --check   fails when that file is not what would be written
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { parse } from "gift-pegjs";

const folder = new URL("../server/engine/tests/gift/", import.meta.url);
const golden = new URL("gift-pegjs.json", folder);

const files = readdirSync(folder).filter((name) => name.endsWith(".gift")).sort();
const said = Object.fromEntries(files.map((name) => [name, blocks(readFileSync(new URL(name, folder), "utf8")).map(read)]));
const json = `${JSON.stringify(said, null, 1)}\n`;
if (!process.argv.includes("--check")) {
  writeFileSync(golden, json);
} else if (readFileSync(golden, "utf8") !== json) {
  console.error("server/engine/tests/gift/gift-pegjs.json is not what gift-pegjs says now: node end2end/gift.mjs");
  process.exit(1);
}

// One mistake would make the parser refuse a whole file, and so each block is handed to it alone.
function blocks(file) {
  const text = file.replace(/^\ufeff/, "");
  const blocks = text.split(/(?:\r?\n[ \t]*){2,}/);
  return blocks.filter((block) => lines(block).length > 0);
}

function lines(block) {
  return block.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("//"));
}

function read(block) {
  const first = lines(block)[0];
  try {
    return { block: first, items: parse(block).map(item) };
  } catch {
    return { block: first, items: null };
  }
}

function item(item) {
  if (item.type === "Category") return { category: item.title.trim() };
  const said = { type: item.type, title: item.title, format: item.stem.format, stem: stem(item), feedback: text(item.globalFeedback) };
  switch (item.type) {
    case "MC":
    case "Short":
      return { ...said, answers: item.choices.map(answer) };
    case "TF":
      // The first of the two is for whoever is wrong, whatever the parser calls it.
      return { ...said, right: item.isTrue, feedbacks: [text(item.trueFeedback), text(item.falseFeedback)] };
    case "Matching":
      return { ...said, pairs: item.matchPairs.map(({ subquestion, subanswer }) => [text(subquestion), spaced(subanswer)]) };
    default:
      return said;
  }
}

function answer({ isCorrect, weight, text: words, feedback }) {
  return { equals: isCorrect, weight, text: text(words), feedback: text(feedback) };
}

// The parser sets a blank apart from what follows it, a full stop too.
function stem({ stem, hasEmbeddedAnswers }) {
  return spaced(hasEmbeddedAnswers ? stem.text.replace("_____ ", "_____") : stem.text);
}

function text(text) {
  return text ? spaced(text.text) : null;
}

// How wide a gap is means nothing; an empty text is none.
function spaced(text) {
  return text.replace(/\s+/g, " ").trim() || null;
}
