"""The revisions: what changed since an earlier one, and the catalogue as it was."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from roamspec.contract.load import load_contract
from roamspec.contract.operations import Contract
from roamspec.contract.requirements import Catalogue, Requirement
from roamspec.contract.revisions import (
    Change,
    Revision,
    as_of,
    catalogue_at,
    differences,
    load_revisions,
)
from roamspec.errors import ContractError, UsageError

Write = Callable[[str], Path]

OLD, PART, LATE, STRONG = (
    f"clear-user.{name}" for name in ("effect.old", "effect.old-part", "effect.late", "list.strong")
)
CHANGE = Change((f"{STRONG[:-6]}*",), ("should", "inferred"), "A page was found.")
REVISIONS = (
    Revision(1, "The first.", ()),
    Revision(2, "The second.", ()),
    Revision(3, "The third.", (CHANGE,)),
)


@pytest.fixture
def small(catalogue: Catalogue) -> Catalogue:
    """An old requirement, a part of it of revision 2, one of revision 3, and one that revision 3 changed."""
    any_one = next(each for each in catalogue.values() if each.evidence == "derived" and each.level == "must")
    given: dict[str, dict[str, Any]] = {
        OLD: {},
        PART: {"since": 2, "part_of": OLD},
        LATE: {"since": 3, "part_of": PART},
        STRONG: {"family": "list"},
    }
    by_id: dict[str, Requirement] = {
        name: replace(any_one, **{"id": name, "since": 1, "part_of": "", **changes})
        for name, changes in given.items()
    }
    return Catalogue(by_id, 3)


@pytest.mark.parametrize(
    ("number", "ids", "judged_as"),
    [
        (1, [OLD, STRONG], {PART: OLD, LATE: OLD}),
        (2, [OLD, PART, STRONG], {LATE: PART}),
        (3, [OLD, PART, LATE, STRONG], {}),
    ],
)
def test_what_came_later_is_judged_as_what_it_was_a_part_of(
    small: Catalogue, number: int, ids: list[str], judged_as: dict[str, str]
) -> None:
    then = as_of(small, REVISIONS, number)
    assert (list(then), then.revision, dict(then.judged_as)) == (ids, number, judged_as)
    assert [then.judged(name) for name in (OLD, LATE, "clear-user.effect.none")] == [
        OLD,
        judged_as.get(LATE, LATE),
        "",
    ]


def test_what_a_revision_changed_is_as_it_was(small: Catalogue) -> None:
    assert small[STRONG].decisive
    for number, decisive in ((1, False), (2, False), (3, True)):
        then = as_of(small, REVISIONS, number)[STRONG]
        assert (then.decisive, then.evidence == "derived", bool(then.step)) == (decisive,) * 3
        assert as_of(small, REVISIONS, number)[OLD] == small[OLD]


@pytest.mark.parametrize("number", [0, 4])
def test_a_revision_that_there_is_not_is_rejected(small: Catalogue, number: int) -> None:
    with pytest.raises(UsageError, match=f"no revision {number}; give one of 1 to 3"):
        as_of(small, REVISIONS, number)


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        (3, []),
        (2, [(LATE, 3, "split"), (STRONG, 3, "changed")]),
        (1, [(PART, 2, "split"), (LATE, 3, "split"), (STRONG, 3, "changed")]),
    ],
)
def test_differences(small: Catalogue, since: int, expected: list[tuple[str, int, str]]) -> None:
    found = list(differences(small, REVISIONS, since))
    assert [(each.requirement.id, each.revision, each.kind) for each in found] == expected


def test_the_checkout_at_its_first_revision_has_what_it_had(contract: Contract, catalogue: Catalogue) -> None:
    first = catalogue_at(1, contract=contract)
    assert len(first) == 566
    assert {*first, *first.judged_as, *first.later} == set(catalogue)
    assert "clear-user.request.no-body-needed" in first.later
    assert {each.since for each in first.values()} == {1}
    user_token = "clear-user.auth.user-token-never-for-others"
    assert (first[user_token].decisive, catalogue[user_token].decisive) == (False, True)
    assert catalogue_at(None, contract=contract) == catalogue_at(catalogue.revision, contract=contract)


@pytest.mark.parametrize(
    ("revisions", "reason"),
    [
        (
            [{"id": "a", "revision": 1, "summary": "x"}, {"id": "b", "revision": 3, "summary": "y"}],
            r": b: this is revision 2; number them from 1\.",
        ),
        (
            [
                {
                    "id": "a",
                    "revision": 1,
                    "summary": "x",
                    "changes": [{"requirements": ["*.gnoe"], "because": "y"}],
                }
            ],
            r": a: no requirement of the catalogue matches '\*\.gnoe'\.",
        ),
        ([{"id": "a", "revision": 1, "summary": "x"}], r": there is no revision \d, which [a-z.-]+ names\."),
    ],
)
def test_a_wrong_file_names_entry_and_reason(
    catalogue: Catalogue, write: Write, revisions: object, reason: str
) -> None:
    path = write(yaml.safe_dump({"revisions": revisions}))
    with pytest.raises(ContractError, match=reason) as caught:
        load_revisions(path, catalogue=catalogue)
    assert str(caught.value).startswith(f"{path}: ")


def test_each_change_of_the_checkout_changes_something(catalogue: Catalogue) -> None:
    contract = load_contract()
    for revision in load_revisions(catalogue=catalogue)[1:]:
        before = catalogue_at(revision.number - 1, contract=contract)
        for change in revision.changes:
            touched = [name for name in before if change.touches(name)]
            assert touched
            assert change.before is None or all(before[name] != catalogue[name] for name in touched)
