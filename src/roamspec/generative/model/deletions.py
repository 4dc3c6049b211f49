"""The five deletions, as the documentation means them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from roamspec.generative.model.conversations import ModelConversation
from roamspec.generative.model.service import AppState, ModelService

Reply = Literal["success", "refusal", "either"]
"""What a call may be answered: 200, a 4xx, or either of them where the documentation does not say."""

Notified = Literal["owner", "nobody", "open"]


@dataclass(frozen=True, slots=True)
class DeletionCall:
    """One call of one of the five, for the views of `owner`.

    With `ids` it deletes those messages of `place`; with `until_ms` those at and before that time; without
    a place it clears everything. `notify` None means that the call does not say. `flaw` says what is wrong
    with the call, `refusable` that it need not be rejected for it.
    """

    app: str
    owner: str
    place: ModelConversation | None = None
    ids: frozenset[str] | None = None
    until_ms: int | None = None
    notify: bool | None = None
    flaw: str = ""
    refusable: bool = False


@dataclass(frozen=True, slots=True)
class Effect:
    """What a call that was answered 200 did: the messages that went, and whom it told."""

    deleted: Mapping[ModelConversation, frozenset[str]]
    notified: Notified


def expected_reply(service: ModelService, call: DeletionCall) -> Reply:
    """A conforming call that finds all it names is served; a flawed one is rejected; the rest is left open.

    The documentation has no row for a call that names nothing that is there, or names some things that are
    not.
    """
    if call.flaw:
        return "either" if call.refusable else "refusal"
    gone = _deleted_messages(service.app(call.app), call, service.now_ms)
    found = frozenset[str]().union(*gone.values()) if gone else frozenset[str]()
    if not found or (call.ids is not None and call.ids - found):
        return "either"
    return "success"


def delete(service: ModelService, call: DeletionCall) -> tuple[ModelService, Effect]:
    """The service after a call that was answered 200; one that was rejected changes nothing."""
    if call.flaw:
        return service, Effect({}, "nobody" if call.notify is False else "open")
    app = service.app(call.app)
    gone = {place: ids for place, ids in _deleted_messages(app, call, service.now_ms).items() if ids}
    views = dict(app.views)
    for place, ids in gone.items():
        views[call.owner, place] = views[call.owner, place].without(ids)
    return service.with_app(call.app, replace(app, views=views)), Effect(gone, _notified(call, gone))


def _deleted_messages(
    app: AppState, call: DeletionCall, now_ms: int
) -> dict[ModelConversation, frozenset[str]]:
    if call.place is None:
        return {place: view.through(now_ms) for place, view in app.views_of(call.owner).items()}
    view = app.view(call.owner, call.place)
    if call.ids is not None:
        return {call.place: view.ids & call.ids}
    if call.until_ms is None:
        raise ValueError("a call that names a place names IDs or a time")
    return {call.place: view.through(call.until_ms)}


def _notified(call: DeletionCall, gone: Mapping[ModelConversation, frozenset[str]]) -> Notified:
    if call.place is None:
        # Clearing a user documents no isNotify; whether the owner's devices are notified is left open.
        return "open"
    if call.notify is False:
        return "nobody"
    return "owner" if gone else "open"
