import { expect, test } from "../support/test.ts";
import type { Visitor } from "../support/visitor.ts";

test.use({ content: "as it ships" });

/** How many pages somebody's page takes on paper. */
async function sheets({ page }: Visitor, format: string): Promise<number> {
  const pdf = (await page.pdf({ format, printBackground: false })).toString("latin1");
  return pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0;
}

for (const [name, agreement, passes] of [
  ["cora", /^Learner acceptable use agreement \(your receipt\)/, 6],
  ["sam", /\(your receipt\)$/, 1],
] as const) {
  test(`the receipt of ${name} prints on one page, with every module that ships and without what is only for the screen`, async ({
    visitor,
  }) => {
    const signer = await visitor(name);
    await signer.main.getByText(/^Done \(/).click();
    await signer.comesTo(() => signer.link(agreement).first().click());
    const listed = await signer.fact("Passed before signing").getByRole("listitem").count();
    expect(listed).toBeGreaterThanOrEqual(passes);
    await signer.page.emulateMedia({ media: "print" });
    await expect(signer.page.getByText("Get help", { exact: true }).first()).toBeHidden();
    await expect(signer.link("Go to your page")).toBeHidden();
    for (const format of ["A4", "Letter"]) expect(await sheets(signer, format), format).toBe(1);
  });
}

test("a receipt shows its digests to whoever asks, and prints by a button where scripts run", async ({ visitor }) => {
  const cora = await visitor("cora");
  await cora.main.getByText(/^Done \(/).click();
  await cora.comesTo(() => cora.link(/^Learner acceptable use agreement \(your receipt\)/).first().click());
  const digest = cora.main.locator(".digests code").first();
  await expect(digest).toBeHidden();
  await cora.main.getByText("For auditors: the digests").click();
  await expect(digest).toBeVisible();
  await expect(digest).toHaveText(/^([0-9a-f]{16} ?){4}$/);
  await cora.settles();
  const button = cora.button("Print or save as PDF");
  if (!cora.javaScript) {
    await expect(button).toHaveCount(0);
    return;
  }
  await cora.page.evaluate(() => (window.print = () => document.body.setAttribute("data-printed", "yes")));
  await button.click();
  await expect(cora.page.locator("body")).toHaveAttribute("data-printed", "yes");
});

test("a printed page has no buttons, since nobody presses paper", async ({ visitor }) => {
  const amy = await visitor("amy");
  await amy.page.emulateMedia({ media: "print" });
  await expect(amy.main.getByRole("link", { name: "Start this module" })).toBeHidden();
  await amy.page.emulateMedia({ media: "screen" });
  await expect(amy.main.getByRole("link", { name: "Start this module" })).toBeVisible();
});

for (const [address, said] of [
  ["/help/card", "Samaritans"],
  ["/help/poster", "You can tell someone."],
] as const) {
  test(`${address} prints on one page, with nothing of the site around it`, async ({ visitor }) => {
    for (const name of [undefined, "amy"]) {
      const somebody = await visitor(name);
      await somebody.opens(address);
      await expect(somebody.main.getByText(said).first()).toBeVisible();
      await somebody.page.emulateMedia({ media: "print" });
      await expect(somebody.page.locator(".site-header")).toBeHidden();
      await expect(somebody.page.locator(".site-footer")).toBeHidden();
      for (const format of ["A4", "Letter"]) {
        const pdf = (await somebody.page.pdf({ format, printBackground: false })).toString("latin1");
        expect(pdf.match(/\/Type\s*\/Page\b/g), format).toHaveLength(1);
      }
    }
  });
}
