"""The pytest plugin that knows what a check is: which ones run, with what, and what they found."""

import os
import traceback
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import pytest

from roamspec.contract.operations import Operation
from roamspec.errors import RoamspecError, TargetError, Unreachable
from roamspec.report.events import Judgement
from roamspec.runner.check_ids import check_id
from roamspec.runner.planning import Plan
from roamspec.runner.stage import SharedStage, Stage
from roamspec.suite.answers import SUCCESS, judge_every_success
from roamspec.suite.case import Case, Cases
from roamspec.suite.effort import FOR_A_CHECK, FOR_A_COSTLY_CHECK, Effort
from roamspec.suite.everything import COMPARED, compare_everything
from roamspec.suite.judge import Judge
from roamspec.suite.marks import MARKERS, PROFILES, Profile
from roamspec.suite.notices import WHAT_WENT
from roamspec.suite.silence import TOLD_OF_ABSENT, TOLD_OF_TRUE
from roamspec.target.session import Session
from roamspec.world.facts import facts_of

PROPERTY = "roamspec"
"""Under which name a check's findings travel with pytest's report, also between processes."""
MOST_UNREACHABLE = 3
"""After so many checks in a row that met no target, the rest is not tried."""

BY_THE_WAY = (*SUCCESS, TOLD_OF_TRUE, TOLD_OF_ABSENT, WHAT_WENT, *COMPARED)
"""What any check may refute without being about it."""

_CASES = pytest.StashKey[list[Case]]()
_SESSION = pytest.StashKey[Session]()


