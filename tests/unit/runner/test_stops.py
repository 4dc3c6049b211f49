"""What has ended pytest before its last check, and what becomes of the run."""

import pytest
from xdist.dsession import Interrupted  # type: ignore[import-untyped]

from roamspec.contract.load import load_contract
from roamspec.contract.requirements import load_catalogue
from roamspec.interruption import Interruption
from roamspec.results.events import Event, RunStarted, TargetInfo
from roamspec.runner.engine import ending_of
from roamspec.runner.planning import Plan
from roamspec.runner.pytest_plugin import ConformancePlugin
from roamspec.runner.reporter import Reporter
from roamspec.runner.session_provider import SharedSessionProvider
from roamspec.session.session import Session
from roamspec.suite.exploration_limits import ExplorationEffort


def _no_session() -> Session:
    raise AssertionError


@pytest.mark.parametrize(
    ("error", "ending", "detail"),
    [
        (
            pytest.Session.Interrupted("Test failed, continuing from this test next run."),
            "failures-reached",
            "pytest ended the run early: Test failed, continuing from this test next run.",
        ),
        (
            Interrupted("stopping after 1 failures"),
            "failures-reached",
            "pytest ended the run early: stopping after 1 failures.",
        ),
        (
            pytest.exit.Exception("Quitting debugger"),
            "interrupted",
            "The run was ended inside pytest: Quitting debugger.",
        ),
        (KeyboardInterrupt(), "interrupted", "The run was interrupted (Ctrl-C)."),
        (Interruption("The run was ended by SIGTERM."), "interrupted", "The run was ended by SIGTERM."),
    ],
)
def test_who_has_ended_pytest_decides_how_the_run_ends(
    error: BaseException, ending: str, detail: str
) -> None:
    contract = load_contract()
    plan = Plan(load_catalogue(contract=contract), contract, "quick", None)
    events: list[Event] = []
    reporter = Reporter(
        plan,
        events.append,
        lambda planned: RunStarted(TargetInfo("emulator", "", ""), "quick", 0, "", planned, None),
    )
    checks = ConformancePlugin(plan, ExplorationEffort(seed=0), SharedSessionProvider(_no_session))
    with pytest.raises(BaseException) as raised:  # noqa: PT011 - any of them
        raise error
    reporter.pytest_keyboard_interrupt(raised)
    assert ending_of(pytest.ExitCode.INTERRUPTED, checks, reporter) == (ending, detail)
