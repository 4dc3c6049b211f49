"""What each layer of checks detects alone: examples, schema cases, sequences, relations, concurrency.

Each layer runs without the others, so that none detects a fault with what another one arranged or left.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from roamspec.selftest.subjects import BrokenEmulator, Sharing, together
from roamspec.selftest.worker_pool import Conditions, WorkerPool
from roamspec.suite.checks import checks_of

LAYERS: Final = ("examples", "schema cases", "sequences", "relations", "concurrency")
_LAYER_OF: Final = {
    "schema": "schema cases",
    "sequence": "sequences",
    "relation": "relations",
    "concurrency": "concurrency",
}


def layer_of(check: str) -> str:
    """The layer of a check by its ID, such as `sequence.drawn-sequences`."""
    return _LAYER_OF.get(check.partition(".")[0].partition("[")[0], "examples")


@dataclass(frozen=True, slots=True)
class LayerResults:
    """For each layer of the profile, `detected` has the names of the faults that it detects alone, and
    `requests` how many requests its runs sent; `troubles` are the runs without a verdict of their own."""

    faults: Sequence[BrokenEmulator]
    detected: Mapping[str, frozenset[str]]
    requests: Mapping[str, int]
    troubles: Sequence[str] = ()

    def only(self, layer: str) -> list[str]:
        """The faults that this layer detects, and no other one."""
        others = frozenset[str]().union(*(found for name, found in self.detected.items() if name != layer))
        return [fault.name for fault in self.faults if fault.name in self.detected[layer] - others]

    @property
    def undetected(self) -> list[str]:
        """The names of faults that no layer detects."""
        found = frozenset[str]().union(*self.detected.values())
        return [fault.name for fault in self.faults if fault.name not in found]


def measure_layers(
    faults: Sequence[BrokenEmulator],
    conditions: Conditions,
    *,
    jobs: int,
    sharing: Sharing,
    say_progress: Callable[[str], None],
) -> LayerResults:
    """Run each layer of the profile against all faults; a fault is detected when a requirement fails that it
    refutes. `say_progress` hears one line for each run."""
    subjects = together(faults, sharing)
    detected: dict[str, frozenset[str]] = {}
    requests: dict[str, int] = {}
    troubles = []
    for layer in LAYERS:
        names = tuple(name for name in checks_of(conditions.profile) if layer_of(name) == layer)
        if not names:
            continue
        found: set[str] = set()
        requests[layer] = 0
        with WorkerPool(replace(conditions, checks=names), jobs) as pool:
            for number, run in enumerate(pool.attempt_all(subjects), 1):
                broken = run.subject.faults
                found |= {each.name for each in broken if any(n in run.failing for n in each.refutes)}
                requests[layer] += run.requests
                troubles += [f"{layer}, {run.subject.name}: {run.trouble}"] if run.trouble else []
                say_progress(
                    f"{layer} {number}/{len(subjects)}: {len(found)} detected, {run.duration_s:.1f} s"
                )
        detected[layer] = frozenset(found)
    return LayerResults(faults, detected, requests, troubles)
