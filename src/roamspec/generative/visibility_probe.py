"""Who pulls which messages on this target, and whose lists they enter.

What the documentation leaves open here (are imported messages listed, does a sender pull what was sent to a
room) must not look like the work of a deletion.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from roamspec.api import messages_api
from roamspec.api.messages_api import ConversationKind
from roamspec.config.addresses import is_loopback
from roamspec.errors import SetupFailed
from roamspec.generative.call_sequence import NEIGHBOUR, PLACES
from roamspec.generative.flaws import possible
from roamspec.generative.model import PlaceKind
from roamspec.generative.planned_state import RECENT_PAST_MS, Role, Visibility, Way
from roamspec.session.session import Session
from roamspec.world.conversations import Conversation
from roamspec.world.variety import OLDEST_MS
from roamspec.world.world import World, listed_as

PAST_MS: Final = RECENT_PAST_MS
TEXT: Final = "hello"
KINDS: Final = ("chat", "group", "room")
_BOTH: Final[frozenset[Role]] = frozenset({"sender", "receiver"})
_Roles = Mapping[tuple[PlaceKind, Way], frozenset[Role]]


@dataclass
class _Probe:
    """One message that was put somewhere, and where it was seen."""

    way: Way
    conversation: Conversation
    sender: str
    receiver: str
    seen: set[Role] = field(default_factory=set)
    listed: set[Role] = field(default_factory=set)

    @property
    def kind(self) -> ConversationKind:
        return self.conversation.kind

    def members(self) -> tuple[tuple[Role, str], tuple[Role, str]]:
        return ("sender", self.sender), ("receiver", self.receiver)


def assumed(session: Session) -> Visibility:
    """What most targets do, as far as the preflight saw nothing else: everybody in a conversation pulls its
    messages, and the way that was seen to put a conversation into a list does so for all."""
    capabilities = session.capabilities
    seen: dict[tuple[PlaceKind, Way], frozenset[Role]] = {}
    for kind in ("chat", "group"):
        if capabilities.message_sources.get(kind) == "import":
            seen[kind, "import"] = _BOTH
        seen[kind, "send"] = _BOTH
    if "chatroom" not in capabilities.missing:
        seen["room", "send"] = _BOTH
    listed = {key: _BOTH for key in seen if key[1] == capabilities.list_way and key[0] != "room"}
    return _visibility(session, seen, listed)


def look_around(session: Session) -> Visibility:
    """Try each way into each kind of conversation once, and see who gets what."""
    world = World(session)
    try:
        return _look_around(session, world)
    finally:
        world.close()


def left_out(session: Session, visibility: Visibility) -> list[str]:
    """What sequences leave out because this target does not let it happen, or be seen."""
    kinds = {kind for (kind, _), roles in visibility.seen.items() if roles}
    missing = [
        f"{kind}s (history queries do not return their messages)" for kind in KINDS if kind not in kinds
    ]
    if session.capabilities.list_form is None:
        missing.append("conversation lists (none is readable)")
    if "devices" in session.capabilities.missing:
        missing.append("online devices (no observer)")
    if not any(way == "import" for (_, way), roles in visibility.seen.items() if roles):
        missing.append("messages with chosen times (import does not accept them)")
    return missing


def _look_around(session: Session, world: World) -> Visibility:
    # A conversation is fresh as long as one of its members is: the others are met in other checks too.
    [one] = world.users(1)
    two, three = world.shared_users(2)
    probes = [_say(world, "import", world.chat(one, three), one, three)]
    group = world.group(one, two, three)
    probes.append(_say(world, "import", group, one, two))
    if "chatroom" not in session.capabilities.missing:
        probes.append(_say(world, "send", world.room(one, two, three), one, two))
    # Last what was seen to enter lists: once it is there, a list that lags has caught up with the others.
    probes.append(_say(world, "send", group, one, two))
    probes.append(_say(world, "send", world.chat(one, two), one, two))
    tried = [probe for probe in probes if probe is not None]
    if session.capabilities.list_form is not None:
        _read_lists(world, tried)
    return _learned(session, tried)


def _say(world: World, way: Way, conversation: Conversation, sender: str, receiver: str) -> _Probe | None:
    session, kind = world.session, conversation.kind
    target = conversation.id_for(sender)
    if way == "import":
        if session.capabilities.message_sources.get(kind) != "import":
            return None
        at_ms = session.service_now_ms() - PAST_MS
        answer = messages_api.try_import(world.app, kind, sender, target, TEXT, at_ms)
        identifier = messages_api.imported_id(answer, f"importing into a {kind}")
    else:
        identifier = messages_api.send(world.app, kind, sender, target, TEXT)
    probe = _Probe(way, conversation, sender, receiver)
    for role, user in probe.members():
        if identifier in world.view_when_there(user, conversation, lambda view: identifier in view.ids).ids:
            probe.seen.add(role)
    return probe


def _read_lists(world: World, probes: list[_Probe]) -> None:
    known = probes[-1]
    if not world.lists_when(known.sender, {known.conversation: True})[known.conversation]:
        raise SetupFailed(f"the chat with {known.receiver} does not appear in the list of {known.sender}")
    lists = {user: world.listed(user) for user in {u for t in probes for _, u in t.members()}}
    for probe in probes:
        for role, user in probe.members():
            if listed_as(probe.conversation, user) in lists[user]:
                probe.listed.add(role)


def _learned(session: Session, probes: list[_Probe]) -> Visibility:
    seen = {(probe.kind, probe.way): frozenset(probe.seen) for probe in probes}
    listed = {(probe.kind, probe.way): frozenset(probe.listed) for probe in probes}
    # An imported and a sent message of the same group cannot be told apart in a list.
    listed["group", "import"] = listed.get(("chat", "import"), frozenset())
    return _visibility(session, seen, listed)


def _visibility(session: Session, seen: _Roles, listed: _Roles) -> Visibility:
    kinds = {kind for (kind, _), roles in seen.items() if roles}
    neighbour = "neighbour-app" not in session.capabilities.missing and session.neighbour is not None
    places = tuple(
        name for name, place in PLACES.items() if place.kind in kinds and (name != NEIGHBOUR or neighbour)
    )
    return Visibility(
        seen,
        listed,
        session.capabilities.import_ties,
        places=places,
        past_ms=OLDEST_MS if session.capabilities.keeps_old_messages else RECENT_PAST_MS,
        types=tuple(sorted(session.capabilities.message_types)),
        flaws=possible(session),
        short_names=is_loopback(session.client.base_url),
    )
