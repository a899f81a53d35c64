import { expect, test } from "../support/test.ts";

test("a receipt prints on one page, without what is only for the screen", async ({ visitor }) => {
  const cora = await visitor("cora");
  await cora.main.getByText(/^Done \(/).click();
  await cora.follows("Learner acceptable use agreement (your receipt)");
  await cora.page.emulateMedia({ media: "print" });
  await expect(cora.page.getByText("Get help", { exact: true }).first()).toBeHidden();
  await expect(cora.link("Go to your page")).toBeHidden();
  await expect(cora.main.getByText("Cora Lindqvist").first()).toBeVisible();
  for (const format of ["A4", "Letter"]) {
    const pdf = (await cora.page.pdf({ format, printBackground: false })).toString("latin1");
    expect(pdf.match(/\/Type\s*\/Page\b/g), format).toHaveLength(1);
  }
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
