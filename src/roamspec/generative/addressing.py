"""From symbols to what stands on the wire."""

from collections.abc import Mapping

from roamspec.client.deletions import Query, id_list
from roamspec.contract.limits import most_message_ids
from roamspec.generative.program import MISSING, NO_NUMBER, TOO_MANY, UNKNOWN, Delete
from roamspec.suite.subject import Subject
from roamspec.world.conversations import Conversation

_NO_NUMBER = "yesterday"


def query_of(
    subject: Subject,
    step: Delete,
    conversation: Conversation | None,
    names: Mapping[str, str],
    ids: Mapping[str, str],
    times: Mapping[str, int],
) -> Query:
    """The query of a step: `names` of users, `ids` and `times` (Unix milliseconds) of messages by symbol."""
    pairs: list[tuple[str, str]] = []
    if conversation is not None:
        pairs.append((subject.conversation_parameter, _named(conversation, names[step.owner])))
    if step.picks:
        pairs.append(("msgIdList", id_list(_ids(step, ids))))
    if step.around:
        time = str(times[step.around] + step.offset_ms)
        pairs.append(("delTime", _NO_NUMBER if step.flaw == NO_NUMBER else time))
    if step.notify != "absent":
        pairs.append(("isNotify", step.notify))
    return [(name, value) for name, value in pairs if step.flaw != f"{MISSING}{name}"]


def _named(conversation: Conversation, owner: str) -> str:
    """The conversation as the owner names it; who is no member of a chat names its first one."""
    if conversation.kind == "chat" and owner not in conversation.members:
        return conversation.members[0]
    return conversation.id_for(owner)


def _ids(step: Delete, ids: Mapping[str, str]) -> list[str]:
    # Small numbers are IDs that no message has: real ones count the seconds in their upper half.
    named = [ids[label] if label != UNKNOWN else "1" for label in step.picks]
    if step.flaw == TOO_MANY:
        named += [str(number) for number in range(2, most_message_ids() + 3 - len(named))]
    return named
