"""Conditions: how they are written, where they apply, and that each of them can be met."""

import re
from pathlib import Path
from random import Random

import pytest

from roamspec.errors import ConfigurationError
from roamspec.faults.conditions.vocabulary import EVERY, read_condition, vocabulary
from roamspec.faults.registry import find, named
from roamspec.selftest.conditional.occasions import Occasions

DOCUMENTATION = Path(__file__).parents[4] / "docs" / "faults.md"
SAMPLES = [sample for term in vocabulary().values() for sample in term.samples]
SHOWS_IN_EVERY_SUCCESS = "success.timestamp-microseconds"


def test_the_documentation_lists_exactly_the_vocabulary() -> None:
    section = DOCUMENTATION.read_text().partition("## Faults behind conditions")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `([a-z-]+)[^`]*`.* \|$", section, re.MULTILINE)
    assert sorted(rows) == sorted(vocabulary())


@pytest.mark.parametrize("term", vocabulary().values(), ids=lambda term: term.name)
def test_the_documentation_says_what_a_term_means(term: object) -> None:
    row = f"| `{term.form.replace('|', chr(92) + '|')}` | {term.sentence} |"  # type: ignore[attr-defined]
    assert row in DOCUMENTATION.read_text()


@pytest.mark.parametrize("sample", SAMPLES)
def test_each_condition_is_met_by_some_call_of_an_operation_that_it_applies_to(sample: str) -> None:
    condition = read_condition(sample)
    operation = Random(sample).choice(condition.operations)  # noqa: S311
    [fault] = [each for each in find(SHOWS_IN_EVERY_SUCCESS) if each.operations == (operation,)]
    [conditional] = named(f"{fault.name}@{sample}")
    assert Occasions(conditional, sample).found()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("effect.nothing-deleted@kin=chat", r"there is no condition 'kin=chat'; did you mean 'kind'\?"),
        ("effect.nothing-deleted@", "has no condition after the @"),
        ("effect.nothing-deleted@age>7", "is malformed; write age>SPAN"),
        ("effect.nothing-deleted@age=7d", "is malformed"),
        ("effect.nothing-deleted@notify=maybe", "is malformed"),
        ("effect.nothing-deleted@first-call=1", "is malformed"),
        ("clear-user.effect.nothing-deleted@ids=3", "'ids=3' cannot apply to 'clear-user.effect.nothing"),
        ("effect.nothing-delted@ids=3", "there is no fault 'effect.nothing-delted'"),
    ],
)
def test_what_cannot_be_is_rejected_in_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ConfigurationError, match=sentence) as refused:
        named(text)
    assert "\n" not in str(refused.value)


def test_a_name_without_operation_stands_for_those_that_the_conditions_can_apply_to() -> None:
    found = named("effect.nothing-deleted@kind=group")
    assert [each.fault.operations for each in found] == [("clearUser",), ("clearGroupBefore",)]
    assert len(named("effect.nothing-deleted")) == len(EVERY)


@pytest.mark.parametrize(
    "text", ["effect.nothing-deleted@ids=20@unknown-id", "effect.nothing-deleted@ids=20&unknown-id"]
)
def test_conditions_compose(text: str) -> None:
    assert [[c.text for c in each.conditions] for each in named(text)] == [["ids=20", "unknown-id"]] * 2
