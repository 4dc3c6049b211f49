"""The operation under test, spoken to in the same words whichever of the five it is."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Unpack
from urllib.parse import unquote

from roamspec.api.app_client import AppClient
from roamspec.api.deletions import CallForm, Query, deletion, id_list
from roamspec.api.messages_api import ConversationKind
from roamspec.contract.operations import Operation
from roamspec.suite.call_records import record
from roamspec.transport.http_messages import Request, Response
from roamspec.world.conversations import Conversation, Message
from roamspec.world.facts import Facts


@dataclass(frozen=True, slots=True)
class OperationUnderTest:
    """One of the five operations.

    What a call names is said in messages: the operations by ID name them one by one, those by time
    name everything up to the latest of them, and clearing names everything.
    """

    operation: Operation
    facts: Facts | None = field(default=None, compare=False)
    """Where calls are written down, if anywhere."""

    @property
    def by_id(self) -> bool:
        """Whether the operation lists message IDs (`msgIdList`)."""
        return self._has("msgIdList")

    @property
    def by_time(self) -> bool:
        """Whether the operation takes a time (`delTime`)."""
        return self._has("delTime")

    @property
    def notifies(self) -> bool:
        """Whether the operation documents `isNotify`."""
        return self._has("isNotify")

    @property
    def kind(self) -> ConversationKind:
        """The kind of conversation it names (any for clearing; a one-to-one one is as good)."""
        return "group" if self._has("groupId") else "chat"

    @property
    def conversation_parameter(self) -> str:
        """The query parameter that names the conversation; empty for clearing."""
        return "groupId" if self._has("groupId") else "userId" if self._names_conversation else ""

    @property
    def selection_parameter(self) -> str:
        """The query parameter that says what goes; empty for clearing."""
        return "msgIdList" if self.by_id else "delTime" if self.by_time else ""

    @property
    def _names_conversation(self) -> bool:
        return any(p.name == "userId" and p.location == "query" for p in self.operation.parameters)

    def _has(self, name: str) -> bool:
        return any(p.name == name and p.location == "query" for p in self.operation.parameters)

    def query(
        self,
        owner: str,
        conversation: Conversation,
        messages: Sequence[Message],
        *,
        notify: str | None = None,
        until_ms: int | None = None,
    ) -> Query:
        """The query that names `messages` of `conversation`, in the documentation's order of parameters.

        `until_ms` is the time that an operation by time names; the latest of the messages if None.
        """
        if not self.conversation_parameter:
            return ()
        pairs = [(self.conversation_parameter, conversation.id_for(owner))]
        if self.by_id:
            pairs.append(("msgIdList", id_list(message.id for message in messages)))
        else:
            latest = max(message.time_ms for message in messages)
            pairs.append(("delTime", str(latest if until_ms is None else until_ms)))
        if notify is not None:
            pairs.append(("isNotify", notify))
        return pairs

    def call(
        self,
        app: AppClient,
        owner: str,
        query: Query = (),
        *,
        token: str | None = None,
        anonymous: bool = False,
        **form: Unpack[CallForm],
    ) -> Response:
        """Send one call, as the documentation writes it or in another `form`.

        The app token goes along unless another `token` is given or the call is `anonymous`.
        """

        def build(bearer: str | None) -> Request:
            return deletion(self.operation, app.key, owner, query, token=bearer, **form)

        if anonymous or token:
            answer = app.client.send(build(None if anonymous else token))
        else:
            answer = app.call_operation(owner, build)
        if self.facts is not None:
            plain = [(name, unquote(value)) for name, value in query] if form.get("raw") else query
            usual = not (anonymous or token or form.get("method"))
            record(self.facts, self.operation, app.key, owner, plain, answer, usual=usual)
        return answer
