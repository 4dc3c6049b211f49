"""Sends generated calls through the HTTP client and judges each under the requirement it may refute."""

from dataclasses import dataclass, field

from roamspec.generative.hypothesis_settings import keep_house
from roamspec.generative.schemathesis_cases.answers import DECIDED, refuted_by
from roamspec.generative.schemathesis_cases.checks import Check, used
from roamspec.generative.schemathesis_cases.expectations import Expectation, expectation_of, is_tried
from roamspec.generative.schemathesis_cases.generation import GeneratedCall, covering, fuzz
from roamspec.generative.schemathesis_cases.selection import alone_shown
from roamspec.suite.context import CheckContext
from roamspec.suite.conversation_fixture import ConversationFixture
from roamspec.suite.error_assertions import check_not_a_success
from roamspec.suite.exploration_limits import REQUESTS_LEFT_TO_OTHERS
from roamspec.transport.http_messages import Response

_DAY_MS = 24 * 3_600_000
FUZZED = 60
"""Calls of each kind (keeping the contract, and not) that are fuzzed for one operation."""


@dataclass
class UnsentCalls:
    """What a run had no requests left for: operations, by the number of calls that were not sent."""

    operations: dict[int, set[str]] = field(default_factory=dict)

    def note(self) -> str:
        """What a report says of the calls that were left out."""
        counts = ", ".join(f"{n} of {' and '.join(sorted(each))}" for n, each in self.operations.items())
        return (
            f"The run had no requests left for {counts} from the contract's schema; the profile deep sends "
            "all."
        )


@dataclass
class SchemaCases:
    """The generated calls of one operation, on one fixture."""

    case: CheckContext
    fixture: ConversationFixture
    of_any: list[Check] = field(default_factory=lambda: used(of_success=False))
    of_success: list[Check] = field(default_factory=lambda: used(of_success=True))
    sent: list[tuple[Expectation, GeneratedCall]] = field(default_factory=list)
    successes: int = 0
    unsent: int = 0
    """Calls of the coverage phase that the run had no requests for."""

    def cover(self, *, every: bool) -> None:
        """Send the calls of the coverage phase: every one, or those that nothing else stands for."""
        keep_house(self.case.limits.examples)
        allowance = self.case.session.client.allowance
        calls = covering(self.case.session.contract, self.case.operation, self._named, self._usual)
        for call in calls if every else alone_shown(self.case.operation, calls):
            if allowance.can_spare(REQUESTS_LEFT_TO_OTHERS):
                self.send(call)
            else:
                self.unsent += is_tried(self.case.operation, call.method)

    def fuzz(self) -> None:
        """Send calls that Schemathesis draws from the contract's schema, the same ones for the same seed."""
        keep_house(self.case.limits.examples)
        contract, operation = self.case.session.contract, self.case.operation
        fuzz(contract, operation, self._named, self.send, seed=self.case.limits.seed, examples=FUZZED)

    @property
    def _named(self) -> dict[str, str]:
        parameter = self.case.subject.conversation_parameter
        return {parameter: self.fixture.conversation.id_for(self.fixture.owner)} if parameter else {}

    @property
    def _usual(self) -> dict[str, str]:
        """A time of the recent past, before which the conversation has no message."""
        return {"delTime": str(min(message.time_ms for message in self.fixture.messages) - _DAY_MS)}

    def send(self, call: GeneratedCall) -> None:
        """Send one generated call and judge its response; passes over a method that `is_tried` leaves out."""
        case = self.case
        if not is_tried(case.operation, call.method):
            return
        answer = self.ask(call)
        expectation = expectation_of(case.operation, call.method, call.query)
        self.sent.append((expectation, call))
        if answer.incomplete and expectation.several:
            return
        self._check(expectation, answer)
        if answer.status is None or call.method != case.operation.method:
            return
        if answer.ok:
            if not expectation.sound and not expectation.must_be_refused:
                case.verdicts.served(expectation.requirement)
            self.successes += 1
        self._check_conformance(call, answer, expectation)

    def ask(self, call: GeneratedCall) -> Response:
        """Send it for the owner, without judging the response."""
        app = self.fixture.world.app
        return self.case.subject.call(app, self.fixture.owner, call.query, raw=True, method=call.method)

    def _check(self, expectation: Expectation, answer: Response) -> None:
        if expectation.requirement == "method.other-methods-refused":
            holds = answer.status is not None and answer.status >= 400
            expected = "405, 404 or 500, as the documents say, or another refusal"
        elif expectation.must_be_refused:
            if expectation.answered != expectation.requirement:
                check_not_a_success(self.case, expectation.requirement, answer)
            holds, expected = answer.rejected, "a 4xx status"
        else:
            holds, expected = answer.ok or answer.rejected, "status 200, or a 4xx status"
        self.case.verdicts.check(
            expectation.answered, holds, answer, expected=expected, actual=answer.summary()
        )

    def _check_conformance(self, call: GeneratedCall, answer: Response, expectation: Expectation) -> None:
        served = answer.ok and not expectation.must_be_refused
        checks = self.of_success if served else self.of_any
        for requirement, wrong in refuted_by(call.generated, answer, checks, expectation.answered):
            self.case.verdicts.check(
                requirement, False, answer, expected="what the contract says", actual=wrong
            )

    def credit(self) -> None:
        """Pass what every successful answer kept, if there was one."""
        for name in DECIDED if self.successes else ():
            self.case.verdicts.check(name, True, expected="the documented body", actual="the same")

    def note(self) -> None:
        """Say once for the whole run what was not sent."""
        if not self.unsent:
            return
        session = self.case.session
        known = session.shared.get(UnsentCalls)
        before = known.note()
        known.operations.setdefault(self.unsent, set()).add(self.case.operation.name)
        session.notes[:] = [*(note for note in session.notes if note != before), known.note()]
