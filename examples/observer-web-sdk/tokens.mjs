// Tokens of users, without their passwords: the app's credentials are enough.
const env = process.env;

async function post(url, body, token) {
  const headers = {"Content-Type": "application/json", Accept: "application/json"};
  if (token) headers.Authorization = `Bearer ${token}`;
  const answer = await fetch(url, {method: "POST", headers, body: JSON.stringify(body)});
  const content = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(answer.status, content.error_description ?? content.error ?? "no reason");
  return content;
}

// A request that the service refused, with its status.
export class Refused extends Error {
  constructor(status, reason) {
    super(reason);
    this.status = status;
  }
}

function credentials(app) {
  if (app === env.ROAMSPEC_NEIGHBOUR_APP?.replace("#", "/") && env.ROAMSPEC_NEIGHBOUR_CLIENT_ID) {
    return {id: env.ROAMSPEC_NEIGHBOUR_CLIENT_ID, secret: env.ROAMSPEC_NEIGHBOUR_CLIENT_SECRET};
  }
  return {id: env.ROAMSPEC_CLIENT_ID, secret: env.ROAMSPEC_CLIENT_SECRET};
}

const appTokens = new Map();

async function appToken(baseUrl, app) {
  const {id, secret} = credentials(app);
  if (!id) return env.ROAMSPEC_APP_TOKEN;
  const known = appTokens.get(app);
  if (known && known.until > Date.now()) return known.token;
  const grant = {grant_type: "client_credentials", client_id: id, client_secret: secret};
  const {access_token: token, expires_in: seconds} = await post(`${baseUrl}/${app}/token`, grant);
  appTokens.set(app, {token, until: Date.now() + (seconds || 86_400) * 500});
  return token;
}

// `app` is `ORG/APP`.
export async function userToken(baseUrl, app, username) {
  const grant = {grant_type: "inherit", username};
  const {access_token: token} = await post(`${baseUrl}/${app}/token`, grant, await appToken(baseUrl, app));
  return token;
}
