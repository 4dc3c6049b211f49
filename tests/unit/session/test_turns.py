"""One thread goes on at a time; who waits lets the others go on."""

import threading

import pytest

from roamspec.session.turns import TurnLock, Turns

SOON_S = 10.0


@pytest.fixture
def turns() -> Turns:
    made = Turns()
    made.take()
    return made


def begun(turns: Turns, happened: list[str]) -> threading.Thread:
    def run() -> None:
        turns.take()
        happened.append("the other")
        turns.give()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_another_thread_goes_on_only_while_this_one_waits(turns: Turns) -> None:
    happened: list[str] = []
    other = begun(turns, happened)
    happened.append("this one")
    with turns.aside():
        other.join(SOON_S)

    assert happened == ["this one", "the other"]


def test_who_begins_to_wait_while_nobody_is_ready_begins_something_else(turns: Turns) -> None:
    happened: list[str] = []
    threads: list[threading.Thread] = []
    turns.when_idle = lambda: threads.append(begun(turns, happened))
    with turns.aside():
        threads[0].join(SOON_S)

    assert happened == ["the other"]


def test_nothing_is_begun_for_a_thread_that_never_took_a_turn() -> None:
    turns = Turns()
    turns.when_idle = lambda: pytest.fail("nothing is to be begun")
    with turns.aside():
        pass


def test_who_holds_the_lock_keeps_the_turn_while_waiting(turns: Turns) -> None:
    turns.when_idle = lambda: pytest.fail("nothing is to be begun")
    lock = TurnLock(turns)
    with lock, lock, turns.aside():
        pass

    ended: list[str] = []
    turns.when_idle = lambda: ended.append("given")
    with turns.aside():
        pass
    assert ended == ["given"]
