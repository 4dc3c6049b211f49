"""Faults of several calls: repeated, one after the other, and at the same time."""

from collections.abc import Sequence
from typing import Any, Final

from roamspec.emulator.domain.deletion import Deletion
from roamspec.emulator.domain.records import ConversationKey, StoredMessage
from roamspec.emulator.domain.views import note_change
from roamspec.emulator.http.request import IncomingRequest
from roamspec.faults.registry import BY_IDS, BY_TIME, EVERY, ONE_CONVERSATION, Step, fault
from roamspec.faults.side_effects import in_the_conversation
from roamspec.faults.step_mutators import crash


@fault(
    "effect.repetition-crashes",
    at="apply",
    operations=EVERY,
    refutes=("effect.same-call-twice-no-server-error",),
    sentence="The same call a second time crashes.",
)
def repetition_crashes(step: Step) -> Step:
    seen: set[object] = set()

    def apply(deletion: Deletion) -> None:
        call = (
            deletion.owner,
            deletion.target,
            tuple(deletion.ids),
            deletion.kind.by != "all" and deletion.time_ms,
        )
        if call in seen and (deletion.kind.by != "all" or not any(found for _, found in deletion.chosen)):
            raise crash()
        seen.add(call)
        step(deletion)

    return apply


@fault(
    "effect.repeated-request-crashes",
    at="parse",
    operations=ONE_CONVERSATION,
    refutes=("effect.same-call-twice-no-server-error",),
    sentence="The very same request a second time, isNotify included, crashes.",
)
def repeated_request_crashes(step: Step) -> Step:
    seen: set[object] = set()

    def parse(request: IncomingRequest) -> Deletion:
        deletion: Deletion = step(request)
        call = (deletion.owner, *sorted(request.query.items()))
        if call in seen:
            raise crash()
        seen.add(call)
        return deletion

    return parse


@fault(
    "effect.repetition-passed-over",
    at="apply",
    operations=BY_TIME,
    refutes=("effect.messages-gone",),
    sentence="The same call a second time is answered like the first, and has no effect.",
)
def repetition_passed_over(step: Step) -> Step:
    seen: set[object] = set()

    def apply(deletion: Deletion) -> None:
        call = (deletion.owner, deletion.target, deletion.time_ms)
        if call not in seen:
            step(deletion)
        seen.add(call)

    return apply


@fault(
    "effect.repetition-clears-more",
    at="apply",
    operations=ONE_CONVERSATION,
    refutes=("effect.same-call-twice-harmless",),
    sentence="The same call a second time clears the conversation.",
)
def repetition_clears_more(step: Step) -> Step:
    seen: set[object] = set()

    def apply(deletion: Deletion) -> None:
        call = (deletion.owner, deletion.target, tuple(deletion.ids), deletion.time_ms)
        step(deletion)
        if call in seen:
            in_the_conversation(deletion)
        seen.add(call)

    return apply


@fault(
    "effect.repetition-brings-back",
    at="apply",
    operations=("clearUser",),
    refutes=("effect.same-call-twice-harmless",),
    sentence="The same call a second time restores what the first one deleted.",
)
def repetition_brings_back(step: Step) -> Step:
    deleted: dict[str, list[tuple[ConversationKey, Sequence[StoredMessage]]]] = {}

    def apply(deletion: Deletion) -> None:
        found: list[tuple[ConversationKey, Sequence[StoredMessage]]] = [
            (view.conversation, list(messages)) for view, messages in deletion.chosen if messages
        ]
        step(deletion)
        if found:
            deleted[deletion.owner] = found
            return
        for conversation, messages in deleted.pop(deletion.owner, ()):
            restore(deletion, conversation, messages)

    return apply


