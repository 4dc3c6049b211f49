// Two or more people's views of one conversation, side by side: a one-way deletion is a gap in one column.

import { element, fill, find, time } from "./dom.js";

const SHOWN_AT_ONCE = 3;
let known = new Set();
let of = "";

// Conversations to choose from: each pair of people who have one, and each group.
export function conversations(app) {
  const pairs = app.pairs.map((pair) => [`chat ${JSON.stringify(pair)}`, `${pair[0]} and ${pair[1]}`]);
  const groups = app.groups.map((group) => [
    `group ${JSON.stringify([group.id])}`,
    `${group.kind === "room" ? "chatroom" : "group"} ${group.name} (${group.id})`,
  ]);
  return [...pairs, ...groups];
}

// Who takes part in a chosen conversation.
export function participants(app, choice) {
  if (!choice) return [];
  const names = JSON.parse(choice.slice(choice.indexOf(" ") + 1));
  if (choice.startsWith("chat ")) return [...new Set(names)];
  return app.groups.find((group) => group.id === names[0])?.members ?? [];
}

export function showPeople(names, chosen, changed) {
  const boxes = names.map((name) => {
    const checked = chosen.includes(name);
    const box = element("input", { type: "checkbox", value: name, "data-key": name, checked, change: changed });
    if (checked) box.setAttribute("checked", "");
    return element("label", {}, box, element("bdi", {}, name));
  });
  fill(find("people"), [element("legend", {}, "People"), ...boxes]);
}

export const chosenPeople = () =>
  [...find("people").querySelectorAll("input:checked")].map((box) => box.value).slice(0, SHOWN_AT_ONCE + 1);

export const firstPeople = (names) => names.slice(0, SHOWN_AT_ONCE);

// The messages that one person has of the conversation, newest first.
function messagesOf(view, choice, owner) {
  const names = JSON.parse(choice.slice(choice.indexOf(" ") + 1));
  const [type, id] = choice.startsWith("chat ")
    ? ["chat", names.find((name) => name !== owner) ?? owner]
    : ["group", names[0]];
  return view.find((each) => each.type === type && each.id === id);
}

export function showColumns(choice, people, views) {
  if (!choice) {
    fill(find("columns"), [element("p", { class: "quiet" }, "No conversation yet: send a message, or add a scenario.")]);
    return;
  }
  const found = new Map(people.map((name) => [name, messagesOf(views[name] ?? [], choice, name)]));
  const all = new Map();
  for (const view of found.values()) for (const message of view?.messages ?? []) all.set(message.id, message);
  const order = [...all.values()].sort((one, other) => one.timestamp - other.timestamp || (one.id < other.id ? -1 : 1));
  const shown = new Set();
  const columns = people.map((name) => {
    const view = found.get(name);
    const here = new Set((view?.messages ?? []).map((message) => message.id));
    const rows = order.map((message) => row(name, message, here.has(message.id), shown));
    const title = `${here.size} of ${order.length}`;
    const unread = view?.unread ? `, ${view.unread} unread` : "";
    const listed = view?.listed ? "in the list" : "not in the list";
    return element("section", { class: "column", "data-owner": name },
      element("h3", {}, element("bdi", {}, name), " ", element("span", { class: "chip" }, title)),
      element("p", { class: "meta" }, `${listed}${unread}`), element("ol", {}, ...rows));
  });
  fill(find("columns"), columns);
  [known, of] = [shown, choice];
}

function row(owner, message, here, shown) {
  const key = `${owner} ${message.id} ${here}`;
  shown.add(key);
  const fresh = known.size && of && !known.has(key) ? " fresh" : "";
  const meta = element("span", { class: "meta" }, `${time(message.timestamp)} · ${message.id}`);
  if (!here) {
    return element("li", { class: `gone${fresh}`, "data-id": message.id }, 
      element("span", { class: "text" }, "deleted for ", element("bdi", {}, owner)), meta);
  }
  const own = message.from === owner ? "own" : "";
  const text = message.text || `(${message.type})`;
  return element("li", { class: `${own}${fresh}`, "data-id": message.id },
    element("span", { class: "meta" }, "from ", message.from), element("bdi", { class: "text" }, text), meta);
}
