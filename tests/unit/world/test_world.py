"""What a world makes, what it sees, and that it leaves nothing behind."""

from dataclasses import replace

import pytest
from tests.unit.world.fake_service import NOW_MS, FakeService
from tests.unit.world.fake_session import MARK

from roamspec.api.conversation_lists import ListedConversation
from roamspec.api.messages_api import ConversationKind, PullStyle
from roamspec.errors import SetupFailed
from roamspec.session.capabilities import Capabilities
from roamspec.transport.ledger import LedgerEntry
from roamspec.world.conversations import MessageDraft, ids_of
from roamspec.world.world import World


def test_users_carry_the_mark_in_front(world: World, service: FakeService) -> None:
    names = world.users(3)

    assert len(set(names)) == 3
    assert all(name.startswith(f"{MARK}-") for name in names)
    assert service.users >= set(names)


def test_no_user_is_given_out_twice(world: World) -> None:
    names = [name for _ in range(6) for name in World(world.session).users(3)] + world.shared_users(2)
    assert len(set(names)) == 20


def test_given_names(world: World, service: FakeService) -> None:
    assert world.users(0, names=[f"{MARK}-a", f"{MARK}-b"]) == [f"{MARK}-a", f"{MARK}-b"]
    assert service.users == {f"{MARK}-a", f"{MARK}-b"}


def test_a_name_that_is_taken_stops_the_world(world: World, service: FakeService) -> None:
    service.users = {f"{MARK}-a"}

    with pytest.raises(SetupFailed, match="is already registered"):
        world.users(0, names=[f"{MARK}-a"])
    world.close()

    assert service.users == {f"{MARK}-a"}, "somebody else's user stays"


def test_an_absent_user_was_looked_up(world: World, service: FakeService) -> None:
    name = world.absent_user("~x")

    assert name.startswith(f"{MARK}-")
    assert name.endswith("~x")
    assert f"GET /acme/parlor/users/{name}" in service.calls
    assert world.session.ledger.may_be_named(LedgerEntry(world.app.key, "user", name))


@pytest.mark.parametrize("kind", ["chat", "group", "room"])
def test_a_conversation_of_each_kind(world: World, service: FakeService, kind: ConversationKind) -> None:
    one, two, three = world.users(3)

    conversation = world.conversation(kind, one, two, three)

    if kind == "chat":
        assert (conversation.members, service.groups) == ((one, two), {})
    else:
        assert service.groups[conversation.group_id] == (kind, [one, two, three])


def test_a_member_may_join_a_group_late(world: World, service: FakeService) -> None:
    one, two, three = world.users(3)

    group = world.group(one, two, three, late=two)

    assert group.members == (one, two, three)
    assert service.groups[group.group_id] == ("group", [one, three, two])


def test_where_nobody_can_join_a_group_has_its_members_from_the_start(
    world: World, service: FakeService
) -> None:
    service.joining = False
    one, two, three = world.users(3)

    groups = [world.group(one, two, three, late=two) for _ in range(2)]

    assert service.groups == {group.group_id: ("group", [one, two, three]) for group in groups}
    assert sum(call.endswith(f"/users/{two}") and call.startswith("POST") for call in service.calls) == 1


def test_messages_have_the_ids_and_times_of_the_service(world: World) -> None:
    one, two = world.users(2)
    chat = world.chat(one, two)

    messages = world.seed(chat, [MessageDraft(one, 5000), MessageDraft(two, 3000)], now_ms=NOW_MS)

    assert [message.sender for message in messages] == [one, two]
    assert [message.time_ms for message in messages] == [NOW_MS - 5000, NOW_MS - 3000]
    assert world.view(two, chat).ids == ids_of(messages)


def test_sent_messages_are_read_back(world: World) -> None:
    world.session.capabilities = Capabilities(message_sources={"chat": "send"})
    one, two = world.users(2)

    first, second = world.seed(world.chat(one, two), [MessageDraft(one, 5000), MessageDraft(two, 3000)])

    assert NOW_MS < first.time_ms < second.time_ms


@pytest.mark.parametrize(("step_ms", "slept_s"), [(1, 0.0015), (1000, 1.05)])
def test_sent_messages_are_more_than_a_step_of_the_clock_apart(
    world: World, step_ms: int, slept_s: float
) -> None:
    session = world.session
    session.capabilities = replace(session.capabilities, message_sources={}, time_step_ms=step_ms)
    one, two = world.users(2)
    began = session.clock()

    world.seed(world.chat(one, two), [MessageDraft(one), MessageDraft(two)])

    assert session.clock() - began == pytest.approx(2 * slept_s)


def test_live_messages_take_the_way_into_the_lists(world: World, service: FakeService) -> None:
    one, two = world.users(2)
    chat = world.chat(one, two)

    world.seed(chat, [MessageDraft(two)], live=True)

    assert "POST /acme/parlor/messages/users" in service.calls
    assert world.listed(one) == {ListedConversation("chat", two)}
    assert world.list_when(two, chat, present=True)


