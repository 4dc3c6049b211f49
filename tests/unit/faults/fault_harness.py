"""A few users and conversations, called in process: what a client sees of them, without the suite."""

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from roamspec.appkey import AppKey
from roamspec.emulator.application import application
from roamspec.emulator.apps import App
from roamspec.emulator.devices.hub import DeviceConnection
from roamspec.emulator.domain import accounts
from roamspec.emulator.domain.context import Context
from roamspec.emulator.domain.conversations import conversation_list
from roamspec.emulator.domain.deletion import KINDS, DeletionKind
from roamspec.emulator.domain.delivery import OutgoingMessage, seed
from roamspec.emulator.domain.records import ConversationKey, Group
from roamspec.emulator.http.operations.deletions import STEPS
from roamspec.emulator.service import Service
from roamspec.emulator.settings import AppSettings
from roamspec.emulator.store.protocol import AppStore
from roamspec.faults import switch_on

ORG: Final = "acme"
NOW: Final = 1_700_000_000_500
FIRST: Final = NOW - 300_000
"""When the first message of the conversation that calls name was said; the middle of a second."""
TIMES: Final = (FIRST, FIRST + 999, FIRST + 1000, FIRST + 1000, FIRST + 1001, FIRST + 2000, FIRST + 62_000)
USERS: Final = ("alice", "bob", "carol", "dave", "alicee", "bobb", "erin", "frank")
ALIKE: Final = "k.m_n"
"""A name; the others end with it, contain it, and match it as a pattern of SQL or as a regular expression."""
LIKE_IT: Final = (f"x{ALIKE}", f"x{ALIKE}x", "k.mon", "kom_n")
GROUPS: Final = {
    "1": ("group", ("alice", "bob", "carol", "alicee", "frank")),
    "2": ("group", ("bob", "carol", "alice")),
    "3": ("room", ("alice", "bob", "carol")),
}
LARGE_GROUPS: Final = {
    "4": ("group", ("alice", "dave")),
    "5": ("group", ("zoe", "bob")),
    "6": ("room", ("zoe", "bob")),
}
LONG: Final = 215
"""Messages of the long conversations in a large harness: too many for a page, or for a call."""
_ONLINE: Final = (
    ("alice", "d1"),
    ("alice", "d2"),
    *((user, "d1") for user in ("bob", "carol", "dave", "frank")),
)
_METHODS: Final = {"clearUser": "POST"}


_AFTER_ALL: Final = (NOW * 2, "")
"""A position from which a later page would begin."""
_OF_ANOTHER_TYPE: Final = 4
"""Which message of each conversation is not a text."""


class _Ids:
    """Neighbouring numbers, as an application of floating-point numbers confuses them."""

    def __init__(self) -> None:
        self._last = 1_300_000_000_000_000_000

    def message(self, _now_ms: int, *, growing: bool = True) -> str:  # noqa: ARG002
        self._last += 1
        return str(self._last)


class _Builder:
    """Fills a store; `said` keeps the IDs of what was said, by the name of the conversation."""

    def __init__(self) -> None:
        app = App(AppKey(ORG, "draft"), AppSettings(), _Ids(), STEPS)  # type: ignore[arg-type]
        self.context = app.context(NOW)
        self.said: dict[str, list[str]] = {}

    def people(self, names: Iterable[str], groups: Mapping[str, tuple[str, tuple[str, ...]]]) -> None:
        for name in names:
            accounts.register(self.context, name, "1", None)
        for group, (kind, members) in groups.items():
            record = Group(group, kind, members[0], dict.fromkeys(members), {}, 0)  # type: ignore[arg-type]
            self.context.store.add_group(record)

    def chat(self, one: str, other: str, times: Sequence[int], *, listed: bool = True) -> None:
        for number, time_ms in enumerate(times):
            sender, receiver = (one, other) if number % 2 == 0 else (other, one)
            self._say(f"{one}-{other}", sender, ConversationKey("chat", receiver), time_ms, listed)

    def group(self, name: str, senders: Sequence[str], times: Sequence[int]) -> None:
        for number, time_ms in enumerate(times):
            self._say(name, senders[number % len(senders)], ConversationKey("group", name), time_ms)

    def _say(
        self, name: str, sender: str, target: ConversationKey, time_ms: int, listed: bool | None = None
    ) -> None:
        said = self.said.setdefault(name, [])
        kind = "img" if len(said) == _OF_ANOTHER_TYPE else "txt"
        said.append(seed(self.context, OutgoingMessage(sender, kind, "x", None), target, time_ms, listed))


def _build() -> tuple[AppStore, AppStore, dict[str, list[str]]]:
    """A small set of conversations and a large one, with their messages."""
    harness = _Builder()
    harness.people((*USERS, "ivan", ALIKE, *LIKE_IT), GROUPS)
    old = FIRST - 1_000_000
    harness.chat("alice", "carol", (old, old + 1))
    harness.chat("alice", "bobb", (old,))
    harness.chat("bob", "carol", (old, old + 1))
    harness.chat("bob", "dave", (old, old + 1))
    harness.chat("alicee", "bob", (old,))
    harness.chat("alice", "erin", (old,), listed=False)
    harness.chat("frank", "dave", (old,))
    # With somebody who is no user any more, and with the application itself.
    harness.chat("alice", "grace", (old, old + 1))
    harness.chat("alice", "admin", (old, old + 1))
    for name in (ALIKE, *LIKE_IT):
        harness.chat("ivan", name, (old, old + 1))
    harness.group("2", ("alice", "carol"), (old, old + 1))
    harness.chat("alice", "bob", TIMES)
    harness.group("1", ("alice", "bob", "carol"), TIMES)
    harness.group("3", ("bob", "alice", "carol"), TIMES)
    small = harness.context.store.copy()
    guests = [f"guest{number}" for number in range(25)]
    harness.people(("zoe", *guests), LARGE_GROUPS)
    long = [FIRST + 10 * number for number in range(LONG)]
    harness.chat("alice", "dave", long)
    harness.group("4", ("alice", "dave"), long)
    for number, guest in enumerate(guests):
        harness.chat("zoe", guest, (FIRST + number,))
    harness.group("5", ("bob", "zoe"), (FIRST,))
    harness.group("6", ("bob", "zoe"), (FIRST,))
    return small, harness.context.store, harness.said


