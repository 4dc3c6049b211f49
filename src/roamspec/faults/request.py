"""Faults of how a call is read: method, path, headers, and what the parameters mean."""

from typing import Final
from urllib.parse import unquote

from roamspec.emulator.domain.deletion import Deletion
from roamspec.emulator.http.request import IncomingRequest
from roamspec.faults.registry import BY_IDS, BY_TIME, EVERY, ONE_CONVERSATION, Step, fault
from roamspec.faults.side_effects import everywhere, is_room, others_in, own_views
from roamspec.faults.step_mutators import first, refusing, understood

_DOCUMENTED: Final = frozenset(("userId", "groupId", "msgIdList", "delTime", "isNotify"))

fault(
    "request.path-unknown",
    at="authenticate",
    operations=EVERY,
    refutes=("request.documented-url-served",),
    sentence="The documented path does not exist.",
)(refusing(lambda _: True, "unknown-path"))


fault(
    "request.body-required",
    at="parse",
    operations=EVERY,
    refutes=("request.no-body-needed",),
    sentence="A call without a body is rejected.",
)(refusing(lambda request: not request.body, "impossible-value"))


def _other_owner(_request: IncomingRequest, deletion: Deletion) -> None:
    """Whoever else takes part in the conversation, or in the first there is."""
    conversations = [deletion.conversation] if deletion.conversation else []
    conversations += [view.conversation for view in own_views(deletion)]
    for conversation in conversations:
        others = others_in(deletion, conversation)
        if others:
            owner = deletion.owner
            deletion.owner = others[0][0]
            if conversation.type == "chat":
                deletion.target = owner
            return


fault(
    "request.deletes-for-the-other-participant",
    at="parse",
    operations=EVERY,
    refutes=("request.path-user-owns-what-goes",),
    sentence="Another participant's messages are deleted instead of those of the user in the path.",
)(understood(_other_owner))


def _latest_conversation(_request: IncomingRequest, deletion: Deletion) -> None:
    """The conversation in which something was said last."""
    assert deletion.conversation is not None
    views = own_views(deletion, deletion.conversation.type)
    if views:
        latest = max(views, key=lambda view: max((m.time_ms, m.id) for m in view) if len(view) else (0, ""))
        deletion.target = latest.conversation.id


fault(
    "request.latest-conversation-meant",
    at="parse",
    operations=ONE_CONVERSATION,
    refutes=("request.query-names-the-conversation",),
    sentence="The call acts on the owner's latest conversation, whichever one it identifies.",
)(understood(_latest_conversation))


def _first_conversation(_request: IncomingRequest, deletion: Deletion) -> None:
    """The conversation in which something was said first."""
    assert deletion.conversation is not None
    views = [view for view in own_views(deletion, deletion.conversation.type) if len(view)]
    if views:
        deletion.target = min(views, key=lambda view: min(m.time_ms for m in view)).conversation.id


fault(
    "request.first-conversation-meant",
    at="parse",
    operations=ONE_CONVERSATION,
    refutes=("request.query-names-the-conversation",),
    sentence="The call acts on the owner's oldest conversation, whichever one it identifies.",
)(understood(_first_conversation))
fault(
    "request.conversation-ignored",
    at="apply",
    operations=BY_TIME,
    refutes=("effect.other-conversations-stay", "effect.same-people-elsewhere-stay"),
    sentence="Messages up to delTime are deleted from every conversation of the owner.",
)(first(everywhere))


# --- commas and order


def _raw(request: IncomingRequest, name: str) -> str:
    """The value of a parameter as it stands in the query, still escaped."""
    for pair in request.scope["query_string"].decode("latin-1").split("&"):
        key, _, value = pair.partition("=")
        if key == name:
            return str(value)
    return ""


def _split_before_unescaping(request: IncomingRequest, deletion: Deletion) -> None:
    deletion.ids = [unquote(item) for item in _raw(request, "msgIdList").split(",")]


def _split_at_escaped_commas(request: IncomingRequest, deletion: Deletion) -> None:
    text = _raw(request, "msgIdList").replace("%2c", "%2C")
    deletion.ids = [unquote(item) for item in text.split("%2C")]


def _split_at_semicolons(request: IncomingRequest, deletion: Deletion) -> None:
    deletion.ids = request.query["msgIdList"].split(";")


