"""Telling that nobody was notified: what has not come before a later event has not come."""

from roamspec.suite.case import Case
from roamspec.world.devices import Device

GRACE_S = 0.15
"""How long to wait for a straggler after the event that was sent later."""


def await_notice(case: Case, device: Device, conversation_id: str, *, count: int = 1) -> bool:
    """Whether the device is told of the conversation; a service that never tells makes waits shorter."""
    patience = case.session.notice_patience
    came = device.wait_for(conversation_id, patience.seconds, count=count)
    if not came:
        patience.was_in_vain()
    return came


def grace(case: Case) -> None:
    """Let a straggler arrive."""
    case.session.sleep(GRACE_S)
