"""Folds the events of a run into verdicts. It reads no clock, no file and no environment."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from roamspec.errors import SuiteError
from roamspec.results.coverage_gaps import coverage_gaps
from roamspec.results.document import Judged, JudgedBy, report_document
from roamspec.results.events import CheckFinished, CheckStarted, Event, RunFinished, RunStarted
from roamspec.results.request_rate import Sent, request_rate, sent_by
from roamspec.results.verdict import (
    NOT_SELECTED,
    CheckResult,
    Decision,
    RequirementResult,
    RunFacts,
    RunVerdict,
    decide,
    decide_part,
    judge,
    missing_floor,
)
from roamspec.results.waivers import Accepted

if TYPE_CHECKING:
    from roamspec.contract.requirements import Catalogue, Requirement


class Aggregate:
    """A listener that knows the verdict at any time: before `RunFinished` it is `incomplete`.

    What `--req` did not select is `not-run` in the report and decides nothing, also where a check happened
    to judge it; as evidence that an operation answers and acts it still counts.
    """

    def __init__(
        self,
        catalogue: "Catalogue",
        contract_sha256: str,
        *,
        strict: bool = False,
        asked: Mapping[str, str] | None = None,
        max_inconclusive: int | None = None,
        accepted: Accepted | None = None,
    ) -> None:
        """`asked` and `max_inconclusive` as for `coverage_gaps`; the failures of `accepted` do not count."""
        self._catalogue = catalogue
        self._contract_sha256 = contract_sha256
        self._strict = strict
        self._asked = asked or {}
        self._max_inconclusive = max_inconclusive
        self._accepted = accepted or Accepted()
        self._checks: dict[str, list[CheckResult]] = {}
        self._finished: dict[str, None] = {}
        self._errors: dict[str, str] = {}
        self._sent: list[Sent] = []
        self.started: RunStarted | None = None
        self.ended: RunFinished | None = None

    def __call__(self, event: Event, /) -> None:
        """Fold in one event."""
        match event:
            case RunStarted():
                self.started = event
            case CheckStarted():
                pass
            case CheckFinished():
                self._fold(event)
            case RunFinished():
                self.ended = event

    def _fold(self, finished: CheckFinished) -> None:
        self._finished[finished.check] = None
        sent = sent_by(finished)
        if sent is not None:
            self._sent.append(sent)
        if finished.outcome == "error":
            self._errors[finished.check] = finished.detail or "the suite itself failed"
        for judgement in finished.judgements:
            if judgement.requirement not in self._catalogue:
                # An unknown name must not pass unseen, nor may it lose what the other checks found.
                self._errors[finished.check] = (
                    f"it judged {judgement.requirement!r}, which is not a requirement"
                )
                continue
            result = CheckResult(
                finished.check,
                judgement.verdict,
                finished.duration_s,
                judgement.reason,
                judgement.failure,
                judgement.served,
            )
            results = self._checks.setdefault(judgement.requirement, [])
            if result not in results:
                results.append(result)

    @property
    def broken_checks(self) -> dict[str, str]:
        """The checks in which the suite itself failed, each with what failed."""
        return dict(self._errors)

    @property
    def broken_waivers(self) -> tuple[str, ...]:
        """One sentence for each waiver that no longer holds; none of a part of a run, which cannot know."""
        if self.started is not None and self.started.part is not None:
            return ()
        return self._accepted.problems(self._found, self._day)

    @property
    def failures(self) -> int:
        """How many selected requirements have failed so far, those that are accepted apart."""
        return sum(
            any(check.outcome == "fail" for check in checks)
            for requirement, checks in self._checks.items()
            if self.counts(requirement)
        )

    def counts(self, name: str) -> bool:
        """Whether a failure of this requirement counts: it is selected, and nobody accepts it."""
        return (
            name in self._catalogue
            and self._selected(name)
            and not self._accepted.reason_for(self._catalogue[name], self._day)
        )

    @property
    def results(self) -> list[RequirementResult]:
        """One for each requirement of the catalogue, in its order."""
        return [self._accepted.without_accepted(result, self._day) for result in self._found]

    @property
    def _day(self) -> date:
        """On which the run began."""
        # A recording has no time of its own: nothing is accepted in it.
        started_at = self.started.started_at if self.started else ""
        return date.fromisoformat(started_at[:10]) if started_at else date.min

    @property
    def _found(self) -> list[RequirementResult]:
        """The same, with accepted failures as failures."""
        return [
            judge(requirement, self._checks.get(name, ()), absent=self._absent(requirement))
            if self._selected(name)
            else RequirementResult(requirement, "not-run", NOT_SELECTED, ())
            for name, requirement in self._catalogue.items()
        ]

    def _selected(self, name: str) -> bool:
        return self.started is None or self.started.selected is None or name in self.started.selected

    def _absent(self, requirement: "Requirement") -> str:
        if requirement.unchecked:
            return requirement.unchecked
        if self.started is None or self.ended is None or self.ended.ending != "complete":
            return "the run ended before it was judged"
        if requirement.id in self.ended.left_out:
            return "its checks were left out"
        if self.started.part is not None:
            return f"no check of shard {self.started.part.shard} judged it"
        return f"no check of the profile {self.started.profile} judged it"

    @property
    def _left_out(self) -> list[str]:
        """Selected requirements that no check judged, because it was left out, in the catalogue's order."""
        left_out = self.ended.left_out if self.ended else frozenset()
        return [n for n in self._catalogue if n in left_out and n not in self._checks and self._selected(n)]

    @property
    def decision(self) -> Decision:
        """The verdict with its reasons and its exit status, by all events so far."""
        return self._decide(strict=self._strict)

    def _decide(self, *, strict: bool) -> Decision:
        facts = RunFacts(
            ending=self.ended.ending if self.ended else None,
            detail=self.ended.detail if self.ended else "",
            planned=self.started.planned_checks if self.started else 0,
            finished=len(self._finished),
            errors=len(self._errors),
            left_out=self._left_out,
        )
        selected = [r for name, r in self._catalogue.items() if self._selected(name)]
        judged = {self._catalogue[name]: checks for name, checks in self._checks.items()}
        results = self.results
        if self.started is not None and self.started.part is not None:
            return decide_part(results, facts, self.started.part.shard, strict=strict)
        gaps = (
            *missing_floor(selected, judged),
            *coverage_gaps(self._found, self._asked, self._max_inconclusive),
        )
        return decide(results, facts, gaps, strict=strict, broken_waivers=self.broken_waivers)

    @property
    def verdict(self) -> RunVerdict:
        """The verdict alone."""
        return self.decision.verdict

    def exit_status(self, strict: bool | None = None) -> int:
        """What the command ends with; `strict` as the aggregate was made with unless given."""
        return self._decide(strict=self._strict if strict is None else strict).exit_status

    def report(self) -> dict[str, Any]:
        """The report in the form of `contracts/report.schema.json`; SuiteError before `RunStarted`."""
        if self.started is None:
            raise SuiteError("A run that did not start has no report.")
        return report_document(
            self.started,
            self.ended,
            JudgedBy(self._contract_sha256, self._catalogue.revision, self._strict),
            Judged(self.decision, self.results, len(self._finished), self._errors),
            # A recording is replayed as fast as this machine can.
            rate={} if self.started.target.kind == "cassette" else request_rate(self._sent),
        )
