import { expect, test } from "../support/test.ts";

// Some modules for staff that ship let whoever renews them take a refresher.
test.use({ content: "as it ships" });

test("whoever renews takes only what changed, or all of it", async ({ visitor }) => {
  const sam = await visitor("sam");
  await sam.opens("/modules/boundaries");
  await sam.follows("Look at the refresher");
  await expect(sam.main).toContainText("Nothing: you passed the version that we have now.");
  await expect(sam.main).toContainText("drawn from the rest of the quiz");
  await sam.presses("Start the refresher");
  await expect(sam.main).toContainText("This is a refresher");
  await sam.follows("Or take the whole quiz");
  await sam.presses("Take the whole quiz");
  await expect(sam.main).not.toContainText("This is a refresher");
});
