// What the SDK expects of a browser, as far as its HTTP calls need it; Node has the rest.
class XMLHttpRequest {
  #headers = {};

  open(method, url) {
    this.method = method;
    this.url = url;
  }

  setRequestHeader(name, value) {
    this.#headers[name] = value;
  }

  getAllResponseHeaders() {
    return "";
  }

  getResponseHeader() {
    return null;
  }

  abort() {}

  async send(body) {
    try {
      const answer = await fetch(this.url, {method: this.method, headers: this.#headers, body: body || undefined});
      this.responseURL = answer.url;
      this.status = answer.status;
      this.responseText = this.response = await answer.text();
    } catch (error) {
      this.status = 0;
      this.responseText = this.response = "";
    }
    this.readyState = 4;
    this.onreadystatechange?.();
    this.onload?.();
  }
}

const store = new Map();
const define = (name, value) => Object.defineProperty(globalThis, name, {value, configurable: true, writable: true});
define("self", globalThis);
define("window", globalThis);
define("XMLHttpRequest", XMLHttpRequest);
define("WebSocket", class {});
define("navigator", {userAgent: "node"});
define("location", {protocol: "http:", href: "http://localhost/"});
define("addEventListener", () => {});
define("localStorage", {
  getItem: (key) => store.get(key) ?? null,
  setItem: (key, value) => store.set(key, String(value)),
  removeItem: (key) => store.delete(key),
});
