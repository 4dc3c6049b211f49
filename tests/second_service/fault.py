"""One way to break one requirement, and whom the suite must blame for it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.second_service.fault_spec import OPERATIONS, Call, Hooks, Operation
from tests.second_service.state import Message

CHAT_IDS, GROUP_IDS, USER, CHAT_TIME, GROUP_TIME = OPERATIONS
BY_ID = (CHAT_IDS, GROUP_IDS)
BY_TIME = (CHAT_TIME, GROUP_TIME)
IN_CHAT = (CHAT_IDS, CHAT_TIME)
IN_GROUP = (GROUP_IDS, GROUP_TIME)
CLEARING = (USER, *BY_TIME)
CONVERSATIONAL = (*BY_ID, *BY_TIME)
ALL = OPERATIONS


@dataclass(frozen=True, slots=True)
class Fault:
    """`expect` is a pattern of requirement IDs, at least one of which must fail."""

    name: str
    operation: str
    expect: re.Pattern[str]
    decisive: bool
    hooks: Hooks


def fault(operation: Operation, name: str, expect: str, *, decisive: bool = True, **hooks: Any) -> Fault:
    """`expect` without the operation, alternatives separated by |."""
    pattern = re.compile(rf"{operation.slug}\.(?:{expect})")
    return Fault(f"{operation.slug}.{name}", operation.name, pattern, decisive, Hooks(**hooks))


def left(call: Call) -> list[Message]:
    """What the owner has left in the conversation of the call, oldest first."""
    found = call.app.view(call.owner, call.thread) if call.thread else []
    return sorted(found, key=lambda m: (m.time_ms, m.seq))


def message(call: Call, message_id: str) -> Message:
    return call.app.by_id[message_id]


def others(call: Call, one: Message) -> list[str]:
    return [user for user in call.app.participants(one) if user != call.owner]


def oldest_first(call: Call, due: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(due, key=lambda pair: (message(call, pair[1]).time_ms, message(call, pair[1]).seq))


def chosen(keep: Callable[[Call, Message], bool]) -> Callable[[Call, list[tuple[str, str]]], Any]:
    """Only those of the due pairs whose message satisfies a condition."""
    return lambda call, due: [pair for pair in due if keep(call, message(call, pair[1]))]


def besides(more: Callable[[Call], list[tuple[str, str]]]) -> Callable[[Call, list[tuple[str, str]]], Any]:
    """The due pairs and some more, if anything was due at all."""
    return lambda call, due: [*due, *more(call)] if due else due


def instead(other: Callable[[Call], list[tuple[str, str]]]) -> Callable[[Call, list[tuple[str, str]]], Any]:
    """Other pairs than those due, if anything was due at all."""
    return lambda call, due: other(call) if due else due
