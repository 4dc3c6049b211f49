"""Patience: as long as it needs, never endless, shorter for a service that was waited for in vain."""

from collections.abc import Callable
from itertools import count

import pytest

from roamspec.session.session import Session
from roamspec.session.waiting import WaitPolicy
from roamspec.world.waiting import wait_until


def appears_after(session: Session, seconds: float) -> Callable[[], bool]:
    began = session.clock()
    return lambda: session.clock() - began >= seconds


def test_what_is_there_is_not_waited_for(session: Session) -> None:
    began = session.clock()
    assert wait_until(lambda: 5, lambda seen: seen == 5, session) == 5
    assert session.clock() == began
    assert session.patience.lag_s == 0


def test_what_comes_late_is_seen_and_remembered(session: Session) -> None:
    assert wait_until(appears_after(session, 1.0), bool, session)

    assert 1.0 <= session.patience.lag_s < 2.0
    assert session.patience.seconds == max(WaitPolicy.FIRST_S, 3 * session.patience.lag_s)


def test_what_never_comes_ends(session: Session) -> None:
    began = session.clock()
    looks = count()

    last = wait_until(lambda: next(looks), lambda _: False, session)

    assert last == next(looks) - 1, "the last look is what is told"
    assert WaitPolicy.FIRST_S <= session.clock() - began < 2 * WaitPolicy.FIRST_S
    assert last < 20, "looks are ever rarer"


def test_waiting_in_vain_shortens_the_next_wait_but_not_without_end(session: Session) -> None:
    def wait() -> float:
        began = session.clock()
        wait_until(lambda: False, bool, session)
        return session.clock() - began

    waits = [wait() for _ in range(8)]

    assert waits == sorted(waits, reverse=True)
    assert waits[-1] >= WaitPolicy.LEAST_S
    assert waits[-1] < waits[0] / 2


def test_a_lag_that_was_seen_keeps_the_patience_up() -> None:
    patience = WaitPolicy()
    patience.note_arrival(2.0, late=True)
    for _ in range(10):
        patience.note_timeout()
    assert patience.seconds == 6.0


def test_an_effect_at_the_first_look_is_no_lag() -> None:
    patience = WaitPolicy()
    patience.note_arrival(0.4, late=False)
    assert patience.lag_s == 0.0


@pytest.mark.parametrize("at_least_s", [5.0, 12.0])
def test_who_knows_of_a_lag_waits_longer(session: Session, at_least_s: float) -> None:
    assert wait_until(appears_after(session, at_least_s - 1), bool, session, at_least_s=at_least_s)


def test_waiting_for_the_same_lag_again_and_again_does_not_stretch_it(session: Session) -> None:
    for _ in range(40):
        assert wait_until(appears_after(session, 1.0), bool, session)

    assert 1.0 <= session.patience.lag_s < 1.7


def test_a_lag_is_usual_when_it_was_met_several_times_running() -> None:
    patience = WaitPolicy()
    for late in (True, True, False, True, True):
        patience.note_arrival(0.5, late=late)
    assert patience.usual_lag_s == 0.0

    patience.note_arrival(0.4, late=True)
    patience.note_arrival(0.0, late=False)
    assert patience.usual_lag_s == 0.5, "once it is waited for, the first look is in time"


def test_a_short_lag_is_never_waited_for_before_the_first_look() -> None:
    patience = WaitPolicy()
    for _ in range(9):
        patience.note_arrival(0.05, late=True)
    assert patience.usual_lag_s == 0.0


def test_haste_makes_the_pauses_between_looks_as_short_as_the_wait(session: Session) -> None:
    session.patience = WaitPolicy(haste=60.0)
    looks = count()
    began = session.clock()
    assert not wait_until(lambda: next(looks) < 0, bool, session)
    assert next(looks) > 3
    assert session.clock() - began <= 2 * WaitPolicy.FIRST_S / 60


def test_what_may_be_a_message_that_has_not_arrived_is_waited_for_as_long_as_those_lag(
    session: Session,
) -> None:
    session.patience = WaitPolicy(haste=60.0)
    session.arrival_patience.note_arrival(1.0, late=True)
    began = session.clock()

    wait_until(lambda: False, bool, session)
    for_effects = session.clock() - began

    wait_until(lambda: False, bool, session, patience=WaitPolicy(haste=60.0))
    assert for_effects >= 3.0
    assert session.clock() - began - for_effects < 0.1


def test_the_effects_of_one_call_are_waited_for_once(session: Session) -> None:
    call_at = session.client.changed_at = session.clock()
    session.client.start_thread()
    for _ in range(3):
        assert not wait_until(lambda: False, bool, session)

    assert session.clock() - call_at == pytest.approx(WaitPolicy.FIRST_S)
    assert session.patience.seconds == WaitPolicy.FIRST_S / WaitPolicy.SHORTER, "it was in vain once"


def test_what_comes_for_the_first_time_after_the_time_is_over_is_looked_for_twice(session: Session) -> None:
    session.client.changed_at = session.clock()
    session.client.start_thread()
    session.sleep(100.0)
    looks = count()
    assert wait_until(lambda: next(looks), bool, session) == 1


def test_an_operation_that_fails_does_not_shorten_the_time_of_the_others() -> None:
    patience = WaitPolicy()
    for _ in range(3):
        patience.note_timeout("clearUser")

    assert patience.seconds_for("clearUser") == WaitPolicy.LEAST_S
    assert patience.seconds_for("clearChatBefore") == WaitPolicy.FIRST_S
    assert patience.seconds == WaitPolicy.LEAST_S


def test_where_everything_comes_at_once_an_operation_that_fails_is_hardly_waited_for() -> None:
    patience = WaitPolicy()
    for _ in range(WaitPolicy.ENOUGH):
        patience.note_arrival(0.0, late=False)
    assert patience.seconds_for("clearUser") == WaitPolicy.FIRST_S, "until it fails"
    for _ in range(4):
        patience.note_timeout("clearUser")
    assert patience.seconds_for("clearUser") == WaitPolicy.LEAST_WITHOUT_LAG_S

    patience.note_arrival(0.2, late=True)
    assert patience.seconds_for("clearUser") == pytest.approx(0.6)
    assert patience.seconds_for("clearChatBefore") == WaitPolicy.FIRST_S
