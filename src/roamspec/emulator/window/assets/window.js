// Looks again whenever the emulator says that something has changed, and never otherwise.

import { changes, read } from "./api.js";
import * as controls from "./controls.js";
import { find, options } from "./dom.js";
import * as journal from "./journal.js";
import * as views from "./views.js";

let looking = false;
let again = false;
const chosen = new Map();

function complain(text) {
  find("said").textContent = text;
  find("said").hidden = !text;
}

// Do something; what went wrong is said. Resolves to whether it went well.
async function act(doing) {
  try {
    await doing();
    complain("");
    return true;
  } catch (error) {
    complain(error.message);
    return false;
  }
}

// One look at a time; a change meanwhile makes another one.
async function look() {
  if (looking) {
    again = true;
    return;
  }
  looking = true;
  do {
    again = false;
    try {
      await show();
    } catch (error) {
      complain(error.message);
    }
  } while (again);
  looking = false;
}

async function show() {
  const state = await read("state", { app: find("app").value });
  if (!state.app) return;
  const app = state.app.key;
  if (options(find("app"), state.apps.map((each) => [each, each]), app) !== app) return;
  controls.showState(app, state.app);
  const conversation = options(find("conversation"), views.conversations(state.app));
  const all = views.participants(state.app, conversation);
  const people = (chosen.get(conversation) ?? views.firstPeople(all)).filter((name) => all.includes(name));
  views.showPeople(all, people, () => { chosen.set(conversation, views.chosenPeople()); look(); });
  const found = people.length ? (await read("state", { app, users: people })).views : {};
  views.showColumns(conversation, people, found);
  const calls = await read("journal", { app, after: journal.latest() });
  journal.add(calls.entries, calls.dropped);
}

function another() {
  journal.forget();
  look();
}

find("app").addEventListener("change", another);
find("conversation").addEventListener("change", look);
find("filters").addEventListener("input", journal.show);
find("filters").addEventListener("submit", (event) => event.preventDefault());
find("filters").addEventListener("reset", () => setTimeout(journal.show));
document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    find("filters").elements.text.focus();
  }
  if (event.key === "Escape" && event.target === find("filters").elements.text) find("filters").reset();
});
controls.wire(act, { forget: another });

const live = (word, kind) => {
  find("live").textContent = word;
  find("live").className = `chip ${kind}`;
};
const stream = changes();
stream.addEventListener("open", () => live("live", "pass"));
stream.addEventListener("changed", look);
stream.addEventListener("error", () => live("no connection", "fail"));
act(async () => controls.showChoices(await read("choices")));
