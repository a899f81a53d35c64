import { expect, test } from "../support/test.ts";
import type { Visitor } from "../support/visitor.ts";

/** The numbers that a press dials, beside the numbers that people read. */
async function phones(visitor: Visitor): Promise<{ read: string; dialled: string }[]> {
  const links = await visitor.main.locator("a[href^='tel:']").all();
  return Promise.all(
    links.map(async (link) => ({
      read: (await link.innerText()).replaceAll(" ", ""),
      dialled: ((await link.getAttribute("href")) ?? "").replace("tel:", ""),
    })),
  );
}

test("nobody has to sign in to find help", async ({ visitor }) => {
  const somebody = await visitor();
  await somebody.opens("/sign-in");
  const panel = somebody.page.getByRole("group").filter({ has: somebody.page.getByText("Get help", { exact: true }) });
  await somebody.page.getByText("Get help", { exact: true }).first().click();
  await somebody.settles();
  await expect(panel).toContainText("Dan Okafor");
  await expect(panel).toContainText("Induct never records that you opened this. (It does record which pages of a module you open.)");
  const emergency = panel.getByRole("link", { name: "In danger now? Call 999" });
  await expect(emergency).toHaveAttribute("href", "tel:999");
  await expect(panel.getByRole("link").first()).toHaveText("In danger now? Call 999");
  expect((await emergency.boundingBox())?.height).toBeGreaterThanOrEqual(52);
  await expect(panel.getByRole("link", { name: "01632 960101" }).first()).toHaveAttribute("href", "tel:01632960101");

  await somebody.follows("All the people and helplines");
  await expect(somebody.heading).toHaveText("Get help");
  for (const section of ["Talk to someone here", "Now, at any hour", "If you are under 18", "If you are 18 or over"]) {
    await expect(somebody.section(section)).toBeVisible();
  }
  const numbers = await phones(somebody);
  expect(numbers.length).toBeGreaterThan(6);
  for (const { read, dialled } of numbers.slice(1)) expect(dialled).toBe(read);
  await expect(somebody.main.getByRole("link").first()).toHaveText("In danger now? Call 999");
});

test("learners find the people of their own site", async ({ visitor }) => {
  const amy = await visitor("amy");
  await amy.opens("/help");
  await expect(amy.section("Talk to someone here")).toContainText("Priya Nair");
  await expect(amy.section("Talk to someone here")).not.toContainText("Helen Walsh");
  const sian = await visitor("sian");
  await sian.opens("/help");
  await expect(sian.section("Talk to someone here")).toContainText("Helen Walsh");
  await expect(sian.section("Talk to someone here")).not.toContainText("Priya Nair");
});

test("the quick exit leaves the site and ends the session, so that Back shows nothing", async ({ visitor }) => {
  const amy = await visitor("amy");
  await amy.hasWeather();
  await amy.opens("/modules/sharing-nudes");
  await amy.opens("/help");
  await amy.leavesQuickly();
  await amy.page.goBack();
  if (amy.page.url().startsWith(amy.site.url)) await expect(amy.heading).toHaveText(/^(Get help|Sign in)$/);
  await expect(amy.page.getByText("Amy Archer")).toHaveCount(0);
  await amy.opens("/modules/sharing-nudes");
  await expect(amy.heading).toHaveText("Sign in");
});

for (const { name, size } of [
  { name: "an upright phone", size: { width: 390, height: 844 } },
  { name: "a phone on its side", size: { width: 844, height: 390 } },
  { name: "a desk", size: { width: 1280, height: 800 } },
  { name: "a desk zoomed to 400 %", size: { width: 320, height: 200 } },
]) {
  test(`help and the way out stay within reach on ${name}`, async ({ visitor }) => {
    const amy = await visitor("amy");
    await amy.page.setViewportSize(size);
    await amy.opens("/modules/four-cs/get-help");
    await amy.page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight / 2));
    for (const control of [amy.button("Leave this site quickly"), amy.page.getByText("Get help", { exact: true }).first()]) {
      await expect(control).toBeInViewport({ ratio: 1 });
    }
    await amy.page.getByText("Get help", { exact: true }).first().click();
    await expect(amy.link("In danger now? Call 999")).toBeInViewport({ ratio: 1 });
  });
}

test("the way out does not eat the screen of somebody with large letters", async ({ visitor }) => {
  const amy = await visitor("amy");
  await amy.page.setViewportSize({ width: 390, height: 844 });
  await amy.opens("/modules/four-cs");
  await amy.page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("html { font-size: 200% }");
    document.adoptedStyleSheets = [sheet];
  });
  const bar = await amy.page.locator(".site-tools").boundingBox();
  expect(bar?.height).toBeLessThan(80);
});

test("numbers in a module can be pressed, and none of them breaks", async ({ visitor }) => {
  const amy = await visitor("amy");
  await amy.page.setViewportSize({ width: 390, height: 844 });
  await amy.opens("/modules/four-cs/get-help");
  const article = amy.main.getByRole("article");
  await expect(article.getByRole("link", { name: "999", exact: true }).first()).toHaveAttribute("href", "tel:999");
  await expect(article.getByRole("link", { name: "0800 1111" }).first()).toHaveAttribute("href", "tel:08001111");
  await expect(article.getByRole("link", { name: "Report Remove" }).first()).toHaveAttribute("href", /^https:/);
  for (const link of await article.locator("a[href^='tel:'], a[href^='sms:']").all()) {
    expect(await link.evaluate((element) => element.getClientRects().length), await link.innerText()).toBe(1);
  }
  const noted = await article.locator("a").evaluateAll((links) =>
    links.filter((link) => /^(999|101)$/.test(link.textContent ?? "") && link.nextSibling?.nodeName === "SUP").length,
  );
  expect(noted).toBe(0);
});

test("pages that are not there, or are not for the reader, say what to do", async ({ visitor }) => {
  const somebody = await visitor();
  await somebody.opens("/no-such-page", 404);
  await expect(somebody.heading).toHaveText("We can’t find that page");
  const amy = await visitor("amy");
  for (const path of ["/modules/no-such-module", "/modules/four-cs/no-such-page", "/attempts/7", "/receipts/x"]) {
    await amy.opens(path, 404);
    await expect(amy.main).toContainText("Nothing of yours is lost.");
  }
  await amy.follows("Go to your page");
  await amy.opens("/matrix", 403);
  await expect(amy.heading).toHaveText("This page is for other people");
});