@fault(
    "effect.earlier-call-undone",
    at="apply",
    operations=BY_IDS,
    refutes=("effect.two-calls-add-up", "list.several-calls-add-up"),
    sentence="A call replaces the list of deleted IDs: what the previous call deleted is restored.",
)
def earlier_call_undone(step: Step) -> Step:
    last: dict[tuple[str, ConversationKey], Sequence[StoredMessage]] = {}

    def apply(deletion: Deletion) -> None:
        step(deletion)
        for view, found in deletion.chosen:
            key = (deletion.owner, view.conversation)
            restore(deletion, view.conversation, last.get(key, ()))
            last[key] = list(found)

    return apply


def restore(deletion: Deletion, conversation: ConversationKey, messages: Sequence[StoredMessage]) -> None:
    """Put messages back into the owner's view, as if they had never been deleted."""
    if messages:
        view = deletion.context.store.open_view(deletion.owner, conversation)
        for message in messages:
            view.add(message)
        view.listed = view.listed or any(message.enters_lists for message in messages)
        note_change(deletion.context, deletion.owner, conversation)


@fault(
    "effect.second-call-ignored",
    at="apply",
    operations=BY_IDS,
    refutes=("effect.two-calls-add-up", "list.several-calls-add-up"),
    sentence="After one deletion in a conversation, further deletions in it have no effect.",
)
def second_call_ignored(step: Step) -> Step:
    touched: set[tuple[str, ConversationKey]] = set()

    def apply(deletion: Deletion) -> None:
        deletion.chosen = [
            (view, found)
            for view, found in deletion.chosen
            if found and (deletion.owner, view.conversation) not in touched
        ]
        touched.update((deletion.owner, view.conversation) for view, _ in deletion.chosen)
        step(deletion)

    return apply


_TOGETHER_MS: Final = 150


@fault(
    "effect.concurrent-call-takes-more",
    at="answer",
    operations=ONE_CONVERSATION,
    refutes=("effect.concurrent-calls-delete-nothing-else",),
    sentence="A concurrent call clears the conversation.",
)
def concurrent_call_takes_more(step: Step) -> Step:
    latest: dict[str, tuple[int, object]] = {}

    def answer(request: IncomingRequest, deletion: Deletion) -> Any:
        before = latest.get(deletion.owner)
        latest[deletion.owner] = (request.now, request.scope["client"])
        if before and request.now - before[0] < _TOGETHER_MS and before[1] != request.scope["client"]:
            in_the_conversation(deletion)
        return step(request, deletion)

    return answer


@fault(
    "effect.concurrent-call-undone",
    at="answer",
    operations=EVERY,
    refutes=("effect.concurrent-calls-all-count",),
    sentence="Of two concurrent calls, one overwrites the effect of the other.",
)
def concurrent_call_undone(step: Step) -> Step:
    # By owner: when, over which connection, and what the last calls deleted.
    done: dict[str, list[tuple[int, object, ConversationKey, Sequence[StoredMessage]]]] = {}

    def answer(request: IncomingRequest, deletion: Deletion) -> Any:
        calls = done.setdefault(deletion.owner, [])
        for when, connection, conversation, messages in calls:
            if deletion.context.now - when < _TOGETHER_MS and connection != request.scope["client"]:
                restore(deletion, conversation, messages)
        calls += [
            (deletion.context.now, request.scope["client"], view.conversation, list(found))
            for view, found in deletion.chosen
            if found
        ]
        return step(request, deletion)

    return answer


@fault(
    "effect.concurrent-call-crashes",
    at="parse",
    operations=EVERY,
    refutes=("effect.concurrent-calls-no-server-error",),
    sentence="Of two concurrent calls for the same owner, one crashes.",
)
def concurrent_call_crashes(step: Step) -> Step:
    latest: dict[str, tuple[int, object]] = {}

    def parse(request: IncomingRequest) -> Deletion:
        deletion: Deletion = step(request)
        before = latest.get(deletion.owner)
        latest[deletion.owner] = (request.now, request.scope["client"])
        if before and request.now - before[0] < _TOGETHER_MS and before[1] != request.scope["client"]:
            raise crash()
        return deletion

    return parse
