// The desk beyond links and forms: keys that choose and come back, a panel that stays in step.
(() => {
  "use strict";
  const beside = matchMedia("(min-width: 75rem)");
  const rows = () => [...document.querySelectorAll("#inbox-rows tbody tr")];
  const chosenRow = () => document.querySelector('#inbox-rows tr[aria-selected="true"]');
  const link = (row) => row.querySelector("a[href]");
  const typing = (target) => target.closest("input:not([type=checkbox]), textarea, select");

  // Where there is no room beside the list a case opens as its own page.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener && !beside.matches) {
      event.preventDefault();
      location.assign(opener.href);
    }
  });

  // x chooses the row for a batch; Escape comes back from the case to its row.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const row = chosenRow();
    if (event.key === "x" && row) {
      const box = row.querySelector("input[name=number]");
      if (box) {
        box.checked = !box.checked;
        count();
      }
    } else if (event.key === "Escape" && row && event.target.closest("#case-panel")) {
      link(row).focus();
    }
  });

  // How many are chosen, and all of the page at once.
  const count = () => {
    const told = document.querySelector("[data-chosen]");
    const boxes = [...document.querySelectorAll("input[name=number]")];
    const checked = boxes.filter((box) => box.checked).length;
    if (told) told.textContent = checked ? told.dataset.words.replace("N", checked) : "";
    const all = document.querySelector("[data-choose-all]");
    if (all) {
      all.hidden = false;
      all.checked = boxes.length > 0 && checked === boxes.length;
    }
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-choose-all]")) {
      document.querySelectorAll("input[name=number]").forEach((box) => (box.checked = event.target.checked));
    }
    count();
  });
  count();

  // After an action the list is read anew; the row stays marked, or the one that took its place.
  let marked = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.target.id !== "inbox-rows") return;
    const row = chosenRow();
    marked = row ? { href: link(row).getAttribute("href"), at: rows().indexOf(row) } : null;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id !== "inbox-rows") return;
    count();
    if (!marked) return;
    const now = rows();
    const same = now.find((row) => link(row).getAttribute("href") === marked.href);
    const row = same || now[Math.min(marked.at, now.length - 1)];
    if (row) row.setAttribute("aria-selected", "true");
  });
})();
