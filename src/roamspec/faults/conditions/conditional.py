"""A fault behind conditions: its operation goes wrong only in calls of which all of them are true."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from roamspec.emulator.apps import App
from roamspec.emulator.domain.api_error import ApiError
from roamspec.emulator.http.operations.deletions import DeletionSteps
from roamspec.emulator.http.request import IncomingRequest
from roamspec.faults.conditions.comparison import Comparison
from roamspec.faults.conditions.history import History, PastCall
from roamspec.faults.conditions.situation import Situation
from roamspec.faults.conditions.vocabulary import Condition

Step = Callable[..., Any]

FIRST: Final = "authenticate"
"""The step with which a call begins, unless its method or App Key does not fit."""
_MISDIRECTED: Final = "unrouted"
_LAST: Final = frozenset(("answer", _MISDIRECTED))


@dataclass(slots=True)
class Conditional:
    """One fault behind conditions in one app, and how many calls of its operation there were: for how many
    the conditions were `met`, and in how many of these a client could tell the difference (`shown`)."""

    name: str
    operation: str
    conditions: Sequence[Condition]
    calls: int = 0
    met: int = 0
    shown: int = 0
    active: bool = False
    comparison: Comparison | None = None

    def as_dict(self) -> dict[str, Any]:
        """How often there was an occasion, over all calls of the operation so far."""
        return {name: getattr(self, name) for name in ("name", "operation", "calls", "met", "shown")}


def remembered(app: App, steps: Mapping[str, DeletionSteps], history: History) -> dict[str, DeletionSteps]:
    """Steps that note each call in the history, whatever comes of it."""
    return {operation: _noting(app, own, history) for operation, own in steps.items()}


def _noting(app: App, steps: DeletionSteps, history: History) -> DeletionSteps:
    begun: list[PastCall] = []

    def authenticate(request: IncomingRequest) -> None:
        # Conditions are looked at in here: the call itself is none of the earlier ones yet.
        begun[:] = [Situation(app, request, history).as_past()]
        try:
            steps.authenticate(request)
        finally:
            history.calls.append(begun[0])

    def answer(request: IncomingRequest, deletion: Any) -> Any:
        given = steps.answer(request, deletion)
        begun[0].accepted = given.status == 200
        return given

    def unrouted(request: IncomingRequest, refusal: ApiError) -> Any:
        call = Situation(app, request, history).as_past()
        try:
            given = steps.unrouted(request, refusal)
            call.accepted = given.status == 200
        finally:
            history.calls.append(call)
        return given

    return replace(steps, authenticate=authenticate, answer=answer, unrouted=unrouted)


def behind(
    app: App, steps: DeletionSteps, point: str, broken: Step, conditional: Conditional, history: History
) -> DeletionSteps:
    """The steps with one of them broken where the conditions are met; each such call is compared with what
    the steps do as they are."""

    def consider(request: IncomingRequest, refusal: ApiError | None = None) -> None:
        situation = Situation(app, request, history)
        conditional.calls += 1
        conditional.active = all(condition.holds(situation) for condition in conditional.conditions)
        conditional.comparison = None
        if conditional.active:
            conditional.met += 1
            # What cannot be compared is carried out all the same.
            with suppress(Exception):
                finds = bool(situation.named_messages)
                conditional.comparison = Comparison(app, steps, request, refusal, finds=finds)

    def finish(result: object) -> None:
        comparison, conditional.comparison = conditional.comparison, None
        if comparison is not None:
            conditional.shown += comparison.differs(result)

    def chosen(name: str) -> Step:
        step = getattr(steps, name)

        def run(*arguments: Any) -> Any:
            if name in (FIRST, _MISDIRECTED):
                consider(*arguments)
            try:
                act = broken if name == point and conditional.active else step
                result = act(*arguments)
            except Exception as error:
                finish(error)
                raise
            if name in _LAST:
                finish(result)
            return result

        return run

    return DeletionSteps(**{field.name: chosen(field.name) for field in fields(DeletionSteps)})
