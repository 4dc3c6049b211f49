// The buttons and the fields beside them: scenario, reset, clock, faults, disturbances, devices.

import { change } from "./api.js";
import { counted, element, fill, find, options, time } from "./dom.js";

const EXAMPLE = {
  users: ["alice", "bob", "carol"],
  groups: [{ name: "Trip", owner: "alice", members: ["bob", "carol"], id: "100200300" }],
  messages: [
    { from: "alice", to: "bob", text: "Are you coming on Friday?" },
    { from: "bob", to: "alice", text: "Yes, with the early train." },
    { from: "alice", to: "bob", text: "好的，到时见 👋" },
    { from: "carol", group: "100200300", text: "Who brings the map?" },
    { from: "bob", group: "100200300", text: "I do." },
  ],
};

let app = "";
let state = null;
let seen = 0;

const clock = (ms) => `${time(ms).slice(0, 19)} UTC`;

// The app's clock goes on between two looks.
setInterval(() => {
  if (state && !state.frozen) find("now").textContent = clock(state.now + performance.now() - seen);
}, 1000);

// `act(promise)` shows what went wrong; `page` tells what to do after a change that the journal forgets.
export function wire(act, page) {
  const call = (method, path, body) => act(() => change(app, method, path, body));
  const on = (id, listener) => find(id).addEventListener("click", listener);

  find("scenario").addEventListener("submit", (event) => {
    event.preventDefault();
    act(() => {
      let value;
      try {
        value = JSON.parse(event.target.elements.scenario.value);
      } catch (error) {
        throw new Error(`The scenario is no JSON: ${error.message}.`);
      }
      return change(app, "POST", "/scenario", value);
    });
  });
  on("example", () => { find("scenario").elements.scenario.value = JSON.stringify(EXAMPLE, null, 1); });
  const ask = (sure) => { find("sure").hidden = !sure; find("reset").hidden = sure; find(sure ? "do-not" : "reset").focus(); };
  on("reset", () => ask(true));
  on("do-not", () => ask(false));
  on("do-reset", () => { ask(false); call("POST", "/reset").then(page.forget); });
  on("clear", () => call("DELETE", "/journal").then(page.forget));

  find("clock").addEventListener("click", (event) => {
    const ms = Number(event.target.dataset.advance);
    if (ms) call("PATCH", "/clock", { advance_ms: ms });
  });
  on("freeze", () => call("PATCH", "/clock", { frozen: !state.frozen }));
  on("now-is-now", () => call("PATCH", "/clock", { now: Date.now(), frozen: false }));

  find("faults").addEventListener("submit", (event) => {
    event.preventDefault();
    const field = event.target.elements.fault;
    call("PUT", "/faults", { faults: [...new Set([...state.faults, field.value.trim()])] })
      .then((done) => { if (done) field.value = ""; });
  });
  on("mend", () => call("PUT", "/faults", { faults: [] }));
  find("faults-on").addEventListener("click", (event) => {
    const name = event.target.dataset.fault;
    if (name) call("PUT", "/faults", { faults: state.faults.filter((each) => each !== name) });
  });

  find("disturbances").addEventListener("submit", (event) => {
    event.preventDefault();
    const { kind, on: pattern, count } = event.target.elements;
    const rule = { kind: kind.value, on: pattern.value || "*", count: Number(count.value) };
    call("PUT", "/nuisances", { nuisances: [...state.disturbances.nuisances, rule] });
  });
  on("calm", () => call("PUT", "/nuisances", { nuisances: [] }));

  find("devices").addEventListener("click", (event) => {
    const { user, device } = event.target.dataset;
    if (device) call("DELETE", `/users/${encodeURIComponent(user)}/devices/${encodeURIComponent(device)}`);
  });
}

export function showChoices({ faults, disturbances }) {
  const sentences = new Map(faults.map((each) => [each.name, each.sentence]));
  fill(find("fault-names"), faults.map((each) => element("option", { value: each.name }, each.sentence)));
  const field = find("faults").elements.fault;
  field.addEventListener("input", () => { find("fault-says").textContent = sentences.get(field.value) ?? ""; });
  const kind = find("disturbances").elements.kind;
  options(kind, Object.keys(disturbances).map((name) => [name, name]));
  const say = () => { find("disturbance-says").textContent = disturbances[kind.value] ?? ""; };
  kind.addEventListener("change", say);
  say();
}

export function showState(key, found) {
  [app, state, seen] = [key, found, performance.now()];
  const online = found.users.reduce((sum, user) => sum + user.devices.length, 0);
  const roaming = found.message_roaming ? "" : ", message roaming disabled";
  find("facts").textContent = `${counted(found.user_count, "user")}, ${counted(online, "device")} online${roaming}`;
  find("people-count").textContent = `${online} online`;
  find("now").textContent = clock(found.now);
  find("frozen").hidden = !found.frozen;
  find("freeze").textContent = found.frozen ? "Let it run" : "Freeze";
  fill(find("devices"), found.users.map(person));
  find("fault-count").textContent = found.faults.length ? `${found.faults.length} on` : "";
  fill(find("faults-on"), found.faults.map((name) =>
    element("li", {}, element("code", {}, name), " ",
      element("button", { type: "button", "data-fault": name, "data-key": name, "aria-label": `switch ${name} off` }, "off"))));
  const { nuisances, played } = found.disturbances;
  find("disturbance-count").textContent = nuisances.length ? `${nuisances.length} on, ${counted(played.length, "call")} hit` : "";
  fill(find("disturbances-on"), nuisances.map((rule) =>
    element("li", {}, element("code", {}, `${rule.kind} on ${rule.on}`), rule.count ? ` ${counted(rule.count, "time")}` : " every time")));
}

function person(user) {
  const devices = user.devices.map((device) =>
    element("li", {}, element("code", {}, device.name), element("span", { class: "meta" }, device.kind),
      element("button", { type: "button", "data-user": user.name, "data-device": device.name,
        "data-key": `${user.name} ${device.name}`, "aria-label": `disconnect ${device.name} of ${user.name}` }, "disconnect")));
  return element("li", {}, element("bdi", {}, user.name), ...(devices.length ? [element("ul", {}, ...devices)] : []));
}
