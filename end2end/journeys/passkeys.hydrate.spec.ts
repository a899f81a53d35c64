import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

import type { BrowserContext, CDPSession, Page } from "@playwright/test";

import { audit } from "../support/audit.ts";
import { PASSWORD } from "../support/site.ts";
import { expect, test as base } from "../support/test.ts";

interface Here {
  /** Lets somebody come with a browser of their own, which may make passkeys. */
  browser: () => Promise<{ context: BrowserContext; page: Page; device: Device }>;
}

/** What keeps passkeys, and unlocks them or not. */
class Device {
  private readonly session: CDPSession;
  private readonly id: string;

  private constructor(session: CDPSession, id: string) {
    this.session = session;
    this.id = id;
  }

  static async of(page: Page): Promise<Device> {
    const session = await page.context().newCDPSession(page);
    await session.send("WebAuthn.enable");
    const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        protocol: "ctap2",
        transport: "internal",
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    return new Device(session, authenticatorId);
  }

  async isUnlocked(isUserVerified: boolean): Promise<void> {
    await this.session.send("WebAuthn.setUserVerified", { authenticatorId: this.id, isUserVerified });
  }

  async keeps(): Promise<number> {
    const { credentials } = await this.session.send("WebAuthn.getCredentials", { authenticatorId: this.id });
    return credentials.length;
  }
}

const test = base.extend<{ here: Here }>({
  here: async ({ ground, browser }, use) => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, "close");
    // Browsers make passkeys for names alone.
    const baseURL = `http://localhost:${port}`;
    await ground.lend(
      async (site) => {
        await use({
          browser: async () => {
            const context = await browser.newContext({ baseURL, reducedMotion: "reduce" });
            const page = await context.newPage();
            return { context, page, device: await Device.of(page) };
          },
        });
        expect.soft(site.errors(), "the server logs no errors").toEqual([]);
        for (const context of browser.contexts()) await context.close();
      },
      { port, environment: { INDUCT_BASE_URL: baseURL } },
    );
  },
});

async function signsIn(page: Page): Promise<void> {
  await page.goto("/sign-in?next=/account");
  await page.getByLabel("Email").fill("amy@northfield.example");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL((url) => url.pathname === "/account");
}

async function adds(page: Page, called: string): Promise<void> {
  await page.goto("/account/passkeys");
  await page.getByLabel("What you call it").fill(called);
  await page.getByLabel("Your password").fill(PASSWORD);
  await page.getByRole("button", { name: "Make a passkey" }).click();
}

test("somebody adds a passkey, signs in with it alone, and takes it away", async ({ here }) => {
  const { page, context, device } = await here.browser();
  await signsIn(page);
  await expect(page.getByRole("main")).toContainText("With a passkey you sign in as you unlock your device");
  await page.getByRole("link", { name: "Add a passkey" }).click();
  await audit(page, true);
  await adds(page, "My laptop");
  await expect(page.getByRole("main")).toContainText("Your passkey is added");
  await expect(page.getByRole("main").getByRole("listitem")).toContainText("My laptop");
  await audit(page, true);
  expect(await device.keeps()).toBe(1);

  // The same device makes no second one, and says so.
  await adds(page, "My laptop again");
  await expect(page.getByRole("status")).toContainText(["This device has a passkey for you already."]);

  await page.goto("/account");
  await page.getByRole("button", { name: "Sign out here" }).click();
  await page.goto("/sign-in?next=/modules");
  await audit(page, true);
  // Without unlocking it, nothing happens.
  await device.isUnlocked(false);
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(page.getByRole("status").first()).toContainText("Nothing was shown");
  await device.isUnlocked(true);
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.waitForURL((url) => url.pathname === "/modules");
  await page.goto("/account/passkeys");
  await expect(page.getByRole("main")).toContainText("last used");

  await page.getByRole("button", { name: "Take away My laptop" }).click();
  await expect(page.getByRole("main")).toContainText("You have none yet.");
  await context.clearCookies();
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(page.getByRole("main")).toContainText("Nobody here has this passkey any more");
  await audit(page, true);
});

test("a wrong password adds no passkey, and one of another device does not stand in the way", async ({ here }) => {
  const [laptop, phone] = [await here.browser(), await here.browser()];
  await signsIn(laptop.page);
  await laptop.page.goto("/account/passkeys");
  await laptop.page.getByLabel("What you call it").fill("My laptop");
  await laptop.page.getByLabel("Your password").fill("wrong");
  await laptop.page.getByRole("button", { name: "Make a passkey" }).click();
  await expect(laptop.page.getByRole("main")).toContainText("Type the password that you sign in with");
  await expect(laptop.page.getByLabel("What you call it")).toHaveValue("My laptop");
  await adds(laptop.page, "My laptop");
  await signsIn(phone.page);
  await adds(phone.page, "My phone");
  await expect(phone.page.getByRole("main").getByRole("listitem")).toHaveCount(2);
  await phone.context.clearCookies();
  await phone.page.goto("/sign-in?next=/account");
  await phone.page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(phone.page.getByRole("main")).toContainText("You have 2 passkeys");
});

test("where no script runs the password is offered, and what there is can be taken away", async ({ here, browser }) => {
  const { page, context } = await here.browser();
  await signsIn(page);
  await adds(page, "My laptop");
  await expect(page.getByRole("main")).toContainText("Your passkey is added");
  const plain = await browser.newContext({ baseURL: new URL(page.url()).origin, javaScriptEnabled: false, reducedMotion: "reduce" });
  await plain.addCookies(await context.cookies());
  const without = await plain.newPage();
  await without.goto("/account/passkeys");
  await expect(without.getByRole("main")).toContainText("runs no scripts here. Your password lets you in as before.");
  await expect(without.getByRole("button", { name: "Make a passkey" })).toBeHidden();
  await audit(without, false);
  await without.getByRole("button", { name: "Take away My laptop" }).click();
  await expect(without.getByRole("main")).toContainText("You have none yet.");
  await plain.clearCookies();
  await without.goto("/sign-in");
  await expect(without.getByRole("button", { name: "Sign in with a passkey" })).toBeHidden();
  await audit(without, false);
  await signsIn(without);
});
