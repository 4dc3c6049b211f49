"""The order of conversation lists: what keeps its newest message keeps its place beside all others that do.

Whatever order a service lists conversations in, the same before and after a call is compared. Only what shows
the same newest message both times counts, and in which nothing was said meanwhile.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from roamspec.appkey import AppKey
from roamspec.suite.context import CheckContext
from roamspec.suite.history_comparison import Window
from roamspec.suite.windows import window_of
from roamspec.world.conversations import Conversation
from roamspec.world.facts import Call, Facts, ListLook, Place, facts_of
from roamspec.world.world import World, listed_as

ORDER: Final = "list.order-stays"
FURTHER_READINGS: Final = 10
"""As often the list must show the same new order: one that has none would do so too, but not so often."""
_Order = tuple[Conversation, ...]


@dataclass
class _Unordered:
    """Whether a list of this run changed its order without any call."""

    seen: bool = False


@dataclass(frozen=True, slots=True)
class OrderChange:
    """The same conversations in a list before and after `call`, which may be in another order."""

    call: Call
    before: _Order
    after: _Order


def order_change(
    facts: Facts, window: Window, app: AppKey, user: str, looks: Sequence[ListLook]
) -> OrderChange | None:
    """What the last of a user's `looks` and the last one before a deletion have in common.

    None where no deletion lies between two of them, or less than two conversations keep their newest message.
    """
    after = looks[-1] if looks else None
    for before in reversed(looks[:-1]):
        assert after is not None
        done = [c for c in window.calls if before.number < c.number < after.number and c.outcome == "done"]
        if done:
            kept = [
                (place, conversation)
                for place, conversation in list(facts.conversations.items())
                if place.app == app and user in conversation.members and place not in facts.unknown
                if _is_kept(facts, window, place, user, before, after)
            ]
            conversations = [conversation for _, conversation in kept]
            orders = _in_order(conversations, user, before), _in_order(conversations, user, after)
            return OrderChange(done[-1], *orders) if len(kept) > 1 else None
    return None


def _is_kept(
    facts: Facts, window: Window, place: Place, user: str, before: ListLook, after: ListLook
) -> bool:
    """Whether a conversation shows the same newest message in both lists, nothing was said in it meanwhile,
    and no other operation's call can have touched it."""
    entry = listed_as(facts.conversations[place], user)
    shown, now = before.newest_of(entry), after.newest_of(entry)
    said = facts.said.get(place, ())
    return (
        bool(shown)
        and shown == now
        and not any(before.number < each.number < after.number for each in said)
        and window.responsible_call(facts, before.number, after.number, place, user) is not None
    )


def _in_order(conversations: Sequence[Conversation], user: str, look: ListLook) -> _Order:
    places = {entry: number for number, entry in enumerate(look.entries)}
    return tuple(sorted(conversations, key=lambda each: places[listed_as(each, user)]))


def check_order(case: CheckContext, world: World, user: str) -> None:
    """Judge the list that `user` read last: after the deletions of this check its order is as before them."""
    facts = facts_of(case.session)
    looks = [
        each
        for each in facts.list_looks.get((world.app.key, user), ())
        if each.number > case.began and each.operation == case.operation.name
    ]
    compare_order(case, facts, window_of(case, facts), world, user, looks)
    case.verdicts.inconclusive(
        ORDER, "no list was seen before and after a deletion with two conversations in a lasting order"
    )


def compare_order(
    case: CheckContext, facts: Facts, window: Window, world: World, user: str, looks: Sequence[ListLook]
) -> None:
    """Pass the requirement where a list kept its order, and fail it where it has another one for good."""
    if not case.verdicts.knows(ORDER):
        return
    change = order_change(facts, window, world.app.key, user, looks)
    if change is None:
        return
    kept = change.before == change.after
    if not kept and not _is_for_good(case, world, user, looks, change):
        return
    case.verdicts.check(
        ORDER,
        kept,
        change.call.answer,
        world.last_listing,
        expected=f"the list of {user} has {_named(change.before, user)} in this order, as before the request",
        actual=f"answered {change.call.answer.summary(80)}; the order is {_named(change.after, user)}",
    )


def _is_for_good(
    case: CheckContext, world: World, user: str, looks: Sequence[ListLook], change: OrderChange
) -> bool:
    """Whether the list shows the new order again and again, and lists of this run have an order at all."""
    unordered = case.session.shared.get(_Unordered)
    for _ in range(FURTHER_READINGS):
        if unordered.seen or not case.session.client.allowance.can_spare(FURTHER_READINGS):
            return False
        world.lists_now(user, ())
        again = ListLook(0, case.operation.name, world.last_listed[user])
        entries = [listed_as(each, user) for each in change.after]
        if any(again.newest_of(each) != looks[-1].newest_of(each) for each in entries):
            return False
        unordered.seen = _in_order(change.after, user, again) != change.after
    return not unordered.seen


def _named(conversations: _Order, user: str) -> str:
    return ", ".join(f"{each.kind} {each.id_for(user)}" for each in conversations)
