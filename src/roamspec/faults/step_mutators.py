"""What many faults have in common: the ways in which a step can go wrong."""

import contextlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from roamspec.emulator.domain.api_error import ApiError
from roamspec.emulator.domain.deletion import Deletion
from roamspec.emulator.domain.records import StoredMessage
from roamspec.emulator.http.answers import HttpResponse, as_json
from roamspec.emulator.http.errors import ROWS
from roamspec.emulator.http.request import IncomingRequest
from roamspec.emulator.store.protocol import StoredView
from roamspec.faults.registry import Step, Wrapper

Choice = Callable[[Deletion, StoredView, Sequence[StoredMessage]], Iterable[StoredMessage]]
Effect = Callable[[Deletion], None]
Body = dict[str, Any]


def crash() -> ApiError:
    """What an exception that nobody catches is answered with: status 500."""
    return ApiError("unknown-path-500")


def choosing(choice: Choice) -> Wrapper:
    """The right messages are found, in the order of the call or of time; others, or fewer, are chosen."""

    def wrap(step: Step) -> Step:
        def select(deletion: Deletion) -> None:
            step(deletion)
            deletion.chosen = [(view, list(choice(deletion, view, found))) for view, found in deletion.chosen]

        return select

    return wrap


def picking(pick: Callable[[Sequence[StoredMessage]], Iterable[StoredMessage]]) -> Wrapper:
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


def understood(change: Callable[[IncomingRequest, Deletion], None]) -> Wrapper:
    """What was parsed is changed."""

    def wrap(step: Step) -> Step:
        def parse(request: IncomingRequest) -> Deletion:
            deletion: Deletion = step(request)
            change(request, deletion)
            return deletion

        return parse

    return wrap


def refusing(when: Callable[[IncomingRequest], bool], reason: str) -> Wrapper:
    """A step that takes the request rejects some calls that it should let pass."""

    def wrap(step: Step) -> Step:
        def guarded(request: IncomingRequest) -> Any:
            if when(request):
                raise ApiError(reason)
            return step(request)

        return guarded

    return wrap


def instead_of(
    reasons: Iterable[str], then: Callable[[Any], Any], *, when: Callable[[Any], bool] | None = None
) -> Wrapper:
    """Where a step rejects for one of these reasons, something else is done.

    The step's only argument is handed to `when` and `then`; what `then` gives is what the step gives.
    """
    names = frozenset(reasons)

    def wrap(step: Step) -> Step:
        def changed(subject: Any) -> Any:
            try:
                return step(subject)
            except ApiError as refusal:
                if refusal.reason not in names or (when is not None and not when(subject)):
                    raise
                return then(subject)

        return changed

    return wrap


def although_refused(
    reasons: Iterable[str], effect: Callable[[Any], None], *, when: Callable[[Any], bool] | None = None
) -> Wrapper:
    """Where a step rejects for one of these reasons, something happens all the same."""
    names = frozenset(reasons)

    def wrap(step: Step) -> Step:
        def changed(subject: Any) -> Any:
            try:
                return step(subject)
            except ApiError as refusal:
                if refusal.reason in names and (when is None or when(subject)):
                    # What goes wrong in it does not change the response.
                    with contextlib.suppress(ApiError):
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
    """An error response for one reason is answered like another."""

    def refuse(_: Any) -> Any:
        raise ApiError(wrong)

    return instead_of([reason], refuse, when=when)


def saying(change: Callable[[Body, IncomingRequest, Deletion], object]) -> Wrapper:
    """The body of a success is changed; what `change` gives, if anything, takes its place."""

    def wrap(step: Step) -> Step:
        def answer(request: IncomingRequest, deletion: Deletion) -> HttpResponse:
            right: HttpResponse = step(request, deletion)
            body = json.loads(right.body)
            replaced = change(body, request, deletion)
            return replace(right, body=as_json(body if replaced is None else replaced))

        return answer

    return wrap


def answering(change: Callable[[HttpResponse], HttpResponse]) -> Wrapper:
    """The response to a success is changed as a whole."""

    def wrap(step: Step) -> Step:
        def answer(request: IncomingRequest, deletion: Deletion) -> HttpResponse:
            return change(step(request, deletion))

        return answer

    return wrap
