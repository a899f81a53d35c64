import { findFaults } from "../support/audit.ts";
import { SAYS } from "../support/site.ts";
import { expect, test } from "../support/test.ts";

const PAGE = "/modules/every-form/hear-from-others";

test("a video has captions, and a transcript to read instead", async ({ visitor }) => {
  const amy = await visitor("amy");
  await amy.opens(PAGE);
  const video = amy.main.locator("video");
  await expect(video).toHaveAccessibleName("Sam asks for help");
  await expect(video).toHaveAttribute("controls", "");
  await expect(video).not.toHaveAttribute("autoplay");
  await expect(amy.main.getByText("Video: Sam asks for help (1 second, 3 KB).")).toBeVisible();
  await expect
    .poll(() => video.evaluate((video: HTMLVideoElement) => [...video.textTracks].map(({ kind, mode }) => `${kind} ${mode}`)))
    .toEqual(["captions showing"]);
  await expect
    .poll(() => video.evaluate((video: HTMLVideoElement) => [...(video.textTracks[0]?.cues ?? [])].map((cue) => (cue as VTTCue).text)))
    .toEqual([SAYS]);

  await expect(amy.main.getByText(SAYS)).toBeHidden();
  await amy.main.getByText("Read what is said and shown").click();
  await expect(amy.main.getByText(SAYS)).toBeVisible();
  await amy.main.getByText("Read what is said", { exact: true }).click();
  await expect(amy.main.getByText("Please call me back.")).toBeVisible();
  expect(await findFaults(amy.page, amy.javaScript)).toEqual([]);
});

test("video and sound are played with the keyboard alone", async ({ visitor }) => {
  const amy = await visitor("amy");
  await amy.opens(PAGE);
  for (const player of [amy.main.locator("video"), amy.main.locator("audio")]) {
    const played = (): Promise<number> => player.evaluate((player: HTMLMediaElement) => player.currentTime);
    await expect.poll(() => player.evaluate((player: HTMLMediaElement) => Math.round(player.duration))).toBe(1);
    expect(await played()).toBe(0);
    await amy.tabsTo(player);
    await amy.page.keyboard.press("Space");
    await expect.poll(played).toBeGreaterThan(0);
    const summary = player.locator("xpath=..").locator("summary");
    await amy.tabsTo(summary);
    await amy.page.keyboard.press("Enter");
    await expect(player.locator("xpath=..").getByText("Sam:")).toBeVisible();
  }
});

test("a video can be taken home", async ({ visitor }) => {
  const amy = await visitor("amy");
  await amy.opens(PAGE);
  const [download] = await Promise.all([amy.page.waitForEvent("download"), amy.link("Download the video").click()]);
  expect(download.suggestedFilename()).toBe("asking.webm");
});

test("on paper the transcript stands for what is played", async ({ visitor }) => {
  const amy = await visitor("amy");
  await amy.opens(PAGE);
  await amy.page.emulateMedia({ media: "print" });
  await expect(amy.main.locator("video")).toBeHidden();
  await expect(amy.main.locator("audio")).toBeHidden();
  await expect(amy.link("Download the video")).toBeHidden();
  const written = await amy.main.getByText(SAYS).evaluate((said) => said.checkVisibility());
  expect(written).toBe(true);
});

test("a published version goes on playing what it always did", async ({ visitor }) => {
  const amy = await visitor("amy");
  await amy.opens("/modules/every-form/versions/1");
  const address = await amy.main.locator("video").getAttribute("src");
  const part = await amy.page.request.get(address ?? "", { headers: { range: "bytes=0-3" } });
  expect([part.status(), (await part.body()).toString("hex")]).toEqual([206, "1a45dfa3"]);
  const stranger = await visitor();
  await stranger.opens(address ?? "");
  await expect(stranger.heading).toHaveText("Sign in");
});
