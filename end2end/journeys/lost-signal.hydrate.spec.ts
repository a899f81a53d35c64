import { Sitting } from "../support/sitting.ts";
import { expect, test } from "../support/test.ts";

const LOST = /^(console: Failed to load resource: net::|request failed: net::)/;

test("an answer given without a signal is sent when the signal is back", async ({ visitor }) => {
  const amy = await visitor("amy");
  const sitting = await Sitting.begin(amy, "four-cs");
  const status = amy.page.getByRole("status");
  amy.watch.expects(LOST);

  await amy.page.context().setOffline(true);
  const { chosen } = await sitting.chooses("rightly");
  await expect(status).toHaveText(/^Not saved yet: the connection is lost\. Your answer is kept on this device/);
  await sitting.goesOn();
  await sitting.chooses("rightly");
  await amy.page.context().setOffline(false);
  await expect(status).toHaveText("Saved. 2 of 8 answered.");

  const tablet = await visitor("amy");
  await tablet.opens("/modules/four-cs/quiz");
  await tablet.follows("Carry on with the quiz");
  const there = new Sitting(tablet, "four-cs");
  await there.shows(3);
  await there.goesTo(1);
  expect((await there.chosen()).sort()).toEqual(chosen.map(({ text }) => text).sort());
});

for (const { name, again } of [
  { name: "a reload", again: "reload" },
  { name: "a closed tab", again: "tab" },
]) {
  test(`an answer changed without a signal survives ${name}`, async ({ visitor }) => {
    const amy = await visitor("amy");
    const sitting = await Sitting.begin(amy, "four-cs");
    await sitting.chooses("wrongly");
    await expect(amy.page.getByRole("status")).toHaveText("Saved. 1 of 8 answered.");

    amy.watch.expects(LOST);
    await amy.page.context().route("**/answers", (route) => route.abort("internetdisconnected"));
    const { chosen } = await sitting.chooses("rightly");
    const texts = chosen.map(({ text }) => text).sort();
    await expect(amy.page.getByRole("status")).toContainText("Not saved yet");

    let later = amy;
    if (again === "reload") {
      await amy.opens(`${amy.page.url().split("?")[0]}?question=1`);
    } else {
      const address = `${amy.page.url().split("?")[0]}?question=1`;
      later = await amy.opensTab();
      // Browsers hand what a tab keeps to other tabs by and by, and what was kept last may go with a tab that is closed in the same moment.
      await later.opens("/help");
      const kept = (): string => JSON.stringify({ ...localStorage });
      await expect.poll(async () => later.page.evaluate(kept)).toBe(await amy.page.evaluate(kept));
      await amy.page.close();
      await later.opens(address);
    }
    const back = new Sitting(later, "four-cs");
    await expect.poll(async () => (await back.chosen()).sort()).toEqual(texts);
    await later.page.context().unroute("**/answers");
    await expect(later.page.getByRole("status")).toHaveText("Saved. 1 of 8 answered.");

    const tablet = await visitor("amy");
    await tablet.opens("/modules/four-cs/quiz");
    await tablet.follows("Carry on with the quiz");
    const there = new Sitting(tablet, "four-cs");
    await there.goesTo(1);
    expect((await there.chosen()).sort()).toEqual(texts);
  });
}

test("two tabs of one attempt do not take from one another what waits", async ({ visitor }) => {
  const amy = await visitor("amy");
  const sitting = await Sitting.begin(amy, "four-cs");
  const attempt = amy.page.url().split("?")[0];
  const tab = await amy.opensTab();
  await tab.opens(`${attempt}?question=2`);
  const second = new Sitting(tab, "four-cs");
  amy.watch.expects(LOST);
  await amy.page.context().route("**/answers", (route) => route.abort("internetdisconnected"));

  const { chosen: first } = await sitting.chooses("rightly");
  await expect(amy.page.getByRole("status")).toContainText("Not saved yet");
  const { chosen: other } = await second.chooses("rightly");
  await expect(tab.page.getByRole("status")).toContainText("Not saved yet");
  await amy.page.close();
  await tab.opens(`${attempt}?question=1`);
  await expect(tab.page.getByRole("status")).toContainText("Not saved yet");
  await tab.page.context().unroute("**/answers");
  await expect(tab.page.getByRole("status")).toHaveText("Saved. 2 of 8 answered.");

  const tablet = await visitor("amy");
  await tablet.opens("/modules/four-cs/quiz");
  await tablet.follows("Carry on with the quiz");
  const there = new Sitting(tablet, "four-cs");
  for (const [number, texts] of [[1, first], [2, other]] as const) {
    await there.goesTo(number);
    expect((await there.chosen()).sort()).toEqual(texts.map(({ text }) => text).sort());
  }
});

test("an answer that waited does not take the place of one given later elsewhere, and that is said", async ({ visitor }) => {
  const phone = await visitor("amy");
  const sitting = await Sitting.begin(phone, "four-cs");
  phone.watch.expects(LOST);
  await phone.page.context().route("**/answers", (route) => route.abort("internetdisconnected"));
  await sitting.chooses("wrongly");
  await expect(phone.page.getByRole("status")).toContainText("Not saved yet");

  const tablet = await visitor("amy");
  await tablet.opens(phone.page.url());
  const there = new Sitting(tablet, "four-cs");
  const { chosen } = await there.chooses("rightly");
  const texts = chosen.map(({ text }) => text).sort();
  await expect(tablet.page.getByRole("status")).toHaveText("Saved. 1 of 8 answered.");

  await phone.button("Review and hand in").click();
  await phone.page.context().unroute("**/answers");
  await expect(phone.page.getByRole("status")).toHaveText(
    "Question 1 has a later answer of yours, given in another tab or on another device. That one counts, and is shown here. 1 of 8 answered.",
  );
  expect((await sitting.chosen()).sort()).toEqual(texts);
  await phone.presses("Review and hand in");
  await tablet.opens(phone.page.url().replace("/review", "?question=1"));
  expect((await there.chosen()).sort()).toEqual(texts);
});

