"""Every name that a run gives is told from other people's, also one that does not begin with the mark."""

import itertools

import pytest

from roamspec.client.marks import carries
from roamspec.target.names import FORMS, RELATIONS, Form, Names


@pytest.mark.parametrize("form", FORMS)
def test_a_name_of_each_form_carries_the_mark(form: Form) -> None:
    names = Names()
    name = names.formed(form)
    assert carries(name, names.mark)
    for relation in RELATIONS:
        assert carries(names.related(name, relation), names.mark)


def test_names_of_other_people_and_of_other_runs_do_not_carry_it() -> None:
    ours, theirs = Names(), Names()
    others = ["alice", "9", "x1x", ours.mark[:-1], *(theirs.formed(form) for form in FORMS)]
    assert not [name for name, mark in itertools.product(others, [ours.mark]) if carries(name, mark)]
