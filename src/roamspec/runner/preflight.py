"""Before the first check: what does this target let us arrange and observe?

Everything is tried through the public API with users of our own. What does not work is written down
as missing, with the reason; only what no check can do without (a token, users, messages that can be
sent and pulled) stops the run.
"""

import contextlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import product

from roamspec.api import messages_api, provisioning
from roamspec.api.app_client import AppClient
from roamspec.api.message_bodies import OTHER_TYPES, TEXT
from roamspec.api.messages_api import PullStyle
from roamspec.config.required_capabilities import require_asked
from roamspec.errors import SetupFailed, TargetError
from roamspec.runner.list_probe import ListProbe
from roamspec.session.capabilities import MessageSource
from roamspec.session.session import SHORT_TTL_S, Session
from roamspec.transport.ledger import LedgerEntry
from roamspec.world.conversations import Conversation, HistoryView, MessageDraft
from roamspec.world.variety import OLDEST_MS
from roamspec.world.world import World

_FREE_TIME_AGO_MS = 600_000
_SAFELY = 1.3
_MORE_SAFELY = 2.0
"""What differs from one user to the next was seen of three of them."""
_LONGEST_USERS_LAG_S = 3.0
_PAUSE_S = 0.1
_STEP_PAUSES_S = (0.001, 0.003, 0.004)
"""No two of the moments that are this far apart are a multiple of ten milliseconds apart."""
_TIME_STEPS_MS = (1000, 500, 200, 100, 50, 20, 10, 1)
_FIRST_CURSORS: tuple[int | str | None, ...] = (-1, "", None)
_PULL_STYLES = [
    PullStyle(cursor, size, own) for own, cursor, size in product((False, True), _FIRST_CURSORS, (50, 20, 10))
]


