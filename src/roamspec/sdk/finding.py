"""What one look at one or more calls found about one requirement."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

from roamspec.sdk.calls import ObservedCall

Verdict = Literal["pass", "fail", "inconclusive"]


@dataclass(frozen=True, slots=True)
class ClientFinding:
    """`name` is the requirement without its operation: `client-limit.at-most-fifty-ids`.

    `calls` are those that show it, the first of them deciding to which test it belongs. A pass needs no
    words; what is inconclusive says why in `actual`.
    """

    operation: str
    name: str
    verdict: Verdict
    calls: tuple[ObservedCall, ...]
    expected: str = ""
    actual: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class IntendedValues:
    """The IDs that the tests mean to send, as the scenario says, and those that the service gave."""

    users: frozenset[str] = frozenset()
    conversations: frozenset[str] = frozenset()
    """Peers, groups and chatrooms."""
    messages: frozenset[str] = frozenset()
    secrets: tuple[str, ...] = field(default=(), repr=False)


JudgeCall = Callable[[ObservedCall, IntendedValues], Iterable[ClientFinding]]
"""Looks at one call, which is one of the five and was not announced as a violation."""


def finding_about(
    call: ObservedCall, name: str, *, wrong: str = "", expected: str = "", hint: str = "", operation: str = ""
) -> ClientFinding:
    """A pass, or a failure where `wrong` says what came instead."""
    verdict: Verdict = "fail" if wrong else "pass"
    return ClientFinding(
        operation or call.deletion,
        name,
        verdict,
        (call,),
        expected if wrong else "",
        wrong,
        hint if wrong else "",
    )
