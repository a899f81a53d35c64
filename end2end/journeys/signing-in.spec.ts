import { expect, test } from "../support/test.ts";

test("a wrong password is told at the top and at the field, and keeps what was typed", async ({ visitor }) => {
  const somebody = await visitor();
  await somebody.opens("/sign-in");
  await somebody.fillsIn("amy", "not-her-password");
  await somebody.presses("Sign in", 422);
  await expect(somebody.page).toHaveTitle(/^Error: Sign in/);
  await expect(somebody.main.getByRole("alert")).toBeFocused();
  await expect(somebody.main.getByRole("alert")).toContainText("Check your email and password");
  await expect(somebody.page.getByLabel("Email")).toHaveValue("amy@northfield.example");
  await expect(somebody.page.getByLabel("Password")).toHaveAccessibleDescription("Error: Check your email and password");
  await expect(somebody.page.getByLabel("Password")).toHaveValue("");
  await somebody.fillsIn("amy");
  await somebody.presses("Sign in");
  await expect(somebody.heading).toHaveText("Hello, Amy");
});

test("an empty form says what is missing at each field, and the list leads to them", async ({ visitor }) => {
  const somebody = await visitor();
  await somebody.opens("/sign-in");
  await somebody.presses("Sign in", 422);
  const list = somebody.main.getByRole("alert");
  await expect(list).toBeFocused();
  for (const [label, fault] of [["Email", "Type your email"], ["Password", "Type your password"]] as const) {
    await list.getByRole("link", { name: fault }).click();
    await expect(somebody.page.getByLabel(label)).toBeFocused();
    await expect(somebody.page.getByLabel(label)).toHaveAccessibleDescription(`Error: ${fault}`);
    await expect(somebody.page.getByLabel(label)).toHaveAttribute("aria-invalid", "true");
  }
});

test("the form does not say who exists, however often it is asked", async ({ visitor }) => {
  const somebody = await visitor();
  const said: string[] = [];
  for (const name of ["amy", "nobody"]) {
    await somebody.opens("/sign-in");
    await somebody.fillsIn(name, "not-the-password");
    await somebody.presses("Sign in", 422);
    said.push(await somebody.main.innerText());
    const form = { email: `${name}@northfield.example`, password: "not-the-password" };
    const replies = await Promise.all(Array.from({ length: 9 }, () => somebody.posts("/sign-in", form)));
    expect(replies.map((reply) => reply.status())).not.toContain(500);
    await somebody.fillsIn(name);
    await somebody.presses("Sign in", 429);
    const words = await somebody.main.innerText();
    expect(words).toContain("There were too many tries.");
    said.push(words.replace(/\d\d:\d\d/g, ""));
  }
  expect(said.slice(2)).toEqual(said.slice(0, 2));
});

test("signing out ends it, and Back shows nothing", async ({ visitor }) => {
  const amy = await visitor("amy");
  await amy.opens("/modules/four-cs");
  await amy.presses("Sign out");
  await expect(amy.heading).toHaveText("Sign in");
  await amy.goesBack();
  await expect(amy.heading).toHaveText("Sign in");
  await expect(amy.page.getByRole("banner")).not.toContainText("Amy Archer");
});

test("who asks for a page first comes to it after signing in", async ({ visitor }) => {
  const somebody = await visitor();
  await somebody.opens("/modules/four-cs/contact?from=mail");
  await expect(somebody.heading).toHaveText("Sign in");
  await somebody.signsIn("amy");
  await expect(somebody.page).toHaveURL(/\/modules\/four-cs\/contact\?from=mail$/);
  await somebody.opens("/sign-in?next=/modules/sharing-nudes");
  await expect(somebody.heading).toHaveText("Sharing nudes and semi-nudes");
});

test("nobody is led to another site by way of the form", async ({ visitor, site }) => {
  const elsewhere = ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example/", "/%09/elsewhere.example"];
  for (const next of elsewhere) {
    const somebody = await visitor();
    await somebody.opens(`/sign-in?next=${encodeURIComponent(next)}`);
    await somebody.signsIn("amy", undefined, next.startsWith("/%") ? 404 : 200);
    expect(new URL(somebody.page.url()).origin).toBe(site.url);
    await somebody.leaves();
  }
});
