import { pageNames } from "../support/key.ts";
import { fails } from "../support/sitting.ts";
import { expect, test } from "../support/test.ts";

test.use({ cooldown: "as written" });

test("after an attempt that did not pass there is a short break", async ({ site, visitor }) => {
  const amy = await visitor("amy");
  await fails(amy, "four-cs");
  await expect(amy.main).toContainText(/You can try again at (\d+ \w+ \d+ at )?\d\d:\d\d, in 10 minutes\. You have 2 attempts left/);
  await expect(amy.button("Try again")).toHaveCount(0);
  const begun = await amy.posts("/modules/four-cs/quiz", {});
  expect(new URL(begun.url()).pathname).toBe("/modules/four-cs/quiz");

  await amy.opens("/modules/four-cs/quiz");
  await expect(amy.heading).toHaveText("Take a short break");
  await expect(amy.main).toContainText(/You can try again at (\d+ \w+ \d+ at )?\d\d:\d\d/);
  await expect(amy.button("Start the quiz")).toHaveCount(0);
  await amy.follows("What the 4 Cs are");
  await expect(amy.main).toContainText(`Page 1 of ${pageNames(site.content, "four-cs").length}`);
});
