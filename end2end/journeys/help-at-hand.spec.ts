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
  await expect(panel).toContainText("We never record that you opened this.");
  await expect(panel.getByRole("link", { name: "999" })).toHaveAttribute("href", "tel:999");
  await expect(panel.getByRole("link", { name: "01632 960101" }).first()).toHaveAttribute("href", "tel:01632960101");

  await somebody.follows("All the people and helplines");
  await expect(somebody.heading).toHaveText("Get help");
  for (const section of ["Talk to someone here", "If you are under 18", "If you are 18 or over"]) {
    await expect(somebody.section(section)).toBeVisible();
  }
  const numbers = await phones(somebody);
  expect(numbers.length).toBeGreaterThan(6);
  for (const { read, dialled } of numbers) expect(dialled).toBe(read);
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

test("the quick exit leaves the site", async ({ visitor }) => {
  const somebody = await visitor();
  await somebody.hasWeather();
  await somebody.opens("/help");
  await somebody.link("Leave this site quickly").click();
  await somebody.page.waitForURL("https://www.bbc.co.uk/weather");
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
  const sam = await visitor("sam");
  await sam.opens("/agreements/learner-aup", 403);
  await expect(sam.heading).toHaveText("This page is for other people");
});
