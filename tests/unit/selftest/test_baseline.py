"""The floor below the score of each family: it is kept, and it only rises."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.unit.selftest.conftest import CLEARED, GONE, TOLD, fault_run

from roamspec.errors import ConfigurationError
from roamspec.selftest.baseline import Baseline, below, raised, read_baselines, write_baselines
from roamspec.selftest.score import Score

ScoreOf = Callable[..., Score]
EFFECT = {"effect": Baseline(2, 2, 1)}


@pytest.fixture
def score(score_of: ScoreOf) -> Score:
    """Of the family effect two faults, both caught, one exactly; of notify one that survives."""
    return score_of(
        fault_run(GONE, red={"one.effect.gone": 0.25, "one.effect.kept": 0.3}),
        fault_run(TOLD, red={}, status=0),
        fault_run(CLEARED, red={"two.effect.gone": 0.5}),
    )


def test_a_score_at_the_floor(score: Score) -> None:
    assert below(score, EFFECT, EFFECT) == []


def test_below_the_floor(score: Score) -> None:
    assert below(score, {"effect": Baseline(3, 3, 2)}, ["effect"]) == [
        "effect: 2 faults in the bank, the floor is 3.",
        "effect: 2 faults detected, the floor is 3.",
        "effect: 1 faults attributed exactly, the floor is 2.",
    ]


def test_one_family_does_not_make_up_for_another(score: Score) -> None:
    floors = {"effect": Baseline(1, 1, 1), "notify": Baseline(1, 1, 0)}
    assert below(score, floors, floors) == ["notify: 0 faults detected, the floor is 1."]


def test_a_family_that_is_removed(score: Score) -> None:
    assert "list: 0 faults in the bank, the floor is 7." in below(
        score, {"list": Baseline(7, 7, 7)}, ["list"]
    )


def test_families_that_were_not_tried_as_a_whole_are_left_aside(score: Score) -> None:
    assert below(score, {"effect": Baseline(9, 9, 9)}, []) == []


def test_a_conforming_setting_that_fails_is_below_every_floor(score_of: ScoreOf) -> None:
    score = score_of(fault_run(red={"one.effect.gone": 0.1}))
    assert len(below(score, {}, [])) == 1


def test_the_floor_only_rises(score: Score) -> None:
    assert raised({"effect": Baseline(9, 1, 1)}, score, ["effect"]) == {"effect": Baseline(9, 2, 1)}
    assert raised({}, score, ["effect", "notify"]) == EFFECT | {"notify": Baseline(1, 0, 0)}


def test_one_profile_is_written_and_the_others_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "floor.json"
    path.write_text(json.dumps({"standard": {"list": {"faults": 1, "caught": 1, "exact": 1}}}))
    write_baselines(path, "quick", EFFECT)
    assert read_baselines(path, "quick") == EFFECT
    assert read_baselines(path, "standard") == {"list": Baseline(1, 1, 1)}
    assert '    "effect": {"faults": 2, "caught": 2, "exact": 1}\n' in path.read_text()


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"quick": []}', '{"quick": {"list": {"faults": 1}}}', '{"quick": {"list": 1}}']
)
def test_a_floor_that_is_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "floor.json"
    path.write_text(text)
    with pytest.raises(ConfigurationError, match="of the profile quick"):
        read_baselines(path, "quick")


def test_a_floor_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot read"):
        read_baselines(tmp_path / "none.json", "quick")