_SMALL, _LARGE, SAID = _build()
_SERVICE: Final = Service(STEPS)
_ASGI: Final = application(_SERVICE)


@dataclass
class FaultHarness:
    """An open app with a neighbour and a closed one, all broken in one way; `log` is what clients saw."""

    fault: str
    operation: str
    large: bool = False
    log: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        for app in list(_SERVICE.apps()):
            _SERVICE.remove(app)
        ids = _Ids()
        self.apps: dict[str, App] = {}
        for name in ("main", "neighbour", "closed"):
            app = _SERVICE.create(AppKey(ORG, name), AppSettings(message_roaming=name != "closed"))
            app.store = (_LARGE if self.large else _SMALL).copy()
            app.ids = ids  # type: ignore[assignment]
            app.uuid = name
            app.clock.freeze(NOW)
            switch_on(app, [self.fault] if self.fault else [])
            self.apps[name] = app
        self.main = self.apps["main"]
        # A conversation that the main app does not have.
        next_door = self.apps["neighbour"].context(NOW)
        seed(next_door, OutgoingMessage("alice", "txt", "x", None), ConversationKey("chat", "dave"), NOW)
        self.tokens = {name: app.tokens.issue(None, 0, NOW) for name, app in self.apps.items()}
        self.devices: list[DeviceConnection] = [
            self.apps[app].devices.connect(user, device)
            for app in ("main", "closed")
            for user, device in _ONLINE
        ]

    @property
    def kind(self) -> DeletionKind:
        return KINDS[self.operation]

    @property
    def context(self) -> Context:
        return self.main.context(self.main.clock.now())

    def call(
        self,
        query: str,
        *,
        owner: str = "alice",
        app: str = "main",
        org: str = ORG,
        method: str = "",
        authorization: str | None = None,
        client: int = 1,
    ) -> None:
        """One call of the operation; what it answers goes into the log."""
        kind = self.kind
        path = f"/{org}/{app}/rest/message/roaming/"
        if kind.by == "all":
            path += f"user/{owner}/delete/all"
        else:
            path += f"{kind.conversation}/user/{owner}" + ("/time" if kind.by == "time" else "")
        if authorization is None:
            authorization = f"Bearer {self.tokens.get(app, self.tokens['main'])}"
        headers = [(b"host", b"emulator.test"), (b"accept", b"application/json")]
        headers += [(b"authorization", authorization.encode())] if authorization else []
        scope = {
            "type": "http",
            "method": method or _METHODS.get(self.operation, "DELETE"),
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": headers,
            "scheme": "http",
            "client": ("127.0.0.1", client),
        }
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        # Nothing of it waits for anything, so one step takes the call to its end.
        with suppress(StopIteration):
            _ASGI(scope, receive, send).send(None)  # type: ignore[arg-type, attr-defined]
        media_type = dict(sent[0]["headers"]).get(b"content-type")
        body = b"".join(message.get("body", b"") for message in sent[1:])
        self.log.append((sent[0]["status"], media_type, _comparable(body)))

    def say(self, sender: str, target: str) -> None:
        """A new message, now."""
        conversation = ConversationKey("group" if target in GROUPS else "chat", target)
        seed(self.context, OutgoingMessage(sender, "txt", "x", None), conversation, self.context.now)

    def wait(self, ms: int) -> None:
        for app in self.apps.values():
            app.clock.advance(ms)

    def look(self) -> None:
        """What everybody pulls and sees listed in each app, and what devices were notified, into the log."""
        for app in self.apps.values():
            context = app.context(app.clock.now())
            for account in context.store.users():
                views = context.store.views(account.name)
                pulled = {
                    view.conversation: tuple(
                        tuple(
                            (message.id, message.text, message.time_ms)
                            for message in view.walk(position, newer=newer)
                        )
                        for position, newer in ((None, False), (None, True), (_AFTER_ALL, False))
                    )
                    for view in views
                    if len(view) or view.listed
                }
                listed = [
                    (entry.conversation, entry.last.id if entry.last else "")
                    for entry in conversation_list(context, account.name)
                ]
                self.log.append((account.name, pulled, listed))
        for device in self.devices:
            while not device._events.empty():
                self.log.append((device.user, device.device, device._events.get_nowait()))

    def query(self, place: str, *, ids: Any = None, time_ms: int = 0, notify: str = "") -> str:
        """The query that names a conversation (by another user, or by a group's number) and what goes."""
        kind = self.kind
        if kind.by == "all":
            return f"isNotify={notify}" if notify else ""
        what = f"msgIdList={','.join(ids or ())}" if kind.by == "ids" else f"delTime={time_ms}"
        parts = [f"{kind.target_parameter}={place}", what, *([f"isNotify={notify}"] if notify else [])]
        return "&".join(parts)


def _comparable(body: bytes) -> object:
    """Without how long it took, and for error responses without when that was: an app that is not has no
    clock."""
    try:
        answer = json.loads(body)
    except ValueError:
        return body
    # A fault may say it wrongly; what is right is not always the same.
    if type(answer.get("duration")) is int:
        answer["duration"] = 0
    if "error" in answer:
        answer.pop("timestamp", None)
    return answer
