import { expect, test } from "../support/test.ts";

// One module that ships is worked through side by side.
test.use({ content: "as it ships" });

test("a tutor works a module through with a learner, and both say so", async ({ visitor }) => {
  const dan = await visitor("dan");
  await dan.opens("/discussions");
  await dan.follows("Who to tell and what happens");
  await expect(dan.main).toContainText("Who here would you tell first");
  await expect(dan.main).toContainText("to read");

  await dan.opens("/people?find=amy");
  await dan.follows("Amy Archer");
  const person = new URL(dan.page.url()).pathname.split("/")[2];
  await dan.opens(`/people/${person}`);
  await dan.follows("Work through a module with them");
  await dan.presses("Mark it as held", 422);
  await expect(dan.page.getByRole("alert")).toContainText("Choose a module");
  await dan.page.getByLabel("Module").selectOption("Who to tell and what happens");
  await dan.page.getByLabel("Where").fill("Library, Northfield");
  await dan.presses("Mark it as held");
  await expect(dan.page.getByRole("status")).toContainText("It is marked as held");
  await expect(dan.main).toContainText("Waits for them to say so");

  const amy = await visitor("amy");
  await amy.opens("/");
  await expect(amy.section("Did you work it through together?")).toContainText("Library, Northfield");
  await amy.opens("/modules/reporting/quiz");
  await expect(amy.main).toContainText("First say whether you worked it through");
  await amy.follows("Say it now");
  await amy.presses("Yes, we worked it through together");
  await expect(amy.page.getByRole("status")).toContainText("You have said that you worked it through together");
  await amy.follows("Go to the quiz");
  await expect(amy.main).not.toContainText("First say whether you worked it through");

  await dan.opens("/discussions");
  await expect(dan.main).toContainText("They confirmed it on");
});
