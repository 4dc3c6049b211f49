"""What mutants are sorted into, and what the baseline makes of it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from roamspec.errors import ConfigurationError
from roamspec.selftest.mutants.baseline import (
    MutantBaseline,
    read_mutant_baseline,
    tightened,
    write_mutant_baseline,
)
from roamspec.selftest.mutants.measure import MutantScore, drawn
from roamspec.selftest.mutants.mutant_run import MutantRun, Outcome, outcome_of
from roamspec.selftest.mutants.render import mutant_table
from roamspec.selftest.mutants.sites import Mutant, all_mutants, mutants_of

SOURCE = "def f(a, b):\n    if a > 1:\n        b()\n    return a + b\n"
MUTANTS = tuple(mutants_of("module", SOURCE))
FIRST, SECOND, THIRD = MUTANTS[:3]


def run(mutant: Mutant, outcome: Outcome) -> tuple[Mutant, MutantRun]:
    return mutant, MutantRun(mutant.site.name, outcome, "clear-user.effect.x", 10, 0.5)


def score(baseline: MutantBaseline, *outcomes: Outcome) -> MutantScore:
    runs = tuple(run(mutant, outcome) for mutant, outcome in zip(MUTANTS, outcomes, strict=False))
    return MutantScore(MUTANTS, MUTANTS[:4], runs, baseline)


def test_each_mutant_is_in_one_class() -> None:
    found = score(MutantBaseline(equivalent={SECOND.site: "same"}), "noticed", "unnoticed", "not runnable")
    assert [len(found.of(name)) for name in ("noticed", "unnoticed", "equivalent", "not runnable")] == [
        1,
        0,
        1,
        1,
    ]
    assert found.unreachable == len(MUTANTS) - 4
    assert found.problems == []


@pytest.mark.parametrize(
    ("status", "any_failed", "outcome"),
    [
        (1, True, "noticed"),
        (0, True, "not blocking"),
        (0, False, "unnoticed"),
        (3, True, "not runnable"),
        (4, False, "not runnable"),
    ],
)
def test_a_run_sorts_its_mutant(status: int, any_failed: bool, outcome: Outcome) -> None:
    assert outcome_of(status, any_failed=any_failed) == outcome


def test_what_fails_without_blocking_is_no_problem_and_no_longer_unnoticed() -> None:
    found = score(MutantBaseline(unnoticed={FIRST.site: "x"}), "not blocking")
    assert found.problems == []
    assert found.noticed_sites == {FIRST.site}
    assert "1 of 1" not in mutant_table(found)
    assert "clear-user.effect.x" in mutant_table(found)


def test_an_unnoticed_mutant_that_the_baseline_does_not_list_is_a_problem() -> None:
    [problem] = score(MutantBaseline(), "unnoticed").problems
    assert "module, line 2, f" in problem
    assert "if a > 1:" in problem
    assert score(MutantBaseline(unnoticed={FIRST.site: "x"}), "unnoticed").problems == []


def test_an_equivalent_mutant_that_is_noticed_is_a_problem() -> None:
    [problem] = score(MutantBaseline(equivalent={FIRST.site: "same"}), "noticed").problems
    assert "calls it equivalent, but clear-user.effect.x fails" in problem


def test_the_baseline_loses_what_is_noticed_and_what_is_no_more(tmp_path: Path) -> None:
    gone = replace(THIRD.site, digest="0" * 12)
    before = MutantBaseline({gone: "was the same"}, {FIRST.site: "one", SECOND.site: "two", gone: "three"})
    after = tightened(before, MUTANTS, {FIRST.site})
    assert after == MutantBaseline({}, {SECOND.site: "two"})
    path = tmp_path / "baseline.json"
    write_mutant_baseline(path, before)
    assert read_mutant_baseline(path) == before


@pytest.mark.parametrize(
    "text",
    ["{", "[]", "{}", '{"equivalent": [{"file": "x"}], "unnoticed": []}',
     json.dumps({"equivalent": [FIRST.site.as_dict() | {"reason": " "}], "unnoticed": []})],
)  # fmt: skip
def test_a_wrong_baseline_is_named(text: str, tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=f"{path} needs the lists equivalent and unnoticed"):
        read_mutant_baseline(path)
    with pytest.raises(ConfigurationError, match="cannot read"):
        read_mutant_baseline(tmp_path / "none.json")


def test_a_sample_depends_on_sites_and_seed_and_not_on_lines() -> None:
    everything = all_mutants()
    some = drawn(everything, 20, 7)
    moved = [replace(each, line=each.line + 100, node=each.node + 3) for each in reversed(everything)]
    assert [each.site for each in drawn(moved, 20, 7)] == [each.site for each in some]
    assert len({each.site for each in some}) == 20
    assert drawn(everything, 20, 8) != some
    assert drawn(everything, 0, 7) == drawn(everything, 10_000, 7) == everything


def test_a_mutant_that_is_not_reached_this_time_changes_one_of_a_sample_at_most() -> None:
    everything = all_mutants()
    some = drawn(everything, 20, 7)
    fewer = [each for each in everything if each != some[3]]
    assert drawn(fewer, 20, 7)[:19] == [each for each in some if each != some[3]]
    assert drawn(everything, 30, 7)[:20] == some


def test_the_table_has_the_counts_and_each_mutant_that_goes_unnoticed() -> None:
    table = mutant_table(
        score(MutantBaseline({SECOND.site: "nobody can tell"}), "noticed", "unnoticed", "unnoticed")
    )
    assert "noticed, of noticed and unnoticed ones  1 of 2 (50.0 %)" in table
    assert "nobody can tell" in table
    assert table.count("module:") == 2


def test_the_baseline_of_the_project_speaks_of_mutants_that_there_are() -> None:
    from roamspec.resources import folder

    baseline = read_mutant_baseline(folder("contracts") / "selftest-mutants.json")
    sites = {each.site for each in all_mutants()}
    assert baseline.equivalent.keys() | baseline.unnoticed.keys() <= sites
    assert not baseline.equivalent.keys() & baseline.unnoticed.keys()
