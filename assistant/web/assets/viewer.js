// Drives the evidence beside the chat: cards, the page picture with the cited lines
// marked, copying, and the spoken messages. It moves nothing but what the server
// rendered; text reaches the page through textContent only.
(() => {
  "use strict";
  if (window.assistantViewer) return;
  window.assistantViewer = true;

  const ZOOMS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3];
  const WIDE = window.matchMedia("(min-width: 1000px)");
  const view = {
    place: null, page: 0, zoom: 1, ticket: 0,
    turn: 0, done: 0, count: 0, key: "", opened: "", card: "", follow: true, at: 0,
    home: null, open: new Map(),
  };
  const byId = (id) => document.getElementById(id);

  // ---- pages -------------------------------------------------------------------

  /** The place a card or a table row stands for, or null. */
  function placeOf(holder) {
    if (!holder || !holder.dataset.file) return null;
    const spans = JSON.parse(holder.dataset.spans || "[]");
    return {
      file: holder.dataset.file,
      version: holder.dataset.version,
      count: Number(holder.dataset.count),
      name: holder.dataset.name,
      document: holder.dataset.document,
      spans,
      first: spans.length ? spans[0][0] : 1,
    };
  }

  // There is one viewer; it stands in the tab from which a page was opened last, and comes
  // back with its page to a tab that is looked at again.

  /** Where the viewer stands at first, in the tab on which questions are asked. */
  function home() {
    view.home = view.home || byId("viewer").parentElement;
    return view.home;
  }

  /** Where the viewer stands in the tab of ``element``. */
  function lodging(element) {
    const first = home();
    const tab = element.closest("#excerpts, #matrix");
    return (tab && tab.querySelector(".viewer-place")) || first;
  }

  /** Show a page in the tab of ``element``, or, where that is hidden, when it is looked at. */
  function showAt(element, place, page, quiet) {
    const lodge = lodging(element);
    view.open.set(lodge, { place, page });
    if (quiet && !lodge.parentElement.closest(".tabitem").offsetParent) return;
    if (byId("viewer").parentElement !== lodge) lodge.append(byId("viewer"));
    show(place, page, quiet);
  }

  /** The tab was changed: its page is shown again. */
  function back() {
    for (const [lodge, last] of view.open) {
      const shown = byId("viewer").parentElement === lodge;
      if (!shown && lodge.parentElement.closest(".tabitem").offsetParent) {
        lodge.append(byId("viewer"));
        show(last.place, last.page, true);
        return;
      }
    }
  }

  function query(values) {
    return new URLSearchParams(values).toString();
  }

  /** ``quiet``: the page opened by itself, and the answer is being spoken. */
  async function show(place, page, quiet) {
    const ticket = ++view.ticket;
    view.place = place;
    view.page = page;
    view.open.set(byId("viewer").parentElement, { place, page });
    byId("viewer").className = "open loading";
    byId("viewer-name").textContent =
      page === place.first ? place.name : place.document;
    tools(false);
    const spans = place.spans
      .filter((span) => span[0] === page)
      .map((span) => `${span[1]}-${span[2]}`)
      .join(",");
    let facts;
    try {
      const reply = await fetch(
        new URL(`pages/facts?${query({ file: place.file, page, spans })}`, document.baseURI)
      );
      facts = await reply.json();
      if (!reply.ok) throw new Error(facts.error);
    } catch (error) {
      if (ticket === view.ticket) fail(sentence(error, "The server does not answer."));
      return;
    }
    if (ticket !== view.ticket) return;
    await picture(place, page, facts, ticket, quiet);
  }

  function sentence(error, otherwise) {
    return error instanceof TypeError || !error.message ? otherwise : error.message;
  }

  function sheetWidth() {
    return Math.max(200, byId("viewer-scroll").clientWidth - 2) * view.zoom;
  }

  function source(place, page) {
    const width = Math.ceil(sheetWidth() * Math.min(window.devicePixelRatio || 1, 2));
    const values = { file: place.file, page, width, v: place.version };
    return new URL(`pages/picture?${query(values)}`, document.baseURI).href;
  }

  async function picture(place, page, facts, ticket, quiet) {
    const image = new Image();
    image.alt = alternative(place, facts);
    image.src = source(place, page);
    try {
      await image.decode();
    } catch {
      if (ticket === view.ticket) fail("The picture of this page cannot be shown.");
      return;
    }
    if (ticket !== view.ticket) return;
    const sheet = byId("viewer-sheet");
    sheet.style.width = `${sheetWidth()}px`;
    sheet.replaceChildren(image, ...facts.boxes.map(mark));
    sheet.dataset.file = place.file;
    sheet.dataset.page = String(page);
    byId("viewer").className = "open";
    byId("viewer-message").hidden = true;
    byId("viewer-page-name").textContent = facts.place;
    tools(true);
    bring();
    if (!quiet) say(spoken(place, facts));
  }

  function alternative(place, facts) {
    const marks = facts.boxes.length ? ", with the cited lines marked" : "";
    return `Picture of ${facts.name} of ${place.document}${marks}`;
  }

  function spoken(place, facts) {
    const lines = facts.boxes.length;
    const marks = lines ? `, ${lines} ${lines === 1 ? "line" : "lines"} marked` : "";
    return `Showing ${place.document}, ${facts.name}${marks}.`;
  }

  function mark(box) {
    const element = document.createElement("div");
    element.className = "box";
    element.style.left = `${box.left * 100}%`;
    element.style.top = `${box.top * 100}%`;
    element.style.width = `${(box.right - box.left) * 100}%`;
    element.style.height = `${(box.bottom - box.top) * 100}%`;
    return element;
  }

  /** Scroll the first marked line into the upper part of the frame. */
  function bring() {
    const frame = byId("viewer-scroll");
    const box = frame.querySelector(".box");
    if (!box) {
      frame.scrollTo(0, 0);
      return;
    }
    const space = frame.clientHeight / 4;
    frame.scrollTo(Math.max(0, box.offsetLeft - 40), Math.max(0, box.offsetTop - space));
  }

  function fail(message) {
    byId("viewer").className = "open";
    byId("viewer-sheet").replaceChildren();
    byId("viewer-message").textContent = message;
    byId("viewer-message").hidden = false;
    byId("viewer-page-name").textContent = `PDF p. ${view.page}`;
    tools(true);
    say(message);
  }

  function tools(ready) {
    const place = view.place;
    const able = {
      previous: view.page > 1,
      next: place && view.page < place.count,
      cited: place && place.spans.length > 0 && view.page !== place.first,
      smaller: view.zoom > ZOOMS[0],
      larger: view.zoom < ZOOMS[ZOOMS.length - 1],
      close: true,
    };
    for (const button of document.querySelectorAll("[data-tool]")) {
      const off = !place || !able[button.dataset.tool];
      // A button that is being used keeps its focus while the next page loads.
      if (ready || document.activeElement !== button) button.disabled = off;
    }
    byId("viewer-zoom").textContent = `${Math.round(view.zoom * 100)} %`;
  }

  function zoom(step) {
    const at = ZOOMS.indexOf(view.zoom) + step;
    if (at < 0 || at >= ZOOMS.length) return;
    const frame = byId("viewer-scroll");
    const middle = (frame.scrollTop + frame.clientHeight / 2) / Math.max(1, frame.scrollHeight);
    view.zoom = ZOOMS[at];
    resize();
    frame.scrollTop = middle * frame.scrollHeight - frame.clientHeight / 2;
    tools(true);
  }

  function resize() {
    const sheet = byId("viewer-sheet");
    const image = sheet && sheet.querySelector("img");
    if (!image || !view.place) return;
    sheet.style.width = `${sheetWidth()}px`;
    const finer = source(view.place, view.page);
    if (image.src !== finer) image.src = finer;
  }

  function turnPage(step) {
    const place = view.place;
    if (!place) return;
    const page = step === 0 ? place.first : view.page + step;
    if (page >= 1 && page <= place.count) show(place, page);
  }

  // ---- cards -------------------------------------------------------------------

  function showSet(turn) {
    view.turn = turn;
    for (const set of document.querySelectorAll("#cards .set")) {
      set.hidden = Number(set.dataset.turn) !== turn;
    }
  }

  function activate(card) {
    for (const other of document.querySelectorAll(".card.active")) {
      if (other !== card) other.classList.remove("active");
    }
    for (const cite of document.querySelectorAll(".cite[aria-current]")) {
      cite.removeAttribute("aria-current");
    }
    view.card = card ? card.id : "";
    if (!card) return;
    card.classList.add("active");
    const cites = document.querySelectorAll(`.cite[data-card="${CSS.escape(card.id)}"]`);
    for (const cite of cites) cite.setAttribute("aria-current", "true");
  }

  /** Bring a card and its page into view; ``asked`` for, or by itself with an answer. */
  function open(card, asked) {
    const set = card.closest(".set");
    if (set && set.hidden) showSet(Number(set.dataset.turn));
    const folded = card.closest("details");
    if (folded) folded.open = true;
    activate(card);
    if (asked) {
      if (WIDE.matches) within(byId("cards"), card);
      else byId("proof").scrollIntoView({ block: "start" });
    }
    const place = placeOf(card);
    if (place) showAt(card, place, place.first, !asked);
  }

  /** Scroll a frame of its own so that ``element`` shows, without moving the page. */
  function within(frame, element) {
    const outer = frame.getBoundingClientRect();
    const inner = element.getBoundingClientRect();
    if (inner.top < outer.top || inner.height > outer.height) {
      frame.scrollTop += inner.top - outer.top - 4;
    } else if (inner.bottom > outer.bottom) {
      frame.scrollTop += inner.bottom - outer.bottom + 4;
    }
  }

  // ---- the conversation --------------------------------------------------------

  function renewed() {
    const turns = document.querySelector("#log .turns");
    if (!turns) return;
    const count = Number(turns.dataset.count);
    const done = Number(turns.dataset.done);
    const key = turns.dataset.key || "";
    const last = [...document.querySelectorAll("#log .turn")].pop();
    const pending = last && last.classList.contains("pending");
    // The parts of the page change one after another.
    if (document.querySelectorAll("#log .turn").length !== count) return;
    if (count !== view.count || done < view.done) {
      view.count = count;
      if (done < view.done) {
        view.done = done; // the last turn is asked again
        view.key = key;
        view.card = "";
      }
      view.follow = true;
      if (last) toTurn(last);
      else reset();
    }
    const opened = turns.dataset.opened || "";
    if (opened && opened !== view.opened) reopened(opened, done, key, last);
    else if (key !== view.key) arrived(done, key);
    else if (pending) keepUp(last);
  }

  /** Where the reader is: in the frame of the chat, or on the page where that has none. */
  function scroller() {
    return WIDE.matches ? byId("log") : document.scrollingElement;
  }

  function toTurn(turn) {
    const frame = byId("log");
    const below = turn.getBoundingClientRect().top - frame.getBoundingClientRect().top;
    if (WIDE.matches) frame.scrollTop += below;
    else turn.scrollIntoView({ block: "start" });
    view.at = scroller().scrollTop;
  }

  /** An answer grows: its end stays in view until its question stands at the top. */
  function keepUp(turn) {
    keepCards();
    if (!view.follow || !WIDE.matches) return;
    toTurn(turn);
  }

  /** The cards of an answer that grows were made anew: what was open of them still is. */
  function keepCards() {
    const set = document.querySelector("#now-cards .set");
    if (!set) return;
    if (Number(set.dataset.turn) === view.turn) set.hidden = false;
    const card = view.card && byId(view.card);
    if (card && !card.classList.contains("active")) activate(card);
  }

  /** A kept conversation was opened: nothing of it has just arrived. */
  function reopened(opened, done, key, last) {
    view.opened = opened;
    view.done = done;
    view.key = key;
    view.card = "";
    if (last) toTurn(last);
    say(last ? "The conversation is open." : "");
    showEvidence(done);
  }

  function arrived(done, key) {
    const turn = byId(`turn-${done}`);
    if (!turn || turn.classList.contains("pending")) return;
    const failed = turn.querySelector(".error");
    const set = document.querySelector(`#all-cards .set[data-turn="${done}"]`);
    if (!set && !failed) return; // the cards come with the next change
    view.done = done;
    view.key = key;
    const spokenText = turn.querySelector(".answer, .error");
    say(spokenText ? spokenText.innerText.slice(0, 1500) : "");
    // The answer is longer than the line that held its place; but who reads elsewhere stays.
    if (view.follow) toTurn(turn);
    showEvidence(done);
  }

  /** The cards of a turn, of which the first is opened unless one was chosen already. */
  function showEvidence(turn) {
    const set = document.querySelector(`#all-cards .set[data-turn="${turn}"]`);
    if (!set) return;
    showSet(turn);
    const chosen = view.card && byId(view.card);
    if (chosen && set.contains(chosen) && view.card.startsWith(`card-${turn}-`)) {
      activate(chosen);
      return;
    }
    const first = set.querySelector(".card");
    if (!first) {
      activate(null);
      return;
    }
    open(first, false);
    byId("cards").scrollTop = 0;
  }

  document.addEventListener("scroll", (event) => {
    const frame = scroller();
    if (event.target !== frame && event.target !== document) return;
    if (frame.scrollTop < view.at - 4) view.follow = false;
    else view.at = Math.max(view.at, frame.scrollTop);
  }, true);

  function reset() {
    view.card = "";
    view.turn = 0;
    view.open.delete(home());
    if (byId("viewer").parentElement === home()) close();
  }

  function close() {
    view.ticket++;
    view.place = null;
    view.open.delete(byId("viewer").parentElement);
    byId("viewer").className = "closed";
    byId("viewer-sheet").replaceChildren();
    byId("viewer-message").hidden = true;
    byId("viewer-name").textContent = "No page open";
    byId("viewer-page-name").textContent = "";
    tools(true);
  }

  let saying = 0;
  function say(text) {
    const place = byId("announcer");
    if (!place) return;
    window.clearTimeout(saying);
    saying = window.setTimeout(() => {
      place.textContent = text;
    }, 120);
  }

  // ---- copying -----------------------------------------------------------------

  async function copy(button) {
    const text = button.dataset.copy;
    let copied = false;
    try {
      await navigator.clipboard.writeText(text);
      copied = true;
    } catch {
      copied = copyBySelection(text);
    }
    if (!copied) {
      window.prompt("Copy this text:", text);
      return;
    }
    const label = button.dataset.label || button.textContent;
    button.dataset.label = label;
    button.textContent = "Copied";
    say("Copied.");
    window.setTimeout(() => {
      button.textContent = label;
    }, 1600);
  }

  /** Without leave to use the clipboard (plain HTTP, a locked-down browser). */
  function copyBySelection(text) {
    const before = document.activeElement;
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "unseen";
    document.body.append(area);
    area.select();
    let done = false;
    try {
      done = document.execCommand("copy");
    } catch {
      done = false;
    }
    area.remove();
    if (before) before.focus();
    return done;
  }

  // ---- light and dark ----------------------------------------------------------

  function remembered() {
    try {
      return window.localStorage.getItem("assistant-theme");
    } catch {
      return null;
    }
  }

  function paint() {
    const choice = remembered();
    if (choice) document.body.classList.toggle("dark", choice === "dark");
    const dark = document.body.classList.contains("dark");
    document.documentElement.style.colorScheme = dark ? "dark" : "light";
    const button = byId("theme");
    const offer = dark ? "Light" : "Dark";
    if (button && (button.textContent !== offer || !button.hasAttribute("aria-label"))) {
      button.textContent = offer;
      button.setAttribute("aria-label", dark ? "Use light colours" : "Use dark colours");
    }
  }

  function toggleTheme() {
    const dark = !document.body.classList.contains("dark");
    document.body.classList.toggle("dark", dark);
    try {
      window.localStorage.setItem("assistant-theme", dark ? "dark" : "light");
    } catch {
      // The choice then holds until the page is left.
    }
    paint();
  }

  // ---- forms -------------------------------------------------------------------

  /** Where the focus goes when a button is pressed that opens or closes something. */
  const FORMS = {
    "log retry": "#stop-answer",
    "log edit": "#question textarea",
    "log input": "#searched textarea",
    "history edit": "#talk-name input, #talk-name textarea",
    "history delete": "#keep-talk",
    "stop-answer": "#question textarea",
    "search-this": "#question textarea",
    "keep-search": "#question textarea",
    "keep-last": "#question textarea",
    "save-name": "#history > button",
    "keep-name": "#history > button",
    "delete-talk": "#history > button",
    "keep-talk": "#history > button",
    "selection-list edit": "#selection-name input, #selection-name textarea",
    "selection-list delete": "#keep-selection",
    "save-selection-name": "#selections > button",
    "keep-selection-name": "#selections > button",
    "delete-selection": "#selections > button",
    "keep-selection": "#selections > button",
    "matrix-table edit": "#adding-text :is(input, textarea)",
  };

  const LISTS = "#history, #log, #selection-list, #matrix-table";

  /** Put the focus into a form that the server opens, as soon as it is there. */
  function focusSoon(place, tries = 40) {
    const field = place && document.querySelector(place);
    if (field && field.offsetParent) field.focus();
    else if (place && tries) window.setTimeout(() => focusSoon(place, tries - 1), 50);
  }

  // ---- times -------------------------------------------------------------------

  const CLOCK = new Intl.DateTimeFormat("en-GB", {
    day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit",
  });

  const TIMES = ":is(#history, #selections) time[datetime]:not([title])";

  /** Times come in UTC; the reader's own are shown. */
  function localTimes() {
    for (const time of document.querySelectorAll(TIMES)) {
      time.title = time.textContent;
      time.textContent = CLOCK.format(new Date(time.dateTime)).replace(",", "");
    }
  }

  // ---- events ------------------------------------------------------------------

  const TOOLS = {
    previous: () => turnPage(-1),
    next: () => turnPage(1),
    cited: () => turnPage(0),
    smaller: () => zoom(-1),
    larger: () => zoom(1),
    close,
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const data = button.dataset;
    if (data.event) focusSoon(FORMS[`${button.closest(LISTS)?.id} ${data.event}`]);
    else if (data.card) {
      const card = byId(data.card);
      if (card) open(card, true);
    } else if (data.open !== undefined) {
      const card = button.closest(".card");
      const place = placeOf(button.closest("[data-file]"));
      if (card) open(card, true);
      else if (place) {
        activate(null);
        showAt(button, place, place.first);
        if (!WIDE.matches) byId("viewer").scrollIntoView({ block: "start" });
      }
    } else if (data.evidence) {
      const turn = Number(data.evidence);
      const card = document.querySelector(`#cards .set[data-turn="${turn}"] .card`);
      showSet(turn);
      if (card) open(card, true);
    } else if (data.copy !== undefined) copy(button);
    else if (data.tool) TOOLS[data.tool]();
    else if (button.id === "theme") toggleTheme();
    else if (button.getAttribute("role") === "tab") window.setTimeout(back, 60);
    else focusSoon(FORMS[button.id]);
  });

  let planned = false;
  new MutationObserver(() => {
    if (planned) return;
    planned = true;
    window.requestAnimationFrame(() => {
      planned = false;
      renewed();
      localTimes();
      paint();
    });
  }).observe(document.body, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ["data-done", "data-count", "class"],
  });

  let resizing = 0;
  window.addEventListener("resize", () => {
    window.clearTimeout(resizing);
    resizing = window.setTimeout(resize, 150);
  });

  renewed();
  paint();
})();
