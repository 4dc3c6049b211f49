"""Judges what a load sees, by the rules that `run` and `proxy` judge by; it has none of its own.

Answers are judged one by one, as those of passing traffic are; effects by the assertions of the checks.
"""

from collections.abc import Mapping
from typing import Final

from roamspec.contract.operations import Contract
from roamspec.contract.requirements import Catalogue
from roamspec.load.tally import Tally
from roamspec.results.events import Judgement
from roamspec.sdk.calls import ObservedCall
from roamspec.sdk.rules.answers import ANSWER_RULES, judge_answer
from roamspec.session.session import Session
from roamspec.suite.context import CheckContext
from roamspec.suite.error_assertions import check_status
from roamspec.suite.operation_under_test import OperationUnderTest
from roamspec.suite.recorder import VerdictRecorder
from roamspec.transport.exchange import Exchange
from roamspec.transport.guard import base_path
from roamspec.transport.http_messages import Response

EFFECTS: Final = (
    "effect.single-id-gone",
    "effect.several-ids-gone",
    "effect.messages-gone",
    "effect.only-named-messages-gone",
    "effect.other-conversations-stay",
    "effect.same-people-elsewhere-stay",
    "effect.refused-call-deletes-nothing",
    "time.later-messages-stay",
    "all.chats-cleared",
    "all.groups-cleared",
    "one-way.others-keep-what-they-sent",
    "one-way.others-keep-what-they-received",
)
"""What is judged of an effect that is read back; not every operation has each of them."""
_STATUS: Final = "success.status-200"


def judged_names(catalogue: Catalogue, slug: str) -> list[str]:
    """The requirements of one operation that a load can judge, without the operation."""
    return [name for name in (*ANSWER_RULES, *EFFECTS) if f"{slug}.{name}" in catalogue]


def counting_recorder(slug: str, names: list[str], session: Session, tally: Tally) -> VerdictRecorder:
    """A recorder that also counts in `tally` how often a requirement held and how often it failed, and keeps
    the first failure of each."""
    recorder = VerdictRecorder(
        slug, dict.fromkeys(names, ""), (*ANSWER_RULES, *EFFECTS), main=session.main.key
    )
    counted = {f"{slug}.{name}" for name in names}

    def count(identifier: str, holds: bool) -> None:
        if identifier in counted:
            counts = tally.of_requirement(identifier)
            counts.passed, counts.failed = counts.passed + holds, counts.failed + (not holds)

    def keep_first(judgement: Judgement) -> None:
        counts = tally.of_requirement(judgement.requirement)
        counts.first = counts.first or judgement

    recorder.judged, recorder.failed = count, keep_first
    return recorder


class LoadJudge:
    """The judge of one process; what it finds goes into `tally`."""

    def __init__(self, session: Session, contract: Contract, catalogue: Catalogue, tally: Tally) -> None:
        self._session = session
        self._tally = tally
        self._prefix = base_path(session.client.base_url)
        self._origin = session.client.base_url.removesuffix(self._prefix)
        self.cases: Mapping[str, CheckContext] = {
            name: CheckContext(
                session,
                operation,
                counting_recorder(operation.slug, judged_names(catalogue, operation.slug), session, tally),
            )
            for name, operation in contract.operations.items()
        }
        self.subjects = {name: OperationUnderTest(each) for name, each in contract.operations.items()}

    def judge(self, operation: str, answer: Response, *, documented: bool) -> None:
        """One answer of an operation; `documented`: the call is as the documentation describes it, so that it
        must succeed."""
        counts, case = self._tally.of(operation), self.cases[operation]
        if answer.throttled or answer.postponed:
            return
        before = self._tally.failures
        if not documented or check_status(case, _STATUS, answer, 200):
            session = self._session
            clocks = (session.service_now_ms(), int(session.wall() * 1000))
            for found in judge_answer(self._observed(operation, answer.exchange), clocks):
                if found.name != _STATUS and found.verdict != "inconclusive":
                    case.verdicts.check(
                        found.name,
                        found.verdict == "pass",
                        answer,
                        expected=found.expected,
                        actual=found.actual,
                    )
        counts.failed += self._tally.failures > before or answer.incomplete

    def _observed(self, operation: str, seen: Exchange) -> ObservedCall:
        key = self._session.main.key
        return ObservedCall(
            org=key.org,
            app=key.app,
            operation=operation,
            method=seen.method,
            target=seen.url.removeprefix(self._origin).removeprefix(self._prefix),
            headers=tuple((name.lower(), value) for name, value in seen.request_headers),
            body=seen.request_body,
            status=seen.status or 0,
            answer=seen.response_body,
            answer_headers=tuple(seen.response_headers),
        )
