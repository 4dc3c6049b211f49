"""One comparison of all that is known, after a check: what it did not look at may differ as well.

A check's own finding keeps its sharper words: nothing is compared of an operation in which the check itself
found an effect missing or one too many.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from urllib.parse import urlsplit

from roamspec.errors import TargetError
from roamspec.suite.call_records import SERVER_FAILED
from roamspec.suite.context import CheckContext
from roamspec.suite.exploration_limits import LEFT_TO_DRAWN_CALLS
from roamspec.suite.history_comparison import Difference, Window, differences, expected
from roamspec.suite.list_comparison import COMPARED as OF_LISTS
from roamspec.suite.list_comparison import compare_lists
from roamspec.suite.list_readings import read_lists
from roamspec.suite.marks import Profile
from roamspec.suite.notice_comparison import COMPARED as OF_NOTICES
from roamspec.suite.notice_comparison import compare_notices
from roamspec.suite.success_assertions import SUCCESS, check_success
from roamspec.suite.windows import window_of
from roamspec.transport.ledger import LedgerEntry
from roamspec.world.conversations import HistoryView
from roamspec.world.facts import Call, Facts, Look, Place, Said, facts_of
from roamspec.world.waiting import wait_until
from roamspec.world.world import World

MOST_LOOKS: Final[dict[Profile, int]] = {"quick": 220, "standard": 450, "deep": 3_000}
"""How many looks of a run may be taken for this alone, besides those at a deletion that nobody looked at."""
MOST_LOOKS_PER_CHECK: Final[dict[Profile, int]] = {"quick": 8, "standard": 12, "deep": 12}
MOST_FAR_LOOKS_PER_CHECK: Final[dict[Profile, int]] = {"quick": 3, "standard": 6, "deep": 12}
"""How many of these may be where no call of the check acts; those come in turn from check to check."""
REJECTED_DELETES_NOTHING = "effect.refused-call-deletes-nothing"
LEFT = ("effect.messages-gone", "effect.several-ids-gone", "effect.single-id-gone")
OWN_KEPT = ("effect.only-named-messages-gone", "time.later-messages-stay", "effect.later-messages-stay")
SPARED = ("effect.other-conversations-stay", "effect.later-messages-stay")
SAME_PEOPLE = ("effect.same-people-elsewhere-stay", *SPARED)
SENT, RECEIVED = "one-way.others-keep-what-they-sent", "one-way.others-keep-what-they-received"
MEMBERS, ROOM_MEMBERS = "one-way.every-member-keeps-messages", "one-way.room-members-keep-messages"
UNINVOLVED, ELSEWHERE = (
    "one-way.uninvolved-users-keep-messages",
    "one-way.others-keep-their-other-conversations",
)
BACK = "effect.stays-deleted"
COMPARED: Final = tuple(
    dict.fromkeys(
        (
            *(REJECTED_DELETES_NOTHING, BACK, *LEFT, *OWN_KEPT, *SPARED, *SAME_PEOPLE),
            *(SENT, RECEIVED, MEMBERS, ROOM_MEMBERS, UNINVOLVED, ELSEWHERE),
            *OF_NOTICES,
            *OF_LISTS,
        )
    )
)
"""The requirements that a comparison may refute."""
_WORDS: Final = {
    "lost": "gone",
    "left": "still pulled",
    "back": "back again",
    "altered": "retained with another sender, text, type or time",
    "reordered": "retained in another order, or several times",
}


def compare_everything(case: CheckContext, *, leaving: int = 0) -> None:
    """Compare what every user sees who has to do with the calls of a check, and with those whom it spared.

    `leaving` is the number of requests that checks after this one need.
    """
    facts = facts_of(case.session)
    window = window_of(case, facts)
    calls = window.calls
    if not calls:
        return
    _check_successes(case, calls)
    if case.verdicts.failed_an_effect:
        _check_failed_calls(case, facts, window)
        _leave_open(case, "the check itself already found a wrong deletion")
        return
    # What lags as a rule is there at the first look, as far as one was seen to lag.
    case.session.wait_for_lag(case.session.patience.usual_lag_s, here=True)
    read_lists(case, facts, calls)
    rejected = [call for call in calls if call.outcome == "refused"]
    owners = {call.owner for call in calls}
    compared = False
    for place, user in _worth_a_look(case, facts, calls):
        # One look at somebody else tells most of what a rejected call must not do.
        wanted = bool(rejected) and not compared and user not in owners and _acts_at(rejected, place, facts)
        look = _newest(case, facts, place, user, calls, leaving, wanted=wanted)
        if look is None:
            continue
        shown = wanted and look.number > rejected[-1].number
        compared = compared or (shown and bool(look.view.messages or expected(facts, place, user)))
        if differences(facts, place, user, look, window):
            _check_differences(case, facts, _confirmed(case, facts, place, user, look, window))
    # What was looked at since says what is left of a conversation.
    compare_lists(case, facts, window)
    # Last: what must not be notified has had time to come.
    compare_notices(case, facts, window)
    if not compared:
        _leave_open(case, "the views of other users were not read after a rejected call")
    elif case.verdicts.wants(REJECTED_DELETES_NOTHING):
        case.verdicts.check(
            REJECTED_DELETES_NOTHING,
            True,
            *(call.answer for call in rejected),
            expected="nothing deleted",
            actual="nothing deleted",
        )


def _check_successes(case: CheckContext, calls: Sequence[Call]) -> None:
    """Every success is one as the documentation describes it, however the call was written."""
    for call in calls:
        sent = urlsplit(call.answer.exchange.url)
        usual = call.outcome == "done" and call.app == case.session.main.key and "%" not in sent.path
        if usual and call.answer not in case.responses and case.verdicts.knows(SUCCESS[1]):
            check_success(case, call.answer)


def _check_failed_calls(case: CheckContext, facts: Facts, window: Window) -> None:
    """A call that failed with a server error has deleted nothing, whatever else a check found: its own
    finding may be no more than that the call failed."""
    failed = [call for call in window.calls if call.answer.status == SERVER_FAILED and call.place]
    for place, user in dict.fromkeys((call.place, call.owner) for call in failed if call.place):
        looks = facts.looks.get((place, user))
        if looks and differences(facts, place, user, looks[-1], window):
            look = looks[-1]
            found = _confirmed(case, facts, place, user, look, window)
            _check_differences(case, facts, [one for one in found if one.call in failed])


def _leave_open(case: CheckContext, reason: str) -> None:
    if case.verdicts.wants(REJECTED_DELETES_NOTHING):
        case.verdicts.inconclusive(REJECTED_DELETES_NOTHING, reason)


def _worth_a_look(case: CheckContext, facts: Facts, calls: Sequence[Call]) -> Iterator[tuple[Place, str]]:
    """Places and users of which this check knows something; those whom a call names come first, and before
    all others those from whom a call deleted what nobody has looked for since."""
    owners = {call.owner for call in calls}
    named = {call.place for call in calls if call.place}

    def rank(item: tuple[Place, str]) -> tuple[bool, bool, bool, int]:
        place, user = item
        if _acts_at(calls, place, facts):
            return not _is_unseen(facts, place, user, calls), False, user not in owners, 0
        # Of the others those come first that nobody has looked at for the longest time.
        looks = facts.looks.get(item)
        return True, True, user not in owners, looks[-1].number if looks else 0

    touched = [
        (place, user)
        for place, conversation in list(facts.conversations.items())
        if place in named or _is_of_this_check(case, facts, place)
        for user in conversation.members
        # Nobody looks into what belongs to somebody whom this run did not make.
        if case.session.ledger.is_present(LedgerEntry(place.app, "user", user))
    ]
    # In the order in which they came to be known, whatever names and IDs there are.
    return iter(sorted(touched, key=rank))


def _is_unseen(facts: Facts, place: Place, user: str, calls: Sequence[Call]) -> bool:
    """Whether a call that names the place deleted something there for this user, and nobody has looked for it
    since."""
    by = [call for call in calls if call.owner == user and call.place == place and call.outcome == "done"]
    looks = facts.looks.get((place, user))
    if not by or (looks and looks[-1].number > by[-1].number):
        return False
    return any(one.by in by and not one.seen_deleted for one in expected(facts, place, user).values())


def _acts_at(calls: Sequence[Call], place: Place, facts: Facts) -> bool:
    """Whether a call names a place, or reaches it because its owner is there."""
    members = facts.conversations[place].members
    return any(call.place == place if call.place else call.owner in members for call in calls)


def _is_of_this_check(case: CheckContext, facts: Facts, place: Place) -> bool:
    known: list[Said | Look] = [*facts.said.get(place, ()), *facts.looks_at(place)]
    return any(one.number > case.began and one.operation == case.operation.name for one in known)


def _newest(
    case: CheckContext,
    facts: Facts,
    place: Place,
    user: str,
    calls: Sequence[Call],
    leaving: int,
    *,
    wanted: bool,
) -> Look | None:
    """The newest look of a user at a place; a new one, if calls were made since and something is expected.

    One that is `wanted` is taken as long as any request is left.
    """
    looks = facts.looks.get((place, user), [])
    last = max(call.number for call in calls)
    if looks and looks[-1].number > last:
        return looks[-1]
    far = not _acts_at(calls, place, facts)
    # A deletion that nobody looked for is worth more than drawn ones.
    least = max(0, leaving - LEFT_TO_DRAWN_CALLS)
    unseen = _is_unseen(facts, place, user, calls)
    free = case.session.client.allowance.can_spare(0 if wanted else least) and (wanted or unseen)
    if not (free or _may_look(case, facts, leaving, far=far)) or not expected(facts, place, user):
        return looks[-1] if looks else None
    world = _world(case, place)
    if world is None:
        return None
    facts.more_looks += not free
    case.looked += not free
    case.looked_far += far
    try:
        world.view(user, facts.conversations[place])
    except TargetError:
        return None
    return facts.looks[place, user][-1]


def _may_look(case: CheckContext, facts: Facts, leaving: int, *, far: bool) -> bool:
    profile = case.limits.profile
    return (
        case.looked < MOST_LOOKS_PER_CHECK[profile]
        and (not far or case.looked_far < MOST_FAR_LOOKS_PER_CHECK[profile])
        and facts.more_looks < MOST_LOOKS[profile]
        and case.session.client.allowance.can_spare(leaving)
    )


def _world(case: CheckContext, place: Place) -> World | None:
    return next((world for world in case.worlds if world.app.key == place.app), None)


def _confirmed(
    case: CheckContext, facts: Facts, place: Place, user: str, look: Look, window: Window
) -> list[Difference]:
    """The differences that are still there once a service which lags has had its time."""
    world = _world(case, place)
    if world is None:
        return []
    conversation = facts.conversations[place]

    def again() -> Look:
        world.view(user, conversation, newer=look.newer)
        return facts.looks[place, user][-1]

    try:
        now = wait_until(
            again,
            lambda seen: not differences(facts, place, user, seen, window),
            case.session,
            operation=case.operation.name,
        )
    except TargetError:
        return []
    return differences(facts, place, user, now, window)


def _check_differences(case: CheckContext, facts: Facts, found: Iterable[Difference]) -> None:
    for one in found:
        names = [name for name in _names(facts, one) if case.verdicts.knows(name)]
        if not names:
            continue
        view = _view(facts, one)
        conversation = facts.conversations[one.place]
        where = f"the {conversation.kind} {conversation.id_for(one.user)}"
        shown = ", ".join(sorted(one.ids)[:3]) + (" …" if len(one.ids) > 3 else "")
        case.verdicts.check(
            names[0],
            False,
            one.call.answer,
            view,
            expected=f"{one.user} pulls of {where} what the calls before it leave there, as it was",
            actual=f"answered {one.call.answer.summary(80)}; {_WORDS[one.what]}: {shown}",
        )


def _view(facts: Facts, one: Difference) -> HistoryView:
    return facts.looks[one.place, one.user][-1].view


def _names(facts: Facts, one: Difference) -> Sequence[str]:
    """The requirements that speak of a difference, the best first."""
    call, conversation = one.call, facts.conversations[one.place]
    if one.what == "back":
        return (BACK,)
    if one.what == "left":
        named = len(call.ids or ())
        return LEFT if named != 1 else LEFT[::-1]
    if call.outcome == "refused":
        return (REJECTED_DELETES_NOTHING,)
    if one.user == call.owner:
        if call.place in (None, one.place):
            return OWN_KEPT
        at_call = facts.conversations.get(call.place) if call.place else None
        alike = at_call is not None and set(at_call.members) <= set(conversation.members)
        return SAME_PEOPLE if alike else SPARED
    if call.owner not in conversation.members:
        return (UNINVOLVED, ELSEWHERE)
    if call.place not in (None, one.place):
        return (ELSEWHERE, UNINVOLVED)
    if conversation.kind != "chat":
        return (ROOM_MEMBERS if conversation.kind == "room" else MEMBERS, RECEIVED)
    return (SENT, RECEIVED) if one.user in one.senders else (RECEIVED, SENT)
