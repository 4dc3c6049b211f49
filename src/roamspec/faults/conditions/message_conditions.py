"""Conditions on the messages that the call deletes, and on those beside them."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from roamspec.faults.conditions.situation import Situation
from roamspec.faults.conditions.vocabulary import BY_IDS, EVERY, ONE_CONVERSATION, amount, choice, flag

_LONG: Final = 200
_TYPES: Final = {
    "text": "txt",
    "image": "img",
    "audio": "audio",
    "video": "video",
    "file": "file",
    "location": "loc",
    "command": "cmd",
    "custom": "custom",
}


@amount("age", EVERY, "How old one of the deleted messages is.", (">7d", ">90d", "<1m"), span=True)
def _age(situation: Situation) -> Iterable[int]:
    return (situation.now - message.time_ms for message in situation.named_messages)


@amount("messages", EVERY, "How many messages one conversation holds that the call is about.", ("=1", ">20"))
def _messages(situation: Situation) -> Iterable[int]:
    return (len(view) for view in situation.views)


@amount("deleted", EVERY, "How many messages the call deletes.", ("=1", ">2", ">10"))
def _deleted(situation: Situation) -> Iterable[int]:
    return (len(situation.named_messages),)


@choice("type", dict.fromkeys(_TYPES, EVERY), "The type of one of the deleted messages.")
def _type(situation: Situation, value: str) -> bool:
    return any(message.type == _TYPES[value] for message in situation.named_messages)


@flag("long-text", EVERY, f"One of the deleted messages has more than {_LONG} characters.")
def _long_text(situation: Situation) -> bool:
    return any(len(message.text) > _LONG for message in situation.named_messages)


@flag("same-text", EVERY, "Two messages of a conversation that the call is about have the same text.")
def _same_text(situation: Situation) -> bool:
    return any(
        max(Counter(m.text for m in view if m.type == "txt").values(), default=0) > 1
        for view in situation.views
    )


@flag("same-time", EVERY, "Two messages of a conversation that the call is about have the same time.")
def _same_time(situation: Situation) -> bool:
    return any(max(Counter(m.time_ms for m in view).values(), default=0) > 1 for view in situation.views)


@choice("sent-by", dict.fromkeys(("owner", "others", "both"), EVERY), "Who sent the deleted messages.")
def _sent_by(situation: Situation, value: str) -> bool:
    own = {message.sender == situation.owner for message in situation.named_messages}
    return own == {"owner": {True}, "others": {False}}.get(value, {True, False})


@choice(
    "newest-by",
    dict.fromkeys(("owner", "others"), EVERY),
    "Who sent the newest message of a conversation that the call is about.",
)
def _newest_by(situation: Situation, value: str) -> bool:
    newest = [message for view in situation.views if (message := view.newest()) is not None]
    return any((message.sender == situation.owner) is (value == "owner") for message in newest)


@choice(
    "oldest-by",
    dict.fromkeys(("owner", "others"), EVERY),
    "Who sent the oldest message of a conversation that the call is about.",
)
def _oldest_by(situation: Situation, value: str) -> bool:
    oldest = [message for view in situation.views if (message := next(iter(view), None)) is not None]
    return any((message.sender == situation.owner) is (value == "owner") for message in oldest)


@flag("empties", EVERY, "The last message of a conversation is deleted.")
def _empties(situation: Situation) -> bool:
    return any(len(messages) == len(view) for view, messages in situation.named)


@flag("leaves-some", ONE_CONVERSATION, "Some messages of a conversation are deleted, others are retained.")
def _leaves_some(situation: Situation) -> bool:
    return any(0 < len(messages) < len(view) for view, messages in situation.named)


@flag("newest-deleted", BY_IDS, "The newest message of the conversation is deleted.")
def _newest_deleted(situation: Situation) -> bool:
    return any(view.newest() in messages for view, messages in situation.named)


@flag("oldest-deleted", BY_IDS, "The oldest message of the conversation is deleted.")
def _oldest_deleted(situation: Situation) -> bool:
    return any(next(iter(view), None) in messages for view, messages in situation.named)
