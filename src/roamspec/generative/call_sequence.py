"""A sequence of calls in symbols: no names, IDs or times of a real run, so that it can be run again.

Three users, `a`, `b` and `c`, share the places below. Messages have labels (`m1`, `m2`, ...), and a
deletion names labels: what they stand for is known once the sequence is played to a target.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal, Self, get_args

from roamspec.api.message_bodies import TEXT
from roamspec.generative.model import ModelConversation

Notify = Literal["absent", "true", "false"]
Form = Literal["encoded", "reordered", "reversed", "repeated"]
FORMS: Final[tuple[Form, ...]] = get_args(Form)
"""How a call is written: with percent-encoded characters, with its parameters turned round, with its IDs from
the last to the first, with its first ID twice."""
USERS: Final = ("a", "b", "c")
PLACES: Final[dict[str, ModelConversation]] = {
    "chat ab": ModelConversation("chat", ("a", "b")),
    "chat ac": ModelConversation("chat", ("a", "c")),
    "chat bc": ModelConversation("chat", ("b", "c")),
    "group": ModelConversation("group", USERS),
    "second group": ModelConversation("group", USERS, "second"),
    "room": ModelConversation("room", USERS),
    "neighbour's chat ab": ModelConversation("chat", ("a", "b"), "neighbour"),
}
NEIGHBOUR: Final = "neighbour's chat ab"
"""A chat of users of the same names in the second app: no call of the five is made there."""
UNKNOWN: Final = "unknown"
"""A label for an ID that no message has."""
TEXTS: Final = {"": "hello", "long": "hello " * 60, "other script": "\u4f60\u597d"}
"""What texts say, by their names."""
OFFSETS: Final = (0, -1, 1, -1000, 1000)
"""Milliseconds from the message's own time at which a boundary is set."""


TO_COME: Final = 100_000
"""Milliseconds from a message that was sent now to a time to come, which a service may reject."""


@dataclass(frozen=True, slots=True)
class SendStep:
    """One message; `at_ms` is the time it is imported with, in milliseconds after the beginning of the
    sequence's past, and None for a message that is sent now. `text` is one of TEXTS."""

    label: str
    place: str
    sender: str
    at_ms: int | None = None
    type: str = TEXT
    text: str = ""


@dataclass(frozen=True, slots=True)
class DeleteStep:
    """One call of one of the five; `operation` is its name in the contract.

    By ID: `picks`. By time: `offset_ms` after the message `around`. `flaw` is what is wrong with the call
    (`roamspec.generative.flaws`), `forms` how it is written.
    """

    operation: str
    owner: str
    place: str = ""
    picks: tuple[str, ...] = ()
    around: str = ""
    offset_ms: int = 0
    notify: Notify = "absent"
    flaw: str = ""
    forms: tuple[Form, ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """The world of a sequence before its first step.

    `relation` is how the ID of `a` relates to that of `b`, `base` is of which form that of `b` is, `form` of
    which that of `c` (see `roamspec.session.names`; `short` is one character). `creator` made the group and
    the chatroom, `late` joined groups afterwards. `devices` are the online devices of `a`, `b` and `c`, if
    there are any (`CallSequence.watched`). With a `namesake` a further user has the group's ID.
    """

    relation: str = ""
    form: str = ""
    creator: str = "a"
    late: str = ""
    devices: tuple[int, int, int] = (1, 1, 1)
    namesake: bool = False
    base: str = ""


PLAIN: Final = Setting()
Step = SendStep | DeleteStep

TOO_MANY: Final = "too many IDs"
ANONYMOUS: Final = "no token"
NO_NUMBER: Final = "delTime is no number"
MISSING: Final = "missing "
"""A call without the parameter that this is followed by."""


@dataclass(frozen=True, slots=True)
class CallSequence:
    """`watched` says whether the users have online devices."""

    steps: tuple[Step, ...] = ()
    watched: bool = False
    setting: Setting = PLAIN

    def __len__(self) -> int:
        return len(self.steps)

    @property
    def deletions(self) -> tuple[DeleteStep, ...]:
        """The steps that delete, in their order."""
        return tuple(step for step in self.steps if isinstance(step, DeleteStep))

    @property
    def operations(self) -> tuple[str, ...]:
        """The deletions it uses, by name, each once."""
        return tuple(dict.fromkeys(step.operation for step in self.deletions))

    @property
    def just_cleared(self) -> bool:
        """Whether one of the last three steps clears everything of somebody."""
        return any(isinstance(step, DeleteStep) and not step.place for step in self.steps[-3:])

    def first(self, count: int) -> Self:
        """The sequence up to its first `count` steps."""
        return replace(self, steps=self.steps[:count])

    def without(self, removed: frozenset[int]) -> Self:
        """The program without some steps; what named a message that is not said any more names it no more."""
        kept = tuple(step for i, step in enumerate(self.steps) if i not in removed)
        return replace(self, steps=kept).tidied()

    def without_operation(self, operation: str) -> Self:
        """The sequence without the calls of one operation."""
        at = (i for i, s in enumerate(self.steps) if isinstance(s, DeleteStep) and s.operation == operation)
        return self.without(frozenset(at))

    def tidied(self) -> Self:
        """The sequence without references to messages that it no longer sends."""
        said = {step.label for step in self.steps if isinstance(step, SendStep)} | {UNKNOWN}
        return replace(self, steps=tuple(self._tidied_steps(said)))

    def _tidied_steps(self, said: set[str]) -> Iterator[Step]:
        for step in self.steps:
            if isinstance(step, DeleteStep) and step.picks:
                picks = tuple(label for label in step.picks if label in said)
                if picks:
                    yield replace(step, picks=picks)
            elif not isinstance(step, DeleteStep) or not step.around or step.around in said:
                yield step