fault(
    "request.encoded-commas-not-split",
    at="parse",
    operations=BY_IDS,
    refutes=("request.encoded-commas-separate",),
    sentence="IDs are split before the query is decoded: %2C does not separate them.",
)(understood(_split_before_unescaping))
fault(
    "request.raw-commas-not-split",
    at="parse",
    operations=BY_IDS,
    refutes=("request.raw-commas-separate",),
    sentence="Only %2C separates IDs, a plain comma does not.",
)(understood(_split_at_escaped_commas))
fault(
    "request.commas-not-split",
    at="parse",
    operations=BY_IDS,
    refutes=("request.raw-commas-separate", "request.encoded-commas-separate"),
    sentence="IDs are separated by semicolons.",
)(understood(_split_at_semicolons))


@fault(
    "request.parameters-by-position",
    at="parse",
    operations=ONE_CONVERSATION,
    refutes=("request.parameters-in-any-order",),
    sentence="The first parameter is read as the conversation, the second as what to delete.",
)
def parameters_by_position(step: Step) -> Step:
    def parse(request: IncomingRequest) -> Deletion:
        deletion: Deletion = step(request)
        if _selection_first(request):
            deletion.target, deletion.ids, deletion.time_ms = next(iter(request.query.values())), (), 0
        return deletion

    return parse


def _selection_first(request: IncomingRequest) -> bool:
    names = [name for name in request.query if name in _DOCUMENTED - {"isNotify"}]
    return bool(names) and names[0] in ("msgIdList", "delTime")


fault(
    "request.another-order-refused",
    at="parse",
    operations=ONE_CONVERSATION,
    refutes=("request.parameters-in-any-order",),
    sentence="A call with the parameter of what to delete before that of the conversation is rejected.",
)(refusing(_selection_first, "impossible-value"))


# --- parameters that the documentation does not know

fault(
    "request.unknown-parameter-crashes",
    at="parse",
    operations=EVERY,
    refutes=("request.resource-parameter-tolerated",),
    sentence="An unknown parameter crashes the call.",
)(refusing(lambda request: bool(set(request.query) - _DOCUMENTED), "unknown-path-500"))
fault(
    "request.resource-mistaken",
    at="parse",
    operations=ONE_CONVERSATION,
    refutes=("request.resource-parameter-tolerated",),
    sentence="A call with `resource` only deletes on that device.",
)(understood(lambda request, deletion: _forget(deletion) if "resource" in request.query else None))
fault(
    "request.is-notify-crashes",
    at="parse",
    operations=("clearUser",),
    refutes=("request.is-notify-tolerated",),
    sentence="isNotify crashes the call where it is not documented.",
)(refusing(lambda request: "isNotify" in request.query, "unknown-path-500"))


def _forget(deletion: Deletion) -> None:
    deletion.ids, deletion.time_ms = (), 0


# --- chatrooms


def _names_room(request: IncomingRequest) -> bool:
    group = request.app.store.group(request.query.get("groupId", ""))
    return group is not None and group.kind == "room"


def _of_room(deletion: Deletion) -> bool:
    return deletion.conversation is not None and is_room(deletion, deletion.conversation)


fault(
    "request.room-refused",
    at="parse",
    operations=("clearGroupBefore",),
    refutes=("request.chatroom-id-accepted",),
    sentence="The ID of a chatroom is rejected.",
)(refusing(_names_room, "unknown-path"))
fault(
    "request.room-finds-nothing",
    at="parse",
    operations=("clearGroupBefore",),
    refutes=("request.chatroom-id-accepted",),
    sentence="The ID of a chatroom is accepted, but only groups are searched.",
)(understood(lambda _, deletion: _forget(deletion) if _of_room(deletion) else None))


def _as_it_stands(request: IncomingRequest, deletion: Deletion) -> None:
    written = request.raw["userId"]
    if "%" in written:
        deletion.owner = written


fault(
    "request.encoded-user-id-unknown",
    at="parse",
    operations=EVERY,
    refutes=("request.encoded-user-id-identifies-the-user",),
    sentence="A user ID with a percent-encoded letter in the path is taken as it stands, and nobody has it.",
)(understood(_as_it_stands))
