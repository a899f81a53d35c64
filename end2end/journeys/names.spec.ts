import { passes } from "../support/sitting.ts";
import { expect, test } from "../support/test.ts";

test("a name in Arabic is kept letter by letter, from the greeting to the receipt", async ({ visitor }) => {
  const name = "نور الهاشمي";
  const noor = await visitor("noor");
  await expect(noor.heading).toHaveText(`Hello, ${name}`);
  await expect(noor.page.getByRole("banner")).toContainText(name);
  await passes(noor, "four-cs");
  await passes(noor, "sharing-nudes");
  await noor.opens("/agreements/learner-aup");
  await expect(noor.page.getByLabel("Your full name")).toHaveAccessibleDescription(new RegExp(name));
  await noor.page.getByRole("checkbox").check();
  await noor.page.getByLabel("Your full name").fill(name);
  await noor.presses(/^Sign the/);
  await expect(noor.main.getByText(name).first()).toBeVisible();
  await expect(noor.fact("Name typed")).toHaveText(name);
  await noor.follows("Learner acceptable use agreement");
  await expect(noor.main).toContainText(`${name} signed this text on`);
});

test("a name in Arabic stands where the names beside it stand", async ({ visitor }) => {
  const dan = await visitor("dan");
  await dan.page.setViewportSize({ width: 390, height: 844 });
  await dan.opens("/matrix?sort=name");
  const left = (name: string) =>
    dan.main.locator(".people a", { hasText: name }).evaluate((link) => {
      const letters = document.createRange();
      letters.selectNodeContents(link);
      return letters.getBoundingClientRect().left;
    });
  expect(await left("نور الهاشمي")).toBeCloseTo(await left("Amy Archer"), 0);
});

test("a name in Welsh is shown as it is written", async ({ visitor }) => {
  const sian = await visitor("sian");
  await expect(sian.heading).toHaveText("Hello, Siân");
  await expect(sian.page.getByRole("banner")).toContainText("Siân Llywelyn");
});
