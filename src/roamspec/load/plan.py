"""What a load is asked to do, as one value for all of its processes."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

CALLS_PER_USER: Final = 10
"""How many calls per second there are for each user, unless the number of users is given."""
DEFAULT_RATE: Final = 100.0
"""Calls per second: the service's documented limit of one app for what has no limit of its own."""
MOST_USERS: Final = 10_000


@dataclass(frozen=True, slots=True)
class LoadPlan:
    """`rate` is in calls per second, all operations and all workers together. `sample_every`: the effect of
    every so manieth deletion of a user is read back."""

    rate: float
    duration_s: float
    users: int
    seed: int
    workers: int = 1
    sample_every: int = 10

    @property
    def share(self) -> float:
        """The part of the rate that one worker may use."""
        return 1 / self.workers

    def as_dict(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """From the form that `as_dict` gives."""
        return cls(**data)


def users_for(rate: float, workers: int) -> int:
    """How many users make a load of this rate: at least one for each worker, and five."""
    return min(MOST_USERS, max(5, workers, math.ceil(rate / CALLS_PER_USER)))
