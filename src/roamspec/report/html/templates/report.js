"use strict";
(() => {
  const form = document.getElementById("filters");
  const fields = [...form.elements].filter((field) => field.name);
  const shown = document.getElementById("shown");
  const items = [...document.querySelectorAll("[data-item]")].map((node) => ({ node, text: null }));
  const groups = [...document.querySelectorAll("[data-group]")];
  const sections = [...document.querySelectorAll("[data-section]")];

  const textOf = (item) => (item.text ??= item.node.textContent.toLowerCase());

  function fits(item, wanted) {
    const data = item.node.dataset;
    if (wanted.verdict && data.verdict !== wanted.verdict) return false;
    if (wanted.operation && !data.operation.split(" ").includes(wanted.operation)) return false;
    if (wanted.family && data.family !== wanted.family) return false;
    if (wanted.blocking && data.blocking !== wanted.blocking) return false;
    const words = wanted.q.toLowerCase().split(/\s+/).filter(Boolean);
    return words.every((word) => textOf(item).includes(word));
  }

  function apply() {
    const wanted = Object.fromEntries(fields.map((field) => [field.name, field.value]));
    let number = 0;
    for (const item of items) {
      const visible = fits(item, wanted);
      number += visible;
      if (item.node.hidden === visible) item.node.hidden = !visible;
    }
    for (const part of [...groups, ...sections]) {
      part.hidden = part.querySelector("[data-item]:not([hidden])") === null;
    }
    document.getElementById("nothing").hidden = number > 0;
    shown.textContent = shown.dataset.text.replace("{shown}", number).replace("{all}", items.length);
  }

  /* The state is in the hash: `#verdict=fail&q=peer`; a hash without `=` is the ID of a requirement. */
  function read() {
    const hash = location.hash.slice(1);
    if (hash && !hash.includes("=")) return open(hash);
    const state = new URLSearchParams(hash);
    for (const field of fields) {
      field.value = state.get(field.name) ?? "";
      if (field.value === "" && field.tagName === "SELECT") field.selectedIndex = 0;
    }
    apply();
    return undefined;
  }

  function open(id) {
    apply();
    let name = id;
    try { name = decodeURIComponent(id); } catch { /* not encoded */ }
    const node = document.getElementById(name);
    if (!node) return;
    if (node.tagName === "DETAILS") node.open = true;
    node.scrollIntoView();
  }

  function write() {
    const state = new URLSearchParams(fields.filter((field) => field.value).map((field) => [field.name, field.value]));
    const hash = state.toString();
    history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
    apply();
  }

  async function copy(button) {
    const block = button.parentNode.querySelector("pre");
    const selection = getSelection();
    selection.selectAllChildren(block);
    try { await navigator.clipboard.writeText(block.textContent); } catch { document.execCommand("copy"); }
    button.textContent = "✓";
    setTimeout(() => { button.textContent = button.dataset.text; }, 1500);
  }

  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details.card:not([open])")];
    for (const card of opened) card.open = true;
  });
  addEventListener("afterprint", () => { for (const card of opened) card.open = false; });
  form.addEventListener("input", write);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(write));
  addEventListener("hashchange", () => {
    read();
    if (location.hash.includes("=")) form.scrollIntoView();
  });
  for (const button of document.querySelectorAll(".copy")) {
    button.dataset.text = button.textContent;
    button.addEventListener("click", () => copy(button));
  }
  read();
  document.documentElement.dataset.ready = Math.round(performance.now());
})();
