"""What an item of pytest says of itself as a check: its operation, requirements, cost and turn."""

import os
import traceback
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from roamspec.contract.operations import Operation
from roamspec.session.session import Session
from roamspec.suite.marks import PROFILES, Profile


def is_check(item: Any) -> bool:
    """Whether an item, or the definition of one, is a check: a function that says what it judges."""
    return isinstance(item, pytest.Function) and item.get_closest_marker("covers") is not None


def operation_of(item: pytest.Item) -> Operation | None:
    """The operation that a check is about; None when it is about all of them at once."""
    callspec = getattr(item, "callspec", None)
    operation = callspec.params.get("operation") if callspec else None
    assert operation is None or isinstance(operation, Operation)
    return operation


def request_counter(item: pytest.Item, session: Session) -> Callable[[], int]:
    """Counts the requests of a check: of its thread, or of all where it has several and nothing else runs."""
    alone = any(item.get_closest_marker(mark) for mark in ("serial", "generative"))
    return lambda: session.client.requests if alone else session.client.requests_here


def cost_of(item: pytest.Item) -> int:
    """How many requests a check sends at most by its `@costs`; 0 where it does not say."""
    mark = item.get_closest_marker("costs")
    return int(mark.args[0]) if mark else 0


def declared_names(item: Any) -> Sequence[str]:
    """The requirements that `@covers` names, without their operation."""
    return tuple(name for mark in item.iter_markers("covers") for name in mark.args)


def turn_of(item: pytest.Item) -> tuple[int, int]:
    """Larger profiles later; within one, whoever waits after whoever need not, and the costly ones last.
    What is no check comes first; what draws calls as long as there are requests comes after all others."""
    if not is_check(item):
        return -1, 0
    if takes_what_is_left(item):
        return len(PROFILES), 0
    later = [mark for mark in ("waits_for_expiry", "expensive") if item.get_closest_marker(mark)]
    return PROFILES.index(least_profile(item)), ("waits_for_expiry", "expensive").index(
        later[-1]
    ) + 1 if later else 0


def takes_what_is_left(item: pytest.Item) -> bool:
    """Whether a check draws calls as long as the run has requests."""
    return all(item.get_closest_marker(mark) for mark in ("generative", "expensive"))


def least_profile(item: pytest.Item) -> Profile:
    """The smallest profile that runs the check."""
    mark = item.get_closest_marker("profile")
    return mark.args[0] if mark else "quick"


def where_it_broke(error: Exception) -> str:
    """One line: what broke, and in which line of which check."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "conformance" in frame.filename] or frames
    place = f"{os.path.basename(ours[-1].filename)}:{ours[-1].lineno}" if ours else "an unknown place"  # noqa: PTH119
    return f"{type(error).__name__} at {place}: {error}"
