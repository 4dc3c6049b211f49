// Everything that is shown passes here: as text, never as markup.

// Controls and marks that turn the direction of writing are shown by their numbers.
const UNSEEN = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

export const visible = (value) =>
  String(value ?? "").replace(UNSEEN, (sign) => "\\u" + sign.charCodeAt(0).toString(16).padStart(4, "0"));

export const find = (id) => document.getElementById(id);

// A new element; `attributes` may hold listeners as functions, `children` texts and elements.
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (typeof value === "boolean") made[name] = value;
    else if (value !== undefined) made.setAttribute(name, visible(value));
  }
  for (const child of children) made.append(typeof child === "object" ? child : visible(child));
  return made;
}

// Replace the children of `parent` only where they look different: focus and scrolling stay.
export function fill(parent, children) {
  const focused = parent.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  const now = children.map((child) => child.outerHTML).join("");
  if (parent.dataset.shown === now) return false;
  parent.replaceChildren(...children);
  parent.dataset.shown = now;
  if (focused) [...parent.querySelectorAll("[data-key]")].find((each) => each.dataset.key === focused)?.focus();
  return true;
}

// The options of a select, its choice kept where it still exists.
export function options(select, values, chosen = select.value) {
  const made = values.map(([value, title]) => element("option", { value }, title));
  if (!fill(select, made) && select.value === chosen) return select.value;
  select.value = values.some(([value]) => value === chosen) ? chosen : (values[0]?.[0] ?? "");
  return select.value;
}

// A number of things: "1 user", "2 users".
export const counted = (number, thing) => `${number} ${thing}${number === 1 ? "" : "s"}`;

// By UTC, with milliseconds.
export const time = (ms) => {
  const date = new Date(ms);
  return Number.isNaN(date.valueOf()) ? String(ms) : date.toISOString().replace("T", " ").replace("Z", "");
};
