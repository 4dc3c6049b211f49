// The calls that came, newest first, each with what the contract says of it.

import { element, find, time } from "./dom.js";

const KEPT = 1000;
const WORDS = { fail: "fails", minor: "minor", pass: "passes", none: "not judged" };
let entries = [];
let dropped = 0;

export const latest = () => entries.at(-1)?.sequence ?? 0;

export function forget() {
  entries = [];
  find("calls").replaceChildren();
  show();
}

export function add(found, lost) {
  dropped = lost;
  const after = latest();
  const more = found.filter((entry) => entry.sequence > after);
  entries = [...entries, ...more].slice(-KEPT);
  const list = find("calls");
  for (const entry of more) list.prepend(item(entry));
  while (list.childElementCount > entries.length) list.lastElementChild.remove();
  const names = new Set(entries.map((entry) => entry.operation).filter(Boolean));
  const select = find("filters").elements.operation;
  const listed = new Set([...select.options].map((option) => option.value));
  for (const name of [...names].sort()) if (!listed.has(name)) select.append(element("option", { value: name }, name));
  show();
}

// Hide what the filters leave out.
export function show() {
  const fields = find("filters").elements;
  const words = fields.text.value.toLowerCase();
  let shown = 0;
  for (const node of find("calls").children) {
    const { operation, status, verdict, text } = node.filtered;
    const fits =
      (!words || text.includes(words)) &&
      (!fields.operation.value || operation === fields.operation.value) &&
      (!fields.status.value || status === fields.status.value) &&
      (!fields.verdict.value || verdict === fields.verdict.value);
    node.hidden = !fits;
    shown += fits;
  }
  find("count").textContent = `${shown} of ${entries.length}${dropped ? `, ${dropped} older ones are gone` : ""}`;
  find("no-calls").hidden = shown > 0;
  find("no-calls").textContent = entries.length ? "No call fits the filters." : "No call yet.";
}

function item(entry) {
  const { verdict, findings } = entry.judgement;
  const { status } = entry.response;
  const trouble = entry.nuisance || entry.problem;
  const details = element("details", {});
  const node = element("li", { "data-sequence": entry.sequence }, details);
  details.append(
    element("summary", {},
      element("span", { class: "meta" }, time(entry.timestamp).slice(11)),
      element("b", {}, entry.request.method || "?"),
      element("code", { class: "target" }, entry.request.target || entry.problem),
      element("span", { class: `chip ${status >= 500 ? "fail" : status >= 400 ? "minor" : ""}` }, status || "no answer"),
      ...(trouble ? [element("span", { class: "chip minor" }, trouble)] : []),
      element("span", { class: `chip ${verdict}` }, WORDS[verdict] ?? verdict),
      element("span", { class: "meta" }, `${entry.duration_ms} ms`)));
  details.addEventListener("toggle", () => details.childElementCount > 1 || details.append(body(entry)));
  node.filtered = {
    operation: entry.operation,
    status: status ? String(status)[0] : "0",
    verdict,
    text: JSON.stringify([entry.operation, entry.request, entry.response, findings]).toLowerCase(),
  };
  return node;
}

function body(entry) {
  const { request, response, judgement } = entry;
  const headers = request.headers.map(([name, value]) => `${name}: ${value}`).join("\n");
  const findings = judgement.findings.map((each) => [
    element("dt", {}, element("span", { class: `chip ${each.decisive ? "fail" : "minor"}` }, each.side), " ", each.requirement),
    element("dd", {}, each.title, element("br"), `expected ${each.expected}`, element("br"), `actual ${each.actual}`),
  ]);
  return element("div", { class: "body" },
    element("p", { class: "meta" }, [entry.operation || "no known operation", entry.evidence].join(" · ")),
    ...(findings.length ? [element("dl", {}, ...findings.flat())] : []),
    element("pre", {}, [`${request.method} ${request.target}`, headers, "", request.body].join("\n").trimEnd()),
    element("pre", {}, [`status ${response.status || "none"}`, "", response.body].join("\n").trimEnd()));
}
