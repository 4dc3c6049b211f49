"""One call and the state of the emulator before it: what conditions look at.

Nothing here rejects: a call that cannot be understood has an empty owner, no IDs or no time.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property

from roamspec.emulator.apps import App
from roamspec.emulator.domain.api_error import ApiError
from roamspec.emulator.domain.deletion import KINDS, DeletionKind
from roamspec.emulator.domain.records import ConversationKey, Group, StoredMessage
from roamspec.emulator.http.request import IncomingRequest
from roamspec.emulator.store.protocol import StoredView
from roamspec.faults.conditions.history import History, PastCall


class Situation:
    """The call that `request` makes in `app`, before anything has come of it."""

    def __init__(self, app: App, request: IncomingRequest, history: History) -> None:
        self.app = app
        self.request = request
        self.kind: DeletionKind = KINDS[request.deletion]
        self.now = request.now
        self._history = history
        self.raw_query = bytes(request.scope.get("query_string", b"")).decode("latin-1")

    # --- the call

    @cached_property
    def query(self) -> dict[str, str]:
        """The query by name, decoded; empty when it is malformed."""
        try:
            return self.request.query
        except ApiError:
            return {}

    @cached_property
    def owner(self) -> str:
        """The user in the path; empty when the path names none."""
        try:
            return self.request.user()
        except ApiError:
            return ""

    @cached_property
    def target(self) -> str:
        """The peer, the group or the chatroom that the call names; empty when it names none."""
        return self.query.get(self.kind.target_parameter, "").strip(" ").lower()

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The message IDs in the order of the call, repeated ones as often as they stand there."""
        items = (item.strip(" ") for item in self.query.get("msgIdList", "").split(","))
        return tuple(item for item in items if item)

    @cached_property
    def until_ms(self) -> int | None:
        """The time at and before which messages go; None for a call by IDs, or without a number."""
        if self.kind.by == "all":
            return self.now
        text = self.query.get("delTime", "").strip(" ")
        return int(text) if self.kind.by == "time" and text.isascii() and text.isdigit() else None

    @property
    def wording(self) -> str:
        """Path and query as they came."""
        return f"{self.request.path}?{self.raw_query}"

    def as_past(self) -> PastCall:
        """What later calls are compared with."""
        return PastCall(
            self.kind.operation, self.owner, self.target, frozenset(self.ids), self.wording, self.now
        )

    # --- the state

    @cached_property
    def view(self) -> StoredView | None:
        """The owner's view of the conversation that the call names."""
        if self.kind.conversation is None:
            return None
        return self.app.store.view(self.owner, ConversationKey(self.kind.conversation, self.target))

    @cached_property
    def all_views(self) -> Sequence[StoredView]:
        """Every conversation of the owner."""
        return self.app.store.views(self.owner)

    @cached_property
    def views(self) -> Sequence[StoredView]:
        """The owner's views that the call is about."""
        if self.kind.conversation is None:
            return self.all_views
        return [self.view] if self.view is not None else []

    @cached_property
    def named(self) -> list[tuple[StoredView, list[StoredMessage]]]:
        """What a conforming service deletes, by view."""
        found: list[tuple[StoredView, list[StoredMessage]]] = []
        for view in self.views:
            if self.kind.by == "ids":
                messages = view.named(dict.fromkeys(self.ids))
            else:
                messages = () if self.until_ms is None else view.through(self.until_ms)
            found.append((view, list(messages)))
        return found

    @cached_property
    def named_messages(self) -> list[StoredMessage]:
        """The messages that the call names, in all views together."""
        return [message for _, messages in self.named for message in messages]

    @cached_property
    def group(self) -> Group | None:
        """The group or chatroom that the call names."""
        return self.app.store.group(self.target) if self.kind.conversation == "group" else None

    @cached_property
    def participants(self) -> frozenset[str]:
        """The others in the conversations that the call is about."""
        names: set[str] = set()
        if self.kind.conversation == "chat":
            names.add(self.target)
        for view in self.views:
            if view.conversation.type == "chat":
                names.add(view.conversation.id)
            else:
                group = self.app.store.group(view.conversation.id)
                names |= set(group.members) if group else set()
        if self.group:
            names |= set(self.group.members)
        return frozenset(names - {self.owner, ""})

    @cached_property
    def past(self) -> Sequence[PastCall]:
        """Earlier calls that concern the owner, the oldest first."""
        return self._history.of(self.owner)

    def holds(self, ids: Iterable[str], *, elsewhere: bool) -> bool:
        """Whether one of the IDs is of the conversation named, or of another one of the owner's."""
        views = [v for v in self.all_views if (v is not self.view) is elsewhere]
        return any(view.get(each) is not None for each in ids for view in views)
