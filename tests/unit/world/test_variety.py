"""What differs between worlds by chance keeps what checks rely on."""

from itertools import pairwise

from roamspec.api.message_bodies import TEXT
from roamspec.session.capabilities import Capabilities
from roamspec.world.conversations import MessageDraft
from roamspec.world.variety import AGES_MS, Variety

DRAFTS = [MessageDraft("ann" if place % 2 else "ben", 10_000 - 1_000 * place) for place in range(5)]
ALL = Capabilities(message_types=frozenset({"img", "cmd"}), import_ties=True, keeps_old_messages=True)


def varied(
    seed: int, capabilities: Capabilities = ALL, *, dated: bool = True, apart: bool = False
) -> list[MessageDraft]:
    return Variety(seed).varied(DRAFTS, capabilities, dated=dated, apart=apart)


def ages(drafts: list[MessageDraft]) -> list[int]:
    return [draft.before_now_ms or 0 for draft in drafts]


def test_the_order_of_times_stays_and_so_does_the_newest() -> None:
    for seed in range(50):
        found = ages(varied(seed))
        assert all(older >= newer for older, newer in pairwise(found))
        assert found[-1] == ages(DRAFTS)[-1]


def test_ages_types_senders_and_equal_times_all_come() -> None:
    worlds = [varied(seed) for seed in range(50)]
    assert any(max(ages(world)) > max(AGES_MS) for world in worlds)
    assert {draft.type for world in worlds for draft in world} == {TEXT, "img", "cmd"}
    assert {world[0].sender for world in worlds} == {"ann", "ben"}
    assert any(len(set(ages(world))) < len(world) for world in worlds)


def test_some_messages_of_a_world_are_months_old_and_some_days() -> None:
    days, months = AGES_MS
    of_both = [age for age in (ages(varied(seed)) for seed in range(50)) if age[0] > months]
    assert any(days < each < months for age in of_both for each in age)


def test_nothing_is_dated_otherwise_where_dates_are_the_services() -> None:
    assert all(ages(varied(seed, dated=False)) == ages(DRAFTS) for seed in range(50))


def test_what_the_target_was_not_seen_to_allow_does_not_come() -> None:
    for seed in range(50):
        world = varied(seed, Capabilities())
        assert ages(world) == ages(DRAFTS)
        assert {draft.type for draft in world} == {TEXT}


def test_messages_that_must_be_apart_have_times_of_their_own() -> None:
    assert all(len(set(ages(varied(seed, apart=True)))) == len(DRAFTS) for seed in range(50))


def test_the_same_seed_makes_the_same_world_and_the_next_one_another() -> None:
    assert varied(1) == varied(1)
    variety = Variety(1)
    assert len({tuple(variety.varied(DRAFTS, ALL, dated=True, apart=False)) for _ in range(9)}) > 1
