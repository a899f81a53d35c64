import { expect, test } from "../support/test.ts";

// One module that ships lets a workshop count.
test.use({ content: "as it ships" });

test("a safeguarding lead holds a workshop, and who was there has passed", async ({ visitor }) => {
  const dan = await visitor("dan");
  await dan.opens("/workshops");
  await dan.follows("Plan a workshop");
  await dan.presses("Plan it", 422);
  await expect(dan.page.getByRole("alert")).toContainText("Choose for whom it is");
  await dan.page.getByLabel("Module").selectOption({ index: 1 });
  const title = await dan.page.getByLabel("Module").locator("option:checked").innerText();
  await dan.page.getByLabel("For", { exact: true }).selectOption("Everybody");
  const today = new Date().toLocaleDateString("en-CA", { timeZone: "Europe/London" });
  await dan.page.getByLabel("Day").fill(today);
  await dan.page.getByLabel("Time").fill("00:00");
  await dan.page.getByLabel("Place").fill("Room 12, Northfield");
  await dan.presses("Plan it");
  await expect(dan.page.getByRole("status")).toContainText("The workshop is planned");
  const code = await dan.section(/^Code for/).locator("strong").innerText();
  const address = new URL(dan.page.url()).pathname;

  const sam = await visitor("sam");
  await sam.opens("/");
  await expect(sam.section("Workshops to come")).toContainText("Room 12, Northfield");
  await sam.follows("At one now? Type its code");
  await sam.page.getByLabel("Code").fill("ABCD-EFGH");
  await sam.presses("I am here", 422);
  await expect(sam.page.getByRole("alert")).toContainText("No workshop of today has this code");
  await sam.page.getByLabel("Code").fill(code.toLowerCase());
  await sam.presses("I am here");
  await expect(sam.page.getByRole("status")).toContainText("You have signed in to the workshop");

  // Somebody else has no phone: they are named once more before they are signed in.
  await dan.opens(address);
  await dan.page.getByText("Sign them in yourself").click();
  const expected = dan.page.getByRole("list", { name: "May come, and not signed in" }).getByRole("listitem").first();
  const name = (await expected.innerText()).trim();
  await expected.getByRole("checkbox").check();
  await dan.presses("Go on with those ticked");
  await expect(dan.heading).toHaveText("Sign in 1 person?");
  await expect(dan.main).toContainText(name);
  await dan.presses("Sign them in");
  await expect(dan.page.getByRole("row").filter({ hasText: name })).toContainText("by whoever leads it");

  await dan.page.getByLabel("Sam Whitlock").check();
  await dan.presses("They were there");
  await expect(dan.main).toContainText("Was there, and has their pass");
  await dan.follows("Give something to those who were there");
  await dan.presses("Give it", 422);
  await expect(dan.page.getByRole("alert")).toContainText("Say what it is");
  await dan.page.getByLabel("What it is").fill("Our questions, and who answers them");
  await dan.page.getByLabel("File").setInputFiles({ name: "questions.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7\n%%EOF\n") });
  await dan.presses("Give it");
  await expect(dan.main).toContainText("Our questions, and who answers them");
  await sam.opens("/cpd");
  const entry = sam.main.getByRole("listitem").filter({ hasText: title }).first();
  await expect(entry).toContainText("in a workshop");
  await sam.follows(/^What was given there/);
  await expect(sam.main).toContainText("Our questions, and who answers them");
  await expect(sam.main.getByRole("link", { name: /^The file/ })).toBeVisible();
  await expect(sam.main.getByRole("button", { name: /^Take it back/ })).toHaveCount(0);
});
