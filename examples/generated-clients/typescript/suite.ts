// The five operations by the client that OpenAPI Generator makes, which stands in `client/`, unchanged.
import {AllApi, ByIdApi, ByTimeApi, Configuration, ResponseError} from "./client";

declare const process: {env: Record<string, string>};
declare function require(name: string): {readFileSync(file: string, encoding: string): string};

function notFound(error: unknown): void {
  if (!(error instanceof ResponseError && error.response.status === 404)) throw error;
}

async function main(): Promise<void> {
  const {ROAMSPEC_BASE_URL: basePath, ROAMSPEC_APP_TOKEN: accessToken, ROAMSPEC_ORG: orgName, ROAMSPEC_APP: appName} = process.env;
  const {messages, groups, meant} = JSON.parse(require("node:fs").readFileSync(process.env.ROAMSPEC_SCENARIO, "utf8"));
  const configuration = new Configuration({basePath, accessToken});
  const [byId, byTime] = [new ByIdApi(configuration), new ByTimeApi(configuration)];
  const of = {orgName, appName};
  const owner = "roamspec-owner";
  const delTime = Date.now();
  const mine = {...of, userId: owner};
  const msgIdList = messages.slice(0, 2);
  await byId.deleteChatMessages({...mine, userId2: "roamspec-peer", msgIdList, isNotify: false});
  await byId.deleteGroupMessages({...mine, groupId: groups[0], msgIdList: messages.slice(60, 62), isNotify: true});
  // Their IDs need escaping, and nobody has them.
  for (const userId of meant.users.slice(8)) {
    await byId.deleteChatMessages({...of, userId, userId2: "roamspec-peer", msgIdList}).catch(notFound);
  }
  for (const userId2 of meant.users.slice(1)) await byTime.clearChatBefore({...mine, userId2, delTime, isNotify: true});
  for (const groupId of meant.groups) await byTime.clearGroupBefore({...mine, groupId, delTime});
  await new AllApi(configuration).clearUser(mine);
}

main();
