"""Listening to a run: what failed, after how much of its operation's checks."""

from tests.unit.selftest.conftest import OPERATION_OF

from roamspec.results.events import CheckFinished, Judgement, RunFinished
from roamspec.selftest.fault_run import Watch


def _finished(duration_s: float, outcome: str = "fail", detail: str = "", **verdicts: str) -> CheckFinished:
    judgements = tuple(
        Judgement(name.replace("_", "."), verdict)  # type: ignore[arg-type]
        for name, verdict in verdicts.items()
    )
    return CheckFinished("effect.one[x]", outcome, duration_s, judgements, detail)  # type: ignore[arg-type]


def _watch() -> Watch:
    return Watch(OPERATION_OF.__getitem__)


def test_seconds_are_those_of_the_operation() -> None:
    watch = _watch()
    watch(_finished(1.0, "pass", two_effect_gone="pass"))
    watch(_finished(0.25, "pass", one_effect_kept="pass"))
    watch(_finished(0.5, one_effect_gone="fail", one_effect_kept="pass"))
    watch(_finished(0.5, one_effect_gone="fail"))
    assert watch.red == {"one.effect.gone": 0.75}
    assert not watch.trouble


def test_a_check_that_broke_is_trouble() -> None:
    watch = _watch()
    watch(_finished(0.1, "error", "KeyError at test_effect.py:7"))
    assert watch.trouble == ["effect.one[x]: KeyError at test_effect.py:7"]


def test_a_run_cut_short_is_trouble() -> None:
    watch = _watch()
    watch(RunFinished(2.0, 17, "target-lost", "nobody answers"))
    assert watch.requests == 17
    assert watch.trouble == ["the run ended early (target-lost): nobody answers"]
