"""What an exploration did and found."""

from dataclasses import dataclass, field

from roamspec.errors import TargetError
from roamspec.generative.call_sequence import CallSequence
from roamspec.generative.difference import Difference
from roamspec.generative.evidence import credits_of
from roamspec.generative.feature_coverage import Coverage
from roamspec.generative.planned_state import Visibility
from roamspec.transport.exchange import Exchange


@dataclass(frozen=True, slots=True)
class SequenceFinding:
    """A difference that was reproduced, in its shortest sequence, and the operation that it belongs to.

    `operation` is empty when nothing tells whose it is; `remembered` says that it comes from the corpus, and
    not `confirmed` that no request was left to see it again.
    """

    program: CallSequence
    difference: Difference
    operation: str
    exchanges: tuple[Exchange, ...]
    remembered: bool = False
    confirmed: bool = True


@dataclass
class ExplorationLog:
    """For the report, and to show that the exploration did anything."""

    played: int = 0
    credits: set[tuple[str, str]] = field(default_factory=set)
    """(operation, requirement) pairs that a sequence could have refuted and did not."""
    beginnings: set[CallSequence] = field(default_factory=set)
    """What was played to the end, and each beginning of it."""
    troubles: list[TargetError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    coverage: Coverage = field(default_factory=Coverage)

    def note(self, program: CallSequence, visibility: Visibility) -> None:
        """A sequence was played to its end and showed nothing."""
        self.played += 1
        self.credits |= credits_of(program, visibility)
        self.beginnings |= {program.first(count) for count in range(len(program) + 1)}

    def sentences(self) -> list[str]:
        """What a person should know of the exploration, beyond its verdicts."""
        said = list(self.notes)
        if self.left_out:
            said.append(
                f"Sequences do not use what this target does not support: {'; '.join(self.left_out)}."
            )
        if self.troubles:
            said.append(f"{len(self.troubles)} sequences could not be executed: {self.troubles[0]}")
        return said