class Preflight:
    """Finds the capabilities of a session's target, one probe after the other."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._found: dict[str, str] = {}
        self._missing: dict[str, str] = {}

    def run(self) -> None:
        """Fill `session.capabilities`; TargetError when nothing can be tested here, or when something that
        was asked for does not work."""
        session = self._session
        session.main.token()
        world = World(session)
        try:
            self._probe_everything(world)
        finally:
            world.close()
        session.capabilities = replace(session.capabilities, found=self._found, missing=self._missing)
        require_asked(session.asked, self._missing)

    def _probe_everything(self, world: World) -> None:
        one, two, three = world.users(3)
        self._users(world, (one, two, three))
        chat = world.chat(one, two)
        sent_at, said_at = self._session.wall(), self._session.clock()
        message = self._first_message(world.app, one, two)
        self._pulling(world, chat, message, sent_at)
        group = world.group(one, two, three)
        self._ways(world, world.chat(one, three), group)
        self._message_types(world, world.chat(two, three))
        if self._session.variety:
            self._old_messages(world, group)
        self._rooms(world, one, two)
        lists = ListProbe(self._session, world)
        if known := lists.find(one, chat, world.chat(one, three), said_at):
            self._found["lists"] = known
        else:
            self._lacks("lists", lists.reason)
        self._user_tokens(world, one)
        self._devices(world, one)
        self._short_tokens()
        self._further_apps()
        self._time_step(world, one, two)
        self._groups_of_the_removed(world, one, group)
        session = self._session
        lag = _SAFELY * session.arrival_patience.lag_s
        session.capabilities = replace(session.capabilities, messages_lag_s=lag)
        session.client.messages_lag_s = lag

    def _first_message(self, app: AppClient, one: str, two: str) -> str:
        try:
            return messages_api.send(app, "chat", one, two, "hello")
        except SetupFailed:
            app.asks_for_ids = True
            identifier = messages_api.send(app, "chat", one, two, "hello")
            self._session.capabilities = replace(self._session.capabilities, sends_ask_for_ids=True)
            if self._session.neighbour:
                self._session.neighbour.asks_for_ids = True
            return identifier

    def _users(self, world: World, users: Sequence[str]) -> None:
        """Some services take a while to know everywhere whom they registered, for one longer than another."""
        session, began, lag = self._session, self._session.clock(), 0.0
        for user in users:
            while not provisioning.is_known(world.app, user):
                if session.clock() - began > _LONGEST_USERS_LAG_S:
                    return  # not one that can be looked up
                session.sleep(_PAUSE_S)
                lag = session.clock() - began
        if lag > _PAUSE_S:
            session.capabilities = replace(session.capabilities, users_lag_s=_MORE_SAFELY * lag)
            session.notes.append(f"A registered user took {lag:.1f} s to be known.")

    def _time_step(self, world: World, one: str, two: str) -> None:
        """Some services keep whole seconds, or another multiple of milliseconds: a few messages tell.

        They are sent a few milliseconds apart, because one time alone is a multiple of ten by chance.
        """
        chat, said = world.chat(one, two), []
        for pause_s in _STEP_PAUSES_S:
            self._session.sleep(pause_s)
            said += world.send(chat, [one])
        view = world.view_when_there(one, chat, _shows(message.id for message in said))
        times = [message.time_ms for message in view.messages]
        self._session.capabilities = replace(self._session.capabilities, time_step_ms=_step(times))

    def _groups_of_the_removed(self, world: World, owner: str, group: Conversation) -> None:
        """The documents say that a user's groups are removed with the user; then that saves calls."""
        session = self._session
        if provisioning.group_is_removed(world.app, group.group_id):
            return  # the service does not tell of groups, so it cannot tell that one was removed
        provisioning.remove(world.app, session.ledger, LedgerEntry(world.app.key, "user", owner))
        if provisioning.group_is_removed(world.app, group.group_id):
            session.ledger.removes_owned = True
            session.ledger.removed(LedgerEntry(world.app.key, "group", group.group_id))

    def _attempt(self, name: str, probe: Callable[[], str]) -> bool:
        """Run one probe: what it returns is how we know; a target's error response is why it is missing."""
        try:
            self._found[name] = probe()
        except TargetError as error:
            self._missing[name] = f"{name}: {error}"
        return name in self._found

    def _lacks(self, name: str, reason: str) -> None:
        self._found.pop(name, None)
        self._missing[name] = f"{name}: {reason}"

    def _pulling(self, world: World, chat: Conversation, message: str, sent_at: float) -> None:
        session = self._session
        reasons: list[str] = []
        for style in _PULL_STYLES:
            session.capabilities = replace(session.capabilities, pull_style=style)
            try:
                view = world.view_when_there(
                    chat.members[0], chat, lambda view: any(m.id == message for m in view.messages)
                )
            except TargetError as error:
                reasons.append(str(error))
                continue
            times = [m.time_ms for m in view.messages if m.id == message]
            if not times:
                reasons.append("a history query of the sender does not return a message that was sent.")
                continue
            whose = "the user's own token" if style.with_user_token else "the app token"
            self._found["pull"] = f"a history query returned a sent message, with {whose}"
            session.capabilities = replace(
                session.capabilities, clock_offset_ms=times[0] - int(sent_at * 1000)
            )
            return
        raise SetupFailed(f"history queries return no messages, so nothing can be judged: {reasons[0]}")

    def _ways(self, world: World, chat: Conversation, group: Conversation) -> None:
        ways = {conversation.kind: self._way(world, conversation) for conversation in (chat, group)}
        self._session.capabilities = replace(self._session.capabilities, message_sources=ways)
        if all(way == "import" for way in ways.values()):
            self._ties(world, group)
        if "send" in ways.values():
            self._lacks("import", "messages cannot be imported into every kind of conversation")
        if any(way != "import" for way in ways.values()):
            self._lacks("import-free-time", "imported messages cannot be dated freely")

    def _way(self, world: World, conversation: Conversation) -> MessageSource:
        """The best way to get messages into this kind of conversation."""
        dated = self._session.service_now_ms() - _FREE_TIME_AGO_MS
        for way, time_ms in (("import", dated), ("import-now", None)):
            # The second message is a millisecond after the first, as messages around a boundary are.
            times = [time_ms, time_ms + 1] if time_ms is not None else [None, None]
            try:
                ids = [self._import(world, conversation, each) for each in times]
                view = world.view_when_there(conversation.members[0], conversation, _shows(ids))
            except TargetError as error:
                self._missing.setdefault("import", f"import: {error}")
                continue
            found = {m.id: m.time_ms for m in view.messages}
            if way == "import-now" and _step(found.get(i, 0) for i in ids) > 1:
                continue  # coarser than what messages that are sent may have
            if all(i in found and (t is None or found[i] == t) for i, t in zip(ids, times, strict=True)):
                self._found["import"] = "a history query returned imported messages"
                if way == "import":
                    self._found["import-free-time"] = "imported messages have the time that they were given"
                return "import" if way == "import" else "import-now"
        return "send"

    def _message_types(self, world: World, chat: Conversation) -> None:
        """Which documented types of messages are there when a text that comes after them is."""
        session = self._session
        hoped = frozenset(OTHER_TYPES)
        session.capabilities = replace(session.capabilities, message_types=hoped)
        drafts = [
            MessageDraft(chat.members[0], _FREE_TIME_AGO_MS - place, each)
            for place, each in enumerate((*OTHER_TYPES, TEXT))
        ]
        taken: frozenset[str] = frozenset()
        with contextlib.suppress(TargetError):
            put = [world.add_message(chat, each) for each in drafts]
            view = world.view_when_there(chat.members[0], chat, _shows([put[-1].id]))
            taken = hoped & {message.type for message in put if message.id in view.ids}
        session.capabilities = replace(session.capabilities, message_types=taken)

    def _ties(self, world: World, conversation: Conversation) -> None:
        reader = conversation.members[0]
        with contextlib.suppress(TargetError):
            # What was there a moment ago may not be, where another machine answers that lags behind.
            there = world.view_when_there(reader, conversation, lambda view: bool(view.messages)).messages
            if not there:
                return
            latest = max(message.time_ms for message in there)
            tied = self._import(world, conversation, latest)
            view = world.view_when_there(reader, conversation, _shows([tied]))
            kept = any(message.id == tied and message.time_ms == latest for message in view.messages)
            self._session.capabilities = replace(self._session.capabilities, import_ties=kept)

    @staticmethod
    def _import(world: World, conversation: Conversation, time_ms: int | None) -> str:
        sender, kind = conversation.members[0], conversation.kind
        target = conversation.id_for(sender)
        answer = messages_api.try_import(world.app, kind, sender, target, "hello", time_ms)
        return messages_api.imported_id(answer, f"importing into a {kind}")

    def _old_messages(self, world: World, group: Conversation) -> None:
        """Whether messages may be months old: plans differ in how long messages are kept."""
        session, reader = self._session, group.members[0]
        if any(session.capabilities.message_sources.get(kind) != "import" for kind in ("chat", "group")):
            return
        with contextlib.suppress(TargetError):
            time_ms = session.service_now_ms() - OLDEST_MS - _FREE_TIME_AGO_MS
            old = self._import(world, group, time_ms)
            view = world.view_when_there(reader, group, _shows([old]))
            kept = any(message.id == old and message.time_ms == time_ms for message in view.messages)
            session.capabilities = replace(session.capabilities, keeps_old_messages=kept)

    def _rooms(self, world: World, owner: str, member: str) -> None:
        def probe() -> str:
            room = world.room(owner, member)
            sent = messages_api.send(world.app, "room", owner, room.group_id, "hello")
            view = world.view_when_there(member, room, lambda view: sent in view.ids)
            if sent not in view.ids:
                raise SetupFailed("history queries of members return no messages of a chatroom")
            return "a history query of a member returned a message of a chatroom"

        self._attempt("chatroom", probe)

    def _user_tokens(self, world: World, user: str) -> None:
        def probe() -> str:
            world.app.user_token(user, self._session.password)
            return "a user's own token was granted"

        self._attempt("user-tokens", probe)

    def _devices(self, world: World, user: str) -> None:
        if self._session.observer_url is None:
            self._lacks("devices", "no observer of online devices is given (--observer-url)")
            return

        def probe() -> str:
            world.device(user, "preflight")
            return "a device came online through the observer"

        self._attempt("devices", probe)

    def _short_tokens(self) -> None:
        if not self._session.main.can_request_tokens:
            self._lacks(
                "short-lived-tokens", "no client ID and secret are given, which are needed to request a token"
            )
            return

        def probe() -> str:
            grant = self._session.prepare_short_token()
            # Zero is how the token page says "never".
            if not grant.expires_in or grant.expires_in > 5 * SHORT_TTL_S:
                raise SetupFailed("tokens cannot be requested for a short time")
            return f"a token for {grant.expires_in:g} s was granted"

        self._attempt("short-lived-tokens", probe)

    def _further_apps(self) -> None:
        for name, app in (("neighbour", self._session.neighbour), ("closed", self._session.closed)):
            self._further_app(f"{name}-app", app)

    def _further_app(self, name: str, app: AppClient | None) -> None:
        if app is None:
            self._lacks(name, f"not given (--{name})")
            return

        def probe() -> str:
            app.token()
            return f"{app.key} gives a token"

        self._attempt(name, probe)


def _step(times_ms: Iterable[int]) -> int:
    """The largest of the steps that the times may be counted in."""
    times = list(times_ms)
    return next(step for step in _TIME_STEPS_MS if all(time_ms % step == 0 for time_ms in times))


def _shows(ids: Iterable[str]) -> Callable[[HistoryView], bool]:
    wanted = frozenset(ids)
    return lambda view: wanted <= view.ids
