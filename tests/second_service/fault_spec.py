"""Where a fault can reach into one of the five calls; plain Hooks change nothing."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.second_service.identity import Token
from tests.second_service.state import App, Arrival, Change, Pair, PulledWith, Thread
from tests.second_service.web import Answer, Request


class Operation(NamedTuple):
    name: str
    slug: str
    method: str
    kind: str
    """chat, group, or all."""
    by: str
    """ids, time, or everything."""

    @property
    def required(self) -> tuple[str, ...]:
        partner = {"chat": ("userId",), "group": ("groupId",)}.get(self.kind, ())
        return partner + {"ids": ("msgIdList",), "time": ("delTime",)}.get(self.by, ())


OPERATIONS = (
    Operation("deleteChatMessages", "delete-chat-messages", "DELETE", "chat", "ids"),
    Operation("deleteGroupMessages", "delete-group-messages", "DELETE", "group", "ids"),
    Operation("clearUser", "clear-user", "POST", "all", "everything"),
    Operation("clearChatBefore", "clear-chat-before", "DELETE", "chat", "time"),
    Operation("clearGroupBefore", "clear-group-before", "DELETE", "group", "time"),
)


@dataclass(slots=True)
class Call:
    """One of the five calls, read; what a value could not be read as is None."""

    operation: Operation
    app: App
    apps: Mapping[str, App]
    """All apps of the service by `org/app`."""
    request: Request
    owner: str
    token: Token | None
    thread: Thread | None = None
    ids: list[str] = field(default_factory=list)
    del_time: int | None = None
    notify: bool = True
    overlapping: bool = False
    """Another call of the operation is under way."""
    known_tokens: Collection[str] = ()
    """Of every app, live or not."""
    token_state: str = "valid"
    """valid, expired, foreign (of another app), or unknown."""

    def given(self, name: str) -> str | None:
        return self.request.first(name)


class Notice(NamedTuple):
    user: str
    device: str
    data: dict[str, Any]


Check = Callable[[Call, Answer | None], Answer | None]


def _nothing(_call: Call) -> None:
    return None


def _same_refusal(_call: Call, refusal: Answer | None) -> Answer | None:
    return refusal


def _same_pairs(_call: Call, due: list[Pair]) -> Iterable[Pair]:
    return due


def _same_changes(_call: Call, due: list[Change]) -> list[Change]:
    return due


def _same_notices(_call: Call, due: list[Notice]) -> list[Notice]:
    return due


def _same_answer(_call: Call, answer: Answer) -> Answer:
    return answer


def _never(_call: Call, _refusal: Answer) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Hooks:
    prepare: Callable[[Call], None] = _nothing
    """After the query has been read, before any check."""
    checks: Mapping[str, Check] = field(default_factory=dict)
    """By the name of a check: what it finds instead."""
    refusal: Check = _same_refusal
    """Over all checks."""
    effective_though_rejected: Callable[[Call, Answer], bool] = _never
    notified_though_rejected: Callable[[Call, Answer], bool] = _never
    pairs: Callable[[Call, list[Pair]], Iterable[Pair]] = _same_pairs
    changes: Callable[[Call, list[Change]], list[Change]] = _same_changes
    notices: Callable[[Call, list[Notice]], list[Notice]] = _same_notices
    answer: Callable[[Call, Answer], Answer] = _same_answer
    """Of a success."""
    arrival: Arrival | None = None
    """When a later message is stored."""
    methods: Mapping[str, bool] = field(default_factory=dict)
    """Further methods that do the same; False: they answer with an error response nevertheless."""
    slow_s: float = 0.0
    """Between reading the state and writing it."""
    rate: int = 0
    """Calls per second that are served; 0: the documented number."""
    unknown_app: int = 0
    """Answer to an App Key that does not exist: 200 serves it, another status rejects; 0: as it should be."""
    lingers: PulledWith | None = None
    """What was deleted is still pulled in this way."""
    org_ignored: bool = False
    """The org is not looked at."""


PLAIN = Hooks()
