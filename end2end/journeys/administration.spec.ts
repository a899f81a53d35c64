import { expect, test } from "../support/test.ts";

test("an administrator finds every part, tries a change of the settings and sees who did what", async ({ visitor }) => {
  const root = await visitor("root");
  await root.follows("Administration");
  await expect(root.heading).toHaveText("Administration");
  await root.opens("/admin/settings");
  await expect(root.main).toContainText("All settings stand in one place");
  await root.page.getByLabel("Your changed organisation.toml").fill('name = "Northfield Training');
  await root.presses("See what would come of it", 422);
  await expect(root.main).toContainText("would not be published");
  await expect(root.main).toContainText("organisation.toml, line 1");
  await expect(root.page.getByLabel("Your changed organisation.toml")).toHaveValue('name = "Northfield Training');

  await root.opens("/admin/contacts");
  await expect(root.heading).toHaveText("Contacts and cover");
  // Whoever goes from list to list by ear is told which is which.
  const lists = await root.main.getByRole("region").evaluateAll((all) => all.map((one) => one.getAttribute("aria-label")));
  expect(lists.length).toBeGreaterThan(2);
  expect(new Set(lists).size).toBe(lists.length);

  await root.opens("/people/new");
  await root.page.getByLabel("Name").fill("Una Quick");
  await root.page.getByLabel("Email").fill("una@northfield.example");
  await root.presses("Add them");
  await root.opens("/admin/log");
  await expect(root.page.getByRole("row", { name: /Una Quick/ })).toContainText("Recorded that they begin here");
  await root.page.getByLabel("What", { exact: true }).selectOption({ label: "Duties" });
  await root.presses("Show these");
  await expect(root.main).not.toContainText("Una Quick");
});

for (const width of [320, 1280]) {
  test(`somebody is found from any page at ${width} pixels`, async ({ visitor }) => {
    const mina = await visitor("mina");
    await mina.page.setViewportSize({ width, height: 800 });
    await mina.opens("/modules");
    const menu = mina.page.locator(".site-menu > summary");
    if (await menu.isVisible()) await menu.click();
    const field = mina.page.getByRole("searchbox", { name: "Find a person" });
    const box = await field.boundingBox();
    expect(box?.width, "wide enough for a name").toBeGreaterThan(100);
    expect((box?.x ?? width) + (box?.width ?? 0), "on the screen").toBeLessThanOrEqual(width);
    await field.fill("amy");
    await mina.presses("Find");
    await expect(mina.main).toContainText("Amy Archer");
    expect(await mina.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  });
}
