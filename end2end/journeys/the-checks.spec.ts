import { findFaults, findOverflow } from "../support/audit.ts";
import { expect, test } from "../support/test.ts";

// Checks that find nothing are worth something only if they would find it.

test("the audit finds a fault in contrast, a field without a label, and what sticks out", async ({ visitor }) => {
  const somebody = await visitor();
  await somebody.opens("/sign-in");
  expect(await findFaults(somebody.page, somebody.javaScript)).toEqual([]);
  expect(await findOverflow(somebody.page)).toEqual([]);
  await somebody.page.evaluate(() => {
    document.querySelector("label[for=email]")?.remove();
    const lead = document.querySelector<HTMLElement>("p.lead");
    if (lead) lead.style.color = "#ddd";
    const wide = document.createElement("p");
    wide.style.minWidth = "400px";
    wide.textContent = "Wider than a narrow page";
    document.querySelector("main")?.append(wide);
  });
  const faults = await findFaults(somebody.page, somebody.javaScript);
  expect(faults.map((fault) => fault.split(":")[0]).sort()).toEqual(["color-contrast", "label"]);
  expect(await findOverflow(somebody.page)).not.toEqual([]);
});

test("the watch notices what the policy forbids, what fails to load, and other people's servers", async ({ visitor }) => {
  const somebody = await visitor();
  await somebody.opens("/help");
  const before = somebody.watch.faults();
  somebody.watch.expects(/./);
  expect(before).toEqual([]);
  await somebody.page.evaluate(() => {
    for (const source of ["/assets/no-such-icon.svg", "https://elsewhere.example/pixel.gif"]) {
      const image = document.createElement("img");
      image.src = source;
      document.body.append(image);
    }
  });
  await expect.poll(() => somebody.watch.everything().join("\n")).toMatch(/status of 404/);
  await expect.poll(() => somebody.watch.everything().join("\n")).toMatch(/Content Security Policy/);
});
