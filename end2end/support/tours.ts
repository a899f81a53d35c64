import { codeOf } from "./phone.ts";
import { Sitting, fails } from "./sitting.ts";
import type { Visitor } from "./visitor.ts";

/** Lets somebody in on a device of their own. */
type LetIn = (name?: string) => Promise<Visitor>;

/** Looks at the page that a visitor has come to. */
type Look = (visitor: Visitor, page: string) => Promise<void>;

/** A way through the site. */
export type Tours = Record<string, (letIn: LetIn, look: Look) => Promise<void>>;

/** Ways through what only all that ships has. */
export const TOURS_OF_ALL: Tours = {
  async "in other words"(letIn, look) {
    const amy = await letIn("amy");
    await amy.opens("/modules/reporting/how-to-say-it");
    await amy.presses("Easy Read");
    await look(amy, "page-easy-read");
    await amy.presses("Cymraeg");
    await look(amy, "page-welsh");
    await amy.opens("/modules/four-cs");
    await look(amy, "module-welsh");
  },
};

/** Ways through the site that together come past every kind of page. */
export const TOURS: Tours = {
  async "at the door"(letIn, look) {
    const somebody = await letIn();
    await somebody.opens("/sign-in");
    await look(somebody, "sign-in");
    await somebody.fillsIn("amy", "not-her-password");
    await somebody.presses("Sign in", 422);
    await look(somebody, "sign-in-wrong");
    await somebody.opens("/sign-in/forgotten");
    await look(somebody, "forgotten");
    await somebody.opens("/help");
    await look(somebody, "help");
    for (const page of ["help/card", "help/poster", "employers", "families", "privacy", "accessibility"]) {
      await somebody.opens(`/${page}`);
      await look(somebody, page.replace("/", "-"));
    }
    await somebody.opens("/audit/verify");
    await look(somebody, "audit-verify");
    await somebody.opens("/verify");
    await look(somebody, "verify");
    await somebody.opens("/no-such-page", 404);
    await look(somebody, "not-found");
    await somebody.page.getByText("Get help", { exact: true }).first().click();
    await look(somebody, "help-panel");
  },

  async "a code at sign-in"(letIn, look) {
    const ben = await letIn("ben");
    await ben.opens("/account/second-factor");
    await look(ben, "codes-begin");
    await ben.page.getByLabel("Your password").fill("induct-demo-2026");
    await ben.presses("Begin");
    await look(ben, "codes-connect");
    const key = await ben.main.locator(".to-type").innerText();
    await ben.page.getByLabel("The six digits").fill(codeOf(key, new Date()));
    await ben.presses("Turn it on");
    await look(ben, "codes-recovery");
    await ben.opens("/account/second-factor");
    await look(ben, "codes-on");
    const somebody = await letIn();
    await somebody.opens("/sign-in");
    await somebody.fillsIn("ben");
    await somebody.presses("Sign in");
    await look(somebody, "sign-in-code");
    await somebody.presses("Sign in", 422);
    await look(somebody, "sign-in-code-wrong");
    const root = await letIn("root");
    await root.opens("/people?name=ben");
    await root.comesTo(() => root.main.getByRole("link", { name: /^Ben/ }).first().click());
    await root.follows(/^Change/);
    await look(root, "codes-of-another");
  },

  async "own pages"(letIn, look) {
    const amy = await letIn("amy");
    await look(amy, "own-page-new");
    const cora = await letIn("cora");
    await cora.main.getByText(/^Done \(/).click();
    await look(cora, "own-page-done");
    await cora.opens("/cpd");
    await look(cora, "record");
    await cora.comesTo(() => cora.main.getByRole("link", { name: /^Write what you took from it/ }).first().click());
    await look(cora, "reflection");
    await amy.opens("/cpd");
    await look(amy, "record-empty");
    const sam = await letIn("sam");
    await look(sam, "own-page-staff");
    await sam.opens("/cpd");
    await look(sam, "record-with-evidence");
    await sam.presses("Make a private address");
    await look(sam, "calendar-made");
    await sam.opens("/cpd?find=safer&order=title");
    await look(sam, "record-found");
    await sam.opens("/cpd/elsewhere");
    await look(sam, "elsewhere");
    await sam.presses("Add it to your record", 422);
    await look(sam, "elsewhere-wrong");
    await sam.opens("/cpd");
    await sam.comesTo(() => sam.main.getByRole("link", { name: /^Take it back/ }).first().click());
    await look(sam, "elsewhere-take-back");
    await sam.opens("/matrix", 403);
    await look(sam, "not-for-you");
    await cora.opens("/account");
    await cora.opens("/account/password");
    await cora.opens("/account/data");
    await look(cora, "what-is-held");
  },

  async "letting go"(letIn, look) {
    const root = await letIn("root");
    await root.opens("/matrix?name=ben");
    await root.comesTo(() => root.page.getByRole("link", { name: "Ben Osei" }).first().click());
    await root.follows("Everything that is held about this person");
    await look(root, "what-is-held-about-somebody");
    await root.follows("Erase all of it");
    await look(root, "erase-who-is-here");
    await root.follows("Jobs");
    await look(root, "jobs");
    await root.follows("Letters");
    await look(root, "letters");
    await root.follows("Reminders: who is told what is wanted of them, and when");
    await look(root, "reminders");
  },

  async reading(letIn, look) {
    const amy = await letIn("amy");
    await amy.opens("/modules");
    await look(amy, "modules");
    await amy.opens("/modules/four-cs");
    await look(amy, "module-new");
    await amy.follows("Start reading");
    await look(amy, "page-first");
    await amy.presses(/^Next: /);
    await amy.presses(/^Next: /);
    for (const choice of await amy.main.getByRole("article").locator("summary").all()) await choice.click();
    await look(amy, "page-scenario-open");
    await amy.opens("/modules/four-cs");
    await look(amy, "module-begun");
    await amy.opens("/modules/sharing-nudes/the-law");
    await look(amy, "page-law");
    await amy.opens("/modules/sharing-nudes/tools-and-help");
    await look(amy, "page-help");
  },

  async "a quiz"(letIn, look) {
    const amy = await letIn("amy");
    await amy.opens("/modules/four-cs/quiz");
    await look(amy, "quiz-entry");
    await amy.presses("Start the quiz");
    const sitting = new Sitting(amy, "four-cs");
    await look(amy, "question");
    const seen = new Set<string | null>();
    const { count } = await sitting.place();
    for (let number = 1; number < count; number += 1) {
      await sitting.chooses(number < 4 ? "wrongly" : "rightly");
      const kind = await amy.main.getByRole("group").locator("input").first().getAttribute("type");
      if (!seen.has(kind)) await look(amy, `question-answered-${kind}`);
      seen.add(kind);
      await sitting.goesOn();
    }
    await sitting.goesToReview();
    await look(amy, "review-unanswered");
    await sitting.handsIn();
    await look(amy, "result-not-yet");
    await amy.opens("/modules/four-cs");
    await look(amy, "module-failed-once");
    await fails(amy, "four-cs");
    await fails(amy, "four-cs");
    await look(amy, "result-last-attempt");
    await amy.opens("/modules/four-cs/quiz");
    await look(amy, "quiz-locked-out");
    const mina = await letIn("mina");
    await look(mina, "own-page-manager");
  },

  async "a quiz passed"(letIn, look) {
    const amy = await letIn("amy");
    const sitting = await Sitting.begin(amy, "four-cs");
    await sitting.answersAll();
    await look(amy, "review-all-answered");
    await sitting.handsIn();
    await look(amy, "result-passed");
    await amy.opens("/modules/four-cs/quiz");
    await look(amy, "quiz-passed");
    await amy.opens("/modules/four-cs");
    await look(amy, "module-passed");
    await amy.opens("/");
    await look(amy, "own-page-half-done");
    await amy.opens("/agreements/learner-aup");
    await look(amy, "agreement-closed");
  },

  async "who is here"(letIn, look) {
    const root = await letIn("root");
    await root.opens("/people");
    await look(root, "people");
    await root.opens("/people/new");
    await look(root, "people-new");
    await root.opens("/people/import");
    await look(root, "people-import");
    await root.opens("/groups");
    await look(root, "groups");
    await root.follows("Cohort A");
    await look(root, "group");
    await root.opens("/people");
    await root.follows("Amy Archer");
    await root.follows("Change groups, duties, dates and sign-in");
    await look(root, "people-change");
    await root.presses("Make a link for a new password");
    await look(root, "ways-in");
    const amy = await letIn("amy");
    await amy.opens("/join");
    await look(amy, "join");
  },

  async administration(letIn, look) {
    const root = await letIn("root");
    await root.opens("/admin");
    await look(root, "admin");
    await root.opens("/admin/settings");
    await root.main.getByText("How CPD is counted").click();
    await look(root, "admin-settings");
    await root.page.getByLabel("Your changed organisation.toml").fill('name = "Northfield Training');
    await root.presses("See what would come of it", 422);
    await look(root, "admin-settings-errors");
    await root.opens("/admin/contacts");
    await look(root, "admin-contacts");
    await root.opens("/admin/log");
    await look(root, "admin-log");
  },

  async signing(letIn, look) {
    const ben = await letIn("ben");
    await ben.opens("/agreements/learner-aup");
    await ben.main.getByText("Versions and review dates").click();
    await look(ben, "agreement-open");
    await ben.page.locator("form").last().evaluate((form) => form.setAttribute("novalidate", ""));
    await ben.presses(/^Sign the/, 422);
    await look(ben, "agreement-errors");
    await ben.page.getByRole("checkbox").check();
    await ben.page.getByLabel("Your full name").fill("Ben Osei");
    await ben.isForgotten();
    await ben.presses(/^Sign the/, 401);
    await look(ben, "sign-in-again");
    await ben.signsIn("ben");
    await look(ben, "agreement-again");
    await ben.page.getByRole("checkbox").check();
    await ben.presses(/^Sign the/);
    await look(ben, "receipt");
    await ben.follows("Learner acceptable use agreement");
    await look(ben, "signed-text");
    await ben.opens("/agreements/learner-aup");
    await look(ben, "agreement-signed");
  },

  async "looking after people"(letIn, look) {
    const mina = await letIn("mina");
    await mina.opens("/matrix?views=open");
    await look(mina, "matrix");
    const before = new Date(Date.now() - 5 * 86_400_000).toISOString().slice(0, 10);
    await mina.opens(`/matrix?against=${before}`);
    await look(mina, "matrix-what-changed");
    await mina.opens("/matrix/selected?do=exempt&all=yes");
    await look(mina, "matrix-excuse");
    await mina.page.getByLabel("Module or agreement").selectOption({ index: 1 });
    await mina.page.getByLabel("Why").fill("They teach it themselves");
    await mina.presses(/^Excuse/);
    await look(mina, "matrix-done");
    await mina.opens("/matrix/done");
    await look(mina, "matrix-all-done");
    await mina.opens("/overview");
    await look(mina, "overview");
    await mina.opens("/assignments");
    await look(mina, "assignments");
    await mina.opens("/matrix");
    await mina.comesTo(() => mina.matrix.getByRole("link", { name: "Ben Osei" }).click());
    await look(mina, "person-record");
    await mina.comesTo(() => mina.main.getByRole("link", { name: /^The answers/ }).first().click());
    await look(mina, "others-answers");
  },
};

/** How a page can look. */
export const LOOKS = (["light", "dark"] as const).flatMap((colorScheme) =>
  [
    { width: 390, height: 844 },
    { width: 1280, height: 900 },
  ].map((size) => ({ colorScheme, size })),
);
