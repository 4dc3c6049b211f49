"""The pytest plugin that knows what a check is: which ones run, with what, and what they found."""

from collections.abc import Collection, Iterable
from dataclasses import asdict
from functools import partial
from typing import Any

import pytest

from roamspec.contract.operations import Operation
from roamspec.errors import RoamspecError, TargetError, Unreachable
from roamspec.results.events import Judgement
from roamspec.runner.check_ids import check_id
from roamspec.runner.check_items import (
    cost_of,
    declared_names,
    is_check,
    least_profile,
    operation_of,
    request_counter,
    takes_what_is_left,
    turn_of,
    where_it_broke,
)
from roamspec.runner.deselection import deselected_requirements, unknown_node
from roamspec.runner.keeping import keep_world
from roamspec.runner.planning import Plan
from roamspec.runner.requirement_reports import NotShown, RequirementReports, add_html
from roamspec.runner.selection import describe
from roamspec.runner.session_provider import SessionProvider
from roamspec.runner.settings import Keep
from roamspec.runner.shard_part import ShardPart
from roamspec.session.session import Session
from roamspec.suite.context import CheckContext, JointCheckContext
from roamspec.suite.exploration_limits import (
    FOR_A_CHECK,
    FOR_A_COSTLY_CHECK,
    LEFT_TO_DRAWN_CALLS,
    ExplorationEffort,
)
from roamspec.suite.full_comparison import COMPARED, compare_everything
from roamspec.suite.marks import MARKERS
from roamspec.suite.notification_content import NOTIFIED_CONTENT
from roamspec.suite.notification_waits import NOTIFIED_WHEN_ABSENT, NOTIFIED_WHEN_TRUE
from roamspec.suite.recorder import VerdictRecorder
from roamspec.suite.success_assertions import SUCCESS, check_every_success
from roamspec.world.facts import facts_of

RECORD = "roamspec"
"""The attribute of pytest's report under which a check's findings travel, also between processes."""
MOST_UNREACHABLE = 3
"""After so many checks in a row that met no target, the rest is not tried."""

BY_THE_WAY = (*SUCCESS, NOTIFIED_WHEN_TRUE, NOTIFIED_WHEN_ABSENT, NOTIFIED_CONTENT, *COMPARED)
"""What any check may refute without being about it."""

_CASES = pytest.StashKey[list[CheckContext]]()
_SESSION = pytest.StashKey[Session]()
_FOUND = pytest.StashKey[dict[str, Any]]()


