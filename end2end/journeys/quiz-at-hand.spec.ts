import { Sitting } from "../support/sitting.ts";
import { expect, test } from "../support/test.ts";

test("the review shows what was answered, and each answer can be changed", async ({ visitor }) => {
  const amy = await visitor("amy");
  await amy.page.setViewportSize({ width: 390, height: 844 });
  const sitting = await Sitting.begin(amy, "four-cs");
  const answered = await sitting.answersAll();
  const rows = amy.main.locator(".rows > li");
  await expect(rows).toHaveCount(answered.length);
  for (const [place, { chosen }] of answered.entries()) {
    await expect(rows.nth(place).locator(".given > li")).toHaveCount(chosen.length);
    await expect(rows.nth(place)).toContainText("Answered");
  }
  const first = answered[0]?.chosen[0]?.text.split(" ").slice(0, 3).join(" ") ?? "nothing";
  await expect(rows.first().locator(".given")).toContainText(first.replaceAll(/[*"]/g, "").replaceAll("'", "’"));
  await amy.follows("Change question 3");
  await sitting.shows(3);
});

test("what has no answer yet is named in the review, each number as a link of its own", async ({ visitor }) => {
  const amy = await visitor("amy");
  await amy.page.setViewportSize({ width: 390, height: 844 });
  const sitting = await Sitting.begin(amy, "four-cs");
  await sitting.goesToReview();
  const box = amy.main.locator(".callout-warning");
  await expect(box).toContainText("8 questions have no answer yet");
  const links = await box.getByRole("link").all();
  expect(links).toHaveLength(8);
  for (const link of links) expect((await link.boundingBox())?.height).toBeGreaterThanOrEqual(44);
  // The sentence that follows does not run on from the last of them.
  const last = await links.at(-1)?.boundingBox();
  const sentence = await box.getByText("You can hand in as it is").boundingBox();
  expect(sentence?.y ?? 0).toBeGreaterThanOrEqual((last?.y ?? 999) + (last?.height ?? 999) - 1);
});

test("two things in one place are no answer, and it is said", async ({ visitor }) => {
  const amy = await visitor("amy");
  const sitting = await Sitting.begin(amy, "every-form");
  const { count } = await sitting.place();
  let number = 1;
  for (; number <= count; number += 1) {
    await sitting.goesTo(number);
    if (await amy.main.getByText("Give each one its place.").isVisible()) break;
  }
  expect(number, "one of the questions asks for an order").toBeLessThanOrEqual(count);
  const places = amy.main.getByRole("combobox");
  expect(await places.count()).toBeGreaterThan(2);
  for (const place of await places.all()) await place.selectOption({ label: "1" });
  if (amy.javaScript) {
    await expect(amy.main.locator(".twice")).toHaveText("Two of them are number 1. Give each one a place of its own.");
    await expect(amy.button(new RegExp(`^Question ${number}\\b`))).toHaveText(/not answered yet/);
  }
  await sitting.goesToReview();
  const row = amy.main.locator(".rows > li").nth(number - 1);
  await expect(row).toContainText("Two of them have the same place.");
  await expect(row).toContainText("Not answered");
  await amy.follows(`Answer question ${number}`);
  for (const [place, select] of (await places.all()).entries()) await select.selectOption({ label: `${place + 1}` });
  await sitting.goesToReview();
  await expect(row).not.toContainText("the same place");
  await expect(row).not.toContainText("Not answered");
});

test("the pages can be looked at from a question, and one comes back to it with what was chosen", async ({ visitor }) => {
  const amy = await visitor("amy");
  const sitting = await Sitting.begin(amy, "four-cs");
  const { chosen } = await sitting.chooses("rightly");
  await sitting.goesOn();
  await sitting.goesTo(1);
  await amy.follows("Look at the pages");
  await expect(amy.heading).toHaveText("The 4 Cs");
  await amy.follows("Carry on with the quiz");
  await sitting.goesTo(1);
  expect(await sitting.chosen()).toHaveLength(chosen.length);
});

test("the line above a question says how many are answered, and not which is open", async ({ visitor }) => {
  const amy = await visitor("amy");
  const sitting = await Sitting.begin(amy, "four-cs");
  const line = amy.main.getByRole("progressbar", { name: "Answered" });
  const filled = (): Promise<number> => line.evaluate((element) => (element as HTMLProgressElement).value);
  const { count } = await sitting.place();
  await sitting.goesTo(count);
  expect(await filled(), "the last question is open, and nothing is answered").toBe(0);
  await sitting.chooses("rightly");
  await sitting.goesTo(1);
  expect(await filled()).toBe(1);
});
