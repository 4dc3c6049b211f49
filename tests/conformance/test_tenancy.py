"""Another app, and names that are like ours, are others."""

import contextlib
from dataclasses import dataclass

from roamspec.api.devices import Device
from roamspec.api.messages_api import ConversationKind
from roamspec.errors import TargetError
from roamspec.suite import CheckContext, costs, covers, serial
from roamspec.suite.conversation_fixture import (
    ConversationFixture,
    conversation_fixture,
    message_drafts,
    seed_conversation,
)
from roamspec.suite.notification_waits import NOTIFIED_WHEN_ABSENT, check_notified, settle_time
from roamspec.suite.view_assertions import check_deleted, check_retained
from roamspec.transport.http_messages import Response
from roamspec.world.conversations import HistoryView, Message
from roamspec.world.world import World

MUCH_OF_A_NAME = 63
"""Bytes: one less than the name of a user may have."""
KINDS: tuple[ConversationKind, ...] = ("chat", "group")


@dataclass(slots=True)
class Theirs:
    """A conversation that must stay, and what was left of it when it was last looked at."""

    fixture: ConversationFixture
    left: list[Message]
    turn: int = 0
    """Whose turn it was then: the first operation's is 1, and -1 is before any was looked for."""

    def look(self) -> HistoryView:
        view = self.fixture.view()
        self.left = [message for message in self.left if message.id in view.ids]
        return view

    def prepare(self, turn: int) -> None:
        """Look again if another operation has had its turn since, and refill what is empty.

        What fails to arrive there is an earlier operation's doing, and is not held against this one.
        """
        if self.turn != turn - 1:
            self.look()
        fixture = self.fixture
        if not self.left:
            new = fixture.world.seed(fixture.conversation, message_drafts((fixture.owner,), 1))
            view = fixture.world.view_when(fixture.owner, fixture.conversation, lambda now: now.has_all(new))
            self.left = [message for message in new if message.id in view.ids]
        self.turn = turn


@dataclass(slots=True)
class Namesakes:
    """Users whose names extend the owner's and the peer's or are extended by them, users whose names end with
    theirs, contain them or match them as patterns, and users of the same names in another app.

    Arranged once: nothing of it may ever go, whichever operation is called for the owner.
    """

    owner: str
    peer: str
    like_owners: tuple[str, ...]
    of_like_owners: list[Theirs]
    """Chats of theirs with the peer."""
    with_like_peers: list[Theirs]
    of_similar_owners: list[Theirs]
    with_similar_peers: list[Theirs]
    in_second_app: list[Theirs]
    listed: bool | None
    """Whether their chat stood in the list of the owner's namesake when it was last read; None when no list
    shows it."""
    listed_turn: int = 0
    """Whose turn it was then."""
    turn: int = 0


@dataclass
class _SharedNamesakes:
    namesakes: Namesakes | None = None


@covers(
    "tenancy.longer-owner-name-keeps-messages",
    "tenancy.longer-peer-name-keeps-messages",
    "tenancy.similar-owner-name-keeps-messages",
    "tenancy.similar-peer-name-keeps-messages",
    "tenancy.neighbour-app-keeps-messages",
    "request.path-user-owns-what-goes",
    "request.query-names-the-conversation",
    "notify.absent-tells-nobody-else",
)
@serial
@costs(60)
def test_others_of_like_name(case: CheckContext) -> None:
    """A deletion affects neither users with a similar name nor the same names in another app."""
    shared = case.session.shared.get(_SharedNamesakes)
    namesakes = shared.namesakes = shared.namesakes or _arrange(case)
    world, subject = case.world(), case.subject
    # They are members of the very group, where what is deleted may be known under one ID for all.
    in_group = namesakes.like_owners if subject.kind == "group" else ()
    fixture = conversation_fixture(world, subject, namesakes.owner, [namesakes.peer, *in_group], 2)
    kept = {
        "tenancy.longer-owner-name-keeps-messages": [
            Theirs(fixture.seen_by(each), list(fixture.messages), turn=-1) for each in in_group
        ]
        or namesakes.of_like_owners,
        "tenancy.longer-peer-name-keeps-messages": namesakes.with_like_peers,
        "tenancy.similar-owner-name-keeps-messages": namesakes.of_similar_owners,
        "tenancy.similar-peer-name-keeps-messages": namesakes.with_similar_peers,
        "tenancy.neighbour-app-keeps-messages": namesakes.in_second_app,
    }
    namesakes.turn += 1
    watched = [
        (name, each) for name, fixtures in kept.items() for each in fixtures if case.verdicts.wants(name)
    ]
    for _, theirs in watched:
        theirs.prepare(namesakes.turn)
    if namesakes.listed is not None and subject.kind == "chat":
        _prepare_list(namesakes)

    if subject.by_id and namesakes.in_second_app:
        # What is said in another app is known under its ID there alone.
        fixture.delete([message for theirs in namesakes.in_second_app for message in theirs.left])
    devices = _devices(case, namesakes)
    answer = fixture.delete(fixture.messages)

    after = fixture.view_without(fixture.messages)
    check_deleted(case, "request.path-user-owns-what-goes", answer, after, fixture.messages)
    check_deleted(case, "request.query-names-the-conversation", answer, after, fixture.messages)
    for name, theirs in watched:
        before = theirs.left
        if before:
            check_retained(case, name, answer, theirs.look(), before)
        else:
            case.verdicts.inconclusive(name, "nothing that could be kept was there before the call")
    if namesakes.listed and namesakes.listed_turn == namesakes.turn and answer.ok:
        _check_still_listed(case, answer, namesakes)
    if devices:
        _check_other_app_not_notified(case, answer, fixture, *devices)


