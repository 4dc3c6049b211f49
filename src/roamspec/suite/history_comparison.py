"""What must be seen of a conversation by one user, from everything that is known, and what differs from it.

Pure: facts in, differences out. What the documentation leaves open is neither expected nor missed: a message
is certain to be there once the user has seen it, or if the user's own calls never came near it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import zip_longest
from typing import Literal

from roamspec.wire import PulledMessage
from roamspec.world.facts import Call, Content, Facts, Look, Place, Said, content_of

What = Literal["lost", "left", "back", "altered", "reordered"]


@dataclass(frozen=True, slots=True)
class Expected:
    """One message of a user's view: `there` or `gone` for certain, as of the fact of this number.

    `by` is the call that deleted it, `seen_deleted` whether it was seen without it; `content` is what it said
    when it was seen for the first time, by anybody.
    """

    identifier: str
    state: Literal["there", "gone"]
    number: int
    sender: str
    by: Call | None = None
    seen_deleted: bool = False
    content: Content = None


@dataclass(frozen=True, slots=True)
class Difference:
    """What one user sees otherwise than it must be; `call` is the last one that can have done it."""

    what: What
    place: Place
    user: str
    ids: frozenset[str]
    senders: frozenset[str]
    call: Call


def expected(facts: Facts, place: Place, user: str) -> dict[str, Expected]:
    """Every message of which something is certain, by ID."""
    if place in facts.unknown:
        return {}
    known: dict[str, Expected] = {}
    origins = _origins(facts, place, user)
    contents = {identifier: origin.content for identifier, origin in origins.items()}
    # Where users see other times of one message, nobody knows which of them counts for a call.
    timed: Mapping[str, Content] = {} if facts.differs_by_viewer else contents
    in_room = facts.conversations[place].kind == "room"
    calls: list[Call] = []
    said: dict[str, int] = {}

    def is_spared(identifier: str, since: int = 0) -> bool:
        """Whether no call so far, of those after the fact `since`, can delete or hide the message: a clearing
        may also hide what is said later and dated before it."""
        content = timed.get(identifier)
        return all(_is_named(call, identifier, content) is False for call in calls if call.number > since)

    def is_spared_once_there(identifier: str) -> bool:
        return is_spared(identifier, said.get(identifier, 0))

    for event in _events(facts, place, user):
        if isinstance(event, Said):
            message = event.message
            said[message.id] = event.number
            if event.is_text and _is_certain(facts, place, user) and is_spared(message.id):
                content = contents.get(message.id)
                known[message.id] = Expected(
                    message.id, "there", event.number, message.sender, content=content
                )
        elif isinstance(event, Look):
            # What a call deletes may be there for a while: what is seen after it was not spared by it.
            _look(known, event, origins, is_spared_once_there)
        elif event.outcome != "refused":
            # Whether messages of chatrooms can be deleted by ID is not said.
            doubtful = in_room and event.ids is not None and event.outcome == "done"
            call = replace(event, outcome="perhaps") if doubtful else event
            calls.append(call)
            _call(known, call, timed)
    return known


def _events(facts: Facts, place: Place, user: str) -> Sequence[Said | Look | Call]:
    events: list[Said | Look | Call] = [
        *facts.said.get(place, ()),
        *facts.looks.get((place, user), ()),
        *(call for call in facts.calls if call.owner == user and call.concerns(place)),
    ]
    return sorted(events, key=lambda event: event.number)


def _is_certain(facts: Facts, place: Place, user: str) -> bool:
    """Whether what is said there reaches this user, as far as is known beforehand: rooms may drop it."""
    conversation = facts.conversations[place]
    return conversation.kind != "room" and user in conversation.members


@dataclass(frozen=True, slots=True)
class _Origin:
    """What a message says, and the number of the fact that this is known from."""

    content: Content
    number: int


def _origins(facts: Facts, place: Place, user: str) -> dict[str, _Origin]:
    """What each message says: as it was sent, where this service was seen to keep what is sent as it is, or
    as anybody saw it first; from then on everybody sees the same. Where it shows users different things, as
    this user saw it."""
    looks: Iterable[Look] = facts.looks_at(place)
    found: dict[str, _Origin] = {}
    if facts.differs_by_viewer:
        looks = (look for look in looks if look.view.user == user)
    elif facts.keeps_what_is_sent:
        for said in facts.said.get(place, ()):
            message = said.message
            if said.dated and said.is_text:
                content = (message.sender, said.text, message.type, message.time_ms)
                found[message.id] = _Origin(content, said.number)
    for look in looks:
        for each in look.view.messages:
            if each.id not in found:
                found[each.id] = _Origin(content_of(each), look.number)
    return found


def _look(
    known: dict[str, Expected],
    look: Look,
    origins: Mapping[str, _Origin],
    is_spared: Callable[[str], bool],
) -> None:
    """What is seen and spared by all calls so far is known from now on."""
    seen = {message.id: message for message in look.view.messages}
    for identifier, message in seen.items():
        before = known.get(identifier)
        if before is None:
            if is_spared(identifier):
                origin = origins[identifier]
                # What is altered at this user's first look was altered since it was known otherwise.
                since = look.number if origin.content in (None, content_of(message)) else origin.number
                known[identifier] = Expected(
                    identifier, "there", since, message.sender, content=origin.content
                )
        elif before.state == "there" and before.content in (None, content_of(message)):
            known[identifier] = replace(before, number=look.number)
    for identifier, before in known.items():
        if before.state == "gone" and identifier not in seen and not before.seen_deleted:
            known[identifier] = replace(before, seen_deleted=True)


def _call(known: dict[str, Expected], call: Call, contents: Mapping[str, Content]) -> None:
    if call.outcome == "perhaps":
        # Whatever it was, it may have deleted what it names, and nothing else.
        for identifier in [i for i, one in known.items() if one.state == "there"]:
            if _is_named(call, identifier, contents.get(identifier)) is not False:
                del known[identifier]
        return
    for identifier, one in list(known.items()):
        named = _is_named(call, identifier, contents.get(identifier))
        if named is None:
            del known[identifier]
        elif named and one.state == "there":
            known[identifier] = replace(one, state="gone", number=call.number, by=call)


def _is_named(call: Call, identifier: str, content: Content) -> bool | None:
    """Whether a call deletes a message that is there, or may delete it; None when nobody knows."""
    if call.ids is not None:
        return identifier in call.ids
    if call.until_ms is None:
        return True if call.place is None and call.outcome == "done" else None
    return content[3] <= call.until_ms if content else None


@dataclass(frozen=True, slots=True)
class Window:
    """The calls of one check; `others` are those of other operations, `began` is the last fact before it.

    What was last seen before the check began, or before another operation's call for people who are there,
    may be that one's doing: it is nobody's difference here.
    """

    began: int
    calls: Sequence[Call]
    others: Sequence[Call] = ()

    def responsible_call(
        self,
        facts: Facts,
        since: int,
        until: int,
        place: Place,
        user: str,
        *,
        names: Callable[[Call], bool] = lambda _: False,
    ) -> Call | None:
        """The call that can have changed something between two facts; None when that is not sure. `names`
        says of a call whether it names what has changed, for all that it was rejected."""
        if since <= self.began:
            return None
        others = [each for each in self.others if since < each.number < until and each.app == place.app]
        if any(facts.meet(each, place) for each in others):
            return None
        between = (call for call in self.calls if since < call.number < until)

        def likely(call: Call) -> tuple[bool, bool, bool, bool, int]:
            """Most of all what names the message for this user. More so for what names the place, less so for
            what is another's and for an error response."""
            here, own = call.place in (None, place), call.owner == user
            return here and own and names(call), here, own, call.outcome != "refused", call.number

        found = max(between, key=likely, default=None)
        if found is None or (found.outcome == "perhaps" and not _is_clear(found)):
            return None
        # What happens among strangers can be the work of any of them.
        return None if others and not facts.meet(found, place) else found


