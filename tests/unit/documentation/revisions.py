"""Revisions of the vendor's documentation, reduced to their facts, and written as pages in each form.

Literal values, names and labels of tables are the page's; every sentence is ours.
"""

import html
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

Form = Literal["HTML", "Markdown", "plain text"]
FORMS: Final[tuple[Form, ...]] = ("HTML", "Markdown", "plain text")
Row = tuple[str, ...]
Block = tuple[str, object]

NOT_OPEN: Final = ("400", "service open exception", "this appKey not open message roaming", "off", "ask")
TOO_MANY: Final = (
    "400", "param exception", "delete msg list limit can not greater than 50", "many", "send less",
)  # fmt: skip
MISSING: Final = ("400", "Bad Request", "Bad Request", "absent", "look")


@dataclass(frozen=True)
class Words:
    """The labels of one language."""

    parameter: Row = ("参数", "类型", "是否必需", "描述")
    field: Row = ("字段", "类型", "描述")
    error: Row = ("HTTP 状态码", "错误类型", "错误提示", "可能原因", "处理建议")
    path: str = "路径参数"
    query: str = "查询参数"
    header: str = "请求 header"
    response: str = "响应 body"
    common: str = "响应参数"
    request: str = "HTTP 请求"
    errors: str = "错误码"
    yes: str = "是"
    no: str = "否"
    most: str = "最多 {} 个"
    rate: str = "上限：{} 次/秒/App Key"
    default: str = "（默认）`{}`：x；`false`：y"


CHINESE: Final = Words()
ENGLISH: Final = Words(
    parameter=("Parameter", "Type", "Required", "Description"),
    field=("Field", "Type", "Description"),
    error=("HTTP status code", "Error type", "Error message", "Cause", "Advice"),
    path="Path parameter",
    query="Query parameter",
    header="Request header",
    response="Response body",
    common="Response fields",
    request="HTTP request",
    errors="Error code",
    yes="Yes",
    no="No",
    most="at most {} of them",
    rate="{} calls/second/App Key",
    default="(Default) `{}`: x; `false`: y",
)


@dataclass(frozen=True)
class Section:
    """One operation: its request line and the rows of its tables, in words that are filled in later."""

    title: str
    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    query_in_url: bool = True
    rows: tuple[tuple[str, str, bool, str], ...] = ()
    """Name, type, required, and what its description has to say: `most`, `default` or nothing."""
    rows_in_path: int = 1
    errors: tuple[Row, ...] = (NOT_OPEN,)
    bare_statuses: tuple[str, ...] = ()
    timestamp: str = "Number"
    headers: tuple[str, ...] = ("Content-Type", "Accept", "Authorization")
    sample_headers: tuple[tuple[str, str], ...] = (("Authorization", "Bearer <YourAppToken>"),)
    rate: int = 100
    most: int = 50
    default: str = "true"
    common: bool = True


@dataclass(frozen=True)
class Revision:
    """A page: its sections, and the fields of all responses that it lists."""

    sections: tuple[Section, ...]
    words: Words = CHINESE
    common: tuple[tuple[str, str], ...] = ()
    single: bool = field(default=False)


ROAMING: Final = "/{org_name}/{app_name}/rest/message/roaming"
OWNER: Final = ("userId", "String", True, "")
PEER: Final = ("userId", "String", True, "")
GROUP: Final = ("groupId", "String", True, "")
IDS: Final = ("msgIdList", "String", True, "most")
TIME: Final = ("delTime", "Long", True, "")
NOTIFY: Final = ("isNotify", "Boolean", False, "default")
COMMON: Final = (
    ("action", "String"), ("organization", "String"), ("application", "String"),
    ("applicationName", "String"), ("uri", "String"), ("path", "String"), ("timestamp", "Long"),
    ("duration", "Int"),
)  # fmt: skip


def _query(*names: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, name) for name in names)


