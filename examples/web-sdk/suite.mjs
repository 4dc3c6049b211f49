// The SDK's deletions, against the emulator that `roamspec sdk` started. The SDK itself is not changed.
import {readFileSync} from "node:fs";
import {createRequire} from "node:module";
import {resolve} from "node:path";

const {
  ROAMSPEC_BASE_URL: baseUrl, ROAMSPEC_WS_URL: wsUrl, ROAMSPEC_APP_KEY: appKey, ROAMSPEC_ORG: org, ROAMSPEC_APP: app,
  ROAMSPEC_APP_TOKEN: appToken, ROAMSPEC_SCENARIO: scenarioFile,
} = process.env;
// The folder into which the packages were installed, this one unless it is named; and what is tried in place of
// `easemob-websdk`: its sister `agora-chat`, or `wx` or `uni`, which are platforms of its build for mini programs.
const [here = import.meta.dirname, tried = "easemob-websdk"] = process.argv.slice(2);
const inMiniProgram = ["wx", "uni"].includes(tried);
await import(inMiniProgram ? "./mini-program.mjs" : "./browser.mjs");
const build = inMiniProgram ? "easemob-websdk/miniProgram/Easemob-chat.js" : tried;
const found = createRequire(resolve(here, "package.json"))(build);
const sdk = found.default ?? found;
sdk.logger.disableAll();
const scenario = JSON.parse(readFileSync(scenarioFile, "utf8"));
const owner = "roamspec-owner";

const answer = await fetch(`${baseUrl}/${org}/${app}/token`, {
  method: "POST",
  headers: {"Content-Type": "application/json", Authorization: `Bearer ${appToken}`},
  body: JSON.stringify({grant_type: "inherit", username: owner}),
});
const {access_token: token} = await answer.json();

const client = new sdk.connection({appKey, apiUrl: baseUrl, url: wsUrl, isHttpDNS: false, https: false});
// What a login over WebSocket would set.
Object.assign(client, {user: owner, token, clientResource: "web_1"});
Object.assign(client.context, {
  accessToken: token, userId: owner, orgName: org, appName: app, jid: {clientResource: "web_1"}, root: client.root,
});

const ids = scenario.messages;
const group = scenario.groups[0];
const failed = [];
async function call(name, options) {
  try {
    await client[name](options);
  } catch (error) {
    failed.push(`${name} ${JSON.stringify(options ?? {})}: ${error.type} ${error.message}`);
  }
}

await call("removeHistoryMessages", {targetId: "roamspec-peer", chatType: "singleChat", messageIds: ids.slice(0, 2)});
await call("removeHistoryMessages", {targetId: group, chatType: "groupChat", messageIds: ids.slice(70, 72)});
await call("removeHistoryMessages", {targetId: group, chatType: "groupChat", beforeTimeStamp: Date.now()});
for (const targetId of scenario.meant.users.filter((name) => name !== owner)) {
  await call("removeHistoryMessages", {targetId, chatType: "singleChat", beforeTimeStamp: Date.now()});
}
await call("deleteAllMessagesAndConversations");
failed.forEach((line) => console.error(line));
process.exit(0);
