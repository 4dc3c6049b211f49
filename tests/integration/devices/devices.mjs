// Three devices of an owner and one of a peer, as the unmodified SDK makes them: what each call makes each of them hear.
// Prints one JSON object; arguments: the name of the SDK's package.
import {connectDevice, loadSdk} from "./device.mjs";
import {userToken} from "./tokens.mjs";

const {ROAMSPEC_BASE_URL: baseUrl, ROAMSPEC_WS_URL: wsUrl, ROAMSPEC_APP: app, ROAMSPEC_APP_TOKEN: appToken} = process.env;
const sdk = loadSdk(process.argv[2]);
const names = {alice: ["first", "second", "third"], bob: ["peer"]};

async function rest(method, path, body) {
  const headers = {Authorization: `Bearer ${appToken}`, "Content-Type": "application/json"};
  const answer = await fetch(`${baseUrl}/${app}${path}`, {method, headers, body: body && JSON.stringify(body)});
  return {status: answer.status, ...(await answer.json())};
}

const devices = {};
const heard = {};
const waiting = [];
function hears(name, event) {
  heard[name].push(event);
  waiting.splice(0).forEach((look) => look());
}
// Rather says what is missing than be stopped in silence.
setTimeout(() => {
  console.error(`something was not heard; until now: ${JSON.stringify(heard)}`);
  process.exit(1);
}, 100_000).unref();
async function until(holds) {
  while (!holds()) await new Promise((resolve) => waiting.push(resolve));
}

for (const [user, own] of Object.entries(names)) {
  const token = await userToken(baseUrl, app, user);
  for (const device of own) {
    heard[device] = [];
    const on = {
      deletion: (event) => hears(device, `${event.chatType} ${event.conversationId} by ${nameOf(event.resource)}`),
      end: () => hears(device, "end"),
    };
    devices[device] = await connectDevice(sdk, {baseUrl, wsUrl, app, user, token, device}, on);
    devices[device].addEventHandler("texts", {onTextMessage: (message) => hears(device, `text ${message.msg}`)});
  }
}
function nameOf(resource) {
  return Object.keys(devices).find((name) => devices[name].clientResource === resource) ?? resource;
}

const result = {resources: {}, heard: {}, texts: {}, errors: {}};
for (const user of Object.keys(names)) {
  const {data} = await rest("GET", `/users/${user}/resources`);
  result.resources[user] = data.map((device) => nameOf(device.res));
}

// A message of the peer reaches all devices of the owner, one of the owner's the owner's other devices and the peer.
const {first, second, third, peer} = devices;
const text = (to, msg) => sdk.message.create({type: "txt", to, chatType: "singleChat", msg, ext: {key: "value"}});
const one = await peer.send(text("alice", "one"));
const two = await first.send(text("bob", "two"));
await until(() => heard.first.length === 1 && [heard.second, heard.third].every((h) => h.length === 2) && heard.peer.length === 1);
for (const name of Object.keys(devices)) result.texts[name] = heard[name].splice(0).sort();

const history = async (device, targetId) => {
  const page = await device.getHistoryMessages({targetId, chatType: "singleChat", pageSize: 20});
  return page.messages.map((message) => message.msg);
};
const list = async (device) => {
  const {data} = await device.getServerConversations({pageSize: 20, cursor: ""});
  return data.conversations.map((conversation) => conversation.conversationId);
};
result.before = {history: await history(second, "bob"), list: await list(second)};

// Each step is followed by one of which every device of the owner hears: what a step makes them hear has come before.
async function after(step, act) {
  const answer = await act();
  const marker = `marker-${step}`;
  await rest("DELETE", `/rest/message/roaming/chat/user/alice?userId=${marker}&msgIdList=1`);
  await rest("DELETE", `/rest/message/roaming/chat/user/bob?userId=${marker}&msgIdList=1`);
  await until(() => Object.values(heard).every((events) => events.some((event) => event.includes(marker))));
  result.heard[step] = {};
  for (const name of Object.keys(devices)) {
    result.heard[step][name] = heard[name].splice(0).filter((event) => !event.includes(marker));
  }
  return answer;
}

await after("sdk-by-id", () =>
  first.removeHistoryMessages({targetId: "bob", chatType: "singleChat", messageIds: [one.serverMsgId]}));
result.afterOne = {history: await history(second, "bob"), list: await list(second), peer: await history(peer, "alice")};
await after("rest-by-id", () =>
  rest("DELETE", `/rest/message/roaming/chat/user/alice?userId=bob&msgIdList=${two.serverMsgId}`));
result.afterTwo = {history: await history(third, "bob"), list: await list(third), peer: await history(peer, "alice")};
await after("rest-silent", () =>
  rest("DELETE", `/rest/message/roaming/chat/user/alice/time?userId=bob&delTime=${Date.now()}&isNotify=false`));
await after("rest-by-time", () =>
  rest("DELETE", `/rest/message/roaming/chat/user/alice/time?userId=bob&delTime=${Date.now()}`));
const {data: group} = await rest("POST", "/chatgroups", {public: true, owner: "alice", members: ["bob"]});
result.group = group.groupid;
await after("sdk-group-by-time", () =>
  second.removeHistoryMessages({targetId: group.groupid, chatType: "groupChat", beforeTimeStamp: Date.now()}));
await after("rest-of-the-peer", () => rest("DELETE", "/rest/message/roaming/chat/user/bob?userId=alice&msgIdList=1"));
await after("sdk-clear-all", () => third.deleteAllMessagesAndConversations());
result.afterAll = {list: await list(first), peer: await history(peer, "alice")};

for (const [name, login] of Object.entries({
  "wrong token": {user: "alice", token: "YWMtnonsense"},
  "another's token": {user: "alice", token: await userToken(baseUrl, app, "bob")},
  "unknown user": {user: "nobody", token: "YWMtnonsense"},
})) {
  const on = {deletion() {}, end() {}};
  await connectDevice(sdk, {baseUrl, wsUrl, app, device: "refused", ...login}, on).then(
    () => (result.errors[name] = "logged in"),
    (error) => (result.errors[name] = error.type),
  );
}
await rest("DELETE", "/users/bob");
await until(() => heard.peer.includes("end"));
first.close();
await until(() => heard.first.includes("end"));
result.resources.left = (await rest("GET", "/users/alice/resources")).data.map((device) => nameOf(device.res));
console.log(JSON.stringify(result));
process.exit(0);
