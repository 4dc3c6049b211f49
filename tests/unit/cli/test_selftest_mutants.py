"""`roamspec selftest --mutants`: what it refuses, and what it ends with."""

import json
from pathlib import Path

import pytest

from roamspec.cli.main import main
from roamspec.selftest.mutants import measure
from roamspec.selftest.mutants.baseline import MutantBaseline
from roamspec.selftest.mutants.mutant_run import MutantRun, Outcome
from roamspec.selftest.mutants.sites import Mutant, mutants_of

SOURCE = "def f(a, b):\n    if a > 1:\n        b()\n    return a + b\n"
MUTANTS = tuple(mutants_of("module", SOURCE))
FIRST = MUTANTS[0]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--faults", "limit.*", "--once"], "leave out --faults and --once."),
        (["--no-faults"], "leave out --no-faults."),
        (["--floor", "none.json"], "--floor: cannot read none.json"),
    ],
)
def test_what_does_not_go_together(
    options: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["selftest", "--mutants", "3", *options]) == 2
    assert sentence in capsys.readouterr().err


@pytest.fixture
def floor(tmp_path: Path) -> Path:
    path = tmp_path / "floor.json"
    known = {"equivalent": [], "unnoticed": [FIRST.site.as_dict() | {"change": "x"}]}
    path.write_text(json.dumps(known), encoding="utf-8")
    return path


def sorted_as(monkeypatch: pytest.MonkeyPatch, outcomes: dict[Mutant, Outcome]) -> list[int]:
    """Every mutant is sorted as it is given; returns the sizes of the samples that were asked for."""
    asked: list[int] = []

    def fake(
        baseline: MutantBaseline, _conditions: object, *, sample: int, jobs: int, say_progress: object
    ) -> measure.MutantScore:
        asked.append(sample)
        assert jobs > 0
        assert say_progress
        runs = tuple((each, MutantRun("", outcome, "x", 1, 0.1)) for each, outcome in outcomes.items())
        return measure.MutantScore(MUTANTS, MUTANTS, runs, baseline)

    monkeypatch.setattr(measure, "measure_mutants", fake)
    return asked


def test_a_mutant_that_is_known_to_go_unnoticed_is_no_failure(
    floor: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = sorted_as(monkeypatch, {FIRST: "unnoticed", MUTANTS[1]: "noticed"})
    assert main(["selftest", "--mutants", "--floor", str(floor)]) == 0
    assert asked == [0]
    out = capsys.readouterr().out
    assert "1 of 2 (50.0 %)" in out
    assert "tightened" not in out


def test_another_one_is(
    floor: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = sorted_as(monkeypatch, {MUTANTS[1]: "unnoticed"})
    assert main(["selftest", "--mutants", "7", "--floor", str(floor)]) == 1
    assert asked == [7]
    assert "goes unnoticed, and the baseline does not have it" in capsys.readouterr().err


def test_the_floor_is_tightened_on_request(
    floor: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sorted_as(monkeypatch, {FIRST: "noticed"})
    assert main(["selftest", "--mutants", "--floor", str(floor)]) == 0
    assert "can be tightened." in capsys.readouterr().out
    assert json.loads(floor.read_text(encoding="utf-8"))["unnoticed"]
    assert main(["selftest", "--mutants", "--floor", str(floor), "--raise-floor"]) == 0
    assert "has been tightened." in capsys.readouterr().out
    assert json.loads(floor.read_text(encoding="utf-8"))["unnoticed"] == []
