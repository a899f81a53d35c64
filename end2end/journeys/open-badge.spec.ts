import { createLocalJWKSet, decodeProtectedHeader, errors, jwtVerify } from "jose";

import { expect, test } from "../support/test.ts";

/** What of an `OpenBadgeCredential` the standard requires (1EdTech, Open Badges 3.0, appendix B), part by part. */
function conforms(claims: Record<string, any>): void {
  expect(claims["@context"][0]).toBe("https://www.w3.org/ns/credentials/v2");
  expect(claims["@context"][1]).toMatch(/^https:\/\/purl\.imsglobal\.org\/spec\/ob\/v3p0\/context-3\.0\.[0-9]+\.json$/);
  expect(claims.type).toEqual(["VerifiableCredential", "OpenBadgeCredential"]);
  const isUri = (said: unknown) => expect(URL.canParse(String(said)), String(said)).toBe(true);
  const isDate = (said: unknown) => expect(String(said)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  isUri(claims.id);
  expect(claims.name.length).toBeGreaterThan(0);
  isUri(claims.issuer.id);
  expect(claims.issuer.type).toContain("Profile");
  isDate(claims.validFrom);
  isDate(claims.validUntil);
  isDate(claims.awardedDate);
  for (const evidence of claims.evidence) {
    isUri(evidence.id);
    expect(evidence.type).toContain("Evidence");
  }
  const subject = claims.credentialSubject;
  expect(subject.type).toContain("AchievementSubject");
  isUri(subject.id);
  for (const identity of subject.identifier) {
    expect(identity.type).toBe("IdentityObject");
    expect(identity.hashed).toBe(false);
    expect(identity.identityHash.length).toBeGreaterThan(0);
    expect(identity.identityType).toBe("name");
  }
  for (const result of subject.result ?? []) {
    expect(result.type).toContain("Result");
    expect(typeof result.value).toBe("string");
  }
  const achievement = subject.achievement;
  isUri(achievement.id);
  expect(achievement.type).toContain("Achievement");
  for (const text of [achievement.name, achievement.description, achievement.criteria.narrative, achievement.version]) {
    expect(typeof text).toBe("string");
    expect(text.length).toBeGreaterThan(0);
  }
  // The claims of the token are those of the credential (section 8.2).
  expect(claims.iss).toBe(claims.issuer.id);
  expect(claims.jti).toBe(claims.id);
  expect(claims.sub).toBe(subject.id);
  expect(new Date(claims.validFrom).getTime()).toBe(claims.nbf * 1000);
  expect(new Date(claims.validUntil).getTime()).toBe(claims.exp * 1000);
}

test("a learner takes out a badge, and another program finds it genuine by the keys that anybody can read", async ({ visitor, site }) => {
  const ben = await visitor("ben");
  await ben.opens("/cpd");
  const address = await ben.main.getByRole("link", { name: /^Open Badge/ }).first().getAttribute("href");
  const token = await (await ben.page.request.get(site.url + address)).text();

  const somebody = await visitor();
  const json = async (path: string) => (await somebody.page.request.get(site.url + path)).json();
  const keys = createLocalJWKSet(await json("/badges/keys"));
  const { payload, protectedHeader } = await jwtVerify(token, keys, { algorithms: ["EdDSA"], typ: "JWT" });
  conforms(payload as Record<string, any>);
  expect(Object.keys(protectedHeader).sort()).toEqual(["alg", "kid", "typ"]);
  expect(await json("/badges/issuer")).toEqual(payload.issuer);
  const key = await json(new URL(String(decodeProtectedHeader(token).kid)).pathname);
  expect(Object.keys(key).sort()).toEqual(["crv", "kty", "x"]);

  // Whatever is altered in it is found.
  const [header, claims, signature] = token.split(".") as [string, string, string];
  const forged = Buffer.from(claims, "base64url").toString().replace("Ben", "Ken");
  expect(forged).toContain("Ken");
  const altered = [header, Buffer.from(forged).toString("base64url"), signature].join(".");
  await expect(jwtVerify(altered, keys)).rejects.toThrow(errors.JWSSignatureVerificationFailed);

  // What it names as its evidence says whether it still stands.
  await somebody.opens(new URL(String(payload.jti)).pathname);
  await expect(somebody.main).toContainText("Genuine, and it still stands");
});
