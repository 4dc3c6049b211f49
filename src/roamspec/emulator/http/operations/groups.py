"""Groups and chatrooms: created, read, deleted, and their members."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

from roamspec.emulator.domain import accounts
from roamspec.emulator.domain.api_error import ApiError
from roamspec.emulator.domain.records import Group
from roamspec.emulator.http.answers import HttpResponse, answer, envelope
from roamspec.emulator.http.authentication import admin
from roamspec.emulator.http.operations.common import admit, text_list, whole_number
from roamspec.emulator.http.request import IncomingRequest

MEMBERS_PER_CALL: Final = 60
MEMBERS_PER_PAGE: Final = 1000
DETAILS_PER_CALL: Final = 100
_AVATAR_MAX: Final = 1024


@dataclass(frozen=True, slots=True)
class Flavour:
    """In what groups and chatrooms differ on the wire."""

    kind: Literal["group", "room"]
    id_field: str
    custom_id_field: str
    name_field: str
    required: tuple[str, ...]
    maxusers: int
    maxusers_top: int


GROUP: Final = Flavour("group", "groupid", "groupid", "groupname", ("owner",), 200, 10_000)
ROOM: Final = Flavour("room", "id", "roomid", "name", ("name", "description", "owner"), 1000, 10_000)

_FLAGS: Final = ("allowinvites", "membersonly", "invite_need_confirm")
_LENGTHS: Final = {"groupname": 128, "name": 128, "description": 512, "custom": 8192}


def create(flavour: Flavour) -> Callable[[IncomingRequest], HttpResponse]:
    """The operation that creates a group or a chatroom."""

    def handle(request: IncomingRequest) -> HttpResponse:
        admin(request)
        admit(request)
        body = request.json_object()
        _check(flavour, body)
        owner = str(body["owner"]).lower()
        members = [name.lower() for name in text_list(body.get("members", []))]
        maxusers = body.get("maxusers", flavour.maxusers)
        if type(maxusers) is not int or not 1 <= maxusers <= flavour.maxusers_top:
            raise ApiError("group-value", text="maxusers must be a number within the limit")
        if len(members) > maxusers:
            raise ApiError("over-members")
        wanted = body.get(flavour.custom_id_field)
        attributes = {key: value for key, value in body.items() if key not in ("owner", "members")}
        attributes["maxusers"] = maxusers
        group = accounts.create_group(request.context(), flavour.kind, owner, members, attributes, wanted)
        return _answered(request, {flavour.id_field: group.id})

    return handle


def _check(flavour: Flavour, body: dict[str, Any]) -> None:
    if flavour.kind == "group" and not isinstance(body.get("public"), bool):
        raise ApiError("group-parameter", text="group must contain public field!")
    for key in flavour.required:
        if not isinstance(body.get(key), str) or not body[key]:
            if flavour.kind == "room" and key == "name":
                raise ApiError("room-without-name")
            raise ApiError("group-parameter", text=f"{key} must be provided")
    for key, most in _LENGTHS.items():
        if key in body and (not isinstance(body[key], str) or len(body[key]) > most):
            raise ApiError("group-value", text=f"{key} length is too big")
    for key in _FLAGS:
        if key in body and not isinstance(body[key], bool):
            raise ApiError("group-value", text=f"{key} must be true or false")
    if flavour.kind == "room" and body.get("members") == []:
        raise ApiError("group-value", text="members must not be empty")
    if "avatar" in body and (not isinstance(body["avatar"], str) or len(body["avatar"]) > _AVATAR_MAX):
        raise ApiError("group-parameter", text="avatar length is too big")
    wanted = body.get(flavour.custom_id_field)
    if wanted is not None and not _legal_id(wanted):
        raise ApiError("group-value", text=f"{flavour.custom_id_field} is not legal")


def _legal_id(value: object) -> bool:
    return (
        isinstance(value, str)
        and 0 < len(value) <= 64
        and value.isascii()
        and value.isalnum()
        and value == value.lower()
    )


def read(flavour: Flavour) -> Callable[[IncomingRequest], HttpResponse]:
    """The details of one group or room, or of several: their IDs are in the path, separated by commas."""

    def handle(request: IncomingRequest) -> HttpResponse:
        admin(request)
        admit(request)
        context = request.context()
        wanted = [group_id for group_id in request.name("groupId").split(",") if group_id]
        if len(wanted) > DETAILS_PER_CALL:
            raise ApiError("too-many-groups", most=DETAILS_PER_CALL)
        if len(wanted) < 2:
            # A single one that does not exist is rejected; among several it only lacks its details.
            group_id = wanted[0] if wanted else request.name("groupId")
            accounts.existing_group(context, flavour.kind, group_id, refusal="unknown-group-details")
        found = [(group_id, context.store.group(group_id)) for group_id in wanted]
        data = [
            {"id": group_id, "error": "group id doesn't exist"}
            if group is None or group.kind != flavour.kind
            else _details(flavour, group)
            for group_id, group in found
        ]
        return _answered(request, data, count=len(data))

    return handle


def _details(flavour: Flavour, group: Group) -> dict[str, Any]:
    attributes = group.attributes
    data = {
        "id": group.id,
        "name": attributes.get(flavour.name_field, ""),
        "description": attributes.get("description", ""),
        "membersonly": attributes.get("membersonly", False),
        "allowinvites": attributes.get("allowinvites", False),
        "maxusers": attributes["maxusers"],
        "owner": group.owner,
        "created": group.created_ms,
        "custom": attributes.get("custom", ""),
        "mute": False,
        "affiliations_count": len(group.members),
        "affiliations": _affiliations(group),
        "public": attributes.get("public", True),
    }
    if flavour.kind == "group":
        data |= {"scale": "normal", "invite_need_confirm": attributes.get("invite_need_confirm", True)}
    return data


def list_members(flavour: Flavour) -> Callable[[IncomingRequest], HttpResponse]:
    """A page of the members, the owner last."""

    def handle(request: IncomingRequest) -> HttpResponse:
        admin(request)
        admit(request)
        group = _group(flavour, request)
        size = whole_number(request, "pagesize", MEMBERS_PER_PAGE, MEMBERS_PER_PAGE)
        page = whole_number(request, "pagenum", 1, 10**6)
        members = sorted(_affiliations(group), key=lambda item: "owner" in item)
        shown = members[(page - 1) * size : page * size]
        return _answered(request, shown, count=len(shown))

    return handle


def delete(flavour: Flavour) -> Callable[[IncomingRequest], HttpResponse]:
    """The operation that deletes a group or a chatroom."""

    def handle(request: IncomingRequest) -> HttpResponse:
        admin(request)
        admit(request)
        group = _group(flavour, request)
        accounts.delete_group(request.context(), group)
        return _answered(request, {"success": True, flavour.id_field: group.id})

    return handle


def add_members(flavour: Flavour) -> Callable[[IncomingRequest], HttpResponse]:
    """Several, named in the body."""

    def handle(request: IncomingRequest) -> HttpResponse:
        admin(request)
        admit(request)
        names = [name.lower() for name in text_list(request.json_object().get("usernames"))]
        if not names or len(names) > MEMBERS_PER_CALL:
            raise ApiError("group-parameter", text="usernames must be provided")
        group = _group(flavour, request)
        new = accounts.add_members(request.context(), group, _room_for(group, names))
        return _answered(request, {"newmembers": new, flavour.id_field: group.id, "action": "add_member"})

    return handle


def add_member(flavour: Flavour) -> Callable[[IncomingRequest], HttpResponse]:
    """One, named in the path."""

    def handle(request: IncomingRequest) -> HttpResponse:
        admin(request)
        admit(request)
        group = _group(flavour, request)
        name = request.user("member")
        accounts.add_members(request.context(), group, _room_for(group, [name]))
        data = {"result": True, flavour.id_field: group.id, "action": "add_member", "user": name}
        return _answered(request, data)

    return handle


def remove_members(flavour: Flavour) -> Callable[[IncomingRequest], HttpResponse]:
    """Remove one member or several: their names are in the path, separated by commas."""

    def handle(request: IncomingRequest) -> HttpResponse:
        admin(request)
        admit(request)
        group = _group(flavour, request)
        names = [name for name in request.user("member").split(",") if name]
        if not names or len(names) > MEMBERS_PER_CALL:
            raise ApiError("group-parameter", text="usernames must be provided")
        context = request.context()
        for name in names:
            accounts.check_removable(group, name)
        for name in names:
            accounts.remove_member(context, group, name)
        removed = [
            {"result": True, flavour.id_field: group.id, "action": "remove_member", "user": name}
            for name in names
        ]
        return _answered(request, removed[0] if len(removed) == 1 else removed)

    return handle


def _group(flavour: Flavour, request: IncomingRequest) -> Group:
    return accounts.existing_group(request.context(), flavour.kind, request.name("groupId"))


def _room_for(group: Group, names: list[str]) -> list[str]:
    new = {name for name in names if name not in group.members}
    if len(group.members) + len(new) > group.attributes["maxusers"] + 1:
        raise ApiError("over-members")
    return names


def _affiliations(group: Group) -> list[dict[str, str]]:
    return [{"owner" if name == group.owner else "member": name} for name in group.members]


def _answered(request: IncomingRequest, data: object, **more: Any) -> HttpResponse:
    fields = envelope(request, data=data, entities=[], **more)
    if not request.settings.group_application_name:
        del fields["applicationName"]
    return answer(request, fields, "documented")
