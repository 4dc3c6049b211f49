"""What the users of a load do: all of it, as often as it should be, and the same for the same seed."""

from collections import Counter
from itertools import islice

from roamspec.contract.load import load_contract
from roamspec.load.mix import MIX, OPENING, Rejection, dice_of, rejections, steps

OPERATIONS = load_contract().operations


def drawn(seed: int, *, worker: int = 0, user: int = 0, count: int = 300) -> list[object]:
    return list(islice(steps(dice_of(seed, worker, user)), count))


def test_the_same_seed_draws_the_same_and_every_user_another_order() -> None:
    assert drawn(7) == drawn(7)
    assert drawn(7) != drawn(8)
    assert drawn(7, user=1) != drawn(7, user=2)
    assert drawn(7, worker=1) != drawn(7, worker=2)


def test_every_user_begins_with_each_operation() -> None:
    for user in range(20):
        assert set(drawn(3, user=user, count=len(OPENING))) == set(OPENING)
    assert {step.operation for step in OPENING if step.operation} == set(OPERATIONS)


def test_the_mix_is_kept() -> None:
    assert sum(MIX.values()) == 100
    counted = Counter(drawn(1, count=20_000))

    for step, percent in MIX.items():
        assert abs(counted[step] / 200 - percent) < 1.5, step


def test_each_documented_error_comes_in_its_turn() -> None:
    every = list(islice(rejections(dice_of(4, 0, -1), OPERATIONS.values()), 30))

    assert every[:15] == every[15:]
    assert len(set(every)) == 15
    assert Rejection("clearUser", "no-token") in every
    assert Rejection("deleteChatMessages", "too-many-ids") in every
    assert Rejection("clearGroupBefore", "missing-parameter", "delTime") in every
    assert not [one for one in every if one.parameter == "isNotify"]
