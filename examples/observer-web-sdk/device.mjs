// One online device: the unmodified SDK, logged in.
import "../web-sdk/browser.mjs";
import {randomUUID} from "node:crypto";
import {createRequire} from "node:module";
import WebSocket from "ws";

const define = (name, value) => Object.defineProperty(globalThis, name, {value, configurable: true, writable: true});
define("WebSocket", WebSocket);
// The sister SDK looks whether its page is visible.
define("document", {hidden: false, visibilityState: "visible", addEventListener() {}, removeEventListener() {}});

export function loadSdk(name) {
  const found = createRequire(import.meta.url)(name);
  const sdk = found.default ?? found;
  sdk.logger.disableAll();
  return sdk;
}

// Resolves once the device is online. `on.deletion` is called with what the SDK reports, `on.end` when the device is
// online no more.
export async function connectDevice(sdk, {baseUrl, wsUrl, app, user, token, device}, on) {
  const place = wsUrl ? {apiUrl: baseUrl, url: wsUrl, isHttpDNS: false, https: baseUrl.startsWith("https:")} : {};
  const client = new sdk.connection({
    appKey: app.replace("/", "#"),
    // Devices of one user are told apart by it.
    deviceId: `${device}_${randomUUID()}`,
    isFixedDeviceId: false,
    autoReconnectNumMax: 0,
    ...place,
  });
  client.addEventHandler("observer", {
    onMultiDeviceEvent: (event) => {
      if (event.operation === "deleteRoaming") on.deletion(event);
    },
    onDisconnected: () => on.end(),
  });
  await client.open({user, accessToken: token});
  return client;
}
