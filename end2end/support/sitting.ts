import { type Locator, expect } from "@playwright/test";

import { type Option, type Question, plain, printed, readQuiz } from "./key.ts";
import type { Visitor } from "./visitor.ts";

/** What was put to somebody, and what they chose. */
export interface Answered {
  question: Question;
  chosen: Option[];
}

/** Somebody who sits a quiz, and knows what its author holds for right. */
export class Sitting {
  readonly visitor: Visitor;
  private readonly questions: Question[];

  constructor(visitor: Visitor, module: string) {
    this.visitor = visitor;
    this.questions = readQuiz(visitor.site.content, module);
  }

  /** Begins a quiz at the page before it. */
  static async begin(visitor: Visitor, module: string): Promise<Sitting> {
    await visitor.opens(`/modules/${module}/quiz`);
    await visitor.presses("Start the quiz");
    return new Sitting(visitor, module);
  }

  /** Which question is on the screen, counted from 1, and how many there are. */
  async place(): Promise<{ number: number; count: number }> {
    const line = await this.visitor.main.getByText(/question \d+ of \d+$/).textContent();
    const [number, count] = (/(\d+) of (\d+)$/.exec(line ?? "") ?? []).slice(1).map(Number);
    if (!number || !count) throw new Error(`no question on the screen: ${line}`);
    return { number, count };
  }

  /** The question on the screen as its author wrote it. */
  async question(): Promise<Question> {
    const stem = plain(await this.visitor.heading.innerText());
    const question = this.questions.find((question) => question.stem === stem);
    if (!question) throw new Error(`no such question in quiz.md: ${stem}`);
    return question;
  }

  /** The texts of the options in the order on the screen. */
  async options(): Promise<string[]> {
    return (await this.group.locator("label").allInnerTexts()).map(plain);
  }

  option(option: Option): Locator {
    return this.group.getByLabel(printed(option.text, true));
  }

  /** The texts of the options that are chosen on the screen. */
  async chosen(): Promise<string[]> {
    const options = await this.options();
    const inputs = await this.group.locator("input").all();
    const checked = await Promise.all(inputs.map((input) => input.isChecked()));
    return options.filter((_, place) => checked[place]);
  }

  /** Chooses at the question on the screen, and stays there. */
  async chooses(how: "rightly" | "wrongly"): Promise<Answered> {
    const question = await this.question();
    // Also where one alone is right, several may be chosen, and what was chosen before must be taken back.
    const several = (await this.group.getByRole("checkbox").count()) > 0;
    const wrong = question.options.filter((option) => !option.right);
    const right = question.options.filter((option) => option.right);
    const chosen = how === "rightly" ? right : (wrong.length > 0 ? wrong : right).slice(0, 1);
    for (const option of several ? question.options : chosen) {
      await this.option(option).setChecked(chosen.includes(option));
    }
    return { question, chosen };
  }

  /** Saves what is chosen and goes on to the next question, or to the review after the last. */
  async goesOn(): Promise<void> {
    const { number, count } = await this.place();
    const press = (): Promise<void> => this.visitor.button("Save and go on").click();
    if (number === count || !this.visitor.javaScript) {
      await this.visitor.comesTo(press);
    } else {
      await press();
    }
    if (number < count) await this.shows(number + 1);
  }

  /** Goes to a question by its number, counted from 1. */
  async goesTo(number: number): Promise<void> {
    await this.visitor.button(new RegExp(`^Question ${number}\\b`)).click();
    await this.shows(number);
  }

  /** Does something with an attempt that was handed in elsewhere, and comes to its result. */
  async isTurnedAway(action: () => Promise<unknown>): Promise<void> {
    this.visitor.watch.expects(/responded with a status of 409|ERR_ABORTED POST .*\/answers$/);
    await this.visitor.comesTo(action);
  }

  /** Waits until a question is on the screen, counted from 1. */
  async shows(number: number): Promise<void> {
    await expect(this.visitor.main.getByText(new RegExp(`question ${number} of \\d+$`))).toBeVisible();
    await this.visitor.settles();
  }

  /** Answers every question from the one on the screen up to the review; the first `wrong` of them wrongly. */
  async answersAll(wrong = 0): Promise<Answered[]> {
    const answered: Answered[] = [];
    const { count } = await this.place();
    while (answered.length < count) {
      answered.push(await this.chooses(answered.length < wrong ? "wrongly" : "rightly"));
      await this.goesOn();
    }
    await expect(this.visitor.heading).toHaveText("Review your answers");
    return answered;
  }

  /** Goes to the review from wherever the quiz stands, without answering what is open. */
  async goesToReview(): Promise<void> {
    await this.visitor.presses("Review and hand in");
  }

  async handsIn(): Promise<void> {
    await this.visitor.presses("Hand in my answers");
  }

  private get group(): Locator {
    return this.visitor.main.getByRole("group");
  }
}

/** Passes a module, however little matters in between. */
export async function passes(visitor: Visitor, module: string): Promise<void> {
  const sitting = await Sitting.begin(visitor, module);
  await sitting.answersAll();
  await sitting.handsIn();
  await expect(visitor.heading).toHaveText("You passed");
}

/** Hands in an attempt without an answer, which cannot pass. */
export async function fails(visitor: Visitor, module: string): Promise<void> {
  const sitting = await Sitting.begin(visitor, module);
  await sitting.goesToReview();
  await sitting.handsIn();
  await expect(visitor.heading).toHaveText("You haven’t passed yet");
}
