"""The matrix as programs and as people read it."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.unit.selftest.conftest import CLEARED, GONE, TOLD, fault_run

from roamspec.selftest.matrix import Circumstances, as_json, as_text
from roamspec.selftest.render import as_markdown, conclusion, summary
from roamspec.selftest.score import Score

ScoreOf = Callable[..., Score]
ABOUT = Circumstances("roamspec selftest", "standard", 0, 2, "2026-01-01T00:00:00Z", 61.2, 12_345)


@pytest.fixture
def score(score_of: ScoreOf) -> Score:
    return score_of(
        fault_run(GONE, red={"one.effect.gone": 0.25, "one.effect.kept": 0.3}),
        fault_run(TOLD, red={}, status=0),
        fault_run(CLEARED, red={"two.effect.gone": 0.5}),
        fault_run(red={}, status=0),
    )


def test_json_holds_every_fault(score: Score) -> None:
    matrix = json.loads(as_text(as_json(score, ABOUT, exit_status=1)))
    assert matrix["score"] == {
        "faults": 3,
        "caught": 2,
        "survived": 1,
        "blamed_exactly": 1,
        "nothing_else_red": 1,
        "blamed_wrongly": 0,
        "percent_caught": 66.7,
        "percent_exact": 33.3,
        "conforming": 1,
        "conforming_failed": 0,
    }
    gone, told, _ = matrix["faults"]
    assert gone["declared"] == ["effect.gone"]
    assert gone["surplus"] == ["effect.kept"]
    assert "missed" not in gone
    assert gone["first_red_after_s"] == 0.25
    assert told["caught"] is False
    assert matrix["exit_status"] == 1


def test_markdown_names_what_survived_first(score: Score) -> None:
    text = as_markdown(score, ABOUT)
    assert "| detected | 2 (66.7 %) |" in text
    assert text.index("## Undetected") < text.index("## All faults")
    assert "- `one.notify.nobody`: nothing failed" in text
    assert "- `one.effect.nothing-deleted`: also failing `one.effect.kept`" in text
    assert "12,345 requests" in text


def test_what_fails_besides_is_shown_with_the_check_that_failed_it(score: Score) -> None:
    [found] = [each for each in score.findings if each.surplus]
    came = {"one.effect.kept": "effect.other-conversations[deleteChatMessages]: answered 200: 1 deleted"}
    known = replace(score, findings=[replace(found, came=came)])

    text = as_markdown(known, ABOUT)

    assert "also failing `one.effect.kept` in `effect.other-conversations[deleteChatMessages]`\n" in text


def test_the_last_line_has_the_status_that_the_command_ends_with(score: Score) -> None:
    text = summary(score)
    assert "one.notify.nobody: nothing failed" in text
    assert "exit status" not in text
    assert conclusion(0, ABOUT).strip().startswith("exit status 0 ")


def test_a_terminal_shows_each_of_a_few_faults(score: Score) -> None:
    lines = summary(score).splitlines()
    assert lines[0].split() == ["one.effect.nothing-deleted", "detected", "0.25", "effect.gone"]
    assert lines[1].split() == ["one.notify.nobody", "undetected"]
    assert ["effect", "2", "2", "1", "1", "0.50"] in [line.split() for line in lines]


def test_markdown_shows_families_by_families(score: Score) -> None:
    text = as_markdown(score, ABOUT)
    grid = text[text.index("by families of requirements") :].splitlines()
    assert "|  | effect |" in grid
    assert "| notify |  |" in grid


def test_nothing_but_settings_has_no_table_of_faults(score_of: ScoreOf) -> None:
    score = score_of(fault_run(red={}, status=0))
    assert "faults" not in summary(score)
    assert "All faults" not in as_markdown(score, ABOUT)
