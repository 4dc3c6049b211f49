"""What many faults have in common: the ways in which a step can go wrong, and what it then does."""

import contextlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from roamspec.emulator.domain import deletion as sound
from roamspec.emulator.domain.context import Notice
from roamspec.emulator.domain.deletion import KINDS, Deletion
from roamspec.emulator.domain.records import Conversation, ConversationType, Message
from roamspec.emulator.domain.refusal import Refusal
from roamspec.emulator.domain.views import take_away, view_of, views_of
from roamspec.emulator.faults.registry import Step, Wrapper
from roamspec.emulator.http.answers import Answer, as_json
from roamspec.emulator.http.errors import ROWS
from roamspec.emulator.http.request import Request
from roamspec.emulator.store.protocol import View

Choice = Callable[[Deletion, View, Sequence[Message]], Iterable[Message]]
Effect = Callable[[Deletion], None]
Body = dict[str, Any]


def crash() -> Refusal:
    """What an exception that nobody catches is answered with: status 500."""
    return Refusal("unknown-path-500")


# --- ways in which a step goes wrong


def choosing(choice: Choice) -> Wrapper:
    """The right messages are found, in the order of the call or of time; others, or fewer, are chosen."""

    def wrap(step: Step) -> Step:
        def select(deletion: Deletion) -> None:
            step(deletion)
            deletion.chosen = [(view, list(choice(deletion, view, found))) for view, found in deletion.chosen]

        return select

    return wrap


def picking(pick: Callable[[Sequence[Message]], Iterable[Message]]) -> Wrapper:
    """The same where nothing but the messages matters."""
    return choosing(lambda _deletion, _view, found: pick(found))


def first(effect: Effect) -> Wrapper:
    """Something happens before a step that takes the deletion."""

    def wrap(step: Step) -> Step:
        def changed(deletion: Deletion) -> None:
            effect(deletion)
            step(deletion)

        return changed

    return wrap


def afterwards(effect: Effect) -> Wrapper:
    """Something happens besides, after a step that takes the deletion."""

    def wrap(step: Step) -> Step:
        def changed(deletion: Deletion) -> None:
            step(deletion)
            effect(deletion)

        return changed

    return wrap


def skipping(when: Callable[[Deletion], bool]) -> Wrapper:
    """A step that takes the deletion is left out."""

    def wrap(step: Step) -> Step:
        def changed(deletion: Deletion) -> None:
            if not when(deletion):
                step(deletion)

        return changed

    return wrap


def understood(change: Callable[[Request, Deletion], None]) -> Wrapper:
    """What was parsed is changed."""

    def wrap(step: Step) -> Step:
        def parse(request: Request) -> Deletion:
            deletion: Deletion = step(request)
            change(request, deletion)
            return deletion

        return parse

    return wrap


def refusing(when: Callable[[Request], bool], reason: str) -> Wrapper:
    """A step that takes the request refuses some calls that it should let pass."""

    def wrap(step: Step) -> Step:
        def guarded(request: Request) -> Any:
            if when(request):
                raise Refusal(reason)
            return step(request)

        return guarded

    return wrap


def instead_of(
    reasons: Iterable[str], then: Callable[[Any], Any], *, when: Callable[[Any], bool] | None = None
) -> Wrapper:
    """Where a step refuses for one of these reasons, something else is done.

    The step's only argument is handed to `when` and `then`; what `then` gives is what the step gives.
    """
    names = frozenset(reasons)

    def wrap(step: Step) -> Step:
        def changed(subject: Any) -> Any:
            try:
                return step(subject)
            except Refusal as refusal:
                if refusal.reason not in names or (when is not None and not when(subject)):
                    raise
                return then(subject)

        return changed

    return wrap


def although_refused(
    reasons: Iterable[str], effect: Callable[[Any], None], *, when: Callable[[Any], bool] | None = None
) -> Wrapper:
    """Where a step refuses for one of these reasons, something happens all the same."""
    names = frozenset(reasons)

    def wrap(step: Step) -> Step:
        def changed(subject: Any) -> Any:
            try:
                return step(subject)
            except Refusal as refusal:
                if refusal.reason in names and (when is None or when(subject)):
                    # What goes wrong in it does not change the answer.
                    with contextlib.suppress(Refusal):
                        effect(subject)
                raise

        return changed

    return wrap


def misworded(reason: str, name: str, **changes: Any) -> str:
    """A row of the error table with some of its words or its status changed; returns its reason."""
    variant = f"{reason}, {name}"
    ROWS[variant] = replace(ROWS[reason], evidence="inferred", **changes)
    return variant


