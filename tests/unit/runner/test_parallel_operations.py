"""The same check of several operations at once where a target makes one wait, else one by one."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

CHECKS = """
    import threading
    import pytest

    pytestmark = pytest.mark.covers("something")
    TOGETHER = threading.Barrier(3)

    @pytest.fixture
    def case(operation):
        return operation

    @pytest.mark.parametrize("operation", range(3))
    def test_waiting_for_each_other(case):
        TOGETHER.wait(0.5)

    @pytest.mark.serial
    @pytest.mark.parametrize("operation", range(3))
    def test_alone(case):
        assert threading.current_thread() is threading.main_thread()

    @pytest.mark.parametrize("operation", range(2))
    def test_one_is_wrong(case):
        assert case == 0
"""
OVERLAPPING = """
    import threading
    import pytest
    from running import compared, turns

    pytestmark = pytest.mark.covers("something")
    BEGUN, ALL = [], threading.Event()

    @pytest.fixture
    def case(operation):
        return operation

    def begin(what):
        BEGUN.append(what)
        if BEGUN[-1] == "third 1":
            ALL.set()

    @pytest.mark.parametrize("operation", range(2))
    def test_first(case):
        begin(f"first {case}")
        if case == 0:
            with turns.aside():
                assert ALL.wait(10.0)

    @pytest.mark.parametrize("operation", range(2))
    def test_second(case):
        begin(f"second {case}")

    @pytest.mark.parametrize("operation", range(2))
    def test_third(case):
        begin(f"third {case}")
        assert case == 0

    @pytest.mark.serial
    @pytest.mark.parametrize("operation", range(2))
    def test_alone(case):
        begin(f"alone {case}")

    def test_the_order():
        first = ["first 0", "first 1", "second 1", "third 1"]
        assert BEGUN == [*first, "second 0", "third 0", "alone 0", "alone 1"]

    def test_what_runs_in_a_thread_is_compared_there():
        assert [name for name, _ in compared][:2] == ["test_first[1]", "test_second[1]"]
        assert all(thread.startswith("check") for _, thread in compared)
"""
SLOW = """
    import threading
    import pytest

    pytestmark = pytest.mark.covers("something")
    TOGETHER, BEGUN = threading.Barrier(2), threading.Event()

    @pytest.fixture
    def case(operation):
        return operation

    @pytest.mark.parametrize("operation", range(2))
    def test_first(case):
        TOGETHER.wait(10.0)
        assert not BEGUN.wait(0.2)

    @pytest.mark.parametrize("operation", range(2))
    def test_second(case):
        BEGUN.set()
"""
RUN = """
    import sys
    import threading
    from types import SimpleNamespace
    import pytest
    from roamspec.transport.request_budget import RequestBudget
    from roamspec.runner.parallel_operations import ParallelOperations
    from roamspec.session.turns import Turns

    folder, waits = sys.argv[1], sys.argv[2] == "waits"
    client = SimpleNamespace(allowance=RequestBudget(0), start_thread=lambda: None, requests_here=0)
    session = SimpleNamespace(is_slow=waits, client=client, turns=Turns(), compared=[])
    sys.modules["running"] = session


    class Numbered(int):
        requests = 0

    def compare(item, case):
        session.compared.append((item.name, threading.current_thread().name))

    checks = SimpleNamespace(
        case_of=lambda item: Numbered(item.callspec.params["operation"]), compare=compare
    )
    options = ["-q", "-p", "no:cacheprovider", "-c", "/dev/null", f"--rootdir={folder}", "-W", "ignore"]
    options += ["-p", "no:randomly", folder]
    sys.exit(pytest.main(options, plugins=[ParallelOperations(lambda: session, checks)]))
"""


def outcomes(folder: Path, waits: str, checks: str = CHECKS) -> str:
    """The last line that pytest says of the checks."""
    (folder / "test_checks.py").write_text(textwrap.dedent(checks), encoding="utf-8")
    command = [sys.executable, "-c", textwrap.dedent(RUN), str(folder), waits]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return done.stdout.strip().splitlines()[-1]


@pytest.mark.parametrize(
    ("waits", "told"), [("waits", "1 failed, 7 passed"), ("does not", "4 failed, 4 passed")]
)
def test_who_runs_beside_whom(tmp_path: Path, waits: str, told: str) -> None:
    assert outcomes(tmp_path, waits).startswith(told)


def test_while_a_check_waits_those_of_other_operations_go_on(tmp_path: Path) -> None:
    """None of the same operation, in the order of each, and none beyond a check that runs alone; a check
    that fails ahead of its turn fails in its turn."""
    assert outcomes(tmp_path, "does not", OVERLAPPING).startswith("1 failed, 9 passed")


def test_where_one_waits_long_no_check_begins_before_the_one_before_it_has_ended(tmp_path: Path) -> None:
    assert outcomes(tmp_path, "waits", SLOW).startswith("4 passed")
