"""What a judgement compares, in a form that a shell script can judge by as well."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["answer", "deleted", "retained", "listed", "unlisted"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """`holds` is a jq filter over `{status, headers, body, text}` of the response, true when it conforms.

    With `deleted` and `retained`, `ids` are message IDs that the history must not have, or must have. With
    `listed` and `unlisted` they name one conversation of the kind `conversation` (`chat` or `group`), which
    the list must have, or must not have.
    """

    kind: Kind
    holds: str = "true"
    ids: tuple[str, ...] = ()
    conversation: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The form that stands in `report.json`."""
        return {
            "kind": self.kind,
            "holds": self.holds,
            "ids": list(self.ids),
            "conversation": self.conversation,
        }


def answers(holds: str) -> Comparison:
    """The response alone is compared."""
    return Comparison("answer", holds)


def answers_status(*accepted: int) -> Comparison:
    """The response has one of these statuses."""
    return answers(" or ".join(f".status == {status}" for status in accepted))


def no_server_error_seen() -> Comparison:
    """The call is accepted, or rejected on the client's account."""
    return answers(".status == 200 or (.status >= 400 and .status < 500)")


def answers_field(name: str, *accepted: Any, may_lack: bool = False) -> Comparison:
    """A field of the body has one of these values; `may_lack` also accepts a body without it."""
    field = f".body[{json.dumps(name)}]?"
    tests = [f"{field} == {json.dumps(value, ensure_ascii=False)}" for value in accepted]
    return answers(" or ".join([*tests, f"{field} == null"] if may_lack else tests))


def deleted(ids: Iterable[str]) -> Comparison:
    """The call succeeds, and a history query does not return these messages."""
    return Comparison("deleted", ".status == 200", tuple(sorted(ids)))


def retained(ids: Iterable[str]) -> Comparison:
    """A history query returns these messages."""
    return Comparison("retained", ids=tuple(sorted(ids)))


def in_list(kind: str, identifier: str, *, present: bool) -> Comparison:
    """The conversation list has the conversation, or, after a success, has it not."""
    conversation = "chat" if kind == "chat" else "group"
    if present:
        return Comparison("listed", ids=(identifier,), conversation=conversation)
    return Comparison("unlisted", ".status == 200", (identifier,), conversation)


def lost(before: Collection[str], allowed: Collection[str] = ()) -> Comparison:
    """Whatever a history query returned before it still returns, but for what may be deleted."""
    return retained(set(before) - set(allowed))
