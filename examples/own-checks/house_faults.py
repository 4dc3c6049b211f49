"""The seeded fault that the check must find."""

from roamspec.emulator.domain.api_error import ApiError
from roamspec.faults.registry import fault

OURS = {"operations": ["deleteChatMessages"], "refutes": ["house.ten-ids-accepted"]}


@fault("house.nine", at="limits", sentence="The limit is nine message IDs.", **OURS)
def nine_at_most(step):
    def limits(deletion):
        if len(deletion.ids) > 9:
            raise ApiError("too-many-ids")
        step(deletion)

    return limits
