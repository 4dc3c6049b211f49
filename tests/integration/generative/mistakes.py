"""The emulator with mistakes that a sequence must find; run as a program it takes the emulator's options.

Each is a fault named `<operation>.sequence.<mistake>`, beside those that the emulator has itself.
"""

import sys
from collections import defaultdict

from roamspec.emulator.__main__ import main
from roamspec.emulator.domain import delivery
from roamspec.emulator.domain.context import Context
from roamspec.emulator.domain.deletion import Deletion
from roamspec.emulator.domain.records import Conversation, Message
from roamspec.emulator.domain.views import view_of, views_of
from roamspec.emulator.faults.registry import BY_TIME, EVERY, ONE_CONVERSATION, Step, fault


@fault("sequence.nothing", at="apply", operations=EVERY, refutes=(), sentence="Nothing goes.")
def nothing(step: Step) -> Step:  # noqa: ARG001 - the sound step is what is left out
    def apply(deletion: Deletion) -> None:
        deletion.chosen = []

    return apply


@fault(
    "sequence.everything",
    at="select",
    operations=ONE_CONVERSATION,
    refutes=(),
    sentence="All conversations of the owner go.",
)
def everything(step: Step) -> Step:
    def select(deletion: Deletion) -> None:
        step(deletion)
        if any(messages for _, messages in deletion.chosen):
            deletion.chosen = [(view, list(view)) for view in views_of(deletion.context, deletion.owner)]

    return select


@fault(
    "sequence.newer-too",
    at="select",
    operations=BY_TIME,
    refutes=(),
    sentence="What came after delTime goes too.",
)
def newer_too(step: Step) -> Step:
    def select(deletion: Deletion) -> None:
        step(deletion)
        deletion.chosen = [(view, list(view) if messages else []) for view, messages in deletion.chosen]

    return select


@fault(
    "sequence.wrong-conversation",
    at="resolve",
    operations=ONE_CONVERSATION,
    refutes=(),
    sentence="The owner's other conversations go in place of the one that is named.",
)
def wrong_conversation(step: Step) -> Step:
    def resolve(deletion: Deletion) -> None:
        step(deletion)
        every = views_of(deletion.context, deletion.owner)
        deletion.views = [view for view in every if view not in deletion.views]

    return resolve


@fault("sequence.stays-listed", at="apply", operations=EVERY, refutes=(), sentence="It stays in the list.")
def stays_listed(step: Step) -> Step:
    def apply(deletion: Deletion) -> None:
        listed = [view.conversation for view, _ in deletion.chosen if view.listed]
        step(deletion)
        for conversation in listed:
            deletion.context.store.open_view(deletion.owner, conversation).listed = True

    return apply


@fault(
    "sequence.one-millisecond-later",
    at="select",
    operations=BY_TIME,
    refutes=(),
    sentence="The boundary is one millisecond late.",
)
def one_millisecond_later(step: Step) -> Step:
    def select(deletion: Deletion) -> None:
        deletion.time_ms += 1
        step(deletion)

    return select


@fault(
    "sequence.one-millisecond-earlier",
    at="select",
    operations=BY_TIME,
    refutes=(),
    sentence="The boundary is one millisecond early.",
)
def one_millisecond_earlier(step: Step) -> Step:
    def select(deletion: Deletion) -> None:
        deletion.time_ms -= 1
        step(deletion)

    return select


_RETURNING: dict[tuple[str, Conversation], list[Message]] = defaultdict(list)


@fault("sequence.comes-back", at="apply", operations=EVERY, refutes=(), sentence="It comes back.")
def comes_back(step: Step) -> Step:
    def apply(deletion: Deletion) -> None:
        for view, messages in deletion.chosen:
            _RETURNING[deletion.owner, view.conversation] += messages
        step(deletion)

    return apply


_delivered = delivery.deliver


def _deliver(context: Context, message: Message, owner: str, conversation: Conversation) -> None:
    _delivered(context, message, owner, conversation)
    view = view_of(context, owner, conversation)
    for returning in _RETURNING.pop((owner, conversation), []):
        if view is not None:
            view.add(returning)


delivery.deliver = _deliver

if __name__ == "__main__":
    sys.exit(main())