CHAT_BY_ID: Final = Section(
    "chat by ID", "DELETE", f"{ROAMING}/chat/user/{{userId}}", _query("userId", "msgIdList", "isNotify"),
    rows=(OWNER, PEER, IDS, NOTIFY), errors=(NOT_OPEN, TOO_MANY, MISSING),
)  # fmt: skip
GROUP_BY_ID: Final = Section(
    "group by ID", "DELETE", f"{ROAMING}/group/user/{{userId}}", _query("groupId", "msgIdList", "isNotify"),
    rows=(OWNER, GROUP, IDS, NOTIFY), errors=(NOT_OPEN, TOO_MANY),
)  # fmt: skip
ALL: Final = Section(
    "all of a user", "POST", f"{ROAMING}/user/{{userId}}/delete/all", rows=(OWNER,), timestamp="Long",
)  # fmt: skip
CHAT_BY_TIME: Final = Section(
    "chat by time", "DELETE", f"{ROAMING}/chat/user/{{userId}}/time", _query("userId", "delTime", "isNotify"),
    rows=(OWNER, PEER, TIME, NOTIFY),
)  # fmt: skip
GROUP_BY_TIME: Final = Section(
    "group by time", "DELETE", f"{ROAMING}/group/user/{{userId}}/time",
    _query("groupId", "delTime", "isNotify"), rows=(OWNER, GROUP, TIME, NOTIFY),
)  # fmt: skip

TODAY: Final = Revision((CHAT_BY_ID, GROUP_BY_ID, ALL, CHAT_BY_TIME, GROUP_BY_TIME), common=COMMON)
"""The page of the five operations as it is."""


def _without_notify(section: Section) -> Section:
    return replace(
        section,
        query=tuple(pair for pair in section.query if pair[0] != "isNotify"),
        rows=tuple(row for row in section.rows if row[0] != "isNotify"),
    )


BEFORE_NOTIFY: Final = Revision(tuple(map(_without_notify, TODAY.sections)))
"""2024: rows of errors, but neither isNotify nor a table of common fields."""


def _with_statuses_alone(section: Section) -> Section:
    return replace(_without_notify(section), errors=(), bare_statuses=("401", "403"))


FIRST_FIVE: Final = Revision(
    tuple(
        replace(
            _with_statuses_alone(section),
            query_in_url=section.path.endswith("/time"),
            rows_in_path=len(section.rows) if section.path.endswith("/time") else 1,
        )
        for section in TODAY.sections
    )
)
"""April 2024: the request lines by ID show no query, the tables of the path hold the query by time."""


def _called_username(section: Section) -> Section:
    renamed = _with_statuses_alone(section)
    owner = ("username", *renamed.rows[0][1:])
    return replace(
        renamed,
        path=section.path.replace("{userId}", "{username}"),
        rows=(owner, *renamed.rows[1:]),
        rows_in_path=len(renamed.rows),
    )


FIRST_THREE: Final = Revision(tuple(map(_called_username, TODAY.sections[2:])))
"""March 2024: three operations, `{username}` in the path, the peer among the parameters of the path."""


def _with_peer(section: Section) -> Section:
    return replace(
        section,
        query=tuple((key, "peer_userId" if key == "userId" else value) for key, value in section.query),
        rows=(
            section.rows[0],
            *(("peer_userId", *row[1:]) if row == PEER else row for row in section.rows[1:]),
        ),
    )


ONE_CHINESE: Final = Revision((_with_peer(CHAT_BY_ID),), single=True)
"""One page per operation: the placeholder of the peer has a name of its own."""
ONE_ENGLISH: Final = Revision((_with_peer(CHAT_BY_TIME),), words=ENGLISH, single=True)


def written(revision: Revision, form: Form) -> str:
    """The page as a text of one of the forms."""
    blocks = list(_blocks(revision))
    writer = {"HTML": _html, "Markdown": _markdown, "plain text": _plain}[form]
    return writer(blocks)


def _blocks(revision: Revision) -> Iterator[Block]:
    words = revision.words
    if not revision.single:
        yield "h1", "roaming messages"
        yield "p", "A page of facts."
    if revision.common:
        yield "h2", words.common
        yield "table", (words.field, *((name, kind, "…") for name, kind in revision.common))
    for section in revision.sections:
        yield "h1" if revision.single else "h2", section.title
        yield "p", "Messages are deleted from the server. Others keep theirs."
        yield "p", words.rate.format(section.rate)
        yield from _request(section, words)
        yield from _response(section, words)