def _prepare_list(namesakes: Namesakes) -> None:
    """Read the list again if another operation has had its turn since, and say something if the chat left it:
    that is an earlier operation's doing."""
    chat = namesakes.in_second_app[0]
    if namesakes.listed_turn != namesakes.turn - 1:
        namesakes.listed = _is_listed(chat)
    if namesakes.listed is False:
        chat.fixture.world.send(chat.fixture.conversation, [chat.fixture.owner])
        namesakes.listed = _is_listed(chat)
    namesakes.listed_turn = namesakes.turn


def _check_still_listed(case: CheckContext, answer: Response, namesakes: Namesakes) -> None:
    """With the messages, what stands in a list stays where it is in another app."""
    chat = namesakes.in_second_app[0]
    there = namesakes.listed = _is_listed(chat, waits=True)
    if there is not None:
        case.verdicts.check(
            "tenancy.neighbour-app-keeps-messages",
            there,
            answer,
            chat.fixture.world.last_listing,
            expected=f"the chat still in the list of {namesakes.owner} in the other app",
            actual=f"answered {answer.summary(80)}; it is {'there' if there else 'not there'}",
        )


def _is_listed(theirs: Theirs, *, waits: bool = False) -> bool | None:
    """Whether it stands in the list now, or comes up while this `waits`; None when no list can be read."""
    fixture = theirs.fixture
    with contextlib.suppress(TargetError):
        expected = {fixture.conversation: True}
        return fixture.world.lists_when(fixture.owner, expected, waits=waits)[fixture.conversation]
    return None


def _devices(case: CheckContext, namesakes: Namesakes) -> tuple[Device, Device] | None:
    """A device of the owner, and one of the user of that name in the other app, if both can be watched."""
    if not (namesakes.in_second_app and case.subject.notifies and case.has("devices")):
        return None
    with contextlib.suppress(TargetError):
        mine, theirs = case.world(), case.world(case.session.app("neighbour"))
        return mine.device(namesakes.owner, "d1"), theirs.device(namesakes.owner, "d1")
    return None


def _check_other_app_not_notified(
    case: CheckContext, answer: Response, fixture: ConversationFixture, mine: Device, theirs: Device
) -> None:
    if answer.ok:
        check_notified(case, NOTIFIED_WHEN_ABSENT, answer, mine, fixture.conversation.id_for(fixture.owner))
    settle_time(case, after_another=True)
    case.verdicts.check(
        "notify.absent-tells-nobody-else",
        not theirs.deletions,
        answer,
        expected="no device of the user of the same name in another app is notified",
        actual=f"answered {answer.summary(80)}; {len(theirs.deletions)} notices",
    )


def _arrange(case: CheckContext) -> Namesakes:
    # Worlds that are not the check's own: what they hold is for all operations.
    world = World(case.session)
    shorter_owner, shorter_peer = (case.session.names.fresh() for _ in range(2))
    # Every character that a name may have, and almost as many as it may have.
    owner, peer = (f"{name}._-".ljust(MUCH_OF_A_NAME, "0") for name in (shorter_owner, shorter_peer))
    like_owners, like_peers = (shorter_owner, f"{owner}0"), (shorter_peer, f"{peer}0")
    similar_owners, similar_peers = _similar(owner), _similar(peer)
    world.users(0, names=[owner, peer, *like_owners, *like_peers, *similar_owners, *similar_peers])
    in_second_app = []
    if case.has("neighbour-app"):
        there = World(case.session, case.session.app("neighbour"))
        there.users(0, names=[owner, peer])
        in_second_app = [_talk(case, there, kind, owner, peer, live=case.has("lists")) for kind in KINDS]
    return Namesakes(
        owner,
        peer,
        like_owners,
        [_talk(case, world, "chat", each, peer) for each in like_owners],
        [_talk(case, world, "chat", owner, each) for each in like_peers],
        [_talk(case, world, "chat", each, peer) for each in similar_owners],
        [_talk(case, world, "chat", owner, each) for each in similar_peers],
        in_second_app,
        (_is_listed(in_second_app[0]) or None) if in_second_app and case.has("lists") else None,
    )


def _similar(name: str) -> tuple[str, ...]:
    """Names that end with a name and thus contain it, and that it matches as a pattern: of SQL, and as a
    regular expression."""
    return f"0{name}", name.replace("_", "0"), name.replace(".", "0")


def _talk(
    case: CheckContext, world: World, kind: ConversationKind, owner: str, peer: str, *, live: bool = False
) -> Theirs:
    conversation, messages = seed_conversation(world, kind, owner, [peer], 1, live=live)
    return Theirs(
        ConversationFixture(world, case.subject, owner, (peer,), conversation, tuple(messages)), messages
    )
