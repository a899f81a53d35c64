import { type Page, expect } from "@playwright/test";
import axe, { type AxeResults } from "axe-core";

const STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** The width that WCAG 2.2, 1.4.10 "Reflow", asks for. */
const NARROWEST = 320;

/** What has been checked in this worker. */
const checked = new Set<string>();

/** What a page must have, whatever it is about. */
interface Bones {
  build: string;
  title: string;
  language: string;
  headings: number;
  help: boolean;
  exit: boolean;
  moving: number;
  hiddenButShown: string[];
}

/** Checks what holds for every page: WCAG 2.2 AA and good practice as far as axe can tell, reflow at 320 pixels, one heading of the first
 * level, a title, help, the quick exit, and no motion, for which the tests' browser asks. axe looks once at pages of the
 * same build, look and size, and reflow is tried once for each of their titles. */
export async function audit(page: Page, javaScript: boolean): Promise<void> {
  const where = page.url();
  const bones = await page.evaluate(readBones);
  expect.soft(bones.title, `${where} has a title`).not.toBe("");
  expect.soft(bones.language, `${where} says its language`).toBe("en-GB");
  expect.soft(bones.headings, `${where} has one heading of the first level`).toBe(1);
  expect.soft(bones.help, `${where} offers help`).toBe(true);
  expect.soft(bones.exit, `${where} offers the quick exit`).toBe(true);
  expect.soft(bones.moving, `${where} keeps still for whoever asks for that`).toBe(0);
  expect.soft(bones.hiddenButShown, `${where} shows nothing that is said to be hidden`).toEqual([]);
  const size = page.viewportSize();
  const key = `${javaScript} ${size?.width} ${bones.build}`;
  if (isNew(`axe ${key}`)) {
    expect.soft(await findFaults(page, javaScript), `${where} keeps to WCAG 2.2 AA`).toEqual([]);
  }
  if (isNew(`reflow ${bones.title} ${key}`)) {
    expect.soft(await findOverflow(page), `${where} fits ${NARROWEST} pixels`).toEqual([]);
  }
}

function isNew(check: string): boolean {
  const isNew = !checked.has(check);
  checked.add(check);
  return isNew;
}

/** What axe finds wrong with a page, a line for each element. */
export async function findFaults(page: Page, javaScript: boolean): Promise<string[]> {
  if (!javaScript) await page.evaluate(replaceTimers);
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(runAxe, STANDARD);
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}: ${node.html}: ${node.failureSummary ?? ""}`),
  );
}

/** The elements that stick out of a page of the narrowest width; none when it fits. */
export async function findOverflow(page: Page): Promise<string[]> {
  const size = page.viewportSize();
  if (!size) throw new Error("the page has no size");
  await page.setViewportSize({ width: NARROWEST, height: 640 });
  const found = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const elements = [...document.body.querySelectorAll("*")];
    const wide = elements.filter((element) => element.getBoundingClientRect().right > clientWidth + 1);
    return [`${scrollWidth} pixels wide`, ...wide.map((element) => element.outerHTML.slice(0, 120))];
  });
  await page.setViewportSize(size);
  return found;
}

/** Spaces the text of a page as WCAG 2.2, 1.4.12 "Text spacing", says that readers may. */
export async function spaceText(page: Page): Promise<void> {
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`
      * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
      p { margin-bottom: 2em !important }
    `);
    document.adoptedStyleSheets = [sheet];
  });
}

/** The texts that a page cuts off, in boxes that hide what does not fit. */
export async function findClipped(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.body.querySelectorAll<HTMLElement>("*")]
      .filter((element) => {
        const { overflowX, overflowY, clip, position } = getComputedStyle(element);
        const hides = [overflowX, overflowY].some((overflow) => overflow === "hidden" || overflow === "clip");
        const isForEarsOnly = position === "absolute" && (clip !== "auto" || element.clientWidth <= 1);
        const sticksOut = element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1;
        return hides && !isForEarsOnly && sticksOut && element.innerText.trim() !== "";
      })
      .map((element) => element.outerHTML.slice(0, 120)),
  );
}

/** Runs in the page. Two pages of the same build differ in text and addresses only. */
function readBones(): Bones {
  const telling = ["class", "id", "role", "type", "for", "name", "lang", "dir", "open", "hidden", "disabled", "checked"];
  const build = [...document.querySelectorAll("*")].map((element) => {
    const attributes = [...element.attributes]
      .filter(({ name }) => telling.includes(name) || name.startsWith("aria-"))
      .map(({ name, value }) => `${name}=${value}`);
    return [element.tagName, ...attributes, element.textContent ? "text" : ""].join(" ");
  });
  const dark = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  const paper = matchMedia("print").matches ? "print" : "screen";
  const isMoving = (element: Element): boolean => {
    const { transitionDuration, animationName } = getComputedStyle(element);
    // What is never drawn, such as the captions of a video, has no style at all.
    return /[1-9]/.test(transitionDuration) || !["none", ""].includes(animationName);
  };
  const isShown = (element: Element | undefined): boolean => element?.checkVisibility() ?? false;
  const named = (selector: string, name: string): Element | undefined =>
    [...document.querySelectorAll(selector)].find((element) => element.textContent?.replace(/\s+/g, " ").trim() === name);
  return {
    build: `${dark} ${paper} ${build.join("\n")}`,
    title: document.title,
    language: document.documentElement.lang,
    headings: document.querySelectorAll("h1").length,
    help: isShown(named("summary", "Get help")),
    moving: [...document.querySelectorAll("body *")].filter(isMoving).length,
    hiddenButShown: [...document.querySelectorAll("[hidden]")].filter(isShown).map((element) => element.outerHTML.slice(0, 120)),
    exit: isShown(named("form[action='/leave'] button", "Leave this site quickly")),
  };
}

/** Runs in the page. Where scripts are off timers never fire, and axe waits for them. */
function replaceTimers(): void {
  const soon = (work: () => void): number => {
    void Promise.resolve().then(work);
    return 0;
  };
  window.setTimeout = soon as typeof window.setTimeout;
}

/** Runs in the page. */
function runAxe(standard: string[]): Promise<AxeResults> {
  return axe.run(document, { runOnly: standard, resultTypes: ["violations"] });
}
