import { expect, test } from "../support/test.ts";

const AUP = "/agreements/learner-aup";

test("who has passed may sign at once", async ({ visitor }) => {
  const ben = await visitor("ben");
  await ben.follows("Read and sign it");
  await expect(ben.section("Before you can sign")).toHaveCount(0);
  await expect(ben.button("Sign the learner acceptable use agreement")).toBeVisible();
});

test("a form without a name or without the tick signs nothing and says what is missing", async ({ visitor }) => {
  const ben = await visitor("ben");
  await ben.opens(AUP);
  const sendAsItIs = (): Promise<void> => ben.presses(/^Sign the/, 422);

  await sendAsItIs();
  await expect(ben.page).toHaveTitle(/^Error: /);
  const summary = ben.main.getByRole("alert");
  await expect(summary).toBeFocused();
  await expect(summary).toContainText("Tick the box to say that you agree");
  await expect(summary).toContainText("Type your full name");
  await summary.getByRole("link", { name: "Type your full name" }).click();
  await expect(ben.page.getByLabel("Your full name")).toBeFocused();
  await expect(ben.page.getByLabel("Your full name")).toHaveAccessibleDescription(/Error: Type your full name$/);
  await expect(ben.page.getByRole("checkbox")).toHaveAccessibleDescription("Error: Tick the box to say that you agree");

  await ben.page.getByLabel("Your full name").fill("Ben Osei");
  await sendAsItIs();
  await expect(summary).not.toContainText("Type your full name");
  await expect(ben.page.getByLabel("Your full name")).toHaveValue("Ben Osei");

  await ben.page.getByRole("checkbox").check();
  await ben.page.getByLabel("Your full name").fill("   ");
  await sendAsItIs();
  await expect(summary).toContainText("Type your full name");

  await ben.page.getByRole("checkbox").check();
  await ben.page.getByLabel("Your full name").fill("Ben Osei");
  await ben.presses(/^Sign the/);
  await expect(ben.heading).toContainText("Signed");
});

test("a form made by hand does not get round the gate", async ({ visitor }) => {
  const ben = await visitor("ben");
  await ben.opens(AUP);
  const version = await ben.page.locator("input[name=version]").inputValue();
  const key = await ben.page.locator("input[name=key]").inputValue();

  const amy = await visitor("amy");
  await amy.opens(AUP);
  await expect(amy.section("Before you can sign").getByRole("listitem")).toHaveCount(2);
  for (const form of [
    { version, key, typed_name: "Amy Archer", agree: "yes" },
    { version, key: crypto.randomUUID(), typed_name: "Amy Archer", agree: "yes" },
  ]) {
    const reply = await amy.posts(`${AUP}/sign`, form);
    expect(reply.status()).toBe(409);
    expect(await reply.text()).toContain("Before you can sign");
  }
  await amy.opens("/");
  await expect(amy.main.getByText(/^Done \(/)).toHaveCount(0);
  await amy.opens(AUP);
  await expect(amy.section("Before you can sign")).toContainText("2 are still missing");

  // And ben's own form is still his to use.
  await ben.page.getByRole("checkbox").check();
  await ben.page.getByLabel("Your full name").fill("Ben Osei");
  await ben.presses(/^Sign the/);
  await expect(ben.heading).toContainText("Signed");
});

test("a form that another site sends is refused", async ({ visitor, site }) => {
  const ben = await visitor("ben");
  await ben.opens(AUP);
  const form = {
    version: await ben.page.locator("input[name=version]").inputValue(),
    key: await ben.page.locator("input[name=key]").inputValue(),
    typed_name: "Ben Osei",
    agree: "yes",
  };
  for (const headers of [{ origin: "https://elsewhere.example" }, { origin: site.url, "sec-fetch-site": "cross-site" }]) {
    const reply = await ben.page.request.post(`${AUP}/sign`, { form, headers });
    expect(reply.status()).toBe(403);
    expect(await reply.text()).toContain("We did not accept that");
  }
  await ben.reloads();
  await expect(ben.button(/^Sign the/)).toBeVisible();
});

test("receipts and attempts are for who they belong to", async ({ visitor }) => {
  const cora = await visitor("cora");
  await cora.main.getByText(/^Done \(/).click();
  const receipt = await cora.link("Learner acceptable use agreement (your receipt)").getAttribute("href");
  await cora.follows("Learner acceptable use agreement (your receipt)");
  await expect(cora.main).toContainText("Cora Lindqvist");

  const amy = await visitor("amy");
  await amy.opens(receipt ?? "", 404);
  await expect(amy.heading).toHaveText("We can’t find that page");
  await amy.opens("/modules/four-cs/quiz");
  await amy.presses("Start the quiz");
  await cora.opens(new URL(amy.page.url()).pathname, 404);
});
