// The emulator's own API: reads for the page, and what the buttons change.

const ROOT = new URL("./", import.meta.url);
const CONTROL = new URL("../", ROOT);

export class Refused extends Error {}

async function asked(url, options) {
  let answer;
  try {
    answer = await fetch(url, { cache: "no-store", ...options });
  } catch {
    throw new Refused("The emulator does not answer.");
  }
  const body = await answer.json();
  if (!answer.ok) throw new Refused(body.error ?? `status ${answer.status}`);
  return body;
}

export const read = (name, query = {}) => asked(new URL(`${name}?${new URLSearchParams(query)}`, ROOT));

const place = (app) => app.split("/").map(encodeURIComponent).join("/");

// `path` stands below the app, its parts escaped already.
export const change = (app, method, path, body) =>
  asked(new URL(`apps/${place(app)}${path}`, CONTROL), { method, body: body && JSON.stringify(body) });

export const changes = () => new EventSource(new URL("events", ROOT));