def _request(section: Section, words: Words) -> Iterator[Block]:
    query = "&".join(f"{key}={{{value}}}" for key, value in section.query)
    url = f"https://{{host}}{section.path}" + (f"?{query}" if query and section.query_in_url else "")
    yield "h3", words.request
    yield "pre", f"{section.method} {url}"
    rows = [(name, kind, words.yes if need else words.no, _said(what, section, words))
            for name, kind, need, what in section.rows]  # fmt: skip
    yield "h4", words.path
    yield "table", (words.parameter, *rows[: section.rows_in_path])
    if rows[section.rows_in_path :]:
        yield "h4", words.query
        yield "table", (words.parameter, *rows[section.rows_in_path :])
    if section.headers:
        yield "h4", words.header
        said = {"Authorization": "`Bearer YourAppToken`"}
        shown = [
            (each, "String", words.yes, said.get(each, "`application/json`")) for each in section.headers
        ]
        yield "table", (words.parameter, *shown)


def _said(what: str, section: Section, words: Words) -> str:
    return {"most": words.most.format(section.most), "default": words.default.format(section.default)}.get(
        what, "who or when"
    )


def _response(section: Section, words: Words) -> Iterator[Block]:
    yield "h4", words.response
    fields = (("requestStatusCode", "String", "`ok`"), ("timestamp", section.timestamp, "ms"))
    yield "table", (words.field, *fields)
    keys = "&".join(f"{key}=XXXX" for key, _ in section.query)
    path = section.path.replace("{org_name}", "XXXX").replace("{app_name}", "XXXX")
    path = path.replace("{userId}", "XXXX").replace("{username}", "XXXX")
    lines = [f"curl -L -X {section.method} 'https://XXXX{path}{'?' + keys if keys else ''}' \\"]
    lines += [f"-H '{name}: {value}' \\" for name, value in section.sample_headers]
    yield "pre", "# a sample\n" + "\n".join(lines).rstrip(" \\")
    yield "pre", json.dumps({"requestStatusCode": "ok", "timestamp": 1710309184114}, indent=2)
    if section.errors:
        yield "h3", words.errors
        yield "table", (words.error, *section.errors)
    for status in section.bare_statuses:
        yield "li", f"{status}: something"


def _markdown(blocks: Sequence[Block]) -> str:
    parts = ["---\ntitle: facts\n---"]
    for kind, content in blocks:
        if kind == "table":
            parts.append("\n".join(_piped(content, before="| ")))
        elif kind == "pre":
            parts.append(f"```\n{content}\n```")
        elif kind == "li":
            parts.append(f"- {content}")
        else:
            parts.append(f"{'#' * int(kind[1]) + ' ' if kind != 'p' else ''}{content}")
    return "\n\n".join(parts) + "\n"


def _plain(blocks: Sequence[Block]) -> str:
    parts = ["\n".join(_piped(content)) if kind == "table" else str(content) for kind, content in blocks]
    return "\n".join(parts) + "\n"


def _piped(content: object, before: str = "") -> Iterator[str]:
    assert isinstance(content, tuple)
    for number, row in enumerate(content):
        yield f"{before}{' | '.join(row)} |"
        if number == 0:
            yield before + "---|" * len(row)


def _html(blocks: Sequence[Block]) -> str:
    body = "".join(f"<{kind}>{_inner(kind, content)}</{kind}>" for kind, content in blocks)
    menu = "<nav><a>DELETE https://host/o/a/rest/message/roaming/of/a/menu</a></nav>"
    return f"<!DOCTYPE html><html><head><title>x</title></head><body>{menu}<main>{body}</main></body></html>"


def _inner(kind: str, content: object) -> str:
    if kind == "table":
        assert isinstance(content, tuple)
        header, *rows = content
        head = "".join(f"<th>{html.escape(cell)}</th>" for cell in header)
        body = "".join(f"<tr>{''.join(f'<td>{_code(cell)}</td>' for cell in row)}</tr>" for row in rows)
        return f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
    if kind.startswith("h"):
        return f'<a class="header-anchor" href="#">#</a> {html.escape(str(content))}'
    return f"<code>{html.escape(str(content))}</code>" if kind == "pre" else _code(str(content))


def _code(text: str) -> str:
    parts = html.escape(text).split("`")
    return "".join(f"<code>{part}</code>" if number % 2 else part for number, part in enumerate(parts))
