// The matrix where scripts run. Without this script the page is a plain table with links, forms and pages.
//
// Filters, order, folded groups, days and saved views change without loading a page: the very page that a link or a form leads to is asked for,
// and its main part put in the place of the one that is there. The whole list is one table that can be scrolled: the rows near the view are
// asked for as the server draws them, and all others are room of their height. The table is walked by keyboard as a grid.
(() => {
  const main = document.getElementById("main");
  if (!main?.querySelector(".wide .sentence")) return;

  /** How far before and after what is in sight rows are drawn, and how far they are asked for, in pixels: each that is drawn makes the next frame
   *  later, and each that is there need not be waited for. How many pages are asked for at once, and kept at most. */
  const [DRAWN, ASKED, AT_ONCE, KEPT] = [200, 1200, 8, 40];
  /** How many rows stand above the first group, as the server counts them. */
  const HEAD = 3;

  const wide = () => main.querySelector(":scope > .wide");
  const busy = (is) => (is ? wide().setAttribute("aria-busy", "true") : wide().removeAttribute("aria-busy"));

  /** The grid that is shown. Null: there is none. */
  let grid = null;
  /** Who is ticked, wherever their rows are. */
  let ticked = new Set();
  /** Which question is waited for: whoever asks later is answered alone. */
  let asking = null;
  /** How often the list had changed under the reader, one time after the other. */
  let changes = 0;

  // What is said: quietly what came of something, and in sight what went wrong.
  const quietly = document.createElement("p");
  quietly.className = "hidden";
  quietly.setAttribute("role", "status");
  const loudly = document.createElement("div");
  loudly.className = "told no-print";
  loudly.setAttribute("role", "alert");
  main.prepend(quietly, loudly);

  function fails(words, retry) {
    const text = document.createElement("p");
    text.className = "said warned";
    const said = document.createElement("span");
    said.textContent = words;
    const again = document.createElement("button");
    again.type = "button";
    again.className = "second";
    again.textContent = "Try again";
    again.addEventListener("click", retry);
    text.append(said, again);
    loudly.replaceChildren(text);
    loudly.retry = retry;
  }

  function succeeds() {
    loudly.replaceChildren();
    loudly.retry = null;
  }

  addEventListener("online", () => loudly.retry?.());

  /** Asks for an address of ours. Undefined: there is no answer, or none that can be used now. Null: it has to be loaded as a page. */
  async function ask(address) {
    const reply = await fetch(address, { redirect: "manual", headers: { accept: "text/html" } });
    // Whoever is no longer signed in is led to where they do.
    if (reply.type === "opaqueredirect") return null;
    if (reply.status >= 500) return undefined;
    // What cannot be used comes back with what is wrong with it, in the same page.
    return reply.ok || reply.status === 422 ? await reply.text() : null;
  }

  // From view to view.

  /** Shows an address. `push`: as another entry of the history; `to`: at which row the table is shown, and how far below its head. */
  async function show(address, { push = true, to = null, ticks = null, stop = null, cards = false } = {}) {
    const own = (asking = Symbol(address));
    busy(true);
    let html;
    try {
      html = await ask(address);
    } catch {
      html = undefined;
    }
    if (own !== asking) return;
    asking = null;
    busy(false);
    if (html === undefined) {
      fails("The server cannot be reached, so this is how it stood before. What you chose is still here.", () => show(address, { push, to, ticks, stop, cards }));
      return;
    }
    const page = html === null ? null : new DOMParser().parseFromString(html, "text/html");
    const next = page?.querySelector("#main > .wide");
    if (!next) {
      location.assign(address);
      return;
    }
    succeeds();
    const place = placeOf(document.activeElement);
    if (place?.stop && stop) place.stop = stop;
    const across = grid?.scroller.scrollLeft ?? 0;
    const before = grid?.whose;
    grid?.end();
    wide().replaceWith(document.adoptNode(next));
    document.title = page.title;
    live({ to, stop: stop ?? place?.stop });
    const here = canonical() ?? address;
    if (push) history.pushState(null, "", here);
    else history.replaceState(history.state, "", here);
    // What was ticked of other people is not meant any more.
    if (ticks) ticked = new Set(ticks);
    else if (grid?.whose !== before) ticked.clear();
    showTicks();
    if (grid) grid.scroller.scrollLeft = across;
    const wrong = main.querySelector(".error-summary");
    if (wrong) {
      wrong.focus();
    } else if (cards) {
      // Another page of cards begins with its first.
      const list = main.querySelector(".on-phone");
      list.tabIndex = -1;
      list.focus();
      list.scrollIntoView();
    } else if (place) {
      again(place);
    }
    const found = main.querySelector(".legend > p")?.textContent.replace(/:$/, ".") ?? "";
    const sorted = main.querySelector("th[aria-sort]");
    const by = sorted ? sorted.querySelector(".sorted").textContent.replace(/^Sort/, " Sorted").replace(/[↑↓ ]+$/, "") : "";
    quietly.textContent = found + (by && `${by}, ${sorted.getAttribute("aria-sort")}.`);
  }

  /** The address of what is shown, as short as it can be. */
  const canonical = (page = grid?.page ?? 1) => {
    if (!grid) return null;
    const query = [grid.view, page > 1 ? `page=${page}` : ""].filter(Boolean).join("&");
    return query ? `/matrix?${query}` : "/matrix";
  };

  /** Keeps in the history where the table is, where in it the reader is, and who is ticked. */
  function remember() {
    if (!grid) return;
    const stop = grid.table.contains(document.activeElement) ? grid.stop : null;
    history.replaceState({ to: grid.top(), stop, ticks: [...ticked] }, "", canonical(grid.pageAt()));
  }

  addEventListener("popstate", ({ state }) => {
    if (location.pathname !== "/matrix") return;
    // Who was in the table is where they were in it then, and not where they are now.
    const stop = state?.stop ?? { row: state?.to?.row ?? HEAD + 1, column: 0, part: "a" };
    show(location.href, { push: false, to: state?.to, ticks: state?.ticks ?? [], stop });
  });

  /** What has the focus, so that it has it again in what is drawn anew. */
  const AREAS = [".sentence", ".legend", ".as-at", ".turn", ".top"];
  const ownName = (element) => element.name || element.classList[1] || element.textContent;
  function placeOf(element) {
    if (!element || !main.contains(element)) return null;
    if (grid?.table.contains(element)) return { stop: grid.stop };
    const area = AREAS.find((area) => element.closest(area));
    return { area, kind: element.localName, name: ownName(element) };
  }

  function again({ stop, area, kind, name }) {
    if (stop && grid) {
      grid.go(stop);
      return;
    }
    const within = area ? [...main.querySelectorAll(`${area} ${kind}`)] : [];
    const seen = (element) => element?.checkVisibility?.() ?? Boolean(element);
    const heading = main.querySelector("h1");
    heading.tabIndex = -1;
    const found = within.find((element) => ownName(element) === name && seen(element)) ?? main.querySelector(`${area ?? "h1"} > summary`);
    (seen(found) ? found : heading).focus();
  }

  main.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest("a[href]");
    if (!link || link.hasAttribute("download")) return;
    // Whoever comes back from where it leads is where they were.
    remember();
    const to = new URL(link.href);
    if (to.origin !== location.origin || to.pathname !== "/matrix" || to.searchParams.has("paper")) return;
    event.preventDefault();
    if (link.closest(".turn")) {
      show(to.pathname + to.search, { cards: true });
      return;
    }
    const row = link.matches(".fold") ? grid?.rowOf(link) : link.closest(".rows-switch") && grid?.top().row;
    // Whoever folds a group or changes how close rows stand stays where they are.
    if (row) {
      to.searchParams.set("page", grid.pageOf(row) + 1);
      show(to.pathname + to.search, { to: { row, below: link.matches(".fold") ? grid.below(row) : 0 } });
    } else {
      show(to.pathname + to.search);
    }
  });

  main.addEventListener("submit", (event) => {
    const form = event.target;
    remember();
    if (form.method !== "get" || new URL(form.action).pathname !== "/matrix") return;
    event.preventDefault();
    // Of what is half typed a browser hands over nothing, and of what is needed and was left empty there is nothing: both are told.
    const sent = ([name, value]) => [name, form.elements[name]?.validity?.badInput ? "…" : value];
    const isAsked = ([name, value]) => value !== "" || form.elements[name]?.required;
    const fields = [...new FormData(form, event.submitter)].map(sent).filter(isAsked);
    const query = new URLSearchParams(fields).toString();
    show(query ? `/matrix?${query}` : "/matrix");
  });

  // People who are ticked.

  main.addEventListener("change", ({ target }) => {
    if (!target.matches(".tick input")) return;
    if (target.checked) ticked.add(target.value);
    else ticked.delete(target.value);
    showTicks();
  });

  function tick(box) {
    box.checked = ticked.has(box.value);
    box.closest("tr, li").classList.toggle("ticked", box.checked);
  }

  /** Ticks whoever is ticked, on cards and in rows, and says how many they are. */
  function showTicks() {
    const form = main.querySelector(".choosing");
    const legend = form?.querySelector(".choose legend");
    if (!legend) return;
    for (const box of form.querySelectorAll(".tick input")) tick(box);
    form.classList.toggle("some", ticked.size > 0);
    const many = ticked.size === 1 ? "the person who is" : `the ${ticked.size} people who are`;
    legend.textContent = ticked.size ? `With ${many} ticked` : "With the people who are ticked";
    form.querySelector(".clear").hidden = ticked.size === 0;
  }

  function prepareTicks() {
    const form = main.querySelector(".choosing");
    const choose = form?.querySelector(".choose");
    if (!choose) return;
    const clear = document.createElement("button");
    clear.type = "button";
    clear.className = "clear quiet";
    clear.textContent = "Tick nobody";
    clear.addEventListener("click", () => {
      ticked.clear();
      showTicks();
      form.querySelector(".choose input").focus();
    });
    choose.append(clear);
    // A browser sends the boxes that are there; meant are those that were ticked.
    form.addEventListener("formdata", ({ formData }) => {
      formData.delete("person");
      for (const person of ticked) formData.append("person", person);
    });
    for (const box of form.querySelectorAll(".tick input:checked")) ticked.add(box.value);
  }

  // The table.

  function live({ to = null, stop = null } = {}) {
    const scroller = main.querySelector(".scroller[data-rows]");
    grid = scroller ? new Grid(scroller) : null;
    prepareTicks();
    grid?.begin(to, stop);
  }

  class Grid {
    constructor(scroller) {
      this.scroller = scroller;
      this.table = scroller.querySelector("table");
      this.head = this.table.tHead;
      const { view, mark, page, ofPage, rows, groups } = scroller.dataset;
      Object.assign(this, { view, mark, page: Number(page), rows: Number(rows) });
      /** Whom the list is of, whatever their order. */
      const query = [...new URLSearchParams(view)].filter(([name]) => !["sort", "fold", "rows", "page"].includes(name));
      this.whose = new URLSearchParams(query).toString();
      this.people = this.lay(groups.split(",").map(Number), Number(ofPage));
      this.average = 48;
      this.stop = null;
      this.asks = false;
      this.ended = false;
    }

    /** Finds at which row of the whole each page begins, and the places of the people. */
    lay(groups, size) {
      const people = groups.reduce((sum, group) => sum + group, 0);
      const count = Math.max(1, Math.ceil(people / size));
      this.pages = Array.from({ length: count }, (_, place) => ({ place, rows: Math.min(size, people - place * size), bodies: null, height: 0 }));
      /** At which row each group stands, and who of all the people comes after it. */
      this.groups = [];
      let before = 0;
      for (const [place, group] of groups.entries()) {
        this.groups.push({ row: HEAD + place + before + 1, before });
        this.pages[Math.min(count - 1, Math.floor(before / size))].rows += 1;
        before += group;
      }
      let row = HEAD + 1;
      for (const page of this.pages) {
        page.row = row;
        row += page.rows;
      }
      return people;
    }

    begin(to, stop) {
      const { scroller, table } = this;
      wide().classList.add("live");
      // The grid takes the focus in the place of what it scrolls in.
      scroller.removeAttribute("tabindex");
      table.setAttribute("role", "grid");
      table.setAttribute("aria-rowcount", this.rows);
      table.caption.id = "grid-name";
      table.setAttribute("aria-labelledby", "grid-name");
      for (const [place, row] of [...this.head.rows].entries()) this.quiet(row, place + 1);
      this.where = document.createElement("p");
      this.where.className = "where hint no-print";
      this.where.id = "grid-where";
      scroller.after(this.where);
      table.setAttribute("aria-describedby", "grid-where");
      this.take(table.tBodies);
      table.addEventListener("keydown", (event) => this.press(event));
      table.addEventListener("focusin", ({ target }) => this.settle(target));
      scroller.addEventListener("scroll", () => this.moved(), { passive: true });
      this.sized = new ResizeObserver(() => {
        if (scroller.clientWidth !== this.width) {
          this.loosen();
        }
        this.width = scroller.clientWidth;
        this.draw();
      });
      this.sized.observe(scroller);
      document.fonts?.ready.then(() => {
        if (this.ended) return;
        this.loosen();
        this.draw();
      });
      const first = this.pages[this.page - 1];
      // The name of the first person; of the first group where nobody is listed.
      this.stop = stop ?? { row: Math.min(first.row + (this.people && this.groups.some(({ row }) => row === first.row) ? 1 : 0), this.rows), column: 0, part: "a" };
      this.hold = to ?? (this.page > 1 ? { row: first.row, below: 0 } : null);
      this.draw();
    }

    end() {
      this.ended = true;
      this.sized.disconnect();
    }

    /** Keeps the columns as wide as the rows that are there make them: otherwise each row that comes has all cells of all others measured again. */
    fix() {
      const { table, head } = this;
      const widths = [...head.rows[1].cells].map((cell) => cell.getBoundingClientRect().width);
      for (const group of table.querySelectorAll("colgroup")) {
        for (let more = group.span - group.childElementCount; more > 0; more -= 1) group.append(document.createElement("col"));
      }
      for (const [place, column] of [...table.querySelectorAll("col")].entries()) column.style.width = `${widths[place]}px`;
      table.style.width = `${widths.reduce((sum, width) => sum + width, 0)}px`;
      table.classList.add("fixed");
      this.fixed = true;
    }

    /** Lets the columns take what room they need, once there is more or less of it, and has everything measured anew. */
    loosen() {
      const { table } = this;
      for (const sized of [table, ...table.querySelectorAll("col")]) sized.style.removeProperty("width");
      table.classList.remove("fixed");
      this.fixed = false;
      for (const page of this.pages) page.height = 0;
      this.drawn = "";
    }

    /** Makes a row part of the grid: its number is said, and Tab does not stop in it. */
    quiet(row, number) {
      row.setAttribute("aria-rowindex", number);
      for (const part of row.querySelectorAll("a, input")) part.tabIndex = -1;
    }

    /** Takes parts of the table for the pages to which they belong. */
    take(bodies) {
      const found = new Map();
      for (const body of [...bodies]) {
        body.querySelector(".again")?.remove();
        for (const [nth, row] of [...body.rows].entries()) this.quiet(row, Number(body.dataset.row) + nth);
        const page = this.pages[body.dataset.page - 1];
        if (page) found.set(page, [...(found.get(page) ?? []), body]);
      }
      for (const [page, bodies] of found) Object.assign(page, { bodies, height: 0 });
    }

    heightOf(page) {
      return page.height || page.rows * this.average;
    }

    /** The page at a height below the head, from 0 on. */
    placeAt(height) {
      for (const page of this.pages) {
        height -= this.heightOf(page);
        if (height > 0) continue;
        return page.place;
      }
      return this.pages.length - 1;
    }

    /** The page of a row, from 0 on. */
    pageOf(row) {
      let [low, high] = [0, this.pages.length - 1];
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (this.pages[middle].row <= row) low = middle;
        else high = middle - 1;
      }
      return low;
    }

    rowElement(row) {
      if (row <= HEAD) return this.head.rows[row - 1];
      for (const body of this.pages[this.pageOf(row)].bodies ?? []) {
        const found = body.isConnected && body.rows[row - body.dataset.row];
        if (found) return found;
      }
      return null;
    }

    rowOf(element) {
      return Number(element.closest("tr").getAttribute("aria-rowindex"));
    }

    /** Where the head ends. */
    edge() {
      return this.scroller.getBoundingClientRect().top + this.head.offsetHeight;
    }

    /** How far below the head a row is. */
    below(row) {
      return Math.max(0, this.rowElement(row).getBoundingClientRect().top - this.edge());
    }

    /** The first row in sight, and how far below the head it is. */
    top() {
      const edge = this.edge();
      for (const page of this.pages.slice(this.pageAt() - 1)) {
        for (const body of page.bodies ?? []) {
          for (const row of body.isConnected ? body.rows : []) {
            const at = row.getBoundingClientRect();
            if (at.bottom > edge + 1) return { row: this.rowOf(row), below: at.top - edge };
          }
        }
        if (page.bodies) break;
      }
      return { row: this.pages[this.pageAt() - 1].row, below: 0 };
    }

    /** What stays where it is on the screen while rows come and go: where the focus is, so long as it is in sight, or the first row. */
    anchor() {
      const focused = this.stop.row > HEAD && this.table.contains(document.activeElement) && this.rowElement(this.stop.row);
      if (focused) {
        const [edge, at, box] = [this.edge(), focused.getBoundingClientRect(), this.scroller.getBoundingClientRect()];
        if (at.bottom > edge + 1 && at.top < box.bottom) return { row: this.stop.row, below: at.top - edge };
      }
      return this.top();
    }

    /** The page at the top, from 1 on. */
    pageAt() {
      return this.isShown() ? this.placeAt(this.scroller.scrollTop) + 1 : this.page;
    }

    /** On a phone there are cards in the place of the table. */
    isShown() {
      return this.scroller.clientHeight > 0;
    }

    /** Draws what is near the view, and asks for what of it is not there yet. */
    draw() {
      if (this.ended || !this.isShown()) return;
      const { pages } = this;
      if (!this.fixed) this.fix();
      if (this.hold) this.approach();
      const wanted = this.around(DRAWN);
      // Where the focus is, or was last, it stays.
      if (this.stop.row > HEAD) wanted.add(this.pageOf(this.stop.row));
      this.put(wanted);
      this.rove();
      const asked = new Set([...wanted, ...this.around(ASKED)]);
      this.forget(asked);
      const missing = (places) => [...places].filter((place) => !pages[place].bodies).sort((one, other) => one - other);
      // What is in sight comes before what is near it.
      this.fetch(missing(wanted).length ? missing(wanted) : missing(asked));
      this.tell();
    }

    /** The pages in sight, and so far before and after. */
    around(beside) {
      const { scroller } = this;
      const height = scroller.clientHeight - this.head.offsetHeight;
      const first = this.placeAt(scroller.scrollTop - beside);
      const last = this.placeAt(scroller.scrollTop + height + beside);
      return new Set(Array.from({ length: last - first + 1 }, (_, nth) => first + nth));
    }

    /** Puts these pages into the table, so far as they are there, and leaves what is looked at where it is on the screen. */
    put(wanted, anchor = this.hold ?? this.anchor()) {
      const { scroller, pages } = this;
      const there = pages.filter((page) => page.bodies && wanted.has(page.place));
      const drawn = there.map(({ place }) => place).join();
      if (drawn === this.drawn && !this.hold) return;
      this.drawn = drawn;
      const parts = [];
      let room = 0;
      for (const page of pages) {
        if (page.bodies && wanted.has(page.place)) {
          if (room) parts.push(gap(room, this.head.rows[1].cells.length));
          room = 0;
          parts.push(...page.bodies);
        } else {
          room += this.heightOf(page);
        }
      }
      if (room) parts.push(gap(room, this.head.rows[1].cells.length));
      this.place(parts);
      for (const page of there) {
        if (page.height) continue;
        page.height = page.bodies.reduce((sum, body) => sum + body.getBoundingClientRect().height, 0);
        if (!this.measured && page.height) {
          this.average = page.height / page.rows;
          this.measured = true;
          // The room for all others is known only now.
          this.drawn = "";
          if (this.hold) this.approach();
          this.put(wanted, anchor);
        }
      }
      const held = this.rowElement(anchor.row);
      if (held) {
        const off = held.getBoundingClientRect().top - this.edge() - anchor.below;
        if (Math.abs(off) > 0.5) scroller.scrollTop += off;
        this.hold = null;
      }
    }

    /** Goes to about where a row will be. */
    approach() {
      const page = this.pageOf(this.hold.row);
      const before = this.pages.slice(0, page).reduce((sum, other) => sum + this.heightOf(other), 0);
      this.scroller.scrollTop = before + (this.hold.row - this.pages[page].row) * this.average - this.hold.below;
    }

    /** Puts parts into the table, and leaves alone what stands where it should: what has the focus keeps it. */
    place(parts) {
      const { table } = this;
      const stay = new Set(parts);
      for (const body of [...table.tBodies]) if (!stay.has(body)) body.remove();
      let at = this.head.nextSibling;
      for (const part of parts) {
        if (part === at) at = at.nextSibling;
        else table.insertBefore(part, at);
      }
      for (const box of table.querySelectorAll(".tick input")) tick(box);
    }

    /** Lets go of pages that are far from where the reader is. */
    forget(wanted) {
      const kept = this.pages.filter((page) => page.bodies);
      if (kept.length <= KEPT) return;
      const here = this.placeAt(this.scroller.scrollTop);
      kept.sort((one, other) => Math.abs(other.place - here) - Math.abs(one.place - here));
      for (const page of kept.slice(0, kept.length - KEPT)) if (!wanted.has(page.place)) page.bodies = null;
    }

    async fetch([first, ...others]) {
      if (first === undefined || this.asks || this.broken) return;
      let last = first;
      for (const place of others) if (place === last + 1 && last - first < AT_ONCE - 1) last = place;
      this.asks = true;
      let html;
      try {
        html = await ask(`/matrix/rows?${[this.view, `page=${first + 1}`, `to=${last + 1}`].filter(Boolean).join("&")}`);
      } catch {
        html = undefined;
      }
      this.asks = false;
      if (this.ended) return;
      this.broken = !html;
      if (this.broken) this.hold = null;
      if (html === undefined) {
        fails("The server cannot be reached, so not all people can be shown. Who is ticked stays ticked.", () => {
          succeeds();
          this.broken = false;
          this.draw();
        });
        return;
      }
      if (html === null) {
        // Not at once, as something may be ticked that would be lost.
        fails("The people who come here cannot be shown any more: you may have been signed out. Try again to sign in, or to see what is left.", () => location.reload());
        return;
      }
      const found = new DOMParser().parseFromString(html, "text/html").querySelector("table");
      if (found.dataset.mark !== this.mark && changes < 3) {
        // Something was recorded meanwhile: parts of two lists do not go together.
        changes += 1;
        const to = this.hold ?? this.top();
        remember();
        show(canonical(this.pageOf(to.row) + 1), { push: false, to, ticks: [...ticked] });
        return;
      }
      if (found.dataset.mark === this.mark) changes = 0;
      this.take([...found.tBodies].map((body) => document.adoptNode(body)));
      // A page that is not there after all would be asked for again and again.
      for (let place = first; place <= last; place += 1) this.pages[place].bodies ??= [];
      this.draw();
      const waiting = this.waiting ?? [];
      this.waiting = [];
      for (const wait of waiting) wait();
    }

    moved() {
      if (!this.soon) {
        this.soon = requestAnimationFrame(() => {
          this.soon = 0;
          this.draw();
        });
      }
      clearTimeout(this.later);
      this.later = setTimeout(() => {
        // While another entry of the history is on its way, this is no longer the one that is left.
        if (!this.ended && !asking && this.isShown()) remember();
      }, 250);
    }

    /** Says who is in sight. */
    tell() {
      const edge = this.scroller.getBoundingClientRect().bottom;
      const top = this.top().row;
      let bottom = top;
      for (let row = top; row <= this.rows; row += 1) {
        const element = this.rowElement(row);
        if (!element || element.getBoundingClientRect().top > edge - 8) break;
        bottom = row;
      }
      // Of a group's own row: who comes next.
      const counted = (row, next) => row - HEAD - this.groups.findLastIndex((group) => group.row <= row) - 1 + (next && this.groups.some((group) => group.row === row) ? 1 : 0);
      const [first, last] = [Math.min(this.people, counted(top, true)), counted(bottom, false)];
      const many = new Intl.NumberFormat("en-GB").format;
      const who = this.people === 0 ? "All groups are folded." : `People ${many(first)} to ${many(Math.max(first, last))} of ${many(this.people)}.`;
      const words = `${who} In the table, arrow keys move from cell to cell, and Enter opens one.`;
      if (this.where.textContent !== words) this.where.textContent = words;
    }

    // By keyboard. A cell is a stop, or each link and each box in it is one.

    cells(row) {
      return [...row.cells].filter((cell) => cell.textContent || cell.children.length);
    }

    stops(cell) {
      const parts = [...cell.querySelectorAll("a[href], input")];
      return parts.length ? parts : [cell];
    }

    column(cell) {
      let column = 0;
      for (let before = cell.previousElementSibling; before; before = before.previousElementSibling) column += before.colSpan;
      return column;
    }

    /** The element of a stop, if its row is there. */
    element({ row, column, part }) {
      const element = this.rowElement(row);
      if (!element) return null;
      const cells = this.cells(element);
      const cell = cells.findLast((cell) => this.column(cell) <= column) ?? cells[0];
      const stops = this.stops(cell);
      return stops.find((stop) => stop.localName === part) ?? stops.at(-1);
    }

    /** Makes the present stop the only one at which Tab stops. */
    rove() {
      const element = this.element(this.stop);
      if (!element || element === this.roving) return;
      if (this.roving) this.roving.tabIndex = -1;
      element.tabIndex = 0;
      this.roving = element;
    }

    /** Notes where the focus is. */
    settle(target) {
      const stop = target.closest("a[href], input, th, td");
      const cell = stop?.closest("th, td");
      if (!cell) return;
      // Whoever comes through a wider cell, or past a group, goes on below in the column from which they came.
      if (this.element(this.stop) === stop) return this.rove();
      this.stop = { row: this.rowOf(cell), column: this.column(cell), part: stop.localName };
      this.rove();
    }

    /** Goes to a stop, and waits for its row where it is not there yet. */
    async go(stop) {
      const row = Math.max(1, Math.min(this.rows, stop.row));
      this.stop = { ...stop, row };
      const mine = this.stop;
      while (!this.rowElement(row)) {
        this.hold = { row, below: Math.max(0, (this.scroller.clientHeight - this.head.offsetHeight) / 2) };
        this.draw();
        if (this.rowElement(row)) break;
        await new Promise((done) => (this.waiting = [...(this.waiting ?? []), done]));
        if (this.ended || this.stop !== mine) return;
      }
      const element = this.element(this.stop);
      this.reveal(element);
      element.tabIndex = 0;
      element.focus({ preventScroll: true });
    }

    /** Brings what takes the focus out from below the head and the names. */
    reveal(element) {
      const { scroller } = this;
      const cell = element.closest("th, td");
      const box = scroller.getBoundingClientRect();
      const at = cell.getBoundingClientRect();
      if (!this.head.contains(cell)) {
        const [top, bottom] = [this.edge(), box.top + scroller.clientTop + scroller.clientHeight];
        if (at.top < top) scroller.scrollTop -= top - at.top;
        else if (at.bottom > bottom) scroller.scrollTop += at.bottom - bottom;
      }
      if (!cell.matches(".first")) {
        const left = box.left + this.head.rows[1].cells[0].offsetWidth;
        const right = box.left + scroller.clientLeft + scroller.clientWidth;
        if (at.left < left || at.width > right - left) scroller.scrollLeft -= left - at.left;
        else if (at.right > right) scroller.scrollLeft += at.right - right;
      }
      // The head of the page lies over the table, and what can be done with those who are ticked over its end.
      const now = cell.getBoundingClientRect();
      const bar = main.querySelector(".choosing.some .choose")?.getBoundingClientRect();
      const end = bar && bar.left < now.right && bar.right > now.left ? Math.min(innerHeight, bar.top) : innerHeight;
      const above = document.querySelector(".site-header");
      const start = getComputedStyle(above).position === "sticky" ? above.getBoundingClientRect().bottom : 0;
      if (now.top < start + 8) scrollBy(0, now.top - start - 8);
      else if (now.bottom > end - 8) scrollBy(0, now.bottom - end + 8);
    }

    press(event) {
      const cell = event.target.closest("th, td");
      if (!cell || event.altKey || event.metaKey || event.isComposing) return;
      const row = cell.parentElement;
      const { key, ctrlKey, shiftKey } = event;
      const box = row.querySelector(".tick input");
      const name = row.querySelector("th.first > a:not(.fold)");
      let done = true;
      if (key === " " && box && (shiftKey || cell.matches(".first")) && event.target !== box) box.click();
      else if (key === "Enter" && event.target === box) name?.click();
      else if (shiftKey) done = false;
      else if (ctrlKey && key === "Home") this.to(1, "first");
      else if (ctrlKey && key === "End") this.to(this.rows, "last");
      else if (ctrlKey) done = false;
      else if (key === "ArrowRight") this.along(row, event.target, 1);
      else if (key === "ArrowLeft") this.along(row, event.target, -1);
      else if (key === "ArrowDown") this.by(1);
      else if (key === "ArrowUp") this.by(-1);
      else if (key === "PageDown") this.by(this.inSight());
      else if (key === "PageUp") this.by(-this.inSight());
      else if (key === "Home") this.to(this.rowOf(row), "first");
      else if (key === "End") this.to(this.rowOf(row), "last");
      else done = false;
      if (done) event.preventDefault();
    }

    /** How many rows have room below the head. */
    inSight() {
      return Math.max(1, Math.floor((this.scroller.clientHeight - this.head.offsetHeight) / this.average) - 1);
    }

    by(rows) {
      const { row } = this.stop;
      // A page up from the people ends at the first of them, and one more in the head.
      const to = rows < -1 && row > HEAD + 1 ? Math.max(HEAD + 1, row + rows) : row + rows;
      this.go({ ...this.stop, row: to });
    }

    along(row, from, way) {
      const stops = this.cells(row).flatMap((cell) => this.stops(cell));
      const to = stops[stops.indexOf(from) + way];
      if (to) this.goTo(to);
    }

    to(row, end) {
      const edge = { row, column: end === "first" ? 0 : Infinity, part: end === "first" ? "input" : "" };
      this.go(edge).then(() => {
        const element = this.rowElement(row);
        const stops = element ? this.cells(element).flatMap((cell) => this.stops(cell)) : [];
        const to = end === "first" ? stops[0] : stops.at(-1);
        if (to) this.goTo(to);
      });
    }

    goTo(element) {
      const cell = element.closest("th, td");
      this.go({ row: this.rowOf(cell), column: this.column(cell), part: element.localName });
    }
  }

  /** Room for people who are not drawn. */
  function gap(height, columns) {
    const body = document.createElement("tbody");
    body.className = "gap";
    body.setAttribute("aria-hidden", "true");
    const cell = body.insertRow().insertCell();
    cell.colSpan = columns;
    cell.style.height = `${height}px`;
    return body;
  }

  const state = history.state;
  if (state?.ticks) ticked = new Set(state.ticks);
  live({ to: state?.to, stop: state?.stop });
  showTicks();
  if (state?.stop && grid?.isShown()) grid.go(state.stop);
})();
