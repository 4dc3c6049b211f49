// Serves roamspec's observer protocol: each request for the events of a device logs a real SDK in as that user, and
// passes on the deletions that the SDK reports. Options: --host, --port, --sdk easemob-websdk|agora-chat.
import {createServer} from "node:http";
import {parseArgs} from "node:util";
import {connectDevice, loadSdk} from "./device.mjs";
import {Refused, userToken} from "./tokens.mjs";

const {values: options} = parseArgs({
  options: {
    host: {type: "string", default: "127.0.0.1"},
    port: {type: "string", default: "0"},
    sdk: {type: "string", default: "easemob-websdk"},
  },
});
const baseUrl = process.env.ROAMSPEC_BASE_URL?.replace(/\/+$/, "");
if (!baseUrl) {
  console.error("ROAMSPEC_BASE_URL names no service; set it, and ROAMSPEC_CLIENT_ID and ROAMSPEC_CLIENT_SECRET.");
  process.exit(2);
}
const wsUrl = process.env.ROAMSPEC_WS_URL;
const sdk = loadSdk(options.sdk);
const EVENTS = /^\/([^/]+)\/([^/]+)\/users\/([^/]+)\/devices\/([^/]+)\/events$/;
const HEARTBEAT_MS = 10_000;

// What the SDK knows of a deletion: its conversation. Which messages, or up to which time, it does not say.
function syncOf(event, user) {
  return {
    operation: "delete_messages",
    user,
    conversation: {type: event.chatType === "singleChat" ? "chat" : "group", id: event.conversationId},
    timestamp: Date.now(),
  };
}

function refuse(answer, status, error) {
  answer.writeHead(status, {"Content-Type": "application/json"});
  answer.end(JSON.stringify({error}));
}

async function serve(request, answer) {
  const found = EVENTS.exec(new URL(request.url, "http://observer").pathname);
  if (request.method !== "GET" || !found) {
    refuse(answer, 404, "GET /{org}/{app}/users/{user}/devices/{device}/events is all there is here.");
    return;
  }
  const [org, name, user, device] = found.slice(1).map(decodeURIComponent);
  const write = (event, data) => answer.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  let client;
  let heartbeat;
  const end = () => {
    clearInterval(heartbeat);
    answer.end();
  };
  const waiting = [];
  let ready = false;
  const deletion = (event) => (ready ? write("sync", syncOf(event, user)) : waiting.push(event));
  try {
    const token = await userToken(baseUrl, `${org}/${name}`, user);
    client = await connectDevice(sdk, {baseUrl, wsUrl, app: `${org}/${name}`, user, token, device}, {deletion, end});
  } catch (error) {
    refuse(answer, error instanceof Refused ? error.status : 502, `${user} cannot log in: ${error.message}`);
    return;
  }
  const leave = () => {
    clearInterval(heartbeat);
    client.close();
  };
  if (request.socket.destroyed) {
    leave();
    return;
  }
  answer.on("close", leave);
  answer.writeHead(200, {"Content-Type": "text/event-stream", "Cache-Control": "no-store"});
  write("ready", {});
  ready = true;
  waiting.forEach(deletion);
  heartbeat = setInterval(() => answer.write(": still here\n\n"), HEARTBEAT_MS);
}

// The SDK's own reports of what went wrong must not end the observer of all the other devices.
process.on("unhandledRejection", (reason) => console.error("unhandled:", reason?.message ?? reason));
const server = createServer((request, answer) => {
  serve(request, answer).catch((error) => refuse(answer, 500, error.message));
});
server.listen(Number(options.port), options.host, () => {
  const {address, port} = server.address();
  const host = address.includes(":") ? `[${address}]` : address;
  console.log(JSON.stringify({observer_url: `http://${host}:${port}`}));
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(0));
