"""Every fault by name; each breaks one of the five calls in one way."""

from functools import cache

from tests.second_service import (
    broken_answers,
    broken_company,
    broken_effects,
    broken_lists,
    broken_names,
    broken_notices,
    broken_rare,
    broken_recent,
    broken_refusals,
    broken_requests,
    broken_sides,
    broken_small,
    broken_times,
)
from tests.second_service.fault import Fault

_FAMILIES = (
    broken_effects,
    broken_sides,
    broken_times,
    broken_lists,
    broken_notices,
    broken_refusals,
    broken_requests,
    broken_answers,
    broken_company,
    broken_rare,
    broken_small,
    broken_recent,
    broken_names,
)


@cache
def faults() -> dict[str, Fault]:
    """All faults, by `operation-slug.name`; a name used twice is an error here and now."""
    found: dict[str, Fault] = {}
    for family in _FAMILIES:
        for one in family.faults():
            if one.name in found:
                raise ValueError(f"the fault {one.name} is defined twice")
            found[one.name] = one
    return found
