"""What was seen that the model does not say, or the other way round."""

from dataclasses import dataclass, field
from typing import Literal

from roamspec.transport.exchange import Exchange

Kind = Literal[
    "kept",
    "back",
    "lost",
    "altered",
    "listed",
    "unlisted",
    "shown",
    "told",
    "untold",
    "partly untold",
    "mistold",
    "answer",
    "broken",
]
"""kept: a deleted message is still pulled; back: it is pulled again; lost: one is missing that was not
deleted; altered: a view shows something else than what was said, or in another order. listed, unlisted: a
conversation that should not be in a list is, and the other way round; shown: a list shows a deleted message
of it. told, untold: the same of a device;
partly untold: of some of a user's devices; mistold: of other messages. answer: a status that the
documentation does not allow; broken: the same, and a server error."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What `user` saw of `place`, after the step of index `step`; `labels` are the messages concerned.

    `expected` and `actual` are sentences for a person.
    """

    kind: Kind
    step: int
    user: str
    place: str
    labels: tuple[str, ...]
    expected: str
    actual: str
    since: int = field(default=-1, compare=False)
    """The step after which the same was last seen as it should be; -1 for none."""
    exchanges: tuple[Exchange, ...] = field(default=(), compare=False, repr=False)
    """All that was sent until then."""


class Found(AssertionError):  # noqa: N818 - what it carries is a finding, not an error of ours
    """Ends the playing of a sequence at its first difference."""

    def __init__(self, difference: Difference) -> None:
        super().__init__(f"expected {difference.expected}; {difference.actual}")
        self.difference = difference
