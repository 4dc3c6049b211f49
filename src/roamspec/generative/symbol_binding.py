"""From symbols to what stands on the wire."""

from collections.abc import Mapping

from roamspec.api.deletions import Query, id_list
from roamspec.contract.limits import most_message_ids
from roamspec.generative import flaws
from roamspec.generative.call_sequence import MISSING, NO_NUMBER, TOO_MANY, UNKNOWN, DeleteStep
from roamspec.suite.operation_under_test import OperationUnderTest
from roamspec.world.conversations import Conversation

UNKNOWN_ID = "1"
_FAR_TOO_MANY = 200
_TIMES = {NO_NUMBER: "yesterday", flaws.NEGATIVE: "-1", flaws.NO_TIME: ""}
_LISTS = {flaws.NO_IDS: "", flaws.WORDS_AS_IDS: "one,two"}


def query_of(
    subject: OperationUnderTest,
    step: DeleteStep,
    conversation: Conversation | None,
    names: Mapping[str, str],
    ids: Mapping[str, str],
    times: Mapping[str, int],
    nowhere: str = "",
) -> Query:
    """The query of a step: `names` of users, `ids` and `times` (Unix milliseconds) of messages by symbol.

    `nowhere` is a user or a group that does not exist."""
    if step.flaw == flaws.NO_PARAMETERS:
        return []
    pairs: list[tuple[str, str]] = []
    if conversation is not None:
        known = _named(conversation, names[step.owner])
        pairs.append(
            (subject.conversation_parameter, known if step.flaw != flaws.UNKNOWN_TARGET else nowhere)
        )
    if step.picks:
        pairs.append(("msgIdList", _LISTS.get(step.flaw, id_list(_ids(step, ids)))))
    if step.around:
        time = str(times[step.around] + step.offset_ms)
        pairs.append(("delTime", _TIMES.get(step.flaw, time)))
    if step.notify != "absent":
        pairs.append(("isNotify", step.notify))
    if "reordered" in step.forms:
        pairs.reverse()
    return [(name, value) for name, value in pairs if step.flaw != f"{MISSING}{name}"]


def _named(conversation: Conversation, owner: str) -> str:
    """The conversation as the owner names it; who is no member of a chat names its first one."""
    if conversation.kind == "chat" and owner not in conversation.members:
        return conversation.members[0]
    return conversation.id_for(owner)


def _ids(step: DeleteStep, ids: Mapping[str, str]) -> list[str]:
    # Small numbers are IDs that no message has: real ones count the seconds in their upper half.
    named = [ids[label] if label != UNKNOWN else UNKNOWN_ID for label in step.picks]
    if "reversed" in step.forms:
        named.reverse()
    if "repeated" in step.forms:
        named.append(named[0])
    if step.flaw == flaws.HUGE_ID:
        return [f"{each}{'9' * 26}" for each in named]
    count = {TOO_MANY: most_message_ids() + 1, flaws.FAR_TOO_MANY: _FAR_TOO_MANY}.get(step.flaw, 0)
    named += [str(number) for number in range(2, count + 2 - len(named))]
    return named
