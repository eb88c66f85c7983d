// Everything works without this file; it adds keys, focus, copying, and care for typed text.
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.remove("no-js");
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

  const focusErrors = () => {
    const summary = document.querySelector("[data-focus]");
    if (summary) {
      summary.classList.add("shown-focus");
      summary.focus();
    }
  };

  // j k move, Enter opens, / searches, in a table marked data-keys. A row's first link is its case.
  const rowsOf = (table) => all("tbody tr", table).filter((row) => row.querySelector("a[href]"));
  const mark = (chosen) => {
    const table = chosen.closest("table");
    all("tr[aria-selected]", table).forEach((row) => row.removeAttribute("aria-selected"));
    chosen.setAttribute("aria-selected", "true");
  };
  const select = (table, step) => {
    const rows = rowsOf(table);
    if (!rows.length) return;
    const at = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
    const next = rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? 0 : at + step))];
    mark(next);
    next.querySelector("a[href]").focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("click", (event) => {
    const row = event.target.closest("[data-keys] tbody tr");
    if (row && event.target.closest("a[href]")) mark(row);
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (typing(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const table = document.querySelector("[data-keys]");
    if (event.key === "/") {
      const search = document.querySelector("[data-search], input[type=search]");
      if (search) {
        event.preventDefault();
        search.focus();
      }
    } else if (table && (event.key === "j" || event.key === "k")) {
      event.preventDefault();
      select(table, event.key === "j" ? 1 : -1);
    } else if (table && event.key === "Enter" && event.target === document.body) {
      table.querySelector('tr[aria-selected="true"] a[href]')?.click();
    }
  });

  // A form marked data-guard asks before typed text is left behind.
  const typed = new Set();
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-guard]");
    if (form) typed.add(form);
  });
  document.addEventListener("submit", (event) => typed.delete(event.target));
  window.addEventListener("beforeunload", (event) => {
    if ([...typed].some((form) => form.isConnected)) event.preventDefault();
  });

  // A second click does not submit twice.
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.hasAttribute("hx-post")) return;
    const form = event.target;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 5000);
  });
  window.addEventListener("pageshow", () => all("form").forEach((form) => delete form.dataset.sent));

  // <button data-copy="#id">: copies the text of an element and says so in its own label.
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const source = document.querySelector(button.dataset.copy);
    try {
      await navigator.clipboard.writeText((source.value ?? source.textContent).trim());
      const before = button.textContent;
      button.textContent = button.dataset.copied || "✓";
      setTimeout(() => (button.textContent = before), 2000);
    } catch {
      getSelection().selectAllChildren(source);
    }
  });

  // <button data-print>; hidden without scripts by .no-js
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });

  // Explanations close again with Escape and with a click beside them.
  const close = (except) => all("details[data-tip][open]").forEach((tip) => tip !== except && (tip.open = false));
  document.addEventListener("click", (event) => close(event.target.closest("details[data-tip]")));
  document.addEventListener("keydown", (event) => event.key === "Escape" && close());

  // Map: a click puts the pin and fills the fields, without a round trip.
  const degrees = (picker, name) => Number(picker.dataset[name]);
  const put = (picker, event) => {
    const box = picker.getBoundingClientRect();
    const x = (event.clientX - box.left) / box.width;
    const y = (event.clientY - box.top) / box.height;
    const longitude = degrees(picker, "west") + x * (degrees(picker, "east") - degrees(picker, "west"));
    const latitude = degrees(picker, "north") - y * (degrees(picker, "north") - degrees(picker, "south"));
    const form = picker.form;
    for (const [name, value] of [["longitude", longitude], ["latitude", latitude]]) {
      const input = form.elements[picker.dataset[name]];
      if (!input) continue;
      input.value = value.toFixed(5);
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }
    const pin = form.querySelector("[data-pin]");
    if (pin) {
      pin.classList.remove("no-pin");
      pin.setAttribute("x", `${(x * 100).toFixed(2)}%`);
      pin.setAttribute("y", `${(y * 100).toFixed(2)}%`);
    }
  };
  document.addEventListener("click", (event) => {
    const picker = event.target.closest("[data-map-picker]");
    if (!picker || !event.detail) return;
    event.preventDefault();
    put(picker, event);
  });

  // A case opened by htmx in the panel takes the focus, so that a screen reader follows.
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id === "case-panel") event.target.focus({ preventScroll: true });
    focusErrors();
  });

  // What an htmx request could not deliver is said, not swallowed.
  const failed = () => {
    const region = document.getElementById("messages");
    const box = document.createElement("div");
    box.className = "notice notice-error";
    box.append(document.createElement("p"));
    box.firstChild.textContent = region.dataset.failed;
    region.replaceChildren(box);
    region.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("htmx:sendError", failed);
  document.addEventListener("htmx:responseError", failed);

  focusErrors();
})();
