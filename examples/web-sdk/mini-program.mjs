// What the SDK's build for mini programs expects of its platform, as far as its HTTP calls need it: `wx` of WeChat, or
// `uni` of uni-app.
const store = new Map();

// A platform hands the answer over parsed, and escapes what a URL cannot hold.
async function request({url, method, data, header, headers, success, fail}) {
  const body = method === "GET" || !data ? undefined : typeof data === "string" ? data : JSON.stringify(data);
  try {
    const answer = await fetch(url, {method, headers: header ?? headers, body});
    const text = await answer.text();
    success({statusCode: answer.status, data: text ? JSON.parse(text) : text});
  } catch (error) {
    fail({errMsg: `request:fail ${error.message}`});
  }
}

const platform = {
  canIUse: () => true,
  getSystemInfo: ({success}) => success?.({}),
  getSystemInfoSync: () => ({}),
  getStorageSync: (key) => store.get(key) ?? "",
  setStorageSync: (key, value) => store.set(key, value),
  removeStorageSync: (key) => store.delete(key),
  request,
};
// A mini program has no window.
globalThis[process.argv[3]] = platform;
globalThis.self = globalThis;
