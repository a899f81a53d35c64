// What the programs share that look at a server of their own.

/** Where a server that was just started listens, from what it says, without a slash at the end. Fails with all it said when it ends. */
export function address(server) {
  let log = "";
  return new Promise((found, fail) => {
    server.stderr.setEncoding("utf8");
    server.stderr.on("data", (text) => {
      log += text;
      const origin = /serves (http:\/\/[\d.:]+)/.exec(log)?.[1];
      if (origin) found(origin);
    });
    server.on("exit", () => fail(new Error(log)));
  });
}

/** Signs in one of the demonstration's people. */
export async function signIn(page, origin, name) {
  await page.goto(`${origin}/sign-in`);
  await page.getByLabel("Email").fill(`${name}@northfield.example`);
  await page.getByLabel("Password", { exact: true }).fill("induct-demo-2026");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(`${origin}/`);
}
