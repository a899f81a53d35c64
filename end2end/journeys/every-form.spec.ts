import type { Locator } from "@playwright/test";

import { Sitting } from "../support/sitting.ts";
import { expect, test } from "../support/test.ts";
import type { Visitor } from "../support/visitor.ts";

/** What somebody puts to each question, by the words of its stem: words of options, of what belongs to each row, or a text. */
type Answers = Record<string, string | string[] | Record<string, string>>;

const RIGHT: Answers = {
  "A message asks": "Tell IT",
  "A call asks": "Hang up",
  "Which of these": ["A tutor", "The safeguarding lead"],
  "You must do it alone": "False",
  "Put these in order": { "Make sure that you are safe": "1", "Tell somebody": "2", "Write down what you remember": "3" },
  "Match each": { "Win a phone": "A scam", "See you at four": "A plan" },
  "What comes": " Being  SAFE ",
};

/** Half of the weight of "Which of these", a third of "Put these in order", nothing of "Match each": 5 of 10 marks. */
const IN_PART: Answers = {
  ...RIGHT,
  "Which of these": ["A tutor"],
  "Put these in order": { "Make sure that you are safe": "1", "Tell somebody": "3", "Write down what you remember": "2" },
  "Match each": { "Win a phone": "A plan", "See you at four": "A scam" },
};

test("every form of question is answered, marked and asked again in other words", async ({ visitor }) => {
  const amy = await visitor("amy");
  await Sitting.begin(amy, "every-form");
  const first = await goesThrough(amy, IN_PART, fillsIn);
  expect(first).toContain("A message asks for your password. What do you do?");
  await amy.presses("Hand in my answers");
  await expect(amy.heading).toHaveText("You haven’t passed yet");
  await expect(amy.main).toContainText("5 of 10 marks. You need 8.");
  const order = amy.main.getByRole("listitem").filter({ hasText: "Put these in order." });
  await expect(order.getByRole("row").filter({ hasText: "Make sure" })).toContainText("Right");
  await expect(order.getByRole("row").filter({ hasText: "Tell somebody" })).toContainText("Not right yet");

  await amy.presses("Try again");
  const second = await goesThrough(amy, RIGHT, fillsIn);
  expect(second).toContain("A call asks for your password. What do you do?");
  expect(second).toContain("What comes before everything else? One word.");
  await amy.presses("Hand in my answers");
  await expect(amy.heading).toHaveText("You passed");
  await expect(amy.main).toContainText("10 of 10 marks.");
});

test("every form of question is answered with the keyboard alone", async ({ visitor }) => {
  const amy = await visitor("amy");
  await Sitting.begin(amy, "every-form");
  await goesThrough(amy, RIGHT, types);
  await amy.tabsTo(amy.button("Hand in my answers"));
  await amy.comesTo(() => amy.page.keyboard.press("Enter"));
  await expect(amy.main).toContainText("10 of 10 marks.");
});

test("a half-filled answer is still there on another device", async ({ visitor }) => {
  const amy = await visitor("amy");
  const sitting = await Sitting.begin(amy, "every-form");
  await untilAsked(sitting, "Put these in order");
  await amy.page.getByLabel("Tell somebody").selectOption({ label: "2" });
  const { number } = await sitting.place();
  await sitting.goesOn();

  const phone = await visitor("amy");
  await phone.opens(new URL(amy.page.url()).pathname.replace(/\/review$/, "") + `?question=${number}`);
  await expect(phone.page.getByLabel("Tell somebody")).toHaveValue(/^[a-c]$/);
  await expect(phone.page.getByLabel("Make sure that you are safe")).toHaveValue("");
});

/** Answers every question from the one on the screen up to the review, and gives their stems. */
async function goesThrough(
  visitor: Visitor,
  answers: Answers,
  fill: (visitor: Visitor, answer: Answers[string]) => Promise<void>,
): Promise<string[]> {
  const sitting = new Sitting(visitor, "every-form");
  const { count } = await sitting.place();
  const stems: string[] = [];
  while (stems.length < count) {
    const stem = await visitor.heading.innerText();
    const known = Object.keys(answers).find((words) => stem.startsWith(words));
    if (!known) throw new Error(`an unexpected question: ${stem}`);
    await fill(visitor, answers[known] ?? "");
    stems.push(stem);
    await sitting.goesOn();
  }
  await expect(visitor.heading).toHaveText("Review your answers");
  return stems;
}

async function untilAsked(sitting: Sitting, words: string): Promise<void> {
  while (!(await sitting.visitor.heading.innerText()).startsWith(words)) await sitting.goesOn();
}

function control(visitor: Visitor, label: string): Locator {
  return visitor.main.getByRole("group").getByLabel(label);
}

/** With a mouse or a finger. */
async function fillsIn(visitor: Visitor, answer: Answers[string]): Promise<void> {
  const { main } = visitor;
  if (typeof answer === "string" && (await main.getByRole("textbox").count()) > 0) {
    await main.getByRole("textbox").fill(answer);
  } else if (typeof answer === "string") {
    await control(visitor, answer).check();
  } else if (Array.isArray(answer)) {
    for (const option of answer) await control(visitor, option).check();
  } else {
    for (const [row, option] of Object.entries(answer)) await control(visitor, row).selectOption({ label: option });
  }
}

/** With Tab, arrows, Space and letters. */
async function types(visitor: Visitor, answer: Answers[string]): Promise<void> {
  const { keyboard } = visitor.page;
  const box = visitor.main.getByRole("textbox");
  if (typeof answer === "string" && (await box.count()) > 0) {
    await visitor.tabsTo(box);
    await keyboard.type(answer);
  } else if (typeof answer === "string") {
    const radios = visitor.main.getByRole("radio");
    await visitor.tabsTo(radios.first());
    await keyboard.press("Space");
    for (let press = 0; !(await control(visitor, answer).isChecked()); press += 1) {
      expect(press).toBeLessThan(10);
      await keyboard.press("ArrowDown");
    }
  } else if (Array.isArray(answer)) {
    for (const option of answer) {
      await visitor.tabsTo(control(visitor, option));
      await keyboard.press("Space");
    }
  } else {
    for (const [row, option] of Object.entries(answer)) {
      await visitor.tabsTo(control(visitor, row));
      await keyboard.type(option);
    }
  }
}
