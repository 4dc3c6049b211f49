"""Conditions on what was called before, and on what happened since."""

from typing import Final

from roamspec.emulator.domain.deletion import KINDS
from roamspec.faults.conditions.situation import Situation
from roamspec.faults.conditions.vocabulary import EVERY, ONE_CONVERSATION, choice, flag

_KINDS: Final = {"ids": "ids", "time": "time", "all": "all"}


@flag("first-call", EVERY, "No call concerned the owner before.")
def _first(situation: Situation) -> bool:
    return not situation.past


@flag("second-call", EVERY, "A call of the same operation concerned the owner before.")
def _second(situation: Situation) -> bool:
    return any(call.operation == situation.kind.operation for call in situation.past)


@flag("same-call-again", EVERY, "An identical call was accepted before.")
def _again(situation: Situation) -> bool:
    return any(call.accepted and call.wording == situation.wording for call in situation.past)


@flag("after-refusal", EVERY, "The last call that concerned the owner was rejected.")
def _after_refusal(situation: Situation) -> bool:
    return bool(situation.past) and not situation.past[-1].accepted


@choice(
    "after",
    dict.fromkeys(_KINDS, EVERY),
    "What the last call for the owner deleted by, if it was of another operation: IDs, a time, or all.",
)
def _after(situation: Situation, value: str) -> bool:
    last = situation.past[-1] if situation.past else None
    if last is None or last.operation == situation.kind.operation:
        return False
    return KINDS[last.operation].by == _KINDS[value]


@flag(
    "message-since",
    ONE_CONVERSATION,
    "The conversation received a message after the owner's last call about it.",
)
def _since(situation: Situation) -> bool:
    calls = [call.at_ms for call in situation.past if call.target == situation.target]
    newest = situation.view.newest() if situation.view else None
    return bool(calls) and newest is not None and newest.time_ms >= calls[-1]
