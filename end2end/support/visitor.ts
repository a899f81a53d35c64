import { type APIResponse, type Locator, type Page, expect } from "@playwright/test";

import { audit } from "./audit.ts";
import { keepPage } from "./kept.ts";
import { PASSWORD, type Site } from "./site.ts";
import type { Watch } from "./watch.ts";

/** How somebody calls a thing on the screen. */
export type Name = string | RegExp;

/** Somebody at a device, who finds things by what they say. Every page that they come to is audited. */
export class Visitor {
  readonly site: Site;
  readonly page: Page;
  readonly watch: Watch;
  readonly javaScript: boolean;
  private status = 0;

  constructor(site: Site, page: Page, watch: Watch, javaScript: boolean) {
    this.site = site;
    this.page = page;
    this.watch = watch;
    this.javaScript = javaScript;
    page.on("response", (response) => {
      const isPage = response.request().isNavigationRequest() && response.frame() === page.mainFrame();
      if (!isPage || (response.status() >= 300 && response.status() < 400)) return;
      this.status = response.status();
      void keepPage(response);
    });
  }

  /** Types an address. */
  async opens(path: string, status = 200): Promise<void> {
    await this.comesTo(() => this.page.goto(path), status);
  }

  /** Follows a link to another page. */
  async follows(name: Name, status = 200): Promise<void> {
    await this.comesTo(() => this.link(name).click(), status);
  }

  /** Presses a button that leads to another page. */
  async presses(name: Name, status = 200): Promise<void> {
    await this.comesTo(() => this.button(name).click(), status);
  }

  /** Does what shows another view of the matrix: where scripts run, without loading a page. Waits until it is there, and audits it. */
  async changesTo(action: () => Promise<unknown>, status = 200): Promise<void> {
    if (!this.javaScript) return this.comesTo(action, status);
    if (status >= 400) this.watch.expects(new RegExp(`responded with a status of ${status}`));
    const answered = this.page.waitForResponse((response) => new URL(response.url()).pathname === "/matrix");
    await action();
    await answered;
    await expect(this.page.locator("main > .wide:not([aria-busy])")).toBeVisible();
    await this.settles();
  }

  /** The table of the matrix, which is walked as a grid where scripts run. */
  get matrix(): Locator {
    return this.page.getByRole(this.javaScript ? "grid" : "table");
  }

  async goesBack(): Promise<void> {
    await this.comesTo(() => this.page.goBack());
  }

  async reloads(): Promise<void> {
    await this.comesTo(() => this.page.reload());
  }

  /** Does what leads to another page, waits until it is there, and audits it. */
  async comesTo(action: () => Promise<unknown>, status = 200): Promise<void> {
    if (status >= 400) this.watch.expects(new RegExp(`responded with a status of ${status}`));
    const loaded = this.page.waitForEvent("load");
    await action();
    await loaded;
    expect(this.status, this.page.url()).toBe(status);
    await this.settles();
  }

  /** Waits until the islands of this page are alive, and audits it. */
  async settles(): Promise<void> {
    if (this.javaScript && (await this.page.locator("leptos-island").count()) > 0) {
      await expect(this.page.locator("form[data-live]")).toBeVisible();
    }
    await audit(this.page, this.javaScript);
  }

  async signsIn(name: string, password = PASSWORD, status = 200): Promise<void> {
    const field = this.page.getByLabel("Password");
    if ((await field.count()) === 0) await this.opens("/sign-in");
    await this.fillsIn(name, password);
    await this.presses("Sign in", status);
  }

  /** Fills in the form for signing in, without sending it. */
  async fillsIn(name: string, password = PASSWORD): Promise<void> {
    await this.page.getByLabel("Email").fill(`${name}@northfield.example`);
    await this.page.getByLabel("Password").fill(password);
  }

  /** Opens another tab of the same browser. */
  async opensTab(): Promise<Visitor> {
    return new Visitor(this.site, await this.page.context().newPage(), this.watch, this.javaScript);
  }

  /** Closes the browser. What it remembers between visits is gone as well. */
  async leaves(): Promise<void> {
    await this.page.context().close();
  }

  /** Presses a button twice, as impatient people do. The browser gives up on what the first of the two forms brings. */
  async doublePresses(name: Name, to: RegExp): Promise<void> {
    this.watch.expects(/^request failed: net::ERR_ABORTED /);
    await this.button(name).dblclick();
    // Asked again and again, because waiting for a navigation gives up when the first of the two is broken off.
    await expect(this.page).toHaveURL(to);
    await this.page.waitForLoadState("load");
    await this.settles();
  }

  /** Loses the session, as if nothing had happened for too long. */
  async isForgotten(): Promise<void> {
    await this.page.context().clearCookies({ name: "induct" });
  }

  /** Presses the quick exit, and waits until another site is asked for: the weather, or in its place the browser's own page that says that it is not
   * there, which some show under an address of their own. */
  async leavesQuickly(): Promise<void> {
    await this.button("Leave this site quickly").click();
    await this.page.waitForURL((url) => !url.href.startsWith(this.site.url), { waitUntil: "commit" });
    expect(this.page.url()).toMatch(/^(https:\/\/www\.bbc\.co\.uk\/weather|chrome-error:)/);
  }

  /** Answers for the weather page of the quick exit, since tests stay on this machine. */
  async hasWeather(): Promise<void> {
    this.watch.expects(/^asked another server: https:\/\/www\.bbc\.co\.uk\//);
    // What a form leads to after a redirect cannot be answered for; and who leaves does not wait for an answer.
    this.watch.expects(/^request failed: net::ERR_(NAME_NOT_RESOLVED|INTERNET_DISCONNECTED|ABORTED) GET https:\/\/www\.bbc\.co\.uk\//);
    this.watch.expects(/^request failed: net::ERR_ABORTED POST .*\/leave$/);
    const body = "<!doctype html><html lang=en><title>Weather</title><h1>Weather</h1></html>";
    await this.page.context().route("https://www.bbc.co.uk/**", (route) => route.fulfill({ contentType: "text/html", body }));
  }

  /** Presses Tab until something has the focus. */
  async tabsTo(goal: Locator): Promise<void> {
    for (let press = 0; press < 60; press += 1) {
      await this.page.keyboard.press("Tab");
      if (await goal.evaluate((element) => element === document.activeElement)) return;
    }
    throw new Error(`Tab does not lead to ${goal}`);
  }

  /** Sends a form by hand, as a browser's page of this site would. */
  async posts(path: string, form: Record<string, string> | URLSearchParams): Promise<APIResponse> {
    return this.page.request.post(path, {
      data: new URLSearchParams(form).toString(),
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        origin: new URL(this.page.url()).origin,
        "sec-fetch-site": "same-origin",
      },
    });
  }

  /** The main part of the page. */
  get main(): Locator {
    return this.page.getByRole("main");
  }

  get heading(): Locator {
    return this.page.getByRole("heading", { level: 1 });
  }

  link(name: Name): Locator {
    return this.page.getByRole("link", { name, exact: typeof name === "string" });
  }

  button(name: Name): Locator {
    return this.page.getByRole("button", { name, exact: typeof name === "string" });
  }

  /** The section of the page under a heading of the second level. */
  section(name: Name): Locator {
    const heading = this.page.getByRole("heading", { level: 2, name });
    return this.page.locator("section").filter({ has: heading });
  }

  /** What stands beside a term in a list of facts. */
  fact(term: string): Locator {
    const word = this.page.getByRole("term").getByText(term, { exact: true });
    return this.page.locator("dl > div").filter({ has: word }).getByRole("definition");
  }
}
