"use strict";
// Filters and sorts the questions. Everything it shows is in the page already.
(() => {
  const byId = (id) => document.getElementById(id);
  const form = byId("filters");
  const list = byId("questions");
  const all = Array.from(list.children);
  const texts = new Map(all.map((card) => [card, fold(card.textContent)]));
  const fields = {
    text: byId("filter-text"),
    outcome: byId("filter-outcome"),
    kind: byId("filter-kind"),
    document: byId("filter-document"),
    order: byId("filter-order"),
  };

  function fold(text) {
    return text.toLowerCase().replace(/\s+/g, " ").trim();
  }

  function matches(card, words) {
    const { outcome, kind, document: file } = fields;
    return (
      (!outcome.value || card.dataset.outcome === outcome.value) &&
      (!kind.value || card.dataset.kind === kind.value) &&
      (!file.value || card.dataset.documents.split(" ").includes(file.value)) &&
      words.every((word) => texts.get(card).includes(word))
    );
  }

  function ordered() {
    const way = { up: 1, down: -1 }[fields.order.value];
    if (!way) return all;
    const unsure = (card) => card.dataset.confidence === "";
    return all
      .slice()
      .sort(
        (a, b) =>
          unsure(a) - unsure(b) ||
          way * (Number(a.dataset.confidence) - Number(b.dataset.confidence)),
      );
  }

  function filter() {
    const words = fold(fields.text.value).split(" ").filter(Boolean);
    let shown = 0;
    for (const card of all) {
      card.hidden = !matches(card, words);
      shown += card.hidden ? 0 : 1;
    }
    byId("filter-count").textContent = `${shown} of ${all.length} questions`;
  }

  function openAll(open) {
    for (const card of all) if (!card.hidden) card.firstElementChild.open = open;
  }

  // A link to a question opens it, whatever the filters hide.
  function follow() {
    const id = decodeURIComponent(location.hash.slice(1));
    const card = all.find((one) => one.id === id);
    if (!card) return;
    if (card.hidden) {
      form.reset();
      list.append(...all);
      filter();
    }
    card.firstElementChild.open = true;
    card.scrollIntoView();
  }

  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", filter);
  form.addEventListener("reset", () =>
    setTimeout(() => {
      list.append(...all);
      filter();
    }),
  );
  fields.order.addEventListener("change", () => list.append(...ordered()));
  byId("open-all").addEventListener("click", () => openAll(true));
  byId("close-all").addEventListener("click", () => openAll(false));
  for (const button of document.querySelectorAll("button.outcome")) {
    button.addEventListener("click", () => {
      fields.outcome.value = button.dataset.outcome;
      filter();
      byId("at-questions").scrollIntoView();
      fields.outcome.focus({ preventScroll: true });
    });
  }
  window.addEventListener("hashchange", follow);
  filter();
  follow();
})();
