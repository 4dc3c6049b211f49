"""Puts messages into conversations: imported where the target dates them as asked, and sent elsewhere."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from roamspec.api import messages_api
from roamspec.api.app_client import AppClient
from roamspec.api.message_bodies import TEXT
from roamspec.errors import SetupFailed
from roamspec.session.session import Session
from roamspec.transport.http_messages import Response
from roamspec.world.conversations import Conversation, HistoryView, Message, MessageDraft, ids_of
from roamspec.world.facts import Facts, facts_of

_TIME_STEPS, _MOST_MORE_S = 1.5, 0.05
"""Messages are sent so many steps of the service's clock apart, but not longer than this beyond one step:
the machines that stamp them differ a little."""

ViewWhenThere = Callable[[str, Conversation, Callable[[HistoryView], bool]], HistoryView]
"""The view of a user of a conversation, once it is as the function wants it or patience ends."""


class MessageWriter:
    """Puts messages into conversations of one app, and writes down what was said.

    Raises SetupFailed when the target does not let something be said, or does not show what was said.
    """

    def __init__(
        self, session: Session, app: AppClient, operation: str, view_when_there: ViewWhenThere
    ) -> None:
        """`operation` is the one whose check says something; nothing is written down without one."""
        self._session = session
        self._app = app
        self._operation = operation
        self._facts: Facts | None = facts_of(session) if operation else None
        self._view_when_there = view_when_there

    def seed(
        self,
        conversation: Conversation,
        drafts: Sequence[MessageDraft],
        *,
        live: bool = False,
        now_ms: int | None = None,
        apart: bool = True,
    ) -> list[Message]:
        """The same as `World.seed`."""
        way = self._session.capabilities.message_sources.get(conversation.kind, "send")
        if live:
            way = self._session.capabilities.list_way
        if self._session.variety and now_ms is None:
            dated = way == "import" and conversation.kind != "room"
            drafts = self._session.variety.varied(
                drafts, self._session.capabilities, dated=dated, apart=apart
            )
        now = now_ms if now_ms is not None else self._session.service_now_ms()
        imported: list[Message] = []
        if way == "import" and conversation.kind != "room":
            imported = self._imported(conversation, drafts, now)
            if len(imported) < len(drafts) and now_ms is not None:
                raise SetupFailed("the target does not accept the message times that the check needs.")
            way = "send"
        put: list[Message] = []
        for draft in drafts[len(imported) :]:
            put.append(self._put(conversation, draft, way, now))
            if apart:
                step_s = self._session.capabilities.time_step_ms / 1000
                self._session.sleep(min(_TIME_STEPS * step_s, step_s + _MOST_MORE_S))
        sent = self._with_times(conversation, put) if put else []
        if apart and len({message.time_ms for message in sent}) < len(sent):
            raise SetupFailed("messages sent one after the other have the same time.")
        # Several machines may stamp them, whose clocks differ a little.
        return imported + sorted(sent, key=lambda message: message.time_ms)

    def _imported(
        self, conversation: Conversation, drafts: Sequence[MessageDraft], now: int
    ) -> list[Message]:
        """The drafts as imported messages, up to the first that is rejected: a service may demand that each
        is later than all that were imported before.

        The preflight saw that imported messages are there with the time they were given.
        """
        imported: list[Message] = []
        for draft in drafts:
            sent, answer = self._try_import(conversation, draft, _dated(draft, now))
            if answer.rejected:
                break
            identifier = messages_api.imported_id(answer, _importing(conversation, draft))
            message = Message(identifier, draft.sender, _dated(draft, now), sent)
            imported.append(self._remember(conversation, message, draft, dated=True))
        return imported

    def _remember(
        self,
        conversation: Conversation,
        message: Message,
        draft: MessageDraft,
        *,
        dated: bool = False,
        live: bool = False,
    ) -> Message:
        if self._facts:
            self._facts.say(
                self._app.key, self._operation, conversation, message, draft.text, dated=dated, live=live
            )
        return message

    def send(self, conversation: Conversation, senders: Sequence[str]) -> list[Message]:
        """The same as `World.send`."""
        way, now = self._session.capabilities.list_way, self._session.service_now_ms()
        return [self._put(conversation, MessageDraft(each), way, now) for each in senders]

    def _with_times(self, conversation: Conversation, put: Sequence[Message]) -> list[Message]:
        reader, wanted = conversation.members[0], ids_of(put)
        view = self._view_when_there(reader, conversation, lambda view: wanted <= view.ids)
        if not wanted <= view.ids:
            lost = len(wanted - view.ids)
            raise SetupFailed(f"{lost} of {len(wanted)} messages are missing in the history of {reader}.")
        times = {message.id: message.time_ms for message in view.messages}
        return [replace(message, time_ms=times[message.id]) for message in put]

    def add(self, conversation: Conversation, draft: MessageDraft) -> Message:
        """The same as `World.add_message`."""
        way = self._session.capabilities.message_sources.get(conversation.kind, "send")
        return self._put(conversation, draft, way, self._session.service_now_ms())

    def _put(self, conversation: Conversation, draft: MessageDraft, way: str, now: int) -> Message:
        """The message that was sent or imported, as if its time were `now`."""
        if way == "send" or conversation.kind == "room":
            sent, identifier = self._send(conversation, draft)
            message = Message(identifier, draft.sender, now, sent)
            return self._remember(conversation, message, draft, live=True)
        time_ms = _dated(draft, now) if way == "import" else None
        sent, answer = self._try_import(conversation, draft, time_ms)
        identifier = messages_api.imported_id(answer, _importing(conversation, draft))
        message = Message(identifier, draft.sender, now, sent)
        return self._remember(conversation, message, draft)

    def _type_of(self, draft: MessageDraft) -> str:
        return draft.type if draft.type in self._session.capabilities.message_types else TEXT

    def _send(self, conversation: Conversation, draft: MessageDraft) -> tuple[str, str]:
        """Of which type the message went, and its ID: as text where this kind does not take its type."""
        target, of_type = conversation.id_for(draft.sender), self._type_of(draft)
        while True:
            try:
                identifier = messages_api.send(
                    self._app, conversation.kind, draft.sender, target, draft.text, of_type=of_type
                )
            except SetupFailed:
                if of_type == TEXT:
                    raise
                of_type = TEXT
            else:
                return of_type, identifier

    def _try_import(
        self, conversation: Conversation, draft: MessageDraft, time_ms: int | None
    ) -> tuple[str, Response]:
        """The same for an import, which a service may also reject for its time."""
        target = conversation.id_for(draft.sender)
        for of_type in dict.fromkeys((self._type_of(draft), TEXT)):
            answer = messages_api.try_import(
                self._app, conversation.kind, draft.sender, target, draft.text, time_ms, of_type=of_type
            )
            if not answer.rejected:
                break
        return of_type, answer


def _importing(conversation: Conversation, draft: MessageDraft) -> str:
    return f"importing into the {conversation.kind} {conversation.id_for(draft.sender)}"


def _dated(draft: MessageDraft, now_ms: int) -> int:
    return now_ms - (draft.before_now_ms or 0)