class Checks:
    """Chooses, equips and runs the checks, and puts what they found into their reports."""

    def __init__(self, plan: Plan, session: Session, effort: Effort, stage: Stage | None = None) -> None:
        """`session` is that of the run; checks run on it, unless a `stage` gives them others."""
        self._plan = plan
        self._session = session
        self._stage = stage or SharedStage(session)
        self._effort = effort
        self._unreachable = 0
        self.lost = ""
        """Why the run was given up, if it was."""

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        for mark in MARKERS:
            config.addinivalue_line("markers", mark)

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        if "case" in metafunc.fixturenames:
            operations = self._plan.operations_of(_declared(metafunc.definition))
            metafunc.parametrize("operation", operations, ids=[o.name for o in operations])

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        self._stage.collected([(check_id(item.nodeid), self._judged(item)) for item in items])
        chosen = [item for item in items if self._wants(item)]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(chosen)])
        # What every profile runs comes first: what explores makes do with the requests that are left.
        items[:] = sorted(chosen, key=_turn)

    def _judged(self, item: pytest.Item) -> list[str]:
        """The IDs of the requirements that a check can refute; none of one that the stage has no use for."""
        operation = _operation(item)
        generative = item.get_closest_marker("generative") is not None
        if not self._stage.takes(check_id(item.nodeid), generative=generative):
            return []
        every = [operation] if operation else self._plan.contract.operations.values()
        ids = [f"{one.slug}.{name}" for name in _declared(item) for one in every]
        return [identifier for identifier in ids if identifier in self._plan.catalogue]

    def _wants(self, item: pytest.Item) -> bool:
        operation = _operation(item)
        if not self._judged(item):
            return False
        if operation is None:
            return self._plan.wants_jointly(_declared(item), _least(item))
        return self._plan.wants(_declared(item), operation, _least(item))

    @pytest.fixture
    def case(self, operation: Operation, request: pytest.FixtureRequest) -> Case:
        assert operation is _operation(request.node)
        return self.case_of(request.node)

    def case_of(self, item: pytest.Item) -> Case:
        """The one case of a check of one operation."""
        made = item.stash.get(_CASES, None)
        operation = _operation(item)
        assert operation is not None
        return made[0] if made else self._case(operation, item)

    @pytest.fixture
    def cases(self, request: pytest.FixtureRequest) -> Cases:
        session = self._session_of(request.node)
        every = session.contract.operations.values()
        of = {operation.name: self._case(operation, request.node) for operation in every}
        return Cases(session, self._effort, of)

    def _case(self, operation: Operation, item: pytest.Item) -> Case:
        session = self._session_of(item)
        declared = self._plan.judgeable(_declared(item), operation, session.capabilities)
        besides = self._plan.judgeable(BY_THE_WAY, operation, session.capabilities)
        judge = Judge(operation.slug, declared, _declared(item), main=session.main.key, besides=besides)
        case = Case(session, operation, judge, self._effort)
        item.stash.setdefault(_CASES, []).append(case)
        return case

    def _session_of(self, item: pytest.Item) -> Session:
        if _SESSION not in item.stash:
            item.stash[_SESSION] = self._stage.begin(check_id(item.nodeid))
        return item.stash[_SESSION]

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> Any:
        """Run the check, clean its worlds, and hand its judgements on with the report."""
        cases = pyfuncitem.stash[_CASES]
        detail, ended_because, unreachable = "", "", False
        try:
            yield
            if not pyfuncitem.get_closest_marker("generative"):
                leaving = self._needed_after(pyfuncitem)
                for case in cases:
                    compare_everything(case, leaving=leaving)
        except TargetError as error:
            ended_because, unreachable = str(error), isinstance(error, Unreachable)
        except Exception as error:  # noqa: BLE001 - a check that breaks is our fault, and is told as such
            detail = _where(error)
        finally:
            for case in cases:
                judge_every_success(case)
                left = self._close(case)
                detail = detail or left
        reason = ended_because or detail
        # A check of all operations leaves open what it did not meet; other checks judge that.
        joint = _operation(pyfuncitem) is None and not reason
        judgements: list[Judgement] = [
            judgement
            for case in cases
            for judgement in (case.judge.found() if joint else case.judge.judgements(reason))
        ]
        detail = self._stage.end(check_id(pyfuncitem.nodeid), judgements, detail)
        record = {"judgements": [asdict(judgement) for judgement in judgements], "detail": detail}
        pyfuncitem.user_properties.append((PROPERTY, record))
        self._count_unreachable(pyfuncitem, unreachable, ended_because)
        return True

    def _needed_after(self, item: pytest.Item) -> int:
        """How many requests the later checks need, where looks take as many pages as they did so far."""
        items = item.session.items
        after = [each for each in items[items.index(item) + 1 :] if _least(each) == "quick"]
        costly = sum(each.get_closest_marker("costly") is not None for each in after)
        needed = (len(after) - costly) * FOR_A_CHECK + costly * FOR_A_COSTLY_CHECK
        return round(needed * facts_of(self._session_of(item)).pages_per_look ** 2)

    @staticmethod
    def _close(case: Case) -> str:
        """Clean up after one check; why the suite failed in that, if it did."""
        try:
            case.close()
        except TargetError as error:
            case.session.notes.append(f"Something could not be removed at once: {error}")
        except RoamspecError as error:
            return _where(error)
        return ""

    def _count_unreachable(self, item: pytest.Function, unreachable: bool, why: str) -> None:
        self._unreachable = self._unreachable + 1 if unreachable else 0
        if self._unreachable >= MOST_UNREACHABLE:
            self.lost = why
            item.session.shouldstop = why


def _declared(item: Any) -> Sequence[str]:
    return tuple(name for mark in item.iter_markers("judges") for name in mark.args)


def _turn(item: pytest.Item) -> tuple[int, int]:
    """Larger profiles later; within one, whoever waits after whoever need not, and the costly ones last."""
    later = [mark for mark in ("late", "costly") if item.get_closest_marker(mark)]
    return PROFILES.index(_least(item)), ("late", "costly").index(later[-1]) + 1 if later else 0


def _least(item: pytest.Item) -> Profile:
    mark = item.get_closest_marker("profile")
    return mark.args[0] if mark else "quick"


def _operation(item: pytest.Item) -> Operation | None:
    """The operation that a check is about; None when it is about all of them at once."""
    callspec = getattr(item, "callspec", None)
    operation = callspec.params["operation"] if callspec else None
    assert operation is None or isinstance(operation, Operation)
    return operation


def _where(error: Exception) -> str:
    """One line: what broke, and in which line of which check."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "conformance" in frame.filename] or frames
    place = f"{os.path.basename(ours[-1].filename)}:{ours[-1].lineno}" if ours else "an unknown place"  # noqa: PTH119
    return f"{type(error).__name__} at {place}: {error}"