class ConformancePlugin:
    """Chooses, equips and runs the checks, and puts what they found into their reports."""

    __name__ = "roamspec-checks"
    """Under which pytest knows this plugin; `conftest.py` beside the checks asks for it."""

    def __init__(
        self,
        plan: Plan,
        effort: ExplorationEffort,
        provider: SessionProvider,
        reports: RequirementReports | None = None,
        *,
        only: Collection[str] = (),
        keep: Keep = "nothing",
        part: ShardPart | None = None,
    ) -> None:
        """Checks run on the sessions that `provider` gives them; `reports` show each requirement to pytest.

        `only` these checks run, by their IDs, if there are any; `keep` as in `RunSettings`; a
        `part` of a run takes its own of the checks."""
        self._part = part
        self._only = frozenset(only)
        self._keep = keep
        self._plan = plan
        self._provider = provider
        self._effort = effort
        self._reports = reports or NotShown()
        self._unreachable = 0
        self._deselected: frozenset[str] = frozenset()
        self._checks_of: dict[str, set[str]] = {}
        self._debugging = False
        self.lost = ""
        """Why the run was given up, if it was."""
        self.left_out: frozenset[str] = frozenset()
        """The requirements that checks judge which somebody else has left out."""
        self.notes: list[str] = []
        """What a person should know of the selection."""
        self.divided = part is not None
        """Whether these are the checks of one shard, which may be none at all."""

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Register the marks, and read what `--deselect` leaves out."""
        for mark in (*MARKERS, *self._plan.marks):
            config.addinivalue_line("markers", mark)
        self._deselected = deselected_requirements(config, self._plan.catalogue)
        self._debugging = bool(config.getoption("usepdb", default=False))

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Make one item of a check for each operation that has one of its requirements."""
        if is_check(metafunc.definition) and "case" in metafunc.fixturenames:
            operations = self._plan.operations_of(declared_names(metafunc.definition))
            metafunc.parametrize("operation", operations, ids=[o.name for o in operations])

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> Any:
        """Choose, before anybody else leaves something out, and sort, after everybody else has sorted."""
        try:
            chosen = self._choose(config, items)
            yield
        except BaseException:
            items.clear()  # nothing runs, and nothing is opened for it
            raise
        self._note_what_is_left(chosen, items)
        if not (config.getoption("failedfirst", None) or config.getoption("newfirst", None)):
            # What every profile runs comes first: what explores makes do with the requests that are left.
            # Within that, files come in their order, also after plugins that shuffle: checks share fixtures.
            place: dict[pytest.Item, int] = {item: number for number, item in enumerate(chosen)}
            items.sort(key=lambda item: (turn_of(item), place.get(item, 0)))

    def _choose(self, config: pytest.Config, items: list[pytest.Item]) -> list[pytest.Function]:
        """Leave in `items` what this run is to judge; returns the checks that its plan wants."""
        checks = [item for item in items if isinstance(item, pytest.Function) and is_check(item)]
        unknown = unknown_node(config, checks)
        if unknown and not hasattr(config, "workerinput"):
            raise pytest.UsageError(unknown)
        self.notes += [unknown] if unknown else []
        self._provider.collected([(check_id(item.nodeid), self._requirement_ids(item)) for item in checks])
        chosen = [item for item in checks if self._wants(item)]
        if self._part is not None:
            chosen = self._part.choose([item for item in chosen if not self._is_deselected(item)])
        unwanted = [item for item in checks if item not in chosen or self._is_deselected(item)]
        config.hook.pytest_deselected(items=unwanted)
        items[:] = [item for item in items if item not in unwanted]
        for item in chosen:
            describe(
                item,
                [self._plan.catalogue[name] for name in self._requirement_ids(item)],
                least_profile(item),
            )
        return chosen

    def _note_what_is_left(self, chosen: Iterable[pytest.Item], items: Collection[pytest.Item]) -> None:
        left_out: set[str] = set()
        for item in chosen:
            judged = self._requirement_ids(item)
            if item not in items:
                left_out.update(judged)
                continue
            left_out |= self._deselected.intersection(judged)
            for name in judged:
                self._checks_of.setdefault(name, set()).add(check_id(item.nodeid))
        self.left_out = frozenset(left_out)

    def _is_deselected(self, item: pytest.Item) -> bool:
        """Whether `--deselect` leaves nothing of what a check is to judge."""
        selected = {name for name in self._requirement_ids(item) if self._plan.is_selected(name)}
        return bool(selected) and selected <= self._deselected

    def _requirement_ids(self, item: pytest.Item) -> list[str]:
        """The IDs of the requirements that a check can refute; none where the provider does not use it."""
        operation = operation_of(item)
        generative = item.get_closest_marker("generative") is not None
        if not self._provider.takes(check_id(item.nodeid), generative=generative):
            return []
        every = [operation] if operation else self._plan.contract.operations.values()
        ids = [f"{one.slug}.{name}" for name in declared_names(item) for one in every]
        judged = [self._plan.catalogue.judged(identifier) for identifier in ids]
        return list(dict.fromkeys(filter(None, judged)))

    def _wants(self, item: pytest.Item) -> bool:
        operation = operation_of(item)
        if not self._requirement_ids(item):
            return False
        identifier = check_id(item.nodeid)
        if identifier in self._only:
            return True
        if self._only and identifier.partition("[")[0] not in self._only:
            return False
        if operation is None:
            return self._plan.wants_jointly(declared_names(item), least_profile(item))
        return self._plan.wants(declared_names(item), operation, least_profile(item))

    @pytest.fixture
    def case(self, operation: Operation, request: pytest.FixtureRequest) -> CheckContext:
        """The context of a check of one operation."""
        assert operation is operation_of(request.node)
        self._reports.prepare(request)
        return self.case_of(request.node)

    def case_of(self, item: pytest.Item) -> CheckContext:
        """The one case of a check of one operation."""
        made = item.stash.get(_CASES, None)
        operation = operation_of(item)
        assert operation is not None
        return made[0] if made else self._case(operation, item)

    @pytest.fixture
    def cases(self, request: pytest.FixtureRequest) -> JointCheckContext:
        """The context of a check of all operations together."""
        self._reports.prepare(request)
        session = self._session_of(request.node)
        every = session.contract.operations.values()
        of = {operation.name: self._case(operation, request.node) for operation in every}
        return JointCheckContext(session, self._effort, of)

    def _case(self, operation: Operation, item: pytest.Item) -> CheckContext:
        session = self._session_of(item)
        declared = self._plan.judgeable(declared_names(item), operation, session.capabilities)
        besides = self._plan.judgeable(BY_THE_WAY, operation, session.capabilities)
        judge = VerdictRecorder(
            operation.slug,
            declared,
            # An earlier revision of the catalogue lacks some of them.
            (*declared_names(item), *BY_THE_WAY),
            main=session.main.key,
            besides=besides,
            judged_as=self._plan.catalogue.judged_as,
            history=lambda: session.client.trace.exchanges,
        )
        if self._debugging:
            judge.failed = lambda judgement: self._reports.show_at_once(item, judgement)
        case = CheckContext(session, operation, judge, self._effort)
        item.stash.setdefault(_CASES, []).append(case)
        return case

    def _session_of(self, item: pytest.Item) -> Session:
        if _SESSION not in item.stash:
            item.stash[_SESSION] = self._provider.begin(check_id(item.nodeid))
        return item.stash[_SESSION]

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> Any:
        """Run the check, clean its worlds, and hand its judgements on with the report."""
        if not is_check(pyfuncitem):
            return (yield)
        cases = pyfuncitem.stash[_CASES]
        count = request_counter(pyfuncitem, cases[0].session)
        before = count()
        broken: Exception | None = None
        detail, ended_because, unreachable = "", "", False
        try:
            yield
            for case in cases:
                self.compare(pyfuncitem, case)
        except pytest.exit.Exception:
            raise  # of the debugger, or of a plugin
        except TargetError as error:
            ended_because, unreachable = str(error), isinstance(error, Unreachable)
        except Exception as error:  # noqa: BLE001 - a check that breaks is our fault, and is told as such
            broken, detail = error, where_it_broke(error)
        finally:
            for case in cases:
                check_every_success(case)
                keep_world(case, self._keep)
                if broken is not None and self._debugging:
                    # The debugger comes once this has returned, and shows what the check has made.
                    pyfuncitem.addfinalizer(partial(self._close, case))
                    continue
                left = self._close(case)
                detail = detail or left
        reason = ended_because or detail
        # A check of all operations leaves open what it did not meet; other checks judge that.
        joint = operation_of(pyfuncitem) is None and not reason
        judgements: list[Judgement] = [
            judgement
            for case in cases
            for judgement in (case.verdicts.recorded() if joint else case.judgements(reason))
        ]
        detail = self._provider.end(check_id(pyfuncitem.nodeid), judgements, detail)
        judgements = [each for each in judgements if each.requirement not in self._deselected]
        open_ = frozenset[str]().union(*(case.verdicts.left_open for case in cases)) if not reason else ()
        # Whoever runs the check once more, as plugins do, gets cases of its own.
        del pyfuncitem.stash[_CASES], pyfuncitem.stash[_SESSION]
        self._count_unreachable(pyfuncitem, unreachable, ended_because)
        found = {
            "judgements": [asdict(judgement) for judgement in judgements],
            "detail": detail,
            "requests": count() - before + sum(case.requests for case in cases),
            "may_cost": cost_of(pyfuncitem),
        }
        try:
            # What another check judges is no gap because this one has not come to it.
            left_to_others = {name for name in open_ if len(self._checks_of.get(name, ())) > 1}
            self._reports.show(pyfuncitem, [j for j in judgements if j.requirement not in left_to_others])
        finally:
            pyfuncitem.stash[_FOUND] = found
        if detail:
            raise broken or pytest.fail.Exception(detail, pytrace=False)
        self._reports.conclude(pyfuncitem, judgements, ended_because)
        return True

    def compare(self, item: pytest.Item, case: CheckContext) -> None:
        """Compare once what is known after a check; a check that draws its calls compares by itself."""
        if not case.compared and not item.get_closest_marker("generative"):
            case.compared = True
            compare_everything(case, leaving=self._needed_after(item))

    def _needed_after(self, item: pytest.Item) -> int:
        """How many requests the later checks need, where looks take as many pages as they did so far."""
        items = item.session.items
        after = items[items.index(item) + 1 :]
        drawn = [each for each in after if each.get_closest_marker("generative") is not None]
        examples = [each for each in after if each not in drawn and least_profile(each) == "quick"]
        costly = sum(each.get_closest_marker("expensive") is not None for each in examples)
        needed = (len(examples) - costly) * FOR_A_CHECK + costly * FOR_A_COSTLY_CHECK
        needed += sum(LEFT_TO_DRAWN_CALLS if takes_what_is_left(one) else cost_of(one) for one in drawn)
        return round(needed * facts_of(self._session_of(item)).pages_per_look ** 2)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
        """Put what a check found into its report; a check that broke before it ran has found nothing."""
        report: pytest.TestReport = yield
        if is_check(item):
            found = item.stash.get(_FOUND, None) if call.when == "call" else None
            if found is not None:
                del item.stash[_FOUND]
            elif report.failed and call.when != "call":
                found = {"judgements": [], "detail": str(report.longrepr)}
            if found is not None:
                setattr(report, RECORD, found)
                add_html(report, found["judgements"])
        return report

    @staticmethod
    def _close(case: CheckContext) -> str:
        """Clean up after one check; why the suite failed in that, if it did."""
        try:
            case.close()
        except TargetError as error:
            case.session.notes.append(f"An object could not be removed at once: {error}")
        except RoamspecError as error:
            return where_it_broke(error)
        return ""

    def _count_unreachable(self, item: pytest.Function, unreachable: bool, why: str) -> None:
        self._unreachable = self._unreachable + 1 if unreachable else 0
        if self._unreachable >= MOST_UNREACHABLE:
            self.lost = why
            item.session.shouldstop = why