def refused_as(reason: str, wrong: str, *, when: Callable[[Any], bool] | None = None) -> Wrapper:
    """A refusal for one reason is answered like another."""

    def refuse(_: Any) -> Any:
        raise Refusal(wrong)

    return instead_of([reason], refuse, when=when)


def saying(change: Callable[[Body, Request, Deletion], object]) -> Wrapper:
    """The body of a success is changed; what `change` gives, if anything, takes its place."""

    def wrap(step: Step) -> Step:
        def answer(request: Request, deletion: Deletion) -> Answer:
            right: Answer = step(request, deletion)
            body = json.loads(right.body)
            replaced = change(body, request, deletion)
            return replace(right, body=as_json(body if replaced is None else replaced))

        return answer

    return wrap


def answering(change: Callable[[Answer], Answer]) -> Wrapper:
    """The answer to a success is changed as a whole."""

    def wrap(step: Step) -> Step:
        def answer(request: Request, deletion: Deletion) -> Answer:
            return change(step(request, deletion))

        return answer

    return wrap


# --- what happens then


def carry_out(deletion: Deletion) -> None:
    """Delete as a sound emulator does, whatever was wrong with the call."""
    sound.resolve(deletion)
    sound.select(deletion)
    sound.apply(deletion)


def take_effect(request: Request) -> None:
    """Read the call and delete, without having looked at who calls."""
    carry_out(request.app.steps[request.deletion].parse(request))


def proclaim(request: Request) -> None:
    """Read the call and tell the owner's devices, without having looked at who calls."""
    announce(request.app.steps[request.deletion].parse(request))


def announce(deletion: Deletion) -> None:
    """Tell the owner's online devices, whatever came of the call."""
    sound.notify(replace(deletion, notify=True))


def tell(deletion: Deletion, user: str, *, only: Sequence[str] | None = None, **changes: Any) -> None:
    """Tell a user's devices what the owner's are told, with some of it changed."""
    body = sound.notice_body(deletion) | changes
    deletion.context.devices.tell(user, Notice(body, deletion.acting_device), only=only)


def loosely_parsed(request: Request) -> Deletion:
    """The call as it stands, with nothing required of it: no IDs, any conversation, everything until now."""
    kind, query = KINDS[request.deletion], request.query
    deletion = Deletion(request.context(), kind, request.user())
    deletion.target = query.get(kind.target_parameter, "").lower()
    deletion.ids = [item for item in query.get("msgIdList", "").split(",") if item]
    text = query.get("delTime", "")
    deletion.time_ms = int(text) if text.isdecimal() and len(text) < 19 else request.now
    deletion.notify = query.get("isNotify") != "false"
    return deletion


def without_effect(request: Request) -> Deletion:
    """A deletion that names nothing."""
    return replace(loosely_parsed(request), ids=(), time_ms=-1, notify=False)


def everywhere(deletion: Deletion) -> None:
    """Delete what the call names from all of the owner's conversations, or all that is old enough."""
    for view in own_views(deletion):
        found = view.named(deletion.ids) if deletion.ids else view.through(deletion.time_ms or _now(deletion))
        take_away(deletion.context, deletion.owner, view, list(found))


def in_the_conversation(deletion: Deletion) -> None:
    """Delete all messages of the conversation that the call names."""
    conversation = deletion.conversation
    view = view_of(deletion.context, deletion.owner, conversation) if conversation else None
    if view is not None:
        take_away(deletion.context, deletion.owner, view, list(view))


def _now(deletion: Deletion) -> int:
    return deletion.context.now


# --- who and what


def own_views(deletion: Deletion, kind: ConversationType | None = None) -> list[View]:
    """The owner's views, of chats or of groups and rooms, or all."""
    views = views_of(deletion.context, deletion.owner)
    return [view for view in views if kind is None or view.conversation.type == kind]


def is_room(deletion: Deletion, conversation: Conversation) -> bool:
    group = deletion.context.store.group(conversation.id)
    return group is not None and group.kind == "room"


def others_in(deletion: Deletion, conversation: Conversation) -> list[tuple[str, Conversation]]:
    """The other participants, each with the conversation as that one names it."""
    if conversation.type == "chat":
        return [(conversation.id, Conversation("chat", deletion.owner))]
    group = deletion.context.store.group(conversation.id)
    members = () if group is None else group.members
    return [(name, conversation) for name in members if name != deletion.owner]


def remove_from(
    deletion: Deletion, user: str, conversation: Conversation, messages: Iterable[Message]
) -> None:
    """Delete messages from another user's view; nothing happens where that one does not hold them."""
    view = view_of(deletion.context, user, conversation)
    if view is not None:
        held = [message for message in messages if view.get(message.id) is not None]
        if held:
            take_away(deletion.context, user, view, held)
