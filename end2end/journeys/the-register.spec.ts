import { expect, test } from "../support/test.ts";

test("an auditor finds a signature, opens what proves it, and that is noted", async ({ visitor }) => {
  const ada = await visitor("ada");
  await ada.follows("Audit");
  await expect(ada.heading).toHaveText("Register of signatures");
  await expect(ada.main).toContainText("It was last sealed on");
  await ada.page.getByLabel("Name").fill("LINDQ");
  await ada.presses("Show these");
  await expect(ada.main.getByRole("status")).toHaveText("1 signature, newest first.");
  await expect(ada.page).toHaveURL(/name=LINDQ/);
  await ada.follows("Cora Lindqvist");
  await expect(ada.main.getByRole("heading", { name: "Signed, and it still counts" })).toBeVisible();
  await expect(ada.link("Download the proof")).toHaveAttribute("href", /^\/receipts\/.*\/file$/);
  await ada.follows("Audit");
  await ada.follows("Who looked");
  await expect(ada.main.getByRole("row", { name: /Cora Lindqvist/ })).toContainText("Ada Byrne");
  const cora = await visitor("cora");
  await cora.follows("Agreements");
  await cora.follows(/^Learner acceptable use agreement, /);
  await expect(cora.main).toContainText("have looked at what you signed once");
});

test("an auditor sees who has not signed, and takes the register away", async ({ visitor }) => {
  const ada = await visitor("ada");
  await ada.opens("/audit/unsigned");
  await expect(ada.main.getByRole("row", { name: /^Ben Osei/ })).toContainText("Yes");
  await ada.page.getByLabel("Who").selectOption("Not asked");
  await ada.presses("Show these");
  await expect(ada.main.getByRole("row", { name: /^Ben Osei/ })).toHaveCount(0);
  await ada.opens("/audit");
  const file = ada.page.waitForEvent("download");
  await ada.button("Download these signatures").click();
  expect((await file).suggestedFilename()).toMatch(/^signatures-\d{4}-\d\d-\d\d\.csv$/);
});

test("a day that is none is said at its field", async ({ visitor }) => {
  const ada = await visitor("ada");
  await ada.opens("/audit?from=yesterday");
  await expect(ada.main.getByRole("alert")).toContainText("Choose a day");
});
