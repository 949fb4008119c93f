// Beside the lists of the Excerpts and Matrix tabs, which the server renders. Gradio renders a
// list anew in the elements that are there, place by place: what a reader ticked, wrote or
// focused in one of them would stay with the place. Here it goes with the excerpt.
(() => {
  "use strict";
  if (window.assistantExcerpts) return;
  window.assistantExcerpts = true;

  const LISTS = "#found, #selection, #selection-list, #matrix-table, #matrix-offers";
  const used = new Map(); // by list: what was used there last
  let writing = ""; // whose note the field with the focus was when it got it
  let saying = 0;

  function say(text) {
    const place = document.getElementById("announcer");
    if (!place || !text) return;
    window.clearTimeout(saying);
    saying = window.setTimeout(() => {
      place.textContent = text;
    }, 150);
  }

  function alike(list, name) {
    return [...list.querySelectorAll(`[data-event="${CSS.escape(name)}"]`)];
  }

  /** Remember a button or field by its event and value, and as which of its kind it stands. */
  function remember(event) {
    const field = event.target.closest && event.target.closest("[data-event]");
    const list = field && field.closest(LISTS);
    if (!list) return;
    const { event: name, value } = field.dataset;
    used.set(list.id, { field, name, value, at: alike(list, name).indexOf(field) });
  }

  /** Put the focus on what was used last, or on what stands in its place now. */
  function restore(list) {
    const last = used.get(list.id);
    if (!last || !list.offsetParent) return;
    const active = document.activeElement;
    const lost = !active || active === document.body;
    if (!lost && !(active === last.field && active.dataset.value !== last.value)) return;
    const there = alike(list, last.name);
    const same = there.find((one) => one.dataset.value === last.value);
    const next = same || there[Math.min(last.at, there.length - 1)];
    const able = next && next.disabled
      ? next.parentElement.querySelector("[data-event]:not([disabled])")
      : next;
    if (able && able !== active) able.focus({ preventScroll: able === same });
  }

  /** What the server says is ticked and written, but for the note that is being written. */
  function settle(list) {
    for (const box of list.querySelectorAll('input[type="checkbox"]')) {
      box.checked = box.hasAttribute("checked");
    }
    for (const field of list.querySelectorAll("textarea")) {
      const busy = field === document.activeElement && field.dataset.value === writing;
      if (!busy && field.value !== field.defaultValue) field.value = field.defaultValue;
    }
  }

  /** The results that are collected, as the selection says. */
  function tick(panel) {
    const ids = new Set(JSON.parse(panel.dataset.ticked || "[]"));
    for (const box of document.querySelectorAll('#found input[type="checkbox"]')) {
      box.checked = ids.has(box.dataset.value);
      box.toggleAttribute("checked", box.checked);
    }
  }

  function renewed(list) {
    const root = list.querySelector("[data-said]");
    if (root && root.dataset.said !== list.dataset.said) {
      list.dataset.said = root.dataset.said;
      say(root.dataset.said);
    }
    settle(list);
    if (list.id === "selection" && root) tick(root);
    if (list.id === "found" && root && root.dataset.offset !== list.dataset.offset) {
      list.dataset.offset = root.dataset.offset;
      list.scrollTop = 0;
      list.scrollIntoView({ block: "nearest" });
    }
    restore(list);
  }

  document.addEventListener("click", remember, true);
  document.addEventListener("click", (event) => {
    const last = event.target.closest("#adding-close") && used.get("matrix-table");
    if (last) last.field.focus(); // back to the recommendation that was added to
  });
  document.addEventListener("change", remember, true);
  document.addEventListener("focusin", (event) => {
    writing = (event.target.dataset && event.target.dataset.value) || "";
  });

  new MutationObserver((changes) => {
    const lists = new Set();
    for (const { target } of changes) {
      const element = target.nodeType === Node.TEXT_NODE ? target.parentElement : target;
      const list = element && element.closest(LISTS);
      if (list) lists.add(list);
    }
    for (const list of lists) renewed(list);
  }).observe(document.body, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
    attributeFilter: ["data-value", "data-ticked"],
  });
})();
