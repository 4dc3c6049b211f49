"""Names of people: legal, new each time, related by chance, and ours at first sight."""

import re

import pytest

from roamspec.session.names import FORMS, LONGEST, RELATIONS, NameSource

MARK = "rs0123456789"
LEGAL = re.compile(r"[a-z0-9_.-]{1,64}")


def drawn(seed: int, count: int = 200) -> list[str]:
    names = NameSource(MARK, seed=seed)
    met = [names.fresh(), names.fresh()]
    return [names.person(met) for _ in range(count)]


def test_names_are_legal_and_each_is_new() -> None:
    names = drawn(3)
    assert all(LEGAL.fullmatch(name) for name in names)
    assert len(set(names)) == len(names)


def test_names_carry_the_mark_or_its_number() -> None:
    number = NameSource(MARK).formed("digits")[:14]
    assert all(MARK in name or name.startswith(number) for name in drawn(4))
    assert NameSource("rsfedcba9876").formed("digits")[:14] != number


def test_the_same_seed_gives_the_same_names() -> None:
    assert drawn(5) == drawn(5)
    assert drawn(5) != drawn(6)


def test_all_relations_and_forms_come() -> None:
    met = [f"{MARK}-1u", f"{MARK}-2u"]
    names = drawn(7)
    assert any(name.startswith(other) for name in names for other in met)
    assert any(name.endswith(other) for name in names for other in met)
    assert any(other in name[1:-1] for name in names for other in met)
    assert any(name.isdigit() for name in names)
    assert any(len(name) == LONGEST for name in names)
    assert all(any(sign in name for name in names) for sign in "._-")


@pytest.mark.parametrize("relation", RELATIONS)
def test_a_related_name_is_related(relation: str) -> None:
    name = NameSource(MARK).related("bob", relation)  # type: ignore[arg-type]
    holds = {
        "begins-with": name.startswith("bob"),
        "ends-with": name.endswith("bob"),
        "contains": "bob" in name,
        "matches-as-a-pattern": re.fullmatch(name.replace("_", "."), "bob") is not None,
    }
    assert name != "bob"
    assert holds[relation]


def test_no_pattern_is_given_twice() -> None:
    names = NameSource(MARK)
    given = [names.related(f"{MARK}-1u", "matches-as-a-pattern") for _ in range(4)]
    assert given[:2] == [f"{MARK}_1u", f"{MARK}.1u"]
    assert len(set(given)) == 4


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_legal(form: str) -> None:
    assert LEGAL.fullmatch(NameSource(MARK).formed(form))  # type: ignore[arg-type]


def test_names_without_a_seed_are_plain() -> None:
    names = NameSource(MARK)
    assert not names.varied
    assert names.person(["bob"]) == f"{MARK}-1u"
    varied = NameSource(MARK, seed=1)
    varied.be_plain()
    assert varied.person(["bob"]) == f"{MARK}-1u"


def test_most_related_names_are_related_to_the_first_of_the_others() -> None:
    source = NameSource(seed=1)
    others = [source.fresh() for _ in range(3)]

    people = [source.person(others) for _ in range(300)]

    near = [sum(other in name for name in people) for other in others]
    assert near[0] > 1.5 * max(near[1:])
    assert min(near) > 10
