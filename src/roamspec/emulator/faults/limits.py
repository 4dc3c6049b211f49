"""Faults of the limit of fifty IDs."""

from roamspec.emulator.domain.deletion import Deletion
from roamspec.emulator.faults.registry import BY_IDS, Step, fault


@fault(
    "limit.fifty-one-accepted",
    at="limits",
    operations=BY_IDS,
    refutes=(
        "limit.fifty-one-refused",
        "limit.fifty-one-error-type",
        "limit.fifty-one-error-text",
        "limit.fifty-one-deletes-nothing",
        "limit.fifty-one-notifies-nobody",
    ),
    sentence="51 message IDs in one call are accepted.",
)
def fifty_one_accepted(step: Step) -> Step:
    def limits(deletion: Deletion) -> None:
        if len(deletion.ids) != 51:
            step(deletion)

    return limits
