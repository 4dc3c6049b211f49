"""How a check says what it judges."""

from collections.abc import Callable
from typing import Any, TypeVar

import pytest

from roamspec.config.run_variables import PROFILES, Profile

__all__ = [
    "MARKERS",
    "PROFILES",
    "Profile",
    "covers",
    "expensive",
    "generative",
    "profile",
    "serial",
    "waits_for_expiry",
]

F = TypeVar("F", bound=Callable[..., Any])
MARKERS = (
    "covers(*names): the requirements that a check can refute",
    "profile(least): the smallest profile in which a check runs",
    "expensive: a check that may take hundreds of requests",
    "waits_for_expiry: a check that waits for something to expire",
    "serial: a check that runs for one operation at a time",
    "costs(requests): how many requests a check sends at most for one operation",
    "generative: a check that draws its calls",
)
"""What pytest is notified of the marks below, for whoever collects checks."""


def covers(*names: str) -> Callable[[F], F]:
    """The requirements that a check can refute: IDs without the operation, such as
    `limit.fifty-accepted`. A check that takes a `case` runs once for each operation that has the first of
    them; one that takes `cases` runs once, for all operations, and leaves open what it did not meet."""
    return pytest.mark.covers(*names)


def costs(requests: int) -> Callable[[F], F]:
    """How many requests a check sends at most for one operation (a check of `cases`: for all) in a whole run,
    on a target that conforms and answers at once. What it arranges and removes is counted too, and what
    several checks share is counted to the first of them."""
    return pytest.mark.costs(requests)


def expensive(check: F) -> F:
    """A check that may take hundreds of requests: it comes after the others of its profile, so that a run
    which may send but so many judges everything else before."""
    marked: F = pytest.mark.expensive(check)
    return marked


def waits_for_expiry(check: F) -> F:
    """A check that waits for something to expire: it comes after those that need not wait meanwhile."""
    marked: F = pytest.mark.waits_for_expiry(check)
    return marked


def serial(check: F) -> F:
    """A check that must not run for several operations at once, not even where waiting is long: it
    measures, or shares people between operations."""
    marked: F = pytest.mark.serial(check)
    return marked


def generative(check: F) -> F:
    """A check that draws its calls instead of having them written down, or whose calls may overlap in any
    order: no recording can answer it."""
    marked: F = pytest.mark.generative(check)
    return marked


def profile(least: Profile) -> Callable[[F], F]:
    """The smallest profile in which a check runs (quick, unless said otherwise)."""
    return pytest.mark.profile(least)