def _is_clear(call: Call) -> bool:
    """Whether a call that the documentation does not describe was answered and says what it is about: then it
    deletes nothing else."""
    return not call.answer.incomplete and (call.ids is not None or call.until_ms is not None)


def differences(facts: Facts, place: Place, user: str, look: Look, window: Window) -> list[Difference]:
    """What a look shows otherwise than it must, as far as it is sure which call has done it."""
    found: list[Difference] = []
    seen = {message.id: message for message in look.view.messages}
    by_kind: dict[tuple[What, Call], list[Expected]] = {}
    for one in expected(facts, place, user).values():
        what = _difference(one, seen.get(one.identifier), look)
        if what is None:
            continue
        call = window.responsible_call(
            facts, one.number, look.number, place, user, names=partial(_names, message=one)
        )
        if one.by is not None:
            # It was acknowledged, and that is all there is to know.
            call = one.by if one.by in window.calls else None
        if call is not None:
            by_kind.setdefault((what, call), []).append(one)
    for (what, call), those in by_kind.items():
        ids, senders = frozenset(one.identifier for one in those), frozenset(one.sender for one in those)
        found.append(Difference(what, place, user, ids, senders, call))
    return found + _reordered(facts, place, user, look, window)


def _names(call: Call, message: Expected) -> bool:
    return _is_named(call, message.identifier, message.content) is True


def _difference(one: Expected, seen: PulledMessage | None, look: Look) -> What | None:
    if one.number > look.number:
        return None
    if one.state == "gone":
        return None if seen is None else "back" if one.seen_deleted else "left"
    if seen is None:
        return "lost"
    return None if one.content in (None, content_of(seen)) else "altered"


def _reordered(facts: Facts, place: Place, user: str, look: Look, window: Window) -> list[Difference]:
    """Messages that stand in another order than before, or twice.

    Of several pages each may have its own order. The look just before may have been taken after the call as
    well, and show the same.
    """
    if place in facts.unknown:
        return []
    alike = [
        each
        for each in facts.looks.get((place, user), ())
        if each.number < look.number and each.one_page and look.one_page and each.newer == look.newer
    ]
    times = {message.id: message.time_ms for message in look.view.messages}
    for earlier in reversed(alike):
        call = window.responsible_call(facts, earlier.number, look.number, place, user)
        before = [message.id for message in earlier.view.messages if message.id in times]
        after = [message.id for message in look.view.messages if message.id in earlier.view.ids]
        # Messages of the same millisecond have no order.
        if call is not None and [times[one] for one in before] != [times[one] for one in after]:
            moved = frozenset(one or other for one, other in zip_longest(after, before) if one != other)
            return [Difference("reordered", place, user, moved, frozenset(), call)]
    return []
