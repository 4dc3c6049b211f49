"""What a target lets us arrange and observe, and how we know."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from roamspec.api.conversation_lists import ListForm
from roamspec.api.messages_api import ConversationKind, PullStyle

MessageSource = Literal["import", "import-now", "send"]
"""How messages get into a conversation: imported with a time of ours, imported with the service's
time, or sent."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """`found` maps each capability to how we know that it is there, `missing` to why it is not.

    `clock_offset_ms` is the service's clock minus ours. `list_lag_s` is how long a conversation took to
    appear in a list.
    """

    found: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    pull_style: PullStyle = field(default_factory=PullStyle)
    message_sources: Mapping[ConversationKind, MessageSource] = field(default_factory=dict)
    message_types: frozenset[str] = frozenset()
    """The types of messages, beside text, that are taken and can be pulled."""
    import_ties: bool = False
    """Whether several messages of one conversation may be imported with the same time."""
    keeps_old_messages: bool = False
    """Whether messages that are imported with a date of months ago can be pulled; known in varied worlds
    alone."""
    list_form: ListForm | None = None
    list_way: MessageSource = "send"
    list_lag_s: float = 0.0
    list_with_user_token: bool = False
    clock_offset_ms: int = 0
    users_lag_s: float = 0.0
    """How long a registered user took to be known."""
    messages_lag_s: float = 0.0
    """How long a message that was sent or imported took to be there."""
    sends_ask_for_ids: bool = False
    time_step_ms: int = 1
    """The steps in which the service counts the times of messages that are sent."""

    def lacking(self, needed: Iterable[str]) -> str:
        """Why the needed capabilities are not all there; empty when they are."""
        return "; ".join(self.missing[name] for name in needed if name in self.missing)
