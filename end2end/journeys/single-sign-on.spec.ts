import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { setTimeout } from "node:timers/promises";

import type { BrowserContext, Page } from "@playwright/test";

import { Organisation } from "../support/organisation.ts";
import type { Site } from "../support/site.ts";
import { expect, test as base } from "../support/test.ts";

interface Here {
  organisation: Organisation;
  site: Site;
  /** Lets somebody come with a browser of their own. */
  browser: () => Promise<BrowserContext>;
}

/** With how many seconds a code holds, and what the site is told besides. */
const test = base.extend<{ codesHold: number; more: Record<string, string>; here: Here }>({
  codesHold: [60, { option: true }],
  more: [{}, { option: true }],
  here: async ({ ground, browser, codesHold, more, javaScriptEnabled }, use) => {
    const port = await freePort();
    const organisation = await Organisation.begin(`http://127.0.0.1:${port}`, codesHold);
    await ground.lend(
      async (site) => {
        const come = () => browser.newContext({ baseURL: site.url, javaScriptEnabled: javaScriptEnabled ?? true });
        await use({ organisation, site, browser: come });
        for (const context of browser.contexts()) await context.close();
      },
      { port, environment: { ...organisation.settings, ...more } },
    );
    await organisation.end();
  },
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Signs in as people do, on the organisation's own pages. */
async function signsIn(page: Page, login: string, next = "/"): Promise<void> {
  await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
  await page.getByRole("link", { name: "Sign in with your Northfield account" }).click();
  await page.getByPlaceholder("Enter any login").fill(login);
  await page.getByPlaceholder("and password").fill("any");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
}

/** Where the button leads, once this browser has been given what it keeps meanwhile. */
async function away(context: BrowserContext): Promise<string> {
  const answer = await context.request.get("/sign-in/with", { maxRedirects: 0 });
  return answer.headers()["location"] ?? "";
}

/** An address lets nobody in, for this very reason, which stands in the log and not on the page. */
async function isRefused(page: Page, site: Site, address: string, why: string): Promise<void> {
  const before = site.log().split(why).length;
  const answer = await page.goto(address);
  expect(answer?.status()).toBe(422);
  await expect(page.getByRole("main")).toContainText("did not work");
  await expect(page.getByRole("main")).not.toContainText(why);
  expect(site.log().split(why).length, why).toBe(before + 1);
  await page.goto("/account");
  await expect(page).toHaveURL(/\/sign-in/);
}

test("somebody signs in with their organisation, is known from then on, and signs out of both", async ({ here }) => {
  const context = await here.browser();
  const page = await context.newPage();
  await signsIn(page, "amy", "/modules");
  await expect(page).toHaveURL(`${here.site.url}/modules`);
  await page.goto("/account");
  await expect(page.getByRole("main")).toContainText("amy@northfield.example");
  await page.getByRole("button", { name: "Sign out here" }).click();
  await expect(page.getByRole("main")).toContainText("You are signed out here");
  const out = page.getByRole("link", { name: "Sign out of your Northfield account, too" });
  expect(await out.getAttribute("href")).toContain(here.organisation.issuer);

  // By their name there, whatever their address is by now; and nobody else by that address.
  here.organisation.emails.set("amy", "somebody.else@northfield.example");
  here.organisation.emails.set("newcomer", "amy@northfield.example");
  const again = await (await here.browser()).newPage();
  await signsIn(again, "amy", "/account");
  await expect(again.getByRole("main")).toContainText("amy@northfield.example");
  const newcomer = await (await here.browser()).newPage();
  await signsIn(newcomer, "newcomer");
  await expect(newcomer.getByRole("main")).toContainText("Nobody here is known by your Northfield account");
});

test("who must show anew who they are signs in there once more, also where they are known still", async ({ here }) => {
  const page = await (await here.browser()).newPage();
  await signsIn(page, "amy", "/account");
  await page.goto("/sign-in/with?anew=yes&next=/modules");
  expect(page.url()).toContain(here.organisation.issuer);
  await page.getByPlaceholder("Enter any login").fill("amy");
  await page.getByPlaceholder("and password").fill("any");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await expect(page).toHaveURL(`${here.site.url}/modules`);
});

test("whom nobody here knows is told whom to ask, and so is whose address is not vouched for", async ({ here }) => {
  here.organisation.unverified.add("ben");
  for (const login of ["a-stranger", "ben"]) {
    const page = await (await here.browser()).newPage();
    await signsIn(page, login);
    await expect(page.getByRole("main")).toContainText("Nobody here is known by your Northfield account");
    await expect(page.getByRole("main")).toContainText("ask your tutor or manager");
    // Who has another account there is asked for it, and not signed in with this one again.
    await page.getByRole("link", { name: "Sign in with your Northfield account" }).click();
    await expect(page.getByPlaceholder("Enter any login")).toBeVisible();
    await page.goto("/account");
    await expect(page).toHaveURL(/\/sign-in/);
  }
});

test("what is not this browser's, not this organisation's or not new lets nobody in", async ({ here }) => {
  const context = await here.browser();
  const page = await context.newPage();
  const { organisation, site } = here;

  // An answer to another request: its nonce is another.
  const asked = new URL(await away(context));
  asked.searchParams.set("nonce", "0".repeat(64));
  await isRefused(page, site, await organisation.wayBack(context.request, asked.href, "amy"), "answers another request");

  // Another organisation's answer, or one that does not say whose it is.
  for (const issuer of ["https://login.example", null]) {
    const back = new URL(await organisation.wayBack(context.request, await away(context), "amy"));
    if (issuer) back.searchParams.set("iss", issuer);
    else back.searchParams.delete("iss");
    await isRefused(page, site, back.href, "another provider sent them back");
  }

  // Somebody else's way back, as in a link that was sent to them.
  const theirs = await here.browser();
  const back = await organisation.wayBack(theirs.request, await away(theirs), "amy");
  await away(context);
  await isRefused(page, site, back, "the state is not this browser's");
  await isRefused(await (await here.browser()).newPage(), site, back, "the state is not this browser's");

  // The very same way back a second time, also with what the browser kept.
  const own = await organisation.wayBack(context.request, await away(context), "amy");
  const kept = await context.cookies();
  await page.goto(own);
  await page.goto("/account");
  await expect(page.getByRole("main")).toContainText("amy@northfield.example");
  await context.clearCookies();
  await context.addCookies(kept);
  await isRefused(page, site, own, "answers a code with 400");
});

test.describe("when codes hold for five seconds", () => {
  test.use({ codesHold: 5 });

  test("a code that has run out lets nobody in, and the next one does", async ({ here }) => {
    const context = await here.browser();
    const page = await context.newPage();
    const late = await here.organisation.wayBack(context.request, await away(context), "amy");
    await setTimeout(6500);
    await isRefused(page, here.site, late, "answers a code with 400");
    await page.goto(await here.organisation.wayBack(context.request, await away(context), "amy"));
    await page.goto("/account");
    await expect(page.getByRole("main")).toContainText("amy@northfield.example");
  });
});

test.describe("where people sign in with nothing else", () => {
  test.use({ more: { INDUCT_OIDC_ONLY: "true" } });

  test("there is no form, and no password is taken", async ({ here }) => {
    const page = await (await here.browser()).newPage();
    await page.goto("/sign-in");
    await expect(page.getByLabel("Password")).toHaveCount(0);
    const answer = await page.request.post("/sign-in", {
      form: { email: "amy@northfield.example", password: "induct-demo-2026" },
      headers: { "sec-fetch-site": "same-origin" },
    });
    expect(answer.status()).toBe(403);
    await signsIn(page, "amy");
    await expect(page).toHaveURL(`${here.site.url}/`);
  });
});

test.describe("when the organisation is another than the settings say", () => {
  test.use({ more: { INDUCT_OIDC_ISSUER: "http://127.0.0.1:9" } });

  test("the page says that it did not work, and the form is there", async ({ here }) => {
    const page = await (await here.browser()).newPage();
    const answer = await page.goto("/sign-in/with");
    expect(answer?.status()).toBe(422);
    await expect(page.getByRole("main")).toContainText("did not work");
    await expect(page.getByLabel("Password")).toBeVisible();
  });
});
