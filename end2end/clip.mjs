// Makes the video that tests play: one second, 160 by 90, a circle that wanders from left to right. It is drawn and encoded
// by Chromium (VP8) and put into a WebM file here. `node end2end/clip.mjs FILE`; the file is kept, so that tests need no encoder.

import { writeFile } from "node:fs/promises";

import { chromium } from "@playwright/test";

const FRAMES = 10;
const MILLIS = 100;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
const page = await browser.newPage();
// Only what a browser trusts may encode.
await page.route("http://localhost/", (route) => route.fulfill({ contentType: "text/html", body: "<title>Clip</title>" }));
await page.goto("http://localhost/");
const frames = await page.evaluate(encode, { frames: FRAMES, millis: MILLIS });
await browser.close();
await writeFile(process.argv[2], webm(frames.map((frame) => Buffer.from(frame, "base64"))));

/** Runs in the browser. */
async function encode({ frames, millis }) {
  const chunks = [];
  const encoder = new VideoEncoder({
    output: (chunk) => {
      const bytes = new Uint8Array(chunk.byteLength);
      chunk.copyTo(bytes);
      chunks.push(btoa(String.fromCharCode(...bytes)));
    },
    error: (error) => console.error(error),
  });
  encoder.configure({ codec: "vp8", width: 160, height: 90, bitrate: 50_000, framerate: 1000 / millis });
  const canvas = new OffscreenCanvas(160, 90);
  const pen = canvas.getContext("2d");
  for (let number = 0; number < frames; number += 1) {
    pen.fillStyle = "#e7f1ef";
    pen.fillRect(0, 0, 160, 90);
    pen.fillStyle = "#0b5f5b";
    pen.beginPath();
    pen.arc(20 + (120 * number) / (frames - 1), 45, 14, 0, 7);
    pen.fill();
    const frame = new VideoFrame(canvas, { timestamp: number * millis * 1000, duration: millis * 1000 });
    encoder.encode(frame, { keyFrame: number === 0 });
    frame.close();
  }
  await encoder.flush();
  return chunks;
}

/** The frames as a WebM file with one cluster. */
function webm(frames) {
  const header = element("1A45DFA3", [
    element("4286", number(1)),
    element("42F7", number(1)),
    element("42F2", number(4)),
    element("42F3", number(8)),
    element("4282", Buffer.from("webm")),
    element("4287", number(2)),
    element("4285", number(2)),
  ]);
  const length = Buffer.alloc(8);
  length.writeDoubleBE(frames.length * MILLIS);
  const info = element("1549A966", [
    element("2AD7B1", number(1_000_000)),
    element("4489", length),
    element("4D80", Buffer.from("Induct")),
    element("5741", Buffer.from("Induct")),
  ]);
  const video = element("E0", [element("B0", number(160)), element("BA", number(90))]);
  const track = element("AE", [
    element("D7", number(1)),
    element("73C5", number(1)),
    element("83", number(1)),
    element("86", Buffer.from("V_VP8")),
    video,
  ]);
  const blocks = frames.map((frame, place) => {
    const head = Buffer.from([0x81, 0, 0, place === 0 ? 0x80 : 0]);
    head.writeInt16BE(place * MILLIS, 1);
    return element("A3", Buffer.concat([head, frame]));
  });
  const cluster = element("1F43B675", [element("E7", number(0)), ...blocks]);
  return Buffer.concat([header, element("18538067", [info, element("1654AE6B", track), cluster])]);
}

function element(id, inner) {
  const content = Array.isArray(inner) ? Buffer.concat(inner) : inner;
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE((1n << 56n) | BigInt(content.length));
  return Buffer.concat([Buffer.from(id, "hex"), size, content]);
}

function number(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
