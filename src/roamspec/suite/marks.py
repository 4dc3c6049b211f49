"""How a check says what it judges."""

from collections.abc import Callable
from typing import Any, Literal, TypeVar

import pytest

F = TypeVar("F", bound=Callable[..., Any])
Profile = Literal["quick", "standard", "deep"]
PROFILES: tuple[Profile, ...] = ("quick", "standard", "deep")


def judges(*names: str) -> Callable[[F], F]:
    """The requirements that a check can refute: IDs without the operation, such as
    `limit.fifty-accepted`. A check that takes a `case` runs once for each operation that has the first of
    them; one that takes `cases` runs once, for all operations, and leaves open what it did not meet."""
    return pytest.mark.judges(*names)


def generative(check: F) -> F:
    """A check that draws its calls instead of having them written down, or whose calls may overlap in any
    order: no recording can answer it."""
    marked: F = pytest.mark.generative(check)
    return marked


def profile(least: Profile) -> Callable[[F], F]:
    """The smallest profile in which a check runs (quick, unless said otherwise)."""
    return pytest.mark.profile(least)
