"""The one table that maps routes to operations."""

from typing import Final

from starlette.routing import Route

from roamspec.emulator.http.endpoint import Handler, OperationHandler, Resource
from roamspec.emulator.http.operations import (
    conversations,
    deletions,
    groups,
    history,
    messages,
    roaming,
    tokens,
    users,
)
from roamspec.emulator.http.operations.groups import GROUP, ROOM
from roamspec.emulator.service import Service

_REST: Final = "/rest/message/roaming"
_SDK: Final = "/sdk/message/roaming"

# Method, path below /{org}/{app}, operation of the contract, handler. The busiest stand first.
TABLE: Final[tuple[tuple[str, str, str, Handler], ...]] = (
    ("DELETE", _REST + "/chat/user/{userId}", "deleteChatMessages", deletions.delete_chat_messages),
    ("DELETE", _REST + "/group/user/{userId}", "deleteGroupMessages", deletions.delete_group_messages),
    ("POST", _REST + "/user/{userId}/delete/all", "clearUser", deletions.clear_user),
    ("DELETE", _REST + "/chat/user/{userId}/time", "clearChatBefore", deletions.clear_chat_before),
    ("DELETE", _REST + "/group/user/{userId}/time", "clearGroupBefore", deletions.clear_group_before),
    ("POST", "/users/{userId}/messageroaming", "pullMessages", roaming.pull_messages),
    ("POST", "/messages/users", "sendToUsers", messages.send("users")),
    ("POST", "/messages/chatgroups", "sendToGroups", messages.send("chatgroups")),
    ("POST", "/messages/chatrooms", "sendToChatrooms", messages.send("chatrooms")),
    ("POST", "/messages/users/import", "importToUser", messages.import_message("users")),
    ("POST", "/messages/chatgroups/import", "importToGroup", messages.import_message("chatgroups")),
    ("GET", "/chatmessages/{time}", "exportHistory", history.export_history),
    ("GET", "/sdk/user/{userId}/user_channels/list", "listConversationsByCursor", conversations.list_sdk),
    (
        "GET",
        "/sdk/user/{userId}/user_channels/mark/search",
        "listConversationsByMark",
        conversations.search_marked,
    ),
    ("GET", "/user/{userId}/user_channels", "listConversations", conversations.list_all("user")),
    ("GET", "/users/{userId}/user_channels", "listConversationsUnpaged", conversations.list_all("users")),
    ("GET", "/users/{userId}/user_channels/page", "listConversationsByPage", conversations.list_page),
    ("DELETE", "/users/{userId}/user_channel", "deleteConversation", conversations.delete),
    ("DELETE", "/user/{userId}/user_channel", "deleteConversationAsClient", conversations.delete),
    ("POST", "/token", "createToken", tokens.get_token),
    ("POST", "/users", "registerUsers", users.create_users),
    ("GET", "/users/{userId}", "getUser", users.get_user),
    ("DELETE", "/users/{userId}", "deleteUser", users.delete_user),
    ("GET", "/users/{userId}/resources", "listDevices", users.get_resources),
    ("POST", "/chatgroups", "createGroup", groups.create(GROUP)),
    ("GET", "/chatgroups/{groupId}", "getGroup", groups.read(GROUP)),
    ("DELETE", "/chatgroups/{groupId}", "deleteGroup", groups.delete(GROUP)),
    ("GET", "/chatgroups/{groupId}/users", "listGroupMembers", groups.list_members(GROUP)),
    ("POST", "/chatgroups/{groupId}/users", "addGroupMembers", groups.add_members(GROUP)),
    ("POST", "/chatgroups/{groupId}/users/{member}", "addGroupMember", groups.add_member(GROUP)),
    ("DELETE", "/chatgroups/{groupId}/users/{member}", "removeGroupMembers", groups.remove_members(GROUP)),
    ("POST", "/chatrooms", "createChatroom", groups.create(ROOM)),
    ("GET", "/chatrooms/{groupId}", "getChatroom", groups.read(ROOM)),
    ("DELETE", "/chatrooms/{groupId}", "deleteChatroom", groups.delete(ROOM)),
    ("GET", "/chatrooms/{groupId}/users", "listChatroomMembers", groups.list_members(ROOM)),
    ("POST", "/chatrooms/{groupId}/users", "addChatroomMembers", groups.add_members(ROOM)),
    ("POST", "/chatrooms/{groupId}/users/{member}", "addChatroomMember", groups.add_member(ROOM)),
    ("DELETE", "/chatrooms/{groupId}/users/{member}", "removeChatroomMembers", groups.remove_members(ROOM)),
    ("DELETE", _SDK + "/chat/user/{userId}", "deleteChatMessagesAsClient", deletions.delete_chat_messages),
    ("DELETE", _SDK + "/group/user/{userId}", "deleteGroupMessagesAsClient", deletions.delete_group_messages),
    ("POST", _SDK + "/user/{userId}/delete/all", "clearUserAsClient", deletions.clear_user),
    ("DELETE", _SDK + "/chat/user/{userId}/time", "clearChatBeforeAsClient", deletions.clear_chat_before),
    ("DELETE", _SDK + "/group/user/{userId}/time", "clearGroupBeforeAsClient", deletions.clear_group_before),
)

_BODIES: Final = frozenset(
    (
        "createToken", "registerUsers", "createGroup", "addGroupMembers", "createChatroom",
        "addChatroomMembers", "sendToUsers", "sendToGroups", "sendToChatrooms", "importToUser",
        "importToGroup", "pullMessages", "deleteConversation", "deleteConversationAsClient",
    )
)  # fmt: skip


def routes(service: Service) -> list[Route]:
    """One route per path, whatever its methods, in the order of the table."""
    by_path: dict[str, dict[str, OperationHandler]] = {}
    for method, path, name, handle in TABLE:
        deletion = name.removesuffix("AsClient") if "/message/roaming/" in path else ""
        by_path.setdefault(path, {})[method] = OperationHandler(
            name, handle, name in _BODIES, path.startswith("/sdk/"), deletion
        )
    return [
        Route("/{org}/{app}" + path, Resource(service, operations), name=path)
        for path, operations in by_path.items()
    ]
