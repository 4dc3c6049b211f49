"""Names of the public operations, as settings and limits speak of them.

The clients' forms of an operation go by the name of the operation: they share its limits.
"""

from typing import Final

OPERATIONS: Final = (
    "deleteChatMessages", "deleteGroupMessages", "clearUser", "clearChatBefore", "clearGroupBefore",
    "pullMessages", "exportHistory", "sendToUsers", "sendToGroups", "sendToChatrooms", "importToUser",
    "importToGroup", "listConversations", "listConversationsUnpaged", "listConversationsByPage",
    "listConversationsByCursor", "listConversationsByMark", "deleteConversation", "createToken",
    "registerUsers", "getUser", "deleteUser", "listDevices", "createGroup", "getGroup", "deleteGroup",
    "listGroupMembers", "addGroupMembers", "addGroupMember", "removeGroupMembers", "createChatroom",
    "getChatroom", "deleteChatroom", "listChatroomMembers", "addChatroomMembers", "addChatroomMember",
    "removeChatroomMembers",
)  # fmt: skip


def shared_name(operation: str) -> str:
    """The operation that this one is a form of; itself, when it is none."""
    return operation.removesuffix("AsClient")
