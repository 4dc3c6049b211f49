"""Every name that a run gives differs from other people's, also one that does not begin with the mark."""

import itertools

import pytest

from roamspec.session.names import FORMS, RELATIONS, Form, NameSource
from roamspec.transport.run_prefix import carries


@pytest.mark.parametrize("form", FORMS)
def test_a_name_of_each_form_carries_the_mark(form: Form) -> None:
    names = NameSource()
    name = names.formed(form)
    assert carries(name, names.run_prefix)
    for relation in RELATIONS:
        assert carries(names.related(name, relation), names.run_prefix)


def test_names_of_other_people_and_of_other_runs_do_not_carry_it() -> None:
    ours, theirs = NameSource(), NameSource()
    others = ["alice", "9", "x1x", ours.run_prefix[:-1], *(theirs.formed(form) for form in FORMS)]
    assert not [name for name, mark in itertools.product(others, [ours.run_prefix]) if carries(name, mark)]
