import { readFile } from "node:fs/promises";

import { expect, test } from "../support/test.ts";

test("somebody reads all that is known about them, and keeps it as a file", async ({ visitor }) => {
  const ben = await visitor("ben");
  await ben.follows("Your account, and what is known about you");
  await ben.follows("See what is known about you");
  await expect(ben.heading).toHaveText("What is known about you");
  await expect(ben.section("Name and address")).toContainText("ben@northfield.example");
  await expect(ben.section("Modules passed")).toContainText("The 4 Cs");
  await expect(ben.section("What is left out")).toContainText("a secret");
  const kept = ben.page.waitForEvent("download");
  await ben.link("Download for a program (JSON)").click();
  const file = JSON.parse(await readFile(await (await kept).path(), "utf8"));
  expect(file.held.person_detail.rows[0].name).toBe("Ben Osei");
});

test("an administrator finds what is held about somebody, and is told when they cannot be erased yet", async ({ visitor }) => {
  const root = await visitor("root");
  await root.opens("/matrix?name=ben");
  await root.comesTo(() => root.matrix.getByRole("link", { name: "Ben Osei" }).click());
  await root.follows("Everything that is held about this person");
  await expect(root.heading).toHaveText("What is held about Ben Osei");
  await root.follows("Erase all of it");
  await expect(root.heading).toHaveText("Erase Ben Osei");
  await expect(root.main).toContainText("Record first that they leave");
  await expect(root.button("Erase for ever")).toHaveCount(0);
});
