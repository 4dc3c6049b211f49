"""The checks of one shard of a run: which they are, what they may send, what all shards have in common."""

from collections.abc import Mapping, Sequence
from typing import Final

import pytest

from roamspec import __version__
from roamspec.contract.load import load_contract
from roamspec.contract.requirements import latest_revision
from roamspec.results.events import PartOfRun
from roamspec.runner.check_ids import check_id, kind_of
from roamspec.runner.division import Divisible, Division, divide, request_bound
from roamspec.runner.settings import RunSettings
from roamspec.shard import Shard
from roamspec.suite.exploration_limits import FOR_A_COSTLY_CHECK, MOST_REQUESTS
from roamspec.suite.marks import Profile

_EMBEDDED: Final = "the embedded emulator"


class ShardPart:
    """Chooses the checks of one shard; `division` and `bound` are known once it has chosen."""

    def __init__(self, shard: Shard, durations: Mapping[str, float]) -> None:
        self._shard = shard
        self._durations = durations
        self._checks: Sequence[Divisible] = ()
        self.division: Division | None = None

    def choose(self, checks: Sequence[pytest.Function]) -> list[pytest.Function]:
        """Those of the `checks` of the whole run that are this shard's, in their order."""
        self._checks = [_divisible(item) for item in checks]
        self.division = divide(self._checks, self._shard.count, self._durations)
        mine = self._mine
        return [item for item in checks if check_id(item.nodeid) in mine]

    @property
    def _mine(self) -> frozenset[str]:
        return self.division.parts[self._shard.index - 1] if self.division else frozenset()

    def bound(self, profile: Profile) -> int:
        """How many requests this shard may send to a service, 0 for any number."""
        return request_bound(self._checks, self._mine, MOST_REQUESTS[profile])


def _divisible(item: pytest.Function) -> Divisible:
    """What shares the long conversations stays together; every other check stands for itself."""
    costs = item.get_closest_marker("costs")
    explores = item.get_closest_marker("generative") is not None
    together = item.get_closest_marker("expensive") is not None and not explores
    requests = int(costs.args[0]) if costs else FOR_A_COSTLY_CHECK
    company = f"long-conversations-{kind_of(item.nodeid)}" if together else ""
    return Divisible(check_id(item.nodeid), requests, company, explores)


def part_of_run(settings: RunSettings) -> PartOfRun | None:
    """What the shard of these settings has in common with the others; None for a whole run."""
    if settings.shard is None:
        return None
    config = settings.config
    apps = {"app": config.main, "second app": config.neighbour, "app with roaming disabled": config.closed}
    configuration = {
        "version of roamspec": __version__,
        "contract": load_contract().sha256,
        "revision": str(settings.revision or latest_revision()),
        "target": config.base_url or _EMBEDDED,
        **{name: str(app.key) if app else "" for name, app in apps.items()},
        "observer": config.observer_url or "",
        "profile": settings.profile,
        "seed": str(settings.seed),
        "selection": " ".join(sorted(settings.requirements)),
        "faults": " ".join(settings.faults),
        "arguments for pytest": " ".join(settings.pytest_arguments),
        "strictness": "strict" if settings.strict else "",
    }
    asked = {one.capability: one.where for one in config.asked}
    return PartOfRun(settings.shard, configuration, settings.strict, asked)
