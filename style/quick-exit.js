// What every page does where scripts run, and does without where they do not.
//
// Leaves the site at once: by the button, or by Escape three times within two seconds. The session ends, and the address of this
// page is replaced, so that the Back button shows nothing of it. Without this script the button sends a form that does the same.
(() => {
  const form = document.querySelector("[data-quick-exit]");
  if (!form) return;
  for (const words of document.querySelectorAll("[data-alive]")) words.hidden = false;
  for (const button of document.querySelectorAll("[data-show]")) {
    const field = document.getElementById(button.dataset.show);
    const show = (shown) => {
      field.type = shown ? "text" : "password";
      button.textContent = shown ? "Hide password" : "Show password";
    };
    button.addEventListener("click", () => show(field.type === "password"));
    // Browsers offer to keep what was in a field for passwords, and remember what was in others.
    field.form.addEventListener("submit", () => show(false));
  }
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
  if (document.querySelector("form[action='/sign-in']")) sessionStorage.removeItem("read");
  const [arrival] = performance.getEntriesByType("navigation");
  const isBack = arrival && arrival.type === "back_forward";
  const isSignedIn = document.querySelector(".site-menu") !== null;
  if (sessionStorage.getItem(LEFT) !== null && isSignedIn) {
    if (isBack) {
      // Whoever goes back may be quicker than the end of the session.
      document.documentElement.hidden = true;
      fetch(form.action, { method: "POST" }).finally(() => location.replace("/sign-in"));
      return;
    }
    // Somebody has signed in again; until then every page that is gone back to is looked at anew.
    sessionStorage.removeItem(LEFT);
  }

  // Turns a page without waiting for the form that notes what was read: the next page notes it, as soon as it is there. What could not
  // be noted waits for the page after it, and goes when somebody else signs in.
  const READ = "read";
  const turn = document.querySelector("form[data-next]");
  if (turn) {
    turn.addEventListener("submit", (event) => {
      event.preventDefault();
      sessionStorage.setItem(READ, new URL(turn.action).pathname);
      location.assign(turn.dataset.next);
    });
  }
  const read = sessionStorage.getItem(READ);
  if (read !== null && document.querySelector(".site-menu")) {
    const noted = fetch(read, { method: "POST", redirect: "manual", keepalive: true });
    noted.then((reply) => {
      // It leads on to the next page, which is open already.
      if (reply.type !== "opaqueredirect") return;
      if (sessionStorage.getItem(READ) === read) sessionStorage.removeItem(READ);
      const link = document.querySelector(`.page-list a[href="${read.replace(/\/read$/, "")}"]`);
      if (link) link.closest("li").classList.add("done");
    }, () => {});
  }

  // What lies over the page closes when somebody presses Escape, or presses or goes elsewhere.
  const panels = [...document.querySelectorAll(".site-tools details")];
  // What unfolds in the page itself stays open when somebody goes elsewhere, and closes by Escape like the others.
  const unfolded = () => document.activeElement.closest?.("details.as-at[open]") ?? document.querySelector("details.as-at[open]");
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
    const open = panels.find((panel) => panel.open) ?? unfolded();
    if (open) {
      presses = [];
      close(open);
      return;
    }
    presses = [...presses, event.timeStamp].filter((time) => event.timeStamp - time < 2000);
    if (presses.length >= 3) leave();
  });
})();
