"""IDs carry seconds, grow, and never repeat."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roamspec.emulator.domain.ids import IdSource, Numbers, time_of_message

NOW = 1_700_000_000_000


def test_message_ids_carry_the_second() -> None:
    message_id = IdSource(Numbers()).message(NOW)
    assert time_of_message(int(message_id)) == NOW
    assert len(message_id) in (18, 19)


def test_group_ids_carry_the_second_and_share_one_sequence() -> None:
    source = IdSource(Numbers())
    first, second = int(source.group(NOW)), int(source.group(NOW))
    assert (first >> 20) + 1_479_398_400 == NOW // 1000
    assert first & 0xFFFFF >= 0x10000
    assert second == first + 1


@given(st.lists(st.integers(-(10**12), 4 * 10**12), max_size=50))
def test_ids_grow_and_never_repeat_whatever_the_clock_does(times: list[int]) -> None:
    source = IdSource(Numbers())
    ids = [int(source.message(now)) for now in times]
    assert ids == sorted(set(ids))
    groups = [int(source.group(now)) for now in times]
    assert groups == sorted(set(groups))


def test_ids_of_two_apps_never_meet_though_their_clocks_differ() -> None:
    numbers = Numbers()
    here, there = IdSource(numbers), IdSource(numbers)
    ids = [source.message(now) for now in (NOW, NOW + 5000, NOW) for source in (here, there)]
    groups = [source.group(now) for now in (NOW, NOW + 5000, NOW) for source in (here, there)]
    assert len(set(ids)) == len(ids)
    assert len(set(groups)) == len(groups)
    there.message(NOW + 10**12)
    assert time_of_message(int(here.message(NOW + 6000))) == NOW + 6000


def test_scattered_ids_never_repeat_and_follow_no_order() -> None:
    source = IdSource(Numbers())
    ids = [source.message(NOW, growing=False) for _ in range(10_000)]
    assert len(set(ids)) == len(ids)
    assert ids != sorted(ids, key=int)
    assert all(item.isdigit() and len(item) in (18, 19) for item in ids)


@pytest.mark.parametrize("growing", [True, False])
@pytest.mark.parametrize("now", [-(10**12), NOW, NOW + 10**11, 1_420_000_000_000, 1_417_567_000_000])
def test_an_id_that_was_a_number_is_no_other_id(growing: bool, now: int) -> None:
    """Rounded in full or to the digits that tell the number, or cut to 32 bits: nobody has that ID."""
    source = IdSource(Numbers())
    ids = [int(source.message(now, growing=growing)) for _ in range(5000)]
    large = [item for item in ids if item >= 2**53]
    rounded = {shape for item in large for shape in (int(float(item)), int(Decimal(repr(float(item)))))}
    assert not rounded & set(ids)
    assert len({float(item) for item in ids}) == len(ids)
    assert len({item & 0xFFFFFFFF for item in ids}) == len(ids)
    assert not {item & 0xFFFFFFFF for item in large} & set(large)


@given(st.integers(0, 2**31))
def test_no_id_is_what_a_floating_point_number_shows_of_it(skipped: int) -> None:
    numbers = Numbers()
    for counted in (numbers.messages, numbers.scattered):
        for _ in range(skipped % 1000):
            next(counted)
    source = IdSource(numbers)
    for item in (source.message(NOW + skipped * 1000), source.message(NOW, growing=False)):
        assert item not in (str(int(float(item))), str(int(Decimal(repr(float(item))))))
