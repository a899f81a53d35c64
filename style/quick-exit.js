// Leaves the site at once: by the button, or by Escape three times within two seconds. The session ends, and the address of this
// page is replaced, so that the Back button shows nothing of it. Without this script the button sends a form that does the same.
(() => {
  const form = document.querySelector("[data-quick-exit]");
  if (!form) return;
  for (const words of document.querySelectorAll("[data-alive]")) words.hidden = false;
  for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());
  form.firstElementChild.title = "Or press Escape three times";
  const LEFT = "left";
  const leave = () => {
    document.documentElement.hidden = true;
    sessionStorage.setItem(LEFT, "");
    navigator.sendBeacon(form.action);
    location.replace(form.dataset.quickExit);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    leave();
  });
  // A browser may have kept an earlier page as it was: whoever comes back to one after leaving is asked to sign in.
  addEventListener("pageshow", (event) => {
    if (!event.persisted || sessionStorage.getItem(LEFT) === null) return;
    document.documentElement.hidden = true;
    location.reload();
  });
  if (document.documentElement.querySelector("input[type=password]")) sessionStorage.removeItem(LEFT);
  // Whoever goes back may be quicker than the end of the session.
  const [arrival] = performance.getEntriesByType("navigation");
  if (sessionStorage.getItem(LEFT) !== null && arrival && arrival.type === "back_forward") {
    document.documentElement.hidden = true;
    fetch(form.action, { method: "POST" }).finally(() => location.replace("/sign-in"));
    return;
  }

  // What lies over the page closes when somebody presses Escape, or presses or goes elsewhere.
  const panels = [...document.querySelectorAll(".site-tools details")];
  const close = (panel) => {
    const within = panel.contains(document.activeElement);
    panel.open = false;
    if (within) panel.querySelector("summary").focus();
  };
  const closeAllBut = (target) => {
    for (const panel of panels) if (panel.open && !panel.contains(target)) panel.open = false;
  };
  addEventListener("pointerdown", (event) => closeAllBut(event.target));
  addEventListener("focusin", (event) => closeAllBut(event.target));

  // A list of choices that is open takes Escape for itself.
  const isChoosing = () => {
    try {
      return document.activeElement.matches("select:open");
    } catch {
      return false;
    }
  };
  let presses = [];
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape") {
      presses = [];
      return;
    }
    if (event.repeat || event.isComposing || isChoosing()) return;
    const open = panels.find((panel) => panel.open);
    if (open) {
      presses = [];
      close(open);
      return;
    }
    presses = [...presses, event.timeStamp].filter((time) => event.timeStamp - time < 2000);
    if (presses.length >= 3) leave();
  });
})();
