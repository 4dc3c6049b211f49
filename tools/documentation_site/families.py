"""What each family of requirements is about, in both languages of the site."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class About:
    """One sentence in English and in Chinese."""

    en: str
    zh: str


SERVICE: Final[Mapping[str, About]] = {
    "request": About(
        "The documented request is accepted, in each form.", "文档所述的请求及其各种写法均被接受。"
    ),
    "success": About("The body and headers of a success response.", "成功响应的响应体和响应头。"),
    "effect": About(
        "Which messages and list entries are deleted, and which are retained.",
        "删除哪些消息和会话列表项，保留哪些。",
    ),
    "time": About("Deleting up to a time: the boundary `delTime`.", "按时间删除：`delTime` 的边界。"),
    "all": About("Clearing every conversation of a user.", "清空用户的全部会话。"),
    "one-way": About(
        "The deletion is one-way: nobody else loses a message.", "删除是单向的：其他人的消息不受影响。"
    ),
    "list": About("The conversation list after a deletion.", "删除之后的会话列表。"),
    "notify": About(
        "`isNotify`: which online devices are notified, and of what.",
        "`isNotify`：通知哪些在线设备，以及通知的内容。",
    ),
    "limit": About("The limit of 50 message IDs in one request.", "一次请求最多 50 个消息 ID。"),
    "missing": About("A required parameter is missing or empty.", "缺少必需的参数，或参数为空。"),
    "value": About("Values of the wrong form, and unknown IDs.", "格式不正确的值，以及未知的 ID。"),
    "not-open": About("The app has message roaming disabled.", "应用未开通消息漫游服务。"),
    "auth": About("Tokens: which are accepted, and which are rejected.", "token：哪些被接受，哪些被拒绝。"),
    "tenancy": About("Other apps and App Keys that do not exist.", "其他应用，以及不存在的 App Key。"),
    "method": About("Requests with another HTTP method.", "使用其他 HTTP 方法的请求。"),
    "rate": About("The limit on requests per second.", "调用频率上限。"),
}

CLIENTS: Final[Mapping[str, About]] = {
    "client-request": About("Method, path and parameters of a call.", "调用的方法、路径和参数。"),
    "client-escaping": About("IDs are escaped, so that they arrive as meant.", "ID 经过转义，按原意到达。"),
    "client-limit": About("At most 50 message IDs in one call.", "一次调用最多 50 个消息 ID。"),
    "client-time": About("`delTime` is in milliseconds.", "`delTime` 以毫秒为单位。"),
    "client-notify": About("The values of `isNotify`.", "`isNotify` 的取值。"),
    "client-headers": About("The headers of a call.", "调用的请求头。"),
    "client-secrets": About("No token and no secret in a URL.", "URL 中没有 token 和密钥。"),
    "client-unknown": About("Parameters and bodies that are not documented.", "文档没有的参数和请求体。"),
    "client-token": About("How a client gets tokens and uses them.", "客户端如何获取和使用 token。"),
    "client-http": About("Complete HTTP requests.", "完整的 HTTP 请求。"),
    "client-conduct": About("How a client reacts to error responses.", "客户端如何应对错误响应。"),
}
