"""Faults of what online devices are told."""

from roamspec.emulator.domain.deletion import Deletion
from roamspec.emulator.faults.registry import ONE_CONVERSATION, Step, fault
from roamspec.emulator.http.request import Request


@fault(
    "notify.absent-means-false",
    at="parse",
    operations=ONE_CONVERSATION,
    refutes=("notify.absent-tells-the-owner", "notify.absent-tells-every-device"),
    sentence="Without isNotify the owner's devices are not told.",
)
def absent_means_false(step: Step) -> Step:
    def parse(request: Request) -> Deletion:
        deletion: Deletion = step(request)
        if "isNotify" not in request.query:
            deletion.notify = False
        return deletion

    return parse