def test_messages_that_cannot_be_pulled_again_stop_the_world(world: World, service: FakeService) -> None:
    world.session.capabilities = Capabilities(message_sources={"chat": "import-now"})
    one, two = world.users(2)
    chat = world.chat(one, two)
    service.forgets_for = one

    with pytest.raises(SetupFailed, match=f"2 of 2 messages are missing in the history of {one}"):
        world.seed(chat, [MessageDraft(one, 1), MessageDraft(two, 2)])


def test_views_go_both_ways_over_several_pages(world: World) -> None:
    one, two = world.users(2)
    chat = world.chat(one, two)
    messages = world.seed(chat, [MessageDraft(one, 1000 - n) for n in range(120)])

    older, newer = world.view(one, chat), world.view(one, chat, newer=True)

    assert older.ids == newer.ids == ids_of(messages)
    assert [m.id for m in newer.messages] == [m.id for m in older.messages][::-1]
    assert older.exchange is not None


def test_pages_may_be_smaller_than_usual_but_not_larger(world: World, service: FakeService) -> None:
    one, two = world.users(2)
    chat = world.chat(one, two)
    messages = world.seed(chat, [MessageDraft(one, 1000 - n) for n in range(5)])

    for size, pages in ((2, 3), (1000, 1)):
        before = service._pulls
        assert world.view(one, chat, page_size=size).ids == ids_of(messages)
        assert service._pulls - before == pages


def test_a_view_is_pulled_with_the_users_own_token_where_it_must_be(
    world: World, service: FakeService
) -> None:
    service.pull_with = "user"
    style = PullStyle(with_user_token=True)
    world.session.capabilities = Capabilities(message_sources={"chat": "send"}, pull_style=style)
    one, two = world.users(2)

    assert len(world.seed(world.chat(one, two), [MessageDraft(one)])) == 1


def test_waiting_until_messages_are_deleted(world: World, service: FakeService) -> None:
    one, two = world.users(2)
    chat = world.chat(one, two)
    gone, kept = world.seed(chat, [MessageDraft(one, 2), MessageDraft(one, 1)])
    sleep = world.session.sleep

    def later(seconds: float) -> None:
        sleep(seconds)
        service.hide(one, [gone.id])

    world.session.sleep = later

    view = world.view_without(one, chat, [gone])

    assert view.has_none([gone])
    assert view.has_all([kept])
    assert world.session.patience.lag_s > 0


def test_a_world_takes_everything_along(world: World, service: FakeService) -> None:
    one, two = world.users(2)
    world.group(one, two)
    world.room(one, two)

    world.close()

    assert not service.users & {one, two}
    assert service.groups == {}
    assert not {one, two} & {entry.name for entry in world.session.ledger.present()}
    removals = [call.split("/")[3] for call in service.calls if call.startswith("DELETE")]
    assert removals[-2:] == ["users", "users"], "owners are removed after what they own"


def test_a_group_that_goes_with_its_owner_is_left_to_go_with_it(world: World, service: FakeService) -> None:
    world.session.ledger.removes_owned = True
    one, two = world.users(2)
    world.group(one, two)

    world.close()

    assert [call.split("/")[3] for call in service.calls if call.startswith("DELETE")] == ["users", "users"]
    assert {entry.kind for entry in world.session.ledger.present()} <= {"user"}


def test_a_group_of_somebody_who_stays_goes_when_they_do(world: World, service: FakeService) -> None:
    world.session.ledger.removes_owned = True
    (lasting,) = world.users(1)
    passing = World(world.session)
    passing.group(lasting, *passing.users(1))

    passing.close()
    assert len(service.groups) == 1

    world.close()
    assert service.groups == {}


def test_the_cast_is_the_same_for_every_world(world: World) -> None:
    two = world.shared_users(2)
    assert World(world.session).shared_users(3)[:2] == two
    world.close()
    assert {entry.name for entry in world.session.ledger.present()} >= set(two), "a world's end is not theirs"


def test_an_abandoned_group_is_not_removed_twice(world: World, service: FakeService) -> None:
    one, two = world.users(2)
    group = world.group(one, two)

    world.release_group(group)
    world.close()

    assert service.groups == {}
    assert sum(f"DELETE /acme/parlor/chatgroups/{group.group_id}" == call for call in service.calls) == 1


def test_a_group_that_nobody_has_may_be_named(world: World) -> None:
    identifier = world.no_group()
    assert identifier.startswith(MARK)
    assert world.session.ledger.may_be_named(LedgerEntry(world.app.key, "group", identifier))


def test_without_a_list_there_is_nothing_to_read(world: World) -> None:
    world.session.capabilities = Capabilities()
    with pytest.raises(SetupFailed, match="no readable conversation list"):
        world.listed("u")
