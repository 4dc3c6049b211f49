"""The matrix as programs and as people read it, and the floor below the score."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.unit.selftest.conftest import CLEARED, GONE, TOLD, trial

from roamspec.errors import ConfigurationError
from roamspec.selftest.floor import Floor, below, read_floor
from roamspec.selftest.matrix import Circumstances, as_json, as_markdown, summary
from roamspec.selftest.score import Score

ScoreOf = Callable[..., Score]
ABOUT = Circumstances("roamspec selftest", "standard", 0, 2, "2026-01-01T00:00:00Z", 61.2, 12_345)


@pytest.fixture
def score(score_of: ScoreOf) -> Score:
    return score_of(
        trial(GONE, red={"one.effect.gone": 0.25, "one.effect.kept": 0.3}),
        trial(TOLD, red={}, status=0),
        trial(CLEARED, red={"two.effect.gone": 0.5}),
        trial(red={}, status=0),
    )


def test_json_holds_every_fault(score: Score) -> None:
    matrix = json.loads(json.dumps(as_json(score, ABOUT)))
    assert matrix["score"] == {
        "faults": 3,
        "caught": 2,
        "survived": 1,
        "blamed_exactly": 1,
        "blamed_wrongly": 0,
        "percent_caught": 66.7,
        "percent_exact": 33.3,
        "conforming": 1,
        "conforming_failed": 0,
    }
    gone, told, _ = matrix["faults"]
    assert gone["surplus"] == ["one.effect.kept"]
    assert gone["first_red_after_s"] == 0.25
    assert told["caught"] is False
    assert matrix["exit_status"] == 1


def test_markdown_names_what_survived_first(score: Score) -> None:
    text = as_markdown(score, ABOUT)
    assert "| caught | 2 (66.7 %) |" in text
    assert text.index("## Survived") < text.index("## All faults")
    assert "- `one.notify.nobody`: nothing is red" in text
    assert "- `one.effect.nothing-deleted`: also red `one.effect.kept`" in text
    assert "12,345 requests" in text


def test_summary_ends_with_the_status(score: Score) -> None:
    text = summary(score, ABOUT)
    assert "one.notify.nobody: nothing is red" in text
    assert text.rstrip().splitlines()[-1].startswith("exit status 1 ")


def test_below_the_floor(score: Score) -> None:
    assert below(score, Floor(3, 66.7, 33.3)) == []
    assert below(score, Floor(4, 66.8, 33.4)) == [
        "3 faults in the bank, the floor is 4.",
        "66.7 % of the faults caught, the floor is 66.8.",
        "33.3 % of the faults blamed exactly, the floor is 33.4.",
    ]


def test_a_conforming_setting_that_fails_is_below_every_floor(score_of: ScoreOf) -> None:
    score = score_of(trial(red={"one.effect.gone": 0.1}))
    assert len(below(score, Floor(0, 0, 0))) == 1


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"quick": {"faults": 1}}', '{"quick": {"faults": "x"}}'])
def test_a_floor_that_is_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "floor.json"
    path.write_text(text)
    with pytest.raises(ConfigurationError, match="quick"):
        read_floor(path, "quick")


def test_a_floor_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot read"):
        read_floor(tmp_path / "none.json", "quick")