test("what is changed while an answer is on its way counts", async ({ visitor }) => {
  const amy = await visitor("amy");
  const sitting = await Sitting.begin(amy, "four-cs");
  // The first takes its time to arrive; what follows it is quick.
  let slow = true;
  await amy.page.context().route("**/answers", async (route) => {
    const waits = slow ? 1500 : 0;
    slow = false;
    await new Promise((done) => setTimeout(done, waits));
    await route.continue();
  });
  await sitting.chooses("wrongly");
  const { chosen } = await sitting.chooses("rightly");
  await expect(amy.page.getByRole("status")).toHaveText("Saved. 1 of 8 answered.");
  const tablet = await visitor("amy");
  await tablet.opens(amy.page.url());
  const there = new Sitting(tablet, "four-cs");
  expect((await there.chosen()).sort()).toEqual(chosen.map(({ text }) => text).sort());
});

test("what waits on a device cannot be read there, and is gone after a day", async ({ visitor }) => {
  const amy = await visitor("amy");
  const sitting = await Sitting.begin(amy, "four-cs");
  amy.watch.expects(LOST);
  await amy.page.context().route("**/answers", (route) => route.abort("internetdisconnected"));
  await sitting.chooses("rightly");
  await expect(amy.page.getByRole("status")).toContainText("Not saved yet");

  const waiting = () => amy.page.evaluate(() => Object.entries(localStorage as Record<string, string>));
  const [first, ...others] = await waiting();
  const [name, item] = first ?? ["", ""];
  expect(others).toEqual([]);
  expect(name).toMatch(/^unsent:\/attempts\//);
  expect(item).toMatch(/^\d+ [0-9a-f]{80,}$/);

  const yesterday = Date.now() - 24 * 60 * 60 * 1000 - 1000;
  const address = `${amy.page.url().split("?")[0]}?question=1`;
  await amy.page.evaluate(
    ({ name, item }) => {
      localStorage.setItem(name, item);
      localStorage.setItem("unsent:/attempts/of-somebody-else", item);
    },
    { name, item: item.replace(/^\d+/, `${yesterday}`) },
  );
  await amy.page.reload();
  await amy.opens(address);
  await expect.poll(waiting).toEqual([]);
  expect(await sitting.chosen()).toEqual([]);
});

for (const size of [
  { width: 390, height: 844 },
  { width: 360, height: 640 },
  { width: 844, height: 390 },
  { width: 1280, height: 800 },
]) {
  test(`a lost connection is seen at ${size.width} by ${size.height}, and not in the colour of success`, async ({ visitor }) => {
    const amy = await visitor("amy");
    await amy.page.setViewportSize(size);
    const sitting = await Sitting.begin(amy, "four-cs");
    await sitting.chooses("rightly");
    const line = amy.page.locator(".saved");
    await expect(line).toContainText("Saved. 1 of 8 answered.");
    const success = await line.evaluate((element) => getComputedStyle(element).color);
    amy.watch.expects(LOST);
    await amy.page.context().route("**/answers", (route) => route.abort("internetdisconnected"));
    await sitting.chooses("wrongly");
    await expect(line).toContainText("Not saved yet: the connection is lost.");
    await expect(line).toBeInViewport({ ratio: 1 });
    await expect(line.locator("svg")).toHaveCount(1);
    expect(await line.evaluate((element) => getComputedStyle(element).color)).not.toBe(success);
    const bar = await amy.page.locator(".site-tools").boundingBox();
    const strip = await line.boundingBox();
    if (bar && strip && bar.y > size.height / 2) expect(strip.y + strip.height).toBeLessThanOrEqual(bar.y + 1);
    await amy.button("Review and hand in").click();
    await expect(line).toContainText("You come to the review as soon as it has arrived.");
    await amy.comesTo(() => amy.page.context().unroute("**/answers"));
  });
}

test("nobody comes to the review before everything has arrived", async ({ visitor }) => {
  const amy = await visitor("amy");
  const sitting = await Sitting.begin(amy, "four-cs");
  amy.watch.expects(LOST);
  await amy.page.context().route("**/answers", (route) => route.abort("internetdisconnected"));
  await sitting.chooses("rightly");
  await expect(amy.page.getByRole("status")).toContainText("Not saved yet");
  await amy.button("Review and hand in").click();
  await expect(amy.page.getByRole("status")).toContainText("Not saved yet");
  await amy.comesTo(() => amy.page.context().unroute("**/answers"));
  await expect(amy.heading).toHaveText("Review your answers");
  await expect(amy.main).toContainText("You have answered 1 of 8");
});

test("an answer given before the island wakes up is kept", async ({ visitor }) => {
  const amy = await visitor("amy");
  await amy.opens("/modules/four-cs/quiz");
  let wake = (): void => undefined;
  const asleep = new Promise<void>((done) => {
    wake = done;
  });
  await amy.page.route("**/*.wasm", async (route) => {
    await asleep;
    await route.continue();
  });
  await amy.button("Start the quiz").click();
  const sitting = new Sitting(amy, "four-cs");
  const { chosen } = await sitting.chooses("rightly");
  wake();
  await amy.settles();
  await expect(amy.page.getByRole("status")).toHaveText("Saved. 1 of 8 answered.");
  expect((await sitting.chosen()).sort()).toEqual(chosen.map(({ text }) => text).sort());
});
