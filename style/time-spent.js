// Counts for how many seconds a page of a module, or of an attempt at its quiz, is open in front of somebody, where the provider has that
// counted. No other page loads this. The server gets one number for the module, without when or on which page; without this script there is none.
(() => {
  const { time } = document.currentScript.dataset;
  // Whoever has done nothing for so long has gone away from the screen.
  const IDLE = 3 * 60 * 1000;
  // Handed over so often, so that a browser that is lost loses little.
  const SECONDS_AT_ONCE = 4 * 60;
  let seconds = 0;
  let doneAt = performance.now();
  const does = () => {
    doneAt = performance.now();
  };
  for (const what of ["pointerdown", "pointermove", "keydown", "input", "wheel", "scroll", "touchstart", "touchmove"]) {
    addEventListener(what, does, { capture: true, passive: true });
  }
  // While somebody has help open nothing is counted, and nothing says that they had.
  const seeksHelp = () => document.querySelector(".help-panel[open]") !== null;
  const plays = () => [...document.querySelectorAll("video, audio")].some((clip) => !clip.paused && !clip.ended);
  // The server adds no more than has gone by since it heard last: so it hears when somebody begins to read.
  navigator.sendBeacon(time, new URLSearchParams({ seconds }));
  const handOver = () => {
    // Whoever leaves the site quickly sends nothing more than that.
    if (seconds === 0 || document.documentElement.hidden) return;
    if (navigator.sendBeacon(time, new URLSearchParams({ seconds }))) seconds = 0;
  };
  // A second is added when it is over, so that the hours for which a device sleeps are none.
  setInterval(() => {
    if (plays()) does();
    if (document.visibilityState !== "visible" || seeksHelp() || performance.now() - doneAt > IDLE) return;
    seconds += 1;
    if (seconds >= SECONDS_AT_ONCE) handOver();
  }, 1000);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") handOver();
    else does();
  });
  addEventListener("pagehide", handOver);
  // What hands in takes the number along: with it the counting ends.
  const field = document.querySelector("input[name=seconds]");
  if (field) {
    field.form.addEventListener("submit", () => {
      field.value = seconds;
      seconds = 0;
    });
  }
})();
