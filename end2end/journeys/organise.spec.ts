import { expect, test } from "../support/test.ts";

test("an administrator makes a group, adds somebody and gives them a link; they come in with their own password", async ({ visitor }) => {
  const root = await visitor("root");
  await root.follows("People");
  await root.follows("Groups");
  await root.page.getByLabel("Name").last().fill("Autumn intake");
  await root.presses("Make this group");
  await expect(root.main).toContainText("The group is made.");

  await root.opens("/people/new");
  await root.presses("Add them", 422);
  await root.page.getByLabel("Name").fill("Eve Adams");
  await root.page.getByLabel("Email").fill("eve@northfield.example");
  await root.page.getByLabel("Group").selectOption({ label: "Autumn intake" });
  await root.presses("Add them");
  await expect(root.main).toContainText("They have no password yet");
  await root.presses("Make a link to choose a password");
  const link = await root.page.locator(".slip-address").innerText();

  const eve = await visitor();
  await eve.opens(new URL(link).pathname);
  await eve.page.getByLabel("Choose a password").fill("short");
  await eve.presses("Save my password", 422);
  await eve.page.getByLabel("Choose a password").fill("three words of mine");
  await eve.presses("Save my password");
  await expect(eve.heading).toHaveText("Hello, Eve");
});

test("somebody new begins with the code of an induction day", async ({ visitor }) => {
  const root = await visitor("root");
  await root.opens("/groups");
  await root.follows("Cohort A");
  await root.page.getByText("Make a code").first().click();
  await root.page.getByLabel("Who has no account yet").selectOption({ index: 1 });
  await root.presses("Make a code");
  await root.follows(/^Sheet for /);
  const code = await root.page.locator(".join-code").innerText();

  const newcomer = await visitor();
  await newcomer.opens("/join");
  await newcomer.page.getByLabel("Code").fill(code.toLowerCase());
  await newcomer.presses("Go on");
  await newcomer.page.getByLabel("Your full name").fill("Gil Hart");
  await newcomer.page.getByLabel("Your email").fill("gil@northfield.example");
  await newcomer.page.getByLabel("Choose a password").fill("three words of his");
  await newcomer.presses("Begin");
  await expect(newcomer.heading).toHaveText("Hello, Gil");

  await root.opens("/people");
  await root.page.getByRole("searchbox", { name: "Who" }).fill("hart");
  await root.presses("Show these");
  await root.follows("Gil Hart");
  await root.follows("Change groups, duties, dates and sign-in");
  await root.page.getByText("Give a duty").click();
  // Nothing is chosen before: one press too many must not make anybody a manager of everybody.
  await root.presses(/^Give it to /, 422);
  // The form lies open with what is wrong in it.
  await expect(root.main).toContainText("Choose a duty");
  await root.page.getByLabel("Duty", { exact: true }).selectOption({ label: "Manager" });
  await root.page.getByLabel("Over").selectOption({ label: "Everybody at the provider" });
  await root.presses(/^Give it to /);
  await expect(root.main).toContainText("Manager of everybody");
});

test("a file of people is looked at, brought in and undone", async ({ visitor }) => {
  const root = await visitor("root");
  await root.opens("/people/import");
  await root.presses("Look at this file", 422);
  const file = "Forename,Surname,Email,Role\nEve,Adams,eve@northfield.example,learner\nFay,Brown,fay@northfield.example,learner\n";
  await root.page.getByLabel("File").setInputFiles({ name: "autumn.csv", mimeType: "text/csv", buffer: Buffer.from(file) });
  await root.presses("Look at this file");
  await expect(root.main).toContainText("Some columns are called otherwise");
  await root.presses("Look again with these columns");
  await expect(root.page.getByRole("rowheader", { name: /Eve Adams/ })).toBeVisible();
  await root.presses("Bring in 2 people");
  await expect(root.main).toContainText("Everything in this file was brought in", { timeout: 20_000 });
  await root.opens("/people/import");
  await root.page.getByText("Undo it", { exact: true }).click();
  await root.presses(/^Undo the import of /);
  await expect(root.main).toContainText("It was undone on");
});
