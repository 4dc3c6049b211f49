"""Faults of tenancy: other apps, and names that are alike."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from roamspec.emulator.domain.api_error import ApiError
from roamspec.emulator.domain.context import Context
from roamspec.emulator.domain.deletion import Deletion
from roamspec.emulator.domain.views import note_change, take_away
from roamspec.emulator.http.answers import HttpResponse, as_json
from roamspec.emulator.http.endpoint import unknown_app
from roamspec.emulator.http.operations.deletions import run
from roamspec.emulator.http.request import IncomingRequest
from roamspec.emulator.store.protocol import StoredView
from roamspec.faults.conditions.name_conditions import fits_as_pattern
from roamspec.faults.registry import EVERY, IN_CHATS, IN_GROUPS, Step, fault
from roamspec.faults.side_effects import others_in, remove_from
from roamspec.faults.step_mutators import afterwards


@fault(
    "tenancy.same-name-in-other-apps-cleared",
    at="answer",
    operations=EVERY,
    refutes=("tenancy.neighbour-app-keeps-messages",),
    sentence="Messages are stored by user name alone: those of the same user name in other apps are "
    "deleted too.",
)
def same_name_in_other_apps_cleared(step: Step) -> Step:
    def answer(request: IncomingRequest, deletion: Deletion) -> HttpResponse:
        for app in request.service.apps():
            if (
                app is not request.app
                and app.key.org == request.app.key.org
                and app.store.user(deletion.owner)
            ):
                context = app.context(deletion.context.now)
                for view in app.store.views(deletion.owner):
                    take_away(context, deletion.owner, view, list(view))
        right: HttpResponse = step(request, deletion)
        return right

    return answer


def _in_other_apps(effect: Callable[[Context, str, StoredView], None]) -> Callable[[Step], Step]:
    """Something happens to the chats of the same names in other apps, too."""

    def wrap(step: Step) -> Step:
        def answer(request: IncomingRequest, deletion: Deletion) -> HttpResponse:
            names = {view.conversation for view, found in deletion.chosen if found}
            for app in request.service.apps():
                if app is not request.app and app.store.user(deletion.owner):
                    context = app.context(deletion.context.now)
                    for view in app.store.views(deletion.owner):
                        if view.conversation in names:
                            effect(context, deletion.owner, view)
            right: HttpResponse = step(request, deletion)
            return right

        return answer

    return wrap


def _unlist(context: Context, owner: str, view: StoredView) -> None:
    view.listed = False
    note_change(context, owner, view.conversation)


fault(
    "tenancy.same-chat-in-other-apps-cleared",
    at="answer",
    operations=(*IN_CHATS, "clearUser"),
    refutes=("tenancy.neighbour-app-keeps-messages",),
    sentence="The chat between users of the same names in other apps is cleared too.",
)(_in_other_apps(lambda context, owner, view: take_away(context, owner, view, list(view))))
fault(
    "tenancy.same-chat-in-other-apps-unlisted",
    at="answer",
    operations=(*IN_CHATS, "clearUser"),
    refutes=("tenancy.neighbour-app-keeps-messages",),
    sentence="The chat between users of the same names leaves the owner's list in other apps.",
)(_in_other_apps(_unlist))


def _clear(deletion: Deletion, owner: str, views: Iterable[StoredView]) -> None:
    for view in views:
        take_away(deletion.context, owner, view, list(view))


def _owners_that_begin_alike(deletion: Deletion) -> None:
    store = deletion.context.store
    for account in list(store.users()):
        if account.name.startswith(deletion.owner) and account.name != deletion.owner:
            _clear(deletion, account.name, store.views(account.name))


def _members_that_begin_alike(deletion: Deletion) -> None:
    for view, found in deletion.chosen:
        for name, theirs in others_in(deletion, view.conversation):
            if name.startswith(deletion.owner):
                remove_from(deletion, name, theirs, found)


def _peers_that_begin_alike(deletion: Deletion) -> None:
    views = deletion.context.store.views(deletion.owner)
    _clear(deletion, deletion.owner, [v for v in views if _longer(deletion, v)])


def _longer(deletion: Deletion, view: StoredView) -> bool:
    name, conversation = deletion.target, view.conversation
    return conversation.type == "chat" and conversation.id.startswith(name) and conversation.id != name


fault(
    "tenancy.owners-by-beginning",
    at="apply",
    operations=EVERY,
    refutes=("tenancy.longer-owner-name-keeps-messages",),
    sentence="Users whose names begin with the owner's are cleared too.",
)(afterwards(_owners_that_begin_alike))
fault(
    "tenancy.members-by-beginning",
    at="apply",
    operations=IN_GROUPS,
    refutes=("tenancy.longer-owner-name-keeps-messages",),
    sentence="The same messages are deleted for members of the group whose names begin with the owner's.",
)(afterwards(_members_that_begin_alike))
fault(
    "tenancy.peers-by-beginning",
    at="apply",
    operations=IN_CHATS,
    refutes=("tenancy.longer-peer-name-keeps-messages",),
    sentence="Chats with users whose names begin with the peer's are cleared too.",
)(afterwards(_peers_that_begin_alike))


def _contains(name: str, other: str) -> bool:
    return other in name[1:]


_ALIKE: Final[Mapping[str, tuple[Callable[[str, str], bool], str]]] = {
    "ending": (lambda name, other: name.endswith(other), "end with"),
    "part": (_contains, "contain"),
    "underscore": (lambda name, other: fits_as_pattern(other, name, "_"), "match, as a pattern of SQL,"),
    "dot": (lambda name, other: fits_as_pattern(other, name, "."), "match, as a regular expression,"),
}
"""How a store may take one name for another one, beside by its beginning."""


def _owners_alike(alike: Callable[[str, str], bool]) -> Callable[[Deletion], None]:
    def clear(deletion: Deletion) -> None:
        store = deletion.context.store
        for account in list(store.users()):
            if account.name != deletion.owner and alike(account.name, deletion.owner):
                _clear(deletion, account.name, store.views(account.name))

    return clear


def _peers_alike(alike: Callable[[str, str], bool]) -> Callable[[Deletion], None]:
    def clear(deletion: Deletion) -> None:
        name = deletion.target
        views = [
            view
            for view in deletion.context.store.views(deletion.owner)
            if view.conversation.type == "chat" and view.conversation.id != name
        ]
        _clear(deletion, deletion.owner, [view for view in views if alike(view.conversation.id, name)])

    return clear


for how, (alike, verb) in _ALIKE.items():
    fault(
        f"tenancy.owners-by-{how}",
        at="apply",
        operations=EVERY,
        refutes=("tenancy.similar-owner-name-keeps-messages",),
        sentence=f"Users whose names {verb} the owner's are cleared too.",
    )(afterwards(_owners_alike(alike)))
    fault(
        f"tenancy.peers-by-{how}",
        at="apply",
        operations=IN_CHATS,
        refutes=("tenancy.similar-peer-name-keeps-messages",),
        sentence=f"Chats with users whose names {verb} the peer's are cleared too.",
    )(afterwards(_peers_alike(alike)))


def _unknown_app(then: Callable[[IncomingRequest], HttpResponse]) -> Callable[[Step], Step]:
    def wrap(step: Step) -> Step:
        def unrouted(request: IncomingRequest, refusal: ApiError) -> HttpResponse:
            if refusal.reason == "unknown-app":
                return then(request)
            right: HttpResponse = step(request, refusal)
            return right

        return unrouted

    return wrap


def _of_that_name(request: IncomingRequest) -> HttpResponse:
    name = request.raw["app"]
    found = next((app for app in request.service.apps() if app.key.app == name), None)
    if found is None or not request.operation:
        raise unknown_app(request)
    request.app, request.settings = found, found.settings
    return run(request.deletion)(request)


def _ok(request: IncomingRequest) -> HttpResponse:
    return HttpResponse(200, as_json({"requestStatusCode": "ok", "timestamp": request.now}), "inferred")


def _server_error(_request: IncomingRequest) -> HttpResponse:
    return HttpResponse(500, as_json({"error": "Internal Server Error"}), "inferred")


fault(
    "tenancy.unknown-app-served",
    at="unrouted",
    operations=EVERY,
    refutes=("tenancy.unknown-app-refused",),
    sentence="A call to an App Key that does not exist is answered with success.",
)(_unknown_app(_ok))
fault(
    "tenancy.unknown-app-crashes",
    at="unrouted",
    operations=EVERY,
    refutes=("tenancy.unknown-app-refused",),
    sentence="A call to an App Key that does not exist crashes.",
)(_unknown_app(_server_error))
fault(
    "tenancy.org-ignored",
    at="unrouted",
    operations=EVERY,
    refutes=("tenancy.unknown-app-refused",),
    sentence="The org is not looked at: an app of that name in another org is accepted.",
)(_unknown_app(_of_that_name))
