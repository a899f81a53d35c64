// The page on which anybody checks a receipt, a pack or a log: hands what was chosen or dropped to a worker, and shows what it says; of a whole log
// it hands out a table of where everybody stood, which the worker makes. What was chosen goes nowhere else. Without this script the page says how to
// check with the command.
(() => {
  const section = document.querySelector("[data-verify]");
  if (!section || !("Worker" in window)) return;
  const form = section.querySelector("form");
  const { file, folder, key, head, witness } = form.elements;
  const said = document.getElementById("said");
  const bar = document.getElementById("bar");
  const status = document.getElementById("status");
  const stood = document.getElementById("stood");
  const { day, entry } = stood.elements;
  const made = document.getElementById("made");
  for (const without of document.querySelectorAll("[data-without]")) without.hidden = true;
  section.hidden = false;
  folder.webkitdirectory = true;

  let dropped = null;
  // While it checks, and for as long as the log that it has found to be valid is the one that is chosen.
  let worker = null;
  let making = false;

  // One of the two is chosen, or something was dropped.
  file.addEventListener("change", () => {
    folder.value = "";
    choose(null);
  });
  folder.addEventListener("change", () => {
    file.value = "";
    choose(null);
  });
  section.addEventListener("dragover", (event) => event.preventDefault());
  section.addEventListener("drop", async (event) => {
    event.preventDefault();
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    if (entries.length === 0) return;
    file.value = folder.value = "";
    const files = await within(entries);
    choose(files, entries.length === 1 && entries[0].isFile);
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    check();
  });
  stood.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!making) makeTable();
  });

  function choose(files, single) {
    ends();
    dropped = files && { files, single };
    status.textContent = files ? `${files.length === 1 ? files[0].name : `${files.length} files`} dropped. Press Check.` : "";
    said.replaceChildren();
  }

  /** Every file below what was dropped, each with its name within that. */
  async function within(entries) {
    const files = [];
    for (const entry of entries) {
      const name = entry.fullPath.replace(/^\//, "");
      if (entry.isFile) files.push({ name, file: await new Promise((done, fail) => entry.file(done, fail)) });
      else files.push(...(await within(await listed(entry.createReader()))));
    }
    return files;
  }

  /** A browser lists a folder in pieces. */
  async function listed(reader) {
    const all = [];
    for (;;) {
      const some = await new Promise((done, fail) => reader.readEntries(done, fail));
      if (some.length === 0) return all;
      all.push(...some);
    }
  }

  function chosen() {
    if (dropped) return dropped;
    if (file.files.length > 0) return { files: [{ name: "", file: file.files[0] }], single: true };
    return { files: [...folder.files].map((one) => ({ name: one.webkitRelativePath || one.name, file: one })), single: false };
  }

  function check() {
    const given = chosen();
    ends();
    said.replaceChildren();
    if (given.files.length === 0) {
      status.textContent = "Choose a file or a folder first.";
      file.focus();
      return;
    }
    worker = new Worker(section.dataset.worker, { type: "module" });
    worker.addEventListener("message", ({ data }) => {
      if (data.done !== undefined) bar.value = data.done;
      else if (data.table) handOut(data.table, data.day);
      else if (data.wrong) isWrong(data.wrong);
      else {
        bar.hidden = true;
        if (!data.isLog) ends();
        stood.hidden = !data.isLog;
        if (data.said) show(data.said);
        else fails(data.failed);
      }
    });
    worker.addEventListener("error", () => {
      ends();
      fails("");
    });
    bar.hidden = false;
    bar.removeAttribute("value");
    status.textContent = "Checking …";
    const { script, wasm } = section.dataset;
    worker.postMessage({ ...given, key: key.value, head: head.value, witness: witness.value, script, wasm });
  }

  function ends() {
    bar.hidden = true;
    worker?.terminate();
    worker = null;
    making = false;
    stood.hidden = true;
    tellsNothing();
  }

  function makeTable() {
    tellsNothing();
    const number = entry.value.trim();
    if (!day.value) isWrong({ at: "day", why: day.validity.badInput ? "Fill in all of the day: day, month and year." : "Choose a day." });
    else if (/[^0-9]/.test(number)) isWrong({ at: "entry", why: "The number of an entry has digits alone." });
    else {
      making = true;
      made.textContent = "Working it out …";
      worker.postMessage({ day: day.value, entry: number });
    }
  }

  /** Starts the download, and leaves a link to it. */
  function handOut(table, of) {
    making = false;
    const link = element("a", `where-everybody-stood-${of}.csv`);
    link.href = URL.createObjectURL(table);
    link.download = link.textContent;
    made.replaceChildren("The table is made: ", link);
    link.click();
  }

  /** Says what is wrong with a field, beside it as every page does; or below, where it is with none. */
  function isWrong({ at, why }) {
    making = false;
    const field = [day, entry].find((one) => one.id === at);
    made.textContent = field ? "" : why;
    if (!field) return;
    const fault = element("p", "");
    fault.className = "field-error";
    fault.id = `${at}-error`;
    const word = element("span", "Error: ");
    word.className = "hidden";
    fault.append(word, why);
    field.before(fault);
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", `${at}-hint ${at}-error`);
    field.focus();
  }

  function tellsNothing() {
    const before = made.querySelector("a");
    if (before) URL.revokeObjectURL(before.href);
    made.replaceChildren();
    for (const field of [day, entry]) {
      document.getElementById(`${field.id}-error`)?.remove();
      field.removeAttribute("aria-invalid");
      field.setAttribute("aria-describedby", `${field.id}-hint`);
    }
  }

  function fails(why) {
    status.textContent = `It could not be checked. ${why || "It may be too large for this browser: check it with the command."}`;
  }

  function show(words) {
    status.textContent = "";
    const outcome = document.getElementById(`status-${words.status}`).content.cloneNode(true);
    outcome.querySelector("h2").textContent = words.heading;
    for (const text of [words.verdict, words.about].filter(Boolean)) outcome.querySelector("div > div").append(element("p", text));
    said.append(
      outcome,
      ...list("What is wrong", words.faults),
      ...list("What this shows", words.proved),
      ...list("What this cannot show", words.not_proved),
      ...list("To be seen", words.notes),
    );
    said.focus();
  }

  function list(heading, items) {
    if (items.length === 0) return [];
    const all = document.createElement("ul");
    all.append(...items.map((item) => element("li", item)));
    return [element("h2", heading), all];
  }

  function element(kind, text) {
    const made = document.createElement(kind);
    made.textContent = text;
    return made;
  }
})();
