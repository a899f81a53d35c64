import { expect, test } from "../support/test.ts";

test("a page is turned in one trip, and noted as read once the next one is there", async ({ visitor }) => {
  const amy = await visitor("amy");
  const early = amy.page.waitForRequest((request) => request.headers()["sec-purpose"] === "prefetch");
  await amy.opens("/modules/four-cs/the-four-cs");
  await (await early).response();
  const forms: string[] = [];
  amy.page.on("request", (request) => {
    if (request.isNavigationRequest()) forms.push(request.method());
  });
  const noted = amy.page.waitForResponse((response) => response.url().endsWith("/the-four-cs/read"));
  await amy.presses(/^Next: /);
  await noted;
  // One look, without a form and a redirect before it; fetched before it was asked for, unless somebody was quicker.
  expect(forms).toEqual(["GET"]);
  const arrival = await amy.page.evaluate(() => {
    const [entry] = performance.getEntriesByType("navigation") as (PerformanceNavigationTiming & { deliveryType: string })[];
    return { delivery: entry?.deliveryType, redirects: entry?.redirectCount };
  });
  expect(arrival).toEqual({ delivery: "navigational-prefetch", redirects: 0 });
  const list = amy.page.getByRole("navigation", { name: "Pages of this module" });
  await expect(list.getByRole("listitem").first()).toContainText("Read:");
  await amy.opens("/modules/four-cs");
  await expect(amy.main.getByRole("listitem").filter({ hasText: "Done: " })).toHaveCount(1);
});

test("a page that is only fetched early is not read", async ({ visitor }) => {
  const amy = await visitor("amy");
  await amy.opens("/modules/four-cs/the-four-cs");
  await amy.page.waitForTimeout(500);
  await amy.opens("/modules/four-cs");
  await expect(amy.main.getByRole("listitem").filter({ hasText: "Done: " })).toHaveCount(0);
});

test("the last page leads to the quiz by the form, since the quiz may wait for it to be noted", async ({ visitor }) => {
  const amy = await visitor("amy");
  await amy.opens("/modules/four-cs/get-help");
  const sent = amy.page.waitForRequest((request) => request.method() === "POST");
  await amy.presses("Go on to the quiz");
  expect((await sent).isNavigationRequest()).toBe(true);
  await expect(amy.heading).toHaveText("Quiz: The 4 Cs");
});

test("what was read and could not be noted does not become somebody else's", async ({ visitor }) => {
  const amy = await visitor("amy");
  await amy.opens("/modules/four-cs/the-four-cs");
  await amy.page.evaluate(() => sessionStorage.setItem("read", "/modules/four-cs/content/read"));
  await amy.isForgotten();
  await amy.opens("/modules");
  await amy.signsIn("ben");
  await amy.opens("/modules/four-cs");
  await expect.poll(() => amy.page.evaluate(() => sessionStorage.getItem("read"))).toBeNull();
});
