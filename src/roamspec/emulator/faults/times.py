"""Faults of the point in time."""

from roamspec.emulator.domain.deletion import Deletion
from roamspec.emulator.faults.registry import BY_TIME, Step, fault


@fault(
    "time.boundary-kept",
    at="select",
    operations=BY_TIME,
    refutes=("time.at-del-time-gone",),
    sentence="The message at exactly delTime stays.",
)
def boundary_kept(step: Step) -> Step:
    def select(deletion: Deletion) -> None:
        deletion.time_ms -= 1
        step(deletion)
        deletion.time_ms += 1

    return select
