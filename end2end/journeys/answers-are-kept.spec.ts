import { Sitting } from "../support/sitting.ts";
import { expect, test } from "../support/test.ts";

test("a half-done attempt survives a closed browser and goes on on another device", async ({ visitor }) => {
  const amy = await visitor("amy");
  const sitting = await Sitting.begin(amy, "four-cs");
  const { chosen: first } = await sitting.chooses("rightly");
  await sitting.goesOn();
  await sitting.chooses("wrongly");
  await sitting.goesOn();
  const third = (await sitting.question()).stem;
  await amy.leaves();

  const tablet = await visitor("amy");
  await tablet.follows("Carry on");
  await expect(tablet.main).toContainText("You have begun; your answers are saved");
  await tablet.follows("Carry on with the quiz");
  const rest = new Sitting(tablet, "four-cs");
  await rest.shows(3);
  expect((await rest.question()).stem).toBe(third);
  await rest.goesTo(1);
  expect((await rest.chosen()).sort()).toEqual(first.map(({ text }) => text).sort());
  await rest.goesToReview();
  await expect(tablet.main).toContainText("You have answered 2 of 8");
});

test("Back leads to the question before, as it was answered", async ({ visitor }) => {
  const amy = await visitor("amy");
  const sitting = await Sitting.begin(amy, "four-cs");
  const { chosen } = await sitting.chooses("wrongly");
  await sitting.goesOn();
  await sitting.chooses("rightly");
  await sitting.goesOn();
  await amy.page.goBack();
  await sitting.shows(2);
  await amy.page.goBack();
  await sitting.shows(1);
  expect(await sitting.chosen()).toEqual(chosen.map(({ text }) => text));
  await sitting.chooses("rightly");
  await sitting.goesOn();
  await sitting.shows(2);
  await sitting.goesToReview();
  await expect(amy.main).toContainText("You have answered 2 of 8");
});

test("what was ticked can be unticked again", async ({ visitor }) => {
  const amy = await visitor("amy");
  const sitting = await Sitting.begin(amy, "four-cs");
  const several = amy.main.getByRole("group").getByRole("checkbox");
  while ((await several.count()) === 0) {
    await sitting.chooses("rightly");
    await sitting.goesOn();
  }
  const { number } = await sitting.place();
  await several.first().check();
  await sitting.goesOn();
  await amy.page.goBack();
  await sitting.shows(number);
  await expect(several.first()).toBeChecked();
  await several.first().uncheck();
  await sitting.goesOn();
  await amy.page.goBack();
  await sitting.shows(number);
  await expect(several.first()).not.toBeChecked();
});

test("two tabs work at one attempt", async ({ visitor }) => {
  const one = await visitor("amy");
  const first = await Sitting.begin(one, "four-cs");
  const other = await one.opensTab();
  await other.opens("/modules/four-cs/quiz");
  await other.follows("Carry on with the quiz");
  const second = new Sitting(other, "four-cs");
  expect((await second.question()).stem).toBe((await first.question()).stem);

  await first.chooses("rightly");
  await first.goesOn();
  await second.goesTo(2);
  await second.chooses("rightly");
  await second.goesOn();
  await first.goesToReview();
  await expect(one.main).toContainText("You have answered 2 of 8");
  await first.handsIn();
  await expect(one.main).toContainText("2 of 8 marks");

  // The other tab does not know yet: it comes to the result, not to an error.
  const [option] = (await second.question()).options;
  await second.isTurnedAway(async () => {
    if (option) await second.option(option).click();
    if (!other.javaScript) await other.button("Save and go on").click();
  });
  await expect(other.heading).toHaveText("You haven’t passed yet");
  await expect(other.main).toContainText("2 of 8 marks");
  await expect(other.main).toContainText("You have 2 attempts left");
});

test("a session that ends during the quiz loses no answer", async ({ visitor }) => {
  const amy = await visitor("amy");
  const sitting = await Sitting.begin(amy, "four-cs");
  await sitting.chooses("rightly");
  await sitting.goesOn();
  await amy.isForgotten();
  amy.watch.expects(/responded with a status of 401|ERR_ABORTED POST .*\/answers$/);
  const { chosen } = await sitting.chooses("rightly");
  if (amy.javaScript) {
    await expect(amy.page.getByRole("status")).toContainText("You have been signed out.");
    await amy.follows("Sign in to save it");
    await amy.signsIn("amy");
    await sitting.shows(2);
  } else {
    await amy.presses("Save and go on", 401);
    await expect(amy.main).toContainText("What you were sending is kept");
    await amy.signsIn("amy");
    await amy.presses("Send it and carry on");
    await sitting.shows(3);
    await sitting.goesTo(2);
  }
  expect((await sitting.chosen()).sort()).toEqual(chosen.map(({ text }) => text).sort());
  await sitting.goesToReview();
  await expect(amy.main).toContainText("You have answered 2 of 8");
});

test("a session that ends before signing leads back to the text, with the name and an empty box", async ({ visitor }) => {
  const ben = await visitor("ben");
  await ben.opens("/agreements/learner-aup");
  await ben.page.getByRole("checkbox").check();
  await ben.page.getByLabel("Your full name").fill("Ben Osei");
  await ben.isForgotten();
  await ben.presses(/^Sign the/, 401);
  await expect(ben.main).toContainText("What you were sending is kept");
  await ben.signsIn("ben");
  await expect(ben.heading).toHaveText("Learner acceptable use agreement");
  await expect(ben.main.getByRole("alert")).toContainText("so nothing was signed");
  await expect(ben.page.getByRole("checkbox")).not.toBeChecked();
  await expect(ben.page.getByLabel("Your full name")).toHaveValue("Ben Osei");
  await ben.page.getByRole("checkbox").check();
  await ben.presses(/^Sign the/);
  await expect(ben.heading).toContainText("Signed");
  await expect(ben.fact("Name typed")).toHaveText("Ben Osei");
});

test("what one person was sending is dropped when another signs in", async ({ visitor }) => {
  const amy = await visitor("amy");
  await amy.opens("/modules/four-cs/quiz");
  await amy.isForgotten();
  await amy.presses("Start the quiz", 401);
  await expect(amy.main).toContainText("What you were sending is kept");
  await amy.signsIn("ben");
  await expect(amy.heading).toHaveText("You are signed in");
  await expect(amy.main).toContainText("It was somebody else’s");
  await expect(amy.button("Send it and carry on")).toHaveCount(0);
  await amy.follows("Go to your page");
  await expect(amy.heading).toHaveText("Hello, Ben");
});

test("where nobody was signed in nothing is kept, and it is said", async ({ visitor }) => {
  const amy = await visitor("amy");
  await amy.opens("/modules/four-cs/quiz");
  await amy.page.context().clearCookies();
  await amy.presses("Start the quiz", 401);
  await expect(amy.main).toContainText("did not reach us");
  await amy.signsIn("amy");
  await expect(amy.heading).toHaveText("Hello, Amy");
});
