"""Explores sequences on one target: draws, plays, follows up what differs."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count

from roamspec.errors import BudgetSpent, TargetError
from roamspec.generative import corpus, feature_coverage
from roamspec.generative.attribution import suspected
from roamspec.generative.budget_meter import Meter
from roamspec.generative.call_sequence import CallSequence, DeleteStep, Setting
from roamspec.generative.difference import Difference, Found
from roamspec.generative.execution import Performance, played
from roamspec.generative.exploration_log import ExplorationLog, SequenceFinding
from roamspec.generative.hypothesis_settings import examples_in, keep_house
from roamspec.generative.notification_expectations import GRACE_S
from roamspec.generative.planned_state import is_feasible
from roamspec.generative.sequence_executor import ExplorationContext, SequenceExecutor
from roamspec.generative.state_machine import explore
from roamspec.generative.strategies import Repertoire
from roamspec.generative.triage import (
    NotADeletion,
    NotReproducible,
    not_followed,
    triaged,
    unattributed,
    untriaged,
)
from roamspec.generative.visibility_probe import assumed, left_out, look_around
from roamspec.session.session import Session
from roamspec.suite.exploration_limits import ExplorationEffort, ExplorationLimits
from roamspec.transport.http_messages import Response

_MOST_TROUBLES = 3
_MOST_ROUNDS = 7
_OF_A_ROUND = 20
"""Sequences of one round of a campaign: worlds with devices stand until its end."""
_PRIME = 1_000_003
_ONE_SEQUENCE = 70
"""Requests of a sequence, as long as nobody knows what one takes on this target."""


class Sequences:
    """One exploration of one target."""

    def __init__(
        self,
        session: Session,
        effort: ExplorationEffort,
        limits: ExplorationLimits | None = None,
        *,
        replies: Callable[[DeleteStep, Response], None] | None = None,
    ) -> None:
        """`limits` are those of the profile, unless given; `replies` hears every response."""
        self.session = session
        self.effort = effort
        self.limits = limits or effort.limits
        self.journal = ExplorationLog()
        self.context = ExplorationContext(session, session.contract, assumed(session), replies)
        self._looked_around = False
        self._exploring = Meter(session)
        self._following = Meter(session)
        self._budget = self.limits.requests
        self._unheard: list[tuple[CallSequence, SequenceExecutor]] = []
        self._heard_until = 0.0
        self._first_seed = 0
        self._begun_at: int | None = None
        self._of_one = _ONE_SEQUENCE
        """Requests that the dearest sequence of this run took."""

    def explore(self) -> list[SequenceFinding]:
        """What was found, each operation at most once; TargetError when no sequence could be played."""
        keep_house(self.effort.examples)
        if self.effort.corpus is not None:
            self.journal.coverage.earlier = feature_coverage.read(self.effort.corpus)
        # A campaign that goes on where another one stopped draws something else.
        later = len(self.journal.coverage.earlier) if self.effort.campaign_s else 0
        self._first_seed = self.effort.seed * _MOST_ROUNDS + later * _PRIME
        findings: list[SequenceFinding] = []
        for program in self._remembered():
            if not self._short_of_requests:
                self._replay(program, findings)
        left = self.session.client.allowance.left
        if left is not None:
            self._budget = min(self._budget, left)
        for number in count() if self.effort.campaign_s else range(_MOST_ROUNDS):
            broken = set() if self.effort.keep_going else {finding.operation for finding in findings}
            found_in = self._round(number, broken)
            if found_in is not None:
                self._follow(*found_in, findings)
            if self.effort.campaign_s:
                self._report_progress(findings)
            everything = set(self.session.contract.operations)
            if found_in is None and (not self.effort.campaign_s or self.spent or broken == everything):
                break
        if not self.journal.played and self.journal.troubles:
            raise self.journal.troubles[0]
        if self._budget < min(_ONE_SEQUENCE, self.limits.requests):
            self.journal.notes.append(
                f"No sequence was run: only {self._budget} of the requests that a run may send were left."
            )
        late = self._exploring.seconds > self.limits.seconds and not self.effort.campaign_s
        if late and not self._used_its_requests:
            self.journal.notes.append(
                f"Sequences were left out: those before them took {self.limits.seconds:.0f} s. "
                "Another run from the same seed may draw more."
            )
        if self.effort.corpus is not None and self.journal.coverage.calls:
            feature_coverage.write(self.effort.corpus, self.journal.coverage)
        self.journal.left_out = left_out(self.session, self.context.visibility)
        return findings

    def _report_progress(self, findings: Sequence[SequenceFinding]) -> None:
        """Say how far a campaign is, and keep what was drawn: it may be stopped, and goes on from there."""
        drawn, seconds = self.journal.coverage, self._exploring.seconds
        self.session.tell(
            f"campaign: {seconds:.0f} of {self.effort.campaign_s:.0f} s, {self.journal.played:,} sequences, "
            f"{len(drawn.pairs | drawn.earlier):,} pairs of features, {len(findings)} findings"
        )
        if self.effort.corpus is not None:
            feature_coverage.write(self.effort.corpus, drawn)

    @property
    def spent(self) -> bool:
        """Whether no further sequence is to be drawn."""
        meter = self._exploring
        if self.effort.campaign_s:
            return meter.seconds > self.effort.campaign_s or len(self.journal.troubles) >= _MOST_TROUBLES
        no_more = self._used_its_requests or len(self.journal.troubles) >= _MOST_TROUBLES
        return no_more or meter.seconds > self.limits.seconds

    @property
    def _used_its_requests(self) -> bool:
        return self._exploring.requests + self._of_one > self._budget or self._short_of_requests

    @property
    def _short_of_requests(self) -> bool:
        """Whether the run may hardly send more: what was begun must be followed up and cleaned up."""
        return not self.session.client.allowance.can_spare(_ONE_SEQUENCE)

    def _remembered(self) -> list[CallSequence]:
        if self.effort.corpus is None:
            return []
        kept = corpus.read(self.effort.corpus)
        return [program for program in kept if is_feasible(program, self.context.visibility)]

    def _replay(self, program: CallSequence, findings: list[SequenceFinding]) -> None:
        try:
            found, _ = played(self.context, program)
        except TargetError as error:
            self.journal.troubles.append(error)
            return
        if found is not None:
            self._follow(program, found, findings, remembered=True)

    def _round(self, number: int, broken: set[str]) -> tuple[CallSequence, Difference] | None:
        """Draw until a difference is seen; what is drawn depends on the round and on what is known to be
        broken, and is new in each round."""
        operations = [o for o in self.session.contract.operations.values() if o.name not in broken]
        if not operations or self.spent:
            return None
        self._exploring.start()
        try:
            found = explore(
                self.context.visibility,
                Repertoire.of(operations),
                self._begin,
                seed=self._first_seed + number,
                examples=_OF_A_ROUND if self.effort.campaign_s else self.limits.sequences,
                steps=self.limits.choices,
                database=examples_in(self.effort.examples, self.effort.shared_examples),
                new_in=self.journal.coverage.new_in,
            )
            return found or self._silence()
        finally:
            self._dismiss()
            self._begun_at = None
            self._exploring.stop()

    def _begin(self, *, watched: bool, setting: Setting) -> Performance | None:
        now = self._exploring.requests
        if self._begun_at is not None:
            self._of_one = max(self._of_one, now - self._begun_at)
        self._begun_at = now
        if self.spent:
            return None
        # Devices are watched in the first half only: what they are notified late is heard during the second.
        early = bool(self.effort.campaign_s) or self._exploring.requests < self._budget // 2
        return Performance(
            self.context, self.journal, self._keep_listening, watched=watched and early, setting=setting
        )

    def _keep_listening(self, program: CallSequence, executor: SequenceExecutor) -> None:
        """Leave a world standing until the end of the round, so that what its devices are notified late is
        heard without waiting for each."""
        self._unheard.append((program, executor))
        self._heard_until = self.session.clock()

    def _silence(self) -> tuple[CallSequence, Difference] | None:
        if self._unheard:
            self.session.sleep(max(0.0, self._heard_until + GRACE_S - self.session.clock()))
        for program, executor in self._unheard:
            assert executor.notifications
            try:
                executor.notifications.compare_silence(len(program) - 1)
            except Found as found:
                return program, found.difference
        return None

    def _dismiss(self) -> None:
        while self._unheard:
            self._unheard.pop()[1].close()

    def _follow(
        self,
        program: CallSequence,
        difference: Difference,
        findings: list[SequenceFinding],
        *,
        remembered: bool = False,
    ) -> None:
        self._following.start()
        try:
            finding = triaged(
                self.context,
                program,
                difference,
                tries=self.limits.shrinks,
                may_send=lambda requests: (
                    self._following.requests < self.limits.shrinking_requests
                    and self.session.client.allowance.can_spare(requests)
                ),
            )
        except NotReproducible as unsteady:
            self.journal.notes.append(str(unsteady))
        except NotADeletion as arranging:
            self._learn(arranging)
        except TargetError as error:
            if isinstance(error, BudgetSpent) and suspected(program, difference):
                self._take(untriaged(program, difference), findings)
            else:
                self.journal.notes.append(not_followed(program, difference, error))
        else:
            self._take(replace(finding, remembered=remembered), findings)
        finally:
            self._following.stop()

    def _take(self, finding: SequenceFinding, findings: list[SequenceFinding]) -> None:
        if finding.program in [other.program for other in findings]:
            return
        if finding.operation:
            findings.append(finding)
        else:
            self.journal.notes.append(unattributed(finding))
        if self.effort.corpus is not None:
            seen = finding.difference
            corpus.write(self.effort.corpus, finding.program, why=f"{seen.expected}; {seen.actual}")

    def _learn(self, arranging: NotADeletion) -> None:
        """This target treats messages in another way than most: find out in which, once."""
        if self._looked_around:
            self.journal.notes.append(str(arranging))
            return
        self._looked_around = True
        self.context = replace(self.context, visibility=look_around(self.session))
