"""The users, groups, rooms and messages that one check made for itself."""

from collections.abc import Callable, Mapping, Sequence

from roamspec.client import chatting, people
from roamspec.client.app import AppClient
from roamspec.client.chatting import ConversationKind
from roamspec.client.conversation_lists import ListedConversation, read_list
from roamspec.client.exchange import Exchange
from roamspec.client.ledger import Entry
from roamspec.errors import SetupFailed
from roamspec.target.session import Session
from roamspec.world.conversations import Conversation, Draft, Message, View, ids_of
from roamspec.world.devices import Device
from roamspec.world.waiting import wait_until

_TIME_STEPS = 1.5
"""How many steps of the service's clock messages are sent apart."""
STOCK = 10
"""How many users are registered at a time."""


class World:
    """Arranges and observes in one app; `close` removes what it made.

    Raises SetupFailed when the target does not let something be arranged or read.
    """

    def __init__(self, session: Session, app: AppClient | None = None) -> None:
        self.session = session
        self.app = app or session.main
        self._made: list[Entry] = []
        self._owners: dict[Entry, Entry] = {}
        self._devices: list[Device] = []

    # --- arranging

    def users(self, count: int, *, names: Sequence[str] = ()) -> list[str]:
        """`count` fresh users, or newly registered ones of the given names."""
        taken = self._register(names) if names else self._from_stock(count)
        self._made += [Entry(self.app.key, "user", name) for name in taken]
        return taken

    def _from_stock(self, count: int) -> list[str]:
        """Fresh users, registered several at a time where the service takes a list."""
        stock = self.session.stock.setdefault(self.app.key, [])
        if len(stock) < count:
            more = max(count - len(stock), STOCK if self.app is self.session.main else 0)
            stock += self._register([self.session.names.fresh() for _ in range(more)])
        taken, stock[:] = stock[:count], stock[count:]
        return taken

    def _register(self, names: Sequence[str]) -> list[str]:
        people.register(self.app, self.session.ledger, names, self.session.password)
        return list(names)

    def cast(self, count: int) -> list[str]:
        """Users whom other checks meet as well, so that not every check registers and removes its own.

        They serve as peers and members: a conversation is fresh as long as its owner is.
        """
        lacking = count - len(self.session.cast)
        if lacking > 0:
            self.session.cast += self._from_stock(lacking)
        return self.session.cast[:count]

    def absent_user(self, suffix: str = "") -> str:
        """A name that was looked up and belongs to nobody."""
        name = self.session.names.fresh("absent") + suffix
        if not people.is_absent(self.app, self.session.ledger, name):
            raise SetupFailed(f"the target does not say that the user {name} does not exist.")
        return name

    def no_group(self, suffix: str = "") -> str:
        """A group ID that belongs to nobody: service-made IDs are numbers, this one carries the mark."""
        identifier = self.session.names.fresh("nogroup") + suffix
        self.session.ledger.seen_absent(Entry(self.app.key, "group", identifier))
        return identifier

    def chat(self, one: str, other: str) -> Conversation:
        return Conversation("chat", (one, other))

    def group(self, owner: str, *members: str) -> Conversation:
        name = self.session.names.fresh("g")
        identifier = people.create_group(self.app, self.session.ledger, name, owner, members)
        self._own(Entry(self.app.key, "group", identifier), owner)
        return Conversation("group", (owner, *members), identifier)

    def _own(self, entry: Entry, owner: str) -> None:
        self._made.append(entry)
        self._owners[entry] = Entry(self.app.key, "user", owner)

    def room(self, owner: str, *members: str) -> Conversation:
        name = self.session.names.fresh("r")
        identifier = people.create_room(self.app, self.session.ledger, name, owner, members)
        # Not left to go with its owner: the preflight has seen only that groups do.
        self._made.append(Entry(self.app.key, "room", identifier))
        return Conversation("room", (owner, *members), identifier)

    def conversation(self, kind: ConversationKind, owner: str, *others: str) -> Conversation:
        """A conversation of the given kind; a one-to-one one is with the first of the others."""
        if kind == "chat":
            return self.chat(owner, others[0])
        return self.group(owner, *others) if kind == "group" else self.room(owner, *others)

    def abandon_group(self, conversation: Conversation) -> None:
        """Remove a group at once, so that its ID names nothing any more."""
        entry = Entry(self.app.key, "group", conversation.group_id)
        if not people.remove(self.app, self.session.ledger, entry):
            raise SetupFailed(f"the group {conversation.group_id} cannot be removed.")

    def fill(
        self,
        conversation: Conversation,
        drafts: Sequence[Draft],
        *,
        live: bool = False,
        now_ms: int | None = None,
        apart: bool = True,
    ) -> list[Message]:
        """Put messages into a conversation, in this order, and read their times from the service.

        `live` sends them even where they could be imported, so that they enter conversation lists.
        `now_ms` is the service's time from which drafts are dated, when the caller has fixed it.
        Messages that take the service's time get a time each, unless they need not be `apart`.
        """
        way = self.session.capabilities.ways.get(conversation.kind, "send")
        if live:
            way = self.session.capabilities.list_way
        now = now_ms if now_ms is not None else self.session.service_now_ms()
        if way == "import" and conversation.kind != "room":
            # The preflight saw that imported messages are there at once, with the time they were given.
            return [
                Message(self._put(conversation, draft, way, now), draft.sender, _dated(draft, now))
                for draft in drafts
            ]
        ids = []
        for draft in drafts:
            ids.append(self._put(conversation, draft, way, now))
            if apart:
                self.session.sleep(_TIME_STEPS * self.session.capabilities.time_step_ms / 1000)
        return self._with_times(conversation, ids, drafts)

    def say(self, conversation: Conversation, senders: Sequence[str]) -> list[Message]:
        """Send messages that enter conversation lists, without looking whether they arrive; their times
        are not known."""
        way, now = self.session.capabilities.list_way, self.session.service_now_ms()
        return [Message(self._put(conversation, Draft(each), way, now), each, now) for each in senders]

    def _with_times(
        self, conversation: Conversation, ids: Sequence[str], drafts: Sequence[Draft]
    ) -> list[Message]:
        reader, wanted = conversation.members[0], frozenset(ids)
        view = self.view_when(reader, conversation, lambda view: wanted <= view.ids)
        if not wanted <= view.ids:
            lost = len(wanted - view.ids)
            raise SetupFailed(f"{lost} of {len(wanted)} messages cannot be pulled by {reader}.")
        times = {message.id: message.time_ms for message in view.messages}
        return [
            Message(identifier, draft.sender, times[identifier])
            for identifier, draft in zip(ids, drafts, strict=True)
        ]

    def _put(self, conversation: Conversation, draft: Draft, way: str, now: int) -> str:
        target = conversation.id_for(draft.sender)
        if way == "send" or conversation.kind == "room":
            return chatting.send(self.app, conversation.kind, draft.sender, target, "hello")
        dated = _dated(draft, now) if way == "import" else None
        what = f"importing into the {conversation.kind} {target}"
        answer = chatting.try_import(self.app, conversation.kind, draft.sender, target, "hello", dated)
        return chatting.imported_id(answer, what)

    # --- observing

    def view(self, user: str, conversation: Conversation, *, newer: bool = False) -> View:
        """What `user` pulls from a conversation now."""
        style = self.session.capabilities.pull_style
        token = self._own_token(user) if style.with_user_token else None
        seen: list[Exchange] = []
        messages = chatting.pull_all(
            self.app,
            user,
            conversation.kind,
            conversation.id_for(user),
            style=style,
            newer=newer,
            token=token,
            on_page=lambda answer: seen.append(answer.exchange),
        )
        return View(
            user,
            conversation,
            tuple(messages),
            seen[-1] if seen else None,
            lambda: self.view(user, conversation, newer=newer),
        )

    def view_when(self, user: str, conversation: Conversation, holds: Callable[[View], bool]) -> View:
        """The view as soon as `holds` is true of it, or the last one when patience ends."""
        return wait_until(lambda: self.view(user, conversation), holds, self.session)

    def view_without(self, user: str, conversation: Conversation, messages: Sequence[Message]) -> View:
        """The view as soon as none of `messages` is in it any more, or when patience ends."""
        gone = ids_of(messages)
        return self.view_when(user, conversation, lambda view: not gone & view.ids)

    def _own_token(self, user: str) -> str:
        return self.app.user_token(user, self.session.password)

    def listed(self, user: str) -> set[ListedConversation]:
        """The conversations in `user`'s list now."""
        capabilities = self.session.capabilities
        if capabilities.list_form is None:
            raise SetupFailed("the target has no conversation list that can be read.")
        token = (
            self.app.user_token(user, self.session.password) if capabilities.list_with_user_token else None
        )
        return read_list(self.app, capabilities.list_form, user, token=token)

    def lists_when(self, user: str, expected: Mapping[Conversation, bool]) -> dict[Conversation, bool]:
        """Which of the conversations are in `user`'s list; waits until it is as expected.

        One reading tells all of them: a service may allow but few readings a minute.
        """
        lag = self.session.capabilities.list_lag_s
        if lag:
            self.session.sleep(lag)

        def look() -> dict[Conversation, bool]:
            listed = self.listed(user)
            return {conversation: listed_as(conversation, user) in listed for conversation in expected}

        return wait_until(
            look,
            lambda found: found == expected,
            self.session,
            pause_s=max(lag / 2, 0.25),
            at_least_s=3 * lag,
        )

    def list_when(self, user: str, conversation: Conversation, *, present: bool) -> bool:
        """Whether one conversation is in `user`'s list; waits until it is (or is not, if not `present`)."""
        return self.lists_when(user, {conversation: present})[conversation]

    def device(self, user: str, name: str) -> Device:
        """An online device of `user`; returns when it is online."""
        assert self.session.observer_url
        connect = self.session.connect_device or Device.connect
        device = connect(self.session.observer_url, self.app.key, user, name)
        self._devices.append(device)
        return device

    # --- cleaning

    def close(self) -> None:
        """Take the devices off line and remove groups, rooms and users, in this order.

        Groups that go with their owner, as the documents say, are left to go with them.
        """
        for device in self._devices:
            device.close()
        ledger = self.session.ledger
        present = set(ledger.present())
        explicit = not self.session.capabilities.groups_go_with_owner
        for entry in sorted(self._made, key=lambda entry: entry.kind == "user"):
            if entry not in present:
                continue
            if entry.kind == "user" or explicit or self._owners.get(entry) not in self._made:
                people.remove(self.app, ledger, entry)
        if not explicit:
            for entry, owner in self._owners.items():
                if owner not in set(ledger.present()):
                    ledger.gone(entry)


def _dated(draft: Draft, now_ms: int) -> int:
    return now_ms - (draft.before_now_ms or 0)


def listed_as(conversation: Conversation, user: str) -> ListedConversation:
    """How a conversation stands in `user`'s list."""
    kind = "chat" if conversation.kind == "chat" else "group"
    return ListedConversation(kind, conversation.id_for(user))
