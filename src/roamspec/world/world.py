"""The users, groups, rooms and messages that one check made for itself."""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import partial

from roamspec.api import messages_api, provisioning
from roamspec.api.app_client import AppClient
from roamspec.api.conversation_lists import ListedConversation, read_list
from roamspec.api.devices import Device
from roamspec.api.messages_api import ConversationKind, HistoryQuery
from roamspec.errors import SetupFailed
from roamspec.session.session import Session
from roamspec.session.waiting import WaitPolicy
from roamspec.transport.exchange import Exchange
from roamspec.transport.http_messages import Response
from roamspec.transport.ledger import LedgerEntry
from roamspec.world.conversations import Conversation, HistoryView, Message, MessageDraft, ids_of
from roamspec.world.facts import Facts, ListLook, facts_of
from roamspec.world.message_writer import MessageWriter
from roamspec.world.user_pool import UserPool
from roamspec.world.waiting import wait_until


@dataclass
class _LateMembers:
    """Whether the target once refused that somebody joins a group that exists, or was slow to let them see
    what is said there."""

    refused: bool = False


class World:
    """Arranges and observes in one app; `close` removes what it made.

    Raises SetupFailed when the target does not let something be arranged or read.
    """

    def __init__(
        self, session: Session, app: AppClient | None = None, *, pool_key: str = "", operation: str = ""
    ) -> None:
        """`pool_key` says which users `shared_users` gives: worlds of another key get others. `operation` is
        the one whose effects are waited for, if it is one's."""
        self.session = session
        self._operation = operation
        self._facts: Facts | None = facts_of(session) if operation else None
        """Where what is said and seen here is written down; a world of no operation is compared by others."""
        self._pool_key = pool_key
        self.last_listing: Exchange | None = None
        """The last page of a conversation list that was read here."""
        self.last_listed: dict[str, Set[ListedConversation]] = {}
        """What the last reading of each user's list gave."""
        self.app = app or session.main
        self.responses: list[Response] = []
        """To calls as the documentation describes them, for what holds of every success."""
        self._user_pool = UserPool(session, self.app, pool_key)
        self._messages = MessageWriter(session, self.app, operation, self.view_when_there)
        self._made: list[LedgerEntry] = []
        self._devices: list[Device] = []
        self.online: list[tuple[int, Device]] = []
        """The devices that are compared, each with the number of the last fact before it came online."""

    # --- arranging

    def users(self, count: int, *, names: Sequence[str] = ()) -> list[str]:
        """`count` fresh users, or newly registered ones of the given names."""
        pool = self._user_pool
        taken = pool.register(names) if names else pool.take(count, last=self.session.names.varied)
        self._made += [LedgerEntry(self.app.key, "user", name) for name in taken]
        return taken

    def shared_users(self, count: int) -> list[str]:
        """Users whom other checks meet as well, so that not every check registers and removes its own.

        They serve as peers and members: a conversation is fresh as long as its owner is.
        """
        return self._user_pool.shared(count)

    def absent_user(self, suffix: str = "") -> str:
        """A name that was looked up and belongs to nobody."""
        name = self.session.names.fresh("absent") + suffix
        if not provisioning.is_absent(self.app, self.session.ledger, name):
            raise SetupFailed(f"the target does not report the user {name} as unknown.")
        return name

    def no_group(self, suffix: str = "") -> str:
        """A group ID that belongs to nobody: service-made IDs are numbers, this one carries the mark."""
        identifier = self.session.names.fresh("nogroup") + suffix
        self.session.ledger.seen_absent(LedgerEntry(self.app.key, "group", identifier))
        return identifier

    def chat(self, one: str, other: str) -> Conversation:
        """A one-to-one chat of two users; it exists without a call."""
        return Conversation("chat", (one, other))

    def group(self, owner: str, *members: str, late: str = "") -> Conversation:
        """A group; `late` is one of the members, who joins when it exists, if the target lets that happen."""
        if len(members) < 2 or self.session.shared.get(_LateMembers).refused:
            late = ""
        conversation = self._group(owner, *(member for member in members if member != late))
        if late and not provisioning.add_member(self.app, conversation.group_id, late):
            self.session.shared.get(_LateMembers).refused = True
            self.release_group(conversation)
            return self._group(owner, *members)
        return replace(conversation, members=(owner, *members))

    def late_member_lacks(self, user: str, conversation: Conversation, messages: Sequence[Message]) -> bool:
        """Whether a user who joined a group late lacks something that was said since: then nobody joins late
        any more."""
        late = self.session.shared.get(_LateMembers)
        if late.refused:
            return False
        view = self.view_when_there(user, conversation, lambda now: now.has_all(messages))
        late.refused = not view.has_all(messages)
        return late.refused

    def _group(self, owner: str, *members: str) -> Conversation:
        name = self.session.names.fresh("g")
        identifier = provisioning.create_group(self.app, self.session.ledger, name, owner, members)
        self._made.append(LedgerEntry(self.app.key, "group", identifier))
        return Conversation("group", (owner, *members), identifier)

    def room(self, owner: str, *members: str) -> Conversation:
        """A new chatroom."""
        name = self.session.names.fresh("r")
        identifier = provisioning.create_room(self.app, self.session.ledger, name, owner, members)
        self._made.append(LedgerEntry(self.app.key, "room", identifier))
        return Conversation("room", (owner, *members), identifier)

    def conversation(self, kind: ConversationKind, owner: str, *others: str, late: str = "") -> Conversation:
        """A conversation of the given kind; a one-to-one one is with the first of the others. `late` is who
        joins a group when it exists."""
        if kind == "chat":
            return self.chat(owner, others[0])
        return self.group(owner, *others, late=late) if kind == "group" else self.room(owner, *others)

    def release_group(self, conversation: Conversation) -> None:
        """Remove a group at once, so that its ID names nothing any more."""
        entry = LedgerEntry(self.app.key, "group", conversation.group_id)
        if self._facts:
            self._facts.forget(self.app.key, group_id=conversation.group_id)
        if not provisioning.remove(self.app, self.session.ledger, entry):
            raise SetupFailed(f"the group {conversation.group_id} cannot be removed.")

    def release_user(self, name: str) -> None:
        """Remove a user at once; their chats stay with the others as far as the service keeps them."""
        if self._facts:
            self._facts.forget(self.app.key, user=name)
        if not provisioning.remove(self.app, self.session.ledger, LedgerEntry(self.app.key, "user", name)):
            raise SetupFailed(f"the user {name} cannot be removed.")

    def seed(
        self,
        conversation: Conversation,
        drafts: Sequence[MessageDraft],
        *,
        live: bool = False,
        now_ms: int | None = None,
        apart: bool = True,
    ) -> list[Message]:
        """Put messages into a conversation, in this order, and read their times from the service.

        `live` sends them even where they could be imported, so that they enter conversation lists.
        `now_ms` is the service's time from which drafts are dated, when the caller has fixed it.
        Messages that take the service's time get a time each, unless they need not be `apart`. What a
        target does not let be imported, because of its date, is sent, unless the dates matter (`now_ms`).
        """
        return self._messages.seed(conversation, drafts, live=live, now_ms=now_ms, apart=apart)

    def send(self, conversation: Conversation, senders: Sequence[str]) -> list[Message]:
        """Send messages that enter conversation lists, without looking whether they arrive; their times
        are not known."""
        return self._messages.send(conversation, senders)

    def add_message(self, conversation: Conversation, draft: MessageDraft) -> Message:
        """One message, without looking whether it arrives; its time is not known."""
        return self._messages.add(conversation, draft)

    # --- observing

    def view(
        self,
        user: str,
        conversation: Conversation,
        *,
        newer: bool = False,
        as_user: bool = False,
        types: Sequence[str] = (),
        page_size: int = 0,
    ) -> HistoryView:
        """What `user` pulls from a conversation now; `as_user` with a token of their own in any case, of some
        `types` alone if any are given, and in pages of `page_size` where that is less than usual. Where
        messages lag, not before the last one that this thread said is there."""
        self.session.client.await_messages()
        style = self.session.capabilities.pull_style
        if page_size:
            style = replace(style, page_size=min(page_size, style.page_size))
        token = self._own_token(user) if style.with_user_token or as_user else None
        seen: list[Exchange] = []
        query = HistoryQuery(user, conversation.kind, conversation.id_for(user), newer, token, types)
        messages = messages_api.pull_all(
            self.app, query, style, on_page=lambda answer: seen.append(answer.exchange)
        )
        again = partial(
            self.view, user, conversation, newer=newer, as_user=as_user, types=types, page_size=page_size
        )
        view = HistoryView(user, conversation, tuple(messages), seen[-1] if seen else None, again)
        if self._facts and not types and not as_user:
            self._facts.look(self.app.key, self._operation, view, newer=newer, pages=len(seen))
        return view

    def view_when(
        self, user: str, conversation: Conversation, holds: Callable[[HistoryView], bool]
    ) -> HistoryView:
        """The view as soon as `holds` is true of it after what was done, or the last when patience ends."""
        return self._view_when(user, conversation, holds, self.session.patience)

    def view_when_there(
        self, user: str, conversation: Conversation, holds: Callable[[HistoryView], bool]
    ) -> HistoryView:
        """The same after nothing but messages that were said."""
        return self._view_when(user, conversation, holds, self.session.arrival_patience)

    def _view_when(
        self,
        user: str,
        conversation: Conversation,
        holds: Callable[[HistoryView], bool],
        patience: WaitPolicy,
    ) -> HistoryView:
        self.session.wait_for_lag(patience.usual_lag_s, here=True)
        return wait_until(
            lambda: self.view(user, conversation),
            holds,
            self.session,
            patience=patience,
            operation=self._operation,
        )

    def view_without(self, user: str, conversation: Conversation, messages: Sequence[Message]) -> HistoryView:
        """The view as soon as none of `messages` is in it any more, or when patience ends; it is not waited
        for what a call was to delete that was no success."""
        if not self.app.call_accepted:
            return self.view(user, conversation)
        deleted = ids_of(messages)
        return self.view_when(user, conversation, lambda view: not deleted & view.ids)

    def _own_token(self, user: str) -> str:
        return self.app.user_token(user, self.session.password)

    def listed(self, user: str) -> Set[ListedConversation]:
        """The conversations in `user`'s list now, in its order."""
        capabilities = self.session.capabilities
        if capabilities.list_form is None:
            raise SetupFailed("the target has no readable conversation list.")
        token = self._own_token(user) if capabilities.list_with_user_token else None
        return read_list(
            self.app, capabilities.list_form, user, token=token, on_page=self._keep_as_last_listing
        )

    def _keep_as_last_listing(self, answer: Response) -> None:
        self.last_listing = answer.exchange

    def lists_now(self, user: str, conversations: Iterable[Conversation]) -> dict[Conversation, bool]:
        """Which of the conversations are in `user`'s list now."""
        listed = self.listed(user)
        self.last_listed[user] = listed
        if self._facts:
            seen = ListLook(self._facts.number(), self._operation, listed)
            self._facts.list_looks.setdefault((self.app.key, user), []).append(seen)
        return {conversation: listed_as(conversation, user) in listed for conversation in conversations}

    def lists_when(
        self, user: str, expected: Mapping[Conversation, bool], *, waits: bool = True
    ) -> dict[Conversation, bool]:
        """Which of the conversations are in `user`'s list; waits until it is as expected, or looks but once.

        One reading tells all of them: a service may allow but few readings a minute.
        """
        session, patience = self.session, self.session.list_patience
        lag = max(session.capabilities.list_lag_s, patience.lag_s)
        session.wait_for_lag(lag)
        return wait_until(
            lambda: self.lists_now(user, expected),
            lambda found: found == expected or not waits,
            session,
            pause_s=max(lag / 2, 0.25),
            at_least_s=4 * lag,
            patience=patience,
            operation=self._operation,
        )

    def list_when(self, user: str, conversation: Conversation, *, present: bool) -> bool:
        """Whether one conversation is in `user`'s list; waits until it is (or is not, if not `present`)."""
        return self.lists_when(user, {conversation: present})[conversation]

    def shown_in_list(self, user: str, conversation: Conversation) -> str:
        """The ID of the message that the last reading of `user`'s list showed of a conversation, if any."""
        entry = listed_as(conversation, user)
        return next((each.last_id for each in self.last_listed.get(user, ()) if each == entry), "")

    @property
    def devices(self) -> Sequence[Device]:
        """Those that were taken on line, in this order."""
        return self._devices

    def device(self, user: str, name: str) -> Device:
        """An online device of `user`; returns when it is online."""
        assert self.session.observer_url
        connect = self.session.connect_device or partial(Device.connect, network=self.session.network)
        # Where checks run at once, no two of them play the same device.
        device = connect(self.session.observer_url, self.app.key, user, f"{name}{self._pool_key}")
        self._devices.append(device)
        if self._facts:
            self.online.append((self._facts.number(), device))
        return device

    # --- cleaning

    def close(self) -> None:
        """Take the devices off line and remove groups, rooms and users, in this order.

        Groups that go with their owner, as the documentation says, are left to go with them.
        """
        for device in self._devices:
            device.close()
        ledger = self.session.ledger
        for entry in sorted(self._made, key=lambda entry: entry.kind == "user"):
            if self._facts:
                user, group_id = (entry.name, "") if entry.kind == "user" else ("", entry.name)
                self._facts.forget(self.app.key, user=user, group_id=group_id)
            if ledger.is_present(entry) and not ledger.removed_with_owner(entry) and not ledger.keeps(entry):
                provisioning.remove(self.app, ledger, entry)


def listed_as(conversation: Conversation, user: str) -> ListedConversation:
    """How a conversation stands in `user`'s list."""
    kind = "chat" if conversation.kind == "chat" else "group"
    return ListedConversation(kind, conversation.id_for(user))
