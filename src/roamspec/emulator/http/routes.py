"""The one table that maps routes to operations."""

from typing import Final

from starlette.routing import Route

from roamspec.emulator.http.endpoint import Handler, Operation, Resource
from roamspec.emulator.http.operations import (
    conversations,
    deletions,
    groups,
    messages,
    roaming,
    tokens,
    users,
)
from roamspec.emulator.http.operations.groups import GROUP, ROOM
from roamspec.emulator.service import Service

_ROAMING: Final = "message/roaming"
_LIST: Final = "listConversations"

# Method, path below /{org}/{app}, operation, handler. The busiest stand first.
TABLE: Final[tuple[tuple[str, str, str, Handler], ...]] = (
    ("DELETE", f"/rest/{_ROAMING}/chat/user/{{userId}}", "deleteChatMessages", deletions.run),
    ("DELETE", f"/rest/{_ROAMING}/group/user/{{userId}}", "deleteGroupMessages", deletions.run),
    ("POST", f"/rest/{_ROAMING}/user/{{userId}}/delete/all", "clearUser", deletions.run),
    ("DELETE", f"/rest/{_ROAMING}/chat/user/{{userId}}/time", "clearChatBefore", deletions.run),
    ("DELETE", f"/rest/{_ROAMING}/group/user/{{userId}}/time", "clearGroupBefore", deletions.run),
    ("POST", "/users/{userId}/messageroaming", "pullMessages", roaming.pull_messages),
    ("POST", "/messages/users", "sendToUsers", messages.send("users")),
    ("POST", "/messages/chatgroups", "sendToGroups", messages.send("chatgroups")),
    ("POST", "/messages/chatrooms", "sendToRooms", messages.send("chatrooms")),
    ("POST", "/messages/users/import", "importToUser", messages.import_message("users")),
    ("POST", "/messages/chatgroups/import", "importToGroup", messages.import_message("chatgroups")),
    ("GET", "/sdk/user/{userId}/user_channels/list", _LIST, conversations.list_sdk),
    ("GET", "/sdk/user/{userId}/user_channels/mark/search", _LIST, conversations.search_marked),
    ("GET", "/user/{userId}/user_channels", _LIST, conversations.list_all("user")),
    ("GET", "/users/{userId}/user_channels", _LIST, conversations.list_all("users")),
    ("GET", "/users/{userId}/user_channels/page", _LIST, conversations.list_page),
    ("DELETE", "/users/{userId}/user_channel", "deleteConversation", conversations.delete),
    ("DELETE", "/user/{userId}/user_channel", "deleteConversation", conversations.delete),
    ("POST", "/token", "getToken", tokens.get_token),
    ("POST", "/users", "createUsers", users.create_users),
    ("GET", "/users/{userId}", "getUser", users.get_user),
    ("DELETE", "/users/{userId}", "deleteUser", users.delete_user),
    ("GET", "/users/{userId}/resources", "getUserResources", users.get_resources),
    ("GET", "/users/{userId}/joined_chatgroups", "listJoinedGroups", groups.joined_groups),
    ("POST", "/chatgroups", "createGroup", groups.create(GROUP)),
    ("GET", "/chatgroups/{groupId}", "getGroup", groups.read(GROUP)),
    ("DELETE", "/chatgroups/{groupId}", "deleteGroup", groups.delete(GROUP)),
    ("GET", "/chatgroups/{groupId}/users", "listGroupMembers", groups.list_members(GROUP)),
    ("POST", "/chatgroups/{groupId}/users", "addGroupMembers", groups.add_members(GROUP)),
    ("POST", "/chatgroups/{groupId}/users/{member}", "addGroupMember", groups.add_member(GROUP)),
    ("DELETE", "/chatgroups/{groupId}/users/{member}", "removeGroupMembers", groups.remove_members(GROUP)),
    ("POST", "/chatrooms", "createRoom", groups.create(ROOM)),
    ("GET", "/chatrooms/{groupId}", "getRoom", groups.read(ROOM)),
    ("DELETE", "/chatrooms/{groupId}", "deleteRoom", groups.delete(ROOM)),
    ("GET", "/chatrooms/{groupId}/users", "listRoomMembers", groups.list_members(ROOM)),
    ("POST", "/chatrooms/{groupId}/users", "addRoomMembers", groups.add_members(ROOM)),
    ("POST", "/chatrooms/{groupId}/users/{member}", "addRoomMember", groups.add_member(ROOM)),
    ("DELETE", "/chatrooms/{groupId}/users/{member}", "removeRoomMembers", groups.remove_members(ROOM)),
    ("DELETE", f"/sdk/{_ROAMING}/chat/user/{{userId}}", "deleteChatMessages", deletions.run),
    ("DELETE", f"/sdk/{_ROAMING}/group/user/{{userId}}", "deleteGroupMessages", deletions.run),
    ("POST", f"/sdk/{_ROAMING}/user/{{userId}}/delete/all", "clearUser", deletions.run),
    ("DELETE", f"/sdk/{_ROAMING}/chat/user/{{userId}}/time", "clearChatBefore", deletions.run),
    ("DELETE", f"/sdk/{_ROAMING}/group/user/{{userId}}/time", "clearGroupBefore", deletions.run),
)

_BODIES: Final = frozenset(
    (
        "pullMessages", "sendToUsers", "sendToGroups", "sendToRooms", "importToUser", "importToGroup",
        "deleteConversation", "getToken", "createUsers", "createGroup", "addGroupMembers", "createRoom",
        "addRoomMembers",
    )
)  # fmt: skip


def routes(service: Service) -> list[Route]:
    """One route per path, whatever its methods, in the order of the table."""
    by_path: dict[str, dict[str, Operation]] = {}
    for method, path, name, handle in TABLE:
        by_path.setdefault(path, {})[method] = Operation(name, handle, name in _BODIES)
    return [
        Route("/{org}/{app}" + path, Resource(service, operations), name=path)
        for path, operations in by_path.items()
    ]
