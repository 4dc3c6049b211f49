"""Which mutants a source has, how each is named, and that each changes what it says."""

import ast
import textwrap
from collections.abc import Sequence

import pytest

from roamspec.selftest.mutants.sites import (
    TARGETS,
    Mutant,
    all_mutants,
    instrumented,
    mutants_of,
    mutated,
    source_of,
)

SOURCE = textwrap.dedent(
    '''
    """A module."""

    from __future__ import annotations

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        import json

    LIMIT: int = 50


    class Kept:
        """A class."""

        size: int = 3

        def many(self, ids: list[str]) -> bool:
            """Whether there are too many."""
            if len(ids) > LIMIT and not self.size:
                raise ValueError("too many")
            return bool(ids)


    def total(a: int, b: int) -> int:
        found = [each for each in (a, b) if each]
        log(f"{found} of {a}")
        return sum(found) + 1
    '''
)


def mutants() -> list[Mutant]:
    return list(mutants_of("module", SOURCE))


def changes(function: str) -> set[tuple[str, str]]:
    found = set()
    for each in mutants():
        if each.site.function == function:
            lines = zip(each.before.splitlines(), each.after.splitlines(), strict=True)
            after = next((other for one, other in lines if one != other), each.after)
            found.add((each.site.operator, after.strip()))
    return found


def test_operators_constants_conditions_and_statements_are_changed_one_at_a_time() -> None:
    assert changes("Kept.many") == {
        ("and to or", "if len(ids) > LIMIT or not self.size:"),
        ("> to >=", "if len(ids) >= LIMIT and (not self.size):"),
        ("not removed", "if len(ids) > LIMIT and self.size:"),
        ("condition always true", "if True:"),
        ("condition always false", "if False:"),
        ("statement removed", "pass"),
        ("constant changed", "raise ValueError('mutated')"),
        ("return value removed", "return None"),
    }
    assert changes("total") == {
        ("condition always true", "found = [each for each in (a, b) if True]"),
        ("condition always false", "found = [each for each in (a, b) if False]"),
        ("statement removed", "pass"),
        ("+ to -", "return sum(found) - 1"),
        ("constant changed", "return sum(found) + 2"),
        ("return value removed", "return None"),
    }


def test_constants_outside_of_functions_are_changed_and_types_and_docstrings_are_not() -> None:
    assert changes("") == {("constant changed", "LIMIT: int = 51")}
    assert changes("Kept") == {("constant changed", "size: int = 4")}


def test_each_mutant_is_the_source_with_its_change_alone() -> None:
    original = ast.unparse(ast.parse(SOURCE)).splitlines()
    for each in mutants():
        changed = ast.unparse(mutated(SOURCE, each)).splitlines()
        differing = [other for one, other in zip(original, changed, strict=False) if one != other]
        assert differing or len(original) != len(changed)
        assert len(changed) in (len(original), len(original) - 1)
        compile(mutated(SOURCE, each), "module", "exec")


def sites(source: str) -> Sequence[str]:
    return [each.site.name for each in mutants_of("module", source)]


def test_a_site_keeps_its_name_when_lines_move_and_loses_it_when_its_statement_changes() -> None:
    moved = SOURCE.replace('"""A module."""', '"""A module."""\n\n# more\nimport os\n')
    assert sites(moved) == sites(SOURCE)
    below = SOURCE.replace('raise ValueError("too many")', 'raise ValueError("far too many")')
    lost = set(sites(SOURCE)) - set(sites(below))
    assert {name.split(":")[2] for name in lost} == {"constant_changed", "statement_removed"}
    assert len(lost) == 2, "the condition above the statement keeps its name"


def test_equal_changes_of_one_function_have_different_names() -> None:
    twice = "def f(a):\n    a.b()\n    a.b()\n"
    names = sites(twice)
    assert len(names) == len(set(names)) == 2


def test_some_functions_of_a_module_alone() -> None:
    found = {each.site.function for each in mutants_of("module", SOURCE, ("total",))}
    assert found == {"total"}


def test_instrumented_code_tells_each_statement_that_runs() -> None:
    told: list[int] = []
    names = {"probe": told.append, "log": str}
    exec(compile(instrumented(SOURCE, "probe"), "module", "exec"), names)  # noqa: S102 - what is tested
    assert told == []
    names["total"](1, 2)  # type: ignore[operator]
    reached = {each.site.function for each in mutants() if each.statement in told}
    assert reached == {"total"}
    statements = {each.statement for each in mutants() if each.site.function == "total"}
    assert set(told) == statements
    assert {each.statement for each in mutants() if each.site.function in ("", "Kept")} == {None}


@pytest.mark.parametrize("module", TARGETS)
def test_the_deletion_code_has_mutants_and_the_functions_that_are_named(module: str) -> None:
    functions = TARGETS[module]
    found = {each.site.function for each in mutants_of(module, source_of(module), functions)}
    assert found
    if functions is not None:
        assert found == set(functions)


def test_every_mutant_has_a_name_of_its_own() -> None:
    names = [each.site.name for each in all_mutants()]
    assert len(names) == len(set(names)) > 300
