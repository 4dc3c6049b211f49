"""Whether notifications tell of all calls about a conversation, of which each may tell of several."""

import pytest

from roamspec.api.devices import DeletionNotification
from roamspec.suite.notified_calls import NotifiedCall, are_notified

BY_ID = [NotifiedCall(frozenset({"1", "2"}), None, 10.0), NotifiedCall(frozenset({"3"}), None, 11.0)]
BY_TIME = [NotifiedCall(frozenset(), 2_000, 10.0), NotifiedCall(frozenset(), 1_000, 11.0)]


def event(
    received_at: float, *ids: str, del_time: int | None = None, named: bool = True
) -> DeletionNotification:
    what = frozenset(ids) if named and del_time is None else None
    return DeletionNotification("delete_messages", "u1", "chat", "u2", what, del_time, received_at)


@pytest.mark.parametrize(
    ("calls", "events", "all_told"),
    [
        (BY_ID, [event(10.1, "1", "2"), event(11.1, "3")], True),
        (BY_ID, [event(11.1, "1", "2", "3")], True),
        (BY_ID, [event(11.1, "2", "3")], True),
        (BY_ID, [event(10.1, "1", "2")], False),
        (BY_ID, [event(11.1, "1", "2")], False),
        (BY_ID, [event(10.5, "1", "2", "3")], False),
        (BY_ID, [event(11.1, named=False)], True),
        (BY_ID, [event(10.5, named=False)], False),
        (BY_ID, [event(10.1, named=False), event(10.2, named=False)], True),
        (BY_ID, [], False),
        (BY_TIME, [event(11.1, del_time=2_000)], True),
        (BY_TIME, [event(11.1, del_time=1_000)], False),
        (BY_TIME, [event(10.1, del_time=2_000)], False),
        (BY_TIME, [event(11.1, "1")], False),
    ],
)
def test_fewer_notifications_than_calls(
    calls: list[NotifiedCall], events: list[DeletionNotification], all_told: bool
) -> None:
    assert are_notified(calls, events) == all_told
