import type { BrowserContext } from "@playwright/test";

/** Notes whatever goes wrong in a browser: console errors (which include violations of the Content-Security-Policy), errors
 * that no script caught, requests that failed, and requests to anybody else's server. */
export class Watch {
  private readonly seen: string[] = [];
  private readonly expected: RegExp[] = [];

  constructor(context: BrowserContext, home: string, javaScript: boolean) {
    context.on("console", (message) => {
      if (message.type() === "error") this.seen.push(`console: ${message.text()} (${message.location().url})`);
    });
    context.on("weberror", (error) => this.seen.push(`uncaught: ${error.error().message}`));
    context.on("requestfailed", (request) => {
      // Where scripts are off Chromium turns their files away.
      if (!javaScript && request.resourceType() === "script") return;
      const fault = `request failed: ${request.failure()?.errorText} ${request.method()} ${request.url()}`;
      // The icon comes after everything else, and is given up when somebody goes on.
      if (/ERR_ABORTED GET .*\/icon-[0-9a-f]+\.svg$/.test(fault)) return;
      // A player stops loading when it knows enough, and when it is left.
      if (/ERR_ABORTED GET .*\/media\/[0-9a-f]+\.[a-z0-9]+$/.test(fault)) return;
      // What was fetched early is told as broken off once it is opened.
      if (!request.isNavigationRequest() && /ERR_ABORTED GET .*\/modules\/[a-z0-9-]+\/[a-z0-9-]+$/.test(fault)) return;
      this.seen.push(fault);
    });
    context.on("request", (request) => {
      if (!request.url().startsWith(`${home}/`)) this.seen.push(`asked another server: ${request.url()}`);
    });
  }

  /** This is meant to go wrong in the present test. */
  expects(fault: RegExp): void {
    this.expected.push(fault);
  }

  /** What went wrong, meant or not. */
  everything(): readonly string[] {
    return this.seen;
  }

  /** What went wrong and was not meant to. */
  faults(): string[] {
    return this.seen.filter((fault) => !this.expected.some((expected) => expected.test(fault)));
  }
}
