import { once } from "node:events";
import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";

import type { APIRequestContext } from "@playwright/test";
import Provider from "oidc-provider";

const SECRET = "a secret that this test alone knows";

/** An organisation that signs people in: a provider of OpenID Connect that knows nothing of ours. */
export class Organisation {
  private readonly server: Server;
  readonly issuer: string;
  /** Whose e-mail address is another than their name here and `@northfield.example`. */
  readonly emails = new Map<string, string>();
  /** Of whom it does not vouch for the address. */
  readonly unverified = new Set<string>();

  private constructor(server: Server, issuer: string) {
    this.server = server;
    this.issuer = issuer;
  }

  /** Begins; people come back to `site`. Codes hold for `seconds`. */
  static async begin(site: string, seconds = 60): Promise<Organisation> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const organisation = new Organisation(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const provider = new Provider(organisation.issuer, {
      clients: [{ client_id: "induct", client_secret: SECRET, redirect_uris: [`${site}/sign-in/back`] }],
      claims: { openid: ["sub"], email: ["email", "email_verified"] },
      // Addresses stand in the identity token itself, as those that providers use have it.
      conformIdTokenClaims: false,
      cookies: { keys: ["of this test"] },
      ttl: { AuthorizationCode: seconds, AccessToken: 60, Grant: 600, IdToken: 60, Interaction: 600, Session: 600 },
      pkce: { required: () => true },
      findAccount: (_: unknown, id: string) => ({
        accountId: id,
        claims: () => ({
          sub: id,
          email: organisation.emails.get(id) ?? `${id}@northfield.example`,
          email_verified: !organisation.unverified.has(id),
        }),
      }),
    });
    server.on("request", provider.callback());
    return organisation;
  }

  /** What our server is told of it. */
  get settings(): Record<string, string> {
    return {
      INDUCT_OIDC_ISSUER: this.issuer,
      INDUCT_OIDC_CLIENT_ID: "induct",
      INDUCT_OIDC_CLIENT_SECRET: SECRET,
      INDUCT_OIDC_LABEL: "your Northfield account",
    };
  }

  /** Signs somebody in at an address of ours, and stops before they come back: gives the address at which they would. */
  async wayBack(browser: APIRequestContext, address: string, login: string): Promise<string> {
    for (let step = 0; step < 20; step++) {
      const url = new URL(address);
      if (url.pathname === "/sign-in/back") return address;
      const answer = await browser.get(address, { maxRedirects: 0 });
      const next = answer.headers()["location"];
      if (next) {
        address = new URL(next, url).href;
        continue;
      }
      const page = await answer.text();
      const action = /<form[^>]* action="([^"]+)"/.exec(page)?.[1];
      const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1];
      if (!action || !prompt) throw new Error(`no form at ${address}: ${page}`);
      const sent = await browser.post(new URL(action, url).href, { form: { prompt, login, password: "any" }, maxRedirects: 0 });
      address = new URL(sent.headers()["location"] ?? "", url).href;
    }
    throw new Error("nobody came back");
  }

  async end(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }
}
