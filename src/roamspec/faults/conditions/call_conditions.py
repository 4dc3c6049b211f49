"""Conditions on the call itself: its values, their order and how they are written."""

from collections.abc import Iterable

from roamspec.faults.conditions.situation import Situation
from roamspec.faults.conditions.vocabulary import (
    BY_IDS,
    BY_TIME,
    EVERY,
    ONE_CONVERSATION,
    amount,
    choice,
    flag,
)

_ORDER = ("userId", "groupId", "msgIdList", "delTime", "isNotify")
_NEAR_MS = 1000


@choice(
    "notify",
    dict.fromkeys(("absent", "true", "false", "other"), ONE_CONVERSATION),
    "What `isNotify` says; `other` is neither of the two documented values.",
)
def _notify(situation: Situation, value: str) -> bool:
    sent = situation.query.get("isNotify")
    return value == ("absent" if sent is None else sent if sent in ("true", "false") else "other")


@amount("ids", BY_IDS, "How many IDs the call lists, repeated ones included.", ("=1", "=2", ">10", "=50"))
def _ids(situation: Situation) -> Iterable[int]:
    return (len(situation.ids),)


@flag("repeated-id", BY_IDS, "An ID is in the list twice.")
def _repeated(situation: Situation) -> bool:
    return len(set(situation.ids)) < len(situation.ids)


@flag("unknown-id", BY_IDS, "An ID belongs to no message that the owner has.")
def _unknown(situation: Situation) -> bool:
    return any(
        not situation.holds([each], elsewhere=False) and not situation.holds([each], elsewhere=True)
        for each in situation.ids
    )


@flag("foreign-id", BY_IDS, "An ID belongs to another conversation of the owner.")
def _foreign(situation: Situation) -> bool:
    return situation.holds(situation.ids, elsewhere=True)


@flag("deleted-id", BY_IDS, "An ID was in an earlier call for the same owner.")
def _deleted(situation: Situation) -> bool:
    earlier = {each for call in situation.past if call.accepted for each in call.ids}
    return not earlier.isdisjoint(situation.ids)


@choice(
    "order",
    dict.fromkeys(("oldest-first", "newest-first", "mixed"), BY_IDS),
    "The order of two or more IDs, by the times of their messages.",
)
def _order(situation: Situation, value: str) -> bool:
    view = situation.view
    messages = [view.get(each) for each in dict.fromkeys(situation.ids)] if view else []
    times = [(each.time_ms, each.id) for each in messages if each is not None]
    if len(times) < 2:
        return False
    upwards = times == sorted(times)
    downwards = times == sorted(times, reverse=True)
    return {"oldest-first": upwards, "newest-first": downwards}.get(value, not upwards and not downwards)


@flag("encoded", ONE_CONVERSATION, "The query has a percent-encoded character.")
def _encoded(situation: Situation) -> bool:
    return "%" in situation.raw_query


@flag("reordered", ONE_CONVERSATION, "The parameters are in another order than in the documentation.")
def _reordered(situation: Situation) -> bool:
    places = [_ORDER.index(name) for name in situation.query if name in _ORDER]
    return places != sorted(places)


@choice(
    "del-time",
    dict.fromkeys(("of-a-message", "just-before-a-message", "before-all", "after-all"), BY_TIME),
    "Where `delTime` lies among the times of the conversation's messages; `just` is one second at most.",
)
def _del_time(situation: Situation, value: str) -> bool:
    until, view = situation.until_ms, situation.view
    times = [message.time_ms for message in view] if view else []
    if until is None or not times:
        return False
    match value:
        case "of-a-message":
            return until in times
        case "just-before-a-message":
            return any(0 < time - until <= _NEAR_MS for time in times)
        case "before-all":
            return until < min(times)
        case _:
            return until > max(times)


@flag("names-nothing", EVERY, "No message that the owner has is to be deleted.")
def _nothing(situation: Situation) -> bool:
    return not situation.named_messages
