"""The surrounding contract against the facts about each operation, transcribed by hand."""

from typing import Any

import jsonschema_rs
import pytest

from roamspec.contract.files import parse_yaml, read_bytes
from roamspec.contract.operations import Contract
from roamspec.contract.references import dereferenced
from roamspec.resources import folder

APP = "/{org_name}/{app_name}"

REQUEST_LINES = {
    "createToken": "POST /token",
    "registerUsers": "POST /users",
    "getUser": "GET /users/{username}",
    "deleteUser": "DELETE /users/{username}",
    "listDevices": "GET /users/{username}/resources",
    "createGroup": "POST /chatgroups",
    "getGroup": "GET /chatgroups/{groupId}",
    "deleteGroup": "DELETE /chatgroups/{groupId}",
    "listGroupMembers": "GET /chatgroups/{groupId}/users",
    "addGroupMembers": "POST /chatgroups/{groupId}/users",
    "addGroupMember": "POST /chatgroups/{groupId}/users/{username}",
    "removeGroupMembers": "DELETE /chatgroups/{groupId}/users/{username}",
    "createChatroom": "POST /chatrooms",
    "getChatroom": "GET /chatrooms/{roomId}",
    "deleteChatroom": "DELETE /chatrooms/{roomId}",
    "listChatroomMembers": "GET /chatrooms/{roomId}/users",
    "addChatroomMembers": "POST /chatrooms/{roomId}/users",
    "addChatroomMember": "POST /chatrooms/{roomId}/users/{username}",
    "removeChatroomMembers": "DELETE /chatrooms/{roomId}/users/{username}",
    "sendToUsers": "POST /messages/users",
    "sendToGroups": "POST /messages/chatgroups",
    "sendToChatrooms": "POST /messages/chatrooms",
    "importToUser": "POST /messages/users/import",
    "importToGroup": "POST /messages/chatgroups/import",
    "exportHistory": "GET /chatmessages/{time}",
    "pullMessages": "POST /users/{username}/messageroaming",
    "listConversations": "GET /user/{username}/user_channels",
    "listConversationsUnpaged": "GET /users/{username}/user_channels",
    "listConversationsByPage": "GET /users/{username}/user_channels/page",
    "listConversationsByCursor": "GET /sdk/user/{username}/user_channels/list",
    "listConversationsByMark": "GET /sdk/user/{username}/user_channels/mark/search",
    "deleteConversation": "DELETE /users/{username}/user_channel",
    "deleteConversationAsClient": "DELETE /user/{username}/user_channel",
    "deleteChatMessagesAsClient": "DELETE /sdk/message/roaming/chat/user/{userId}",
    "deleteGroupMessagesAsClient": "DELETE /sdk/message/roaming/group/user/{userId}",
    "clearUserAsClient": "POST /sdk/message/roaming/user/{userId}/delete/all",
    "clearChatBeforeAsClient": "DELETE /sdk/message/roaming/chat/user/{userId}/time",
    "clearGroupBeforeAsClient": "DELETE /sdk/message/roaming/group/user/{userId}/time",
}

# (required fields, optional fields) of the request body
SEND = {"from", "ext", "sync_device", "roam_ignore_users", "routetype", "env", "msg_timestamp"}
IMPORT = ({"from", "target", "type", "body"}, {"ext", "msg_timestamp", "is_ack_read", "need_download"})
CHANNEL = ({"channel", "type", "delete_roam"}, set[str]())
BODIES: dict[str, tuple[set[str], set[str]]] = {
    "createGroup": (
        {"public", "owner"},
        {"groupname", "avatar", "description", "maxusers", "allowinvites", "membersonly"}
        | {"invite_need_confirm", "members", "custom", "groupid"},
    ),
    "createChatroom": ({"name", "description", "owner"}, {"maxusers", "members", "custom", "roomid"}),
    "addGroupMembers": ({"usernames"}, set()),
    "addChatroomMembers": ({"usernames"}, set()),
    "sendToUsers": ({"to", "type", "body"}, SEND),
    "sendToGroups": ({"to", "type", "body"}, SEND | {"need_group_ack"}),
    "sendToChatrooms": ({"to", "type", "body"}, SEND | {"chatroom_msg_level"}),
    "importToUser": IMPORT,
    "importToGroup": IMPORT,
    "deleteConversation": CHANNEL,
    "deleteConversationAsClient": CHANNEL,
    "pullMessages": (
        {"queue"},
        {
            "start",
            "end",
            "pull_number",
            "is_positive",
            "startTime",
            "endTime",
            "userId",
            "userIds",
            "msgType",
        },
    ),
}

BODY_INVALID = ("invalid_request_body", "Request body is invalid. Please check body is correct.")
REFUSALS: dict[str, set[tuple[str, str]]] = {
    "createToken": {
        ("illegal_argument", "client_id must be provided."),
        ("illegal_argument", "client_secret must be provided"),
        ("invalid_grant", "client_id does not match"),
        ("invalid_grant", "client_secret does not match"),
        ("invalid_grant", "invalid username or password"),
    },
    "sendToUsers": {
        BODY_INVALID,
        ("message_send_error", "param from can't be empty"),
        ("message_send_error", "param to can't be empty"),
        ("message_send_error", "param type can't be empty"),
        ("message_send_error", "param body can't be empty"),
        ("message_send_error", "param ext must be JSONObject"),
        ("message_send_error", "params to's size can't exceed limit 600"),
        ("message_send_error", "message is too large"),
    },
    "importToUser": {
        BODY_INVALID,
        ("illegal_argument", "message body not allow empty"),
        ("illegal_argument", "type not allow empty"),
    },
    "deleteConversation": {
        BODY_INVALID,
        ("illegal_argument", "field channel cannot be null or empty"),
        ("illegal_argument", "field type cannot be null or empty"),
        ("illegal_argument", "field delete_roam cannot be null"),
    },
    "removeGroupMembers": {("forbidden_op", "users [dave] are not members of this group!")},
    "exportHistory": {
        ("illegal_argument", "illegal arguments: appkey: acme#parlor, time: soon"),
        (
            "illegal_argument",
            "illegal arguments: appkey: acme#parlor, time: 2018112717, maybe chat message history is "
            "expired or unstored",
        ),
    },
    "pullMessages": {BODY_INVALID, ("function_not_open_error", "messageroaming function not open")},
    "deleteChatMessagesAsClient": {
        ("service open exception", "this appKey not open message roaming"),
        ("param exception", "delete msg list limit can not greater than 50"),
    },
    "clearUserAsClient": {("service open exception", "this appKey not open message roaming")},
}

# (calls, per) of one App Key; what is missing here has no documented limit of its own
WITHOUT_LIMIT = ("pullMessages", "Unpaged", "ByPage", "ByCursor", "ByMark", "AsClient")
LIMITS = {
    **{name: (100, "second") for name in REQUEST_LINES if not name.endswith(WITHOUT_LIMIT)},
    "createToken": (300, "second"),
    "sendToGroups": (20, "second"),
    "createChatroom": (50, "second"),
    "exportHistory": (10, "minute"),
}

Described = dict[str, tuple[str, str, dict[str, Any]]]


@pytest.fixture(scope="module")
def described() -> Described:
    """Method, path and description of each operation, by its name."""
    path = folder("contracts") / "surrounding.openapi.yaml"
    document = dereferenced(parse_yaml(read_bytes(path), path=path), path=path)
    return {
        operation["operationId"]: (method.upper(), template, operation)
        for template, item in document["paths"].items()
        for method, operation in item.items()
        if method != "parameters"
    }


def body_schema(described: Described, name: str) -> dict[str, Any]:
    schema: dict[str, Any] = described[name][2]["requestBody"]["content"]["application/json"]["schema"]
    return schema


def texts(described: Described, name: str, status: str) -> set[tuple[str, str]]:
    examples = described[name][2]["responses"][status]["content"]["application/json"]["examples"]
    return {(one["value"]["error"], one["value"]["error_description"]) for one in examples.values()}


def test_request_lines(described: Described) -> None:
    found = {name: f"{method} {path.removeprefix(APP)}" for name, (method, path, _) in described.items()}
    assert found == REQUEST_LINES
    assert all(path.startswith(f"{APP}/") for _, path, _ in described.values())


def test_client_forms_mirror_the_five(described: Described, contract: Contract) -> None:
    for name, operation in contract.operations.items():
        method, path, client = described[f"{name}AsClient"]
        assert (method, path) == (operation.method, operation.path.replace("/rest/", "/sdk/"))
        query = {one["name"] for one in client["parameters"]}
        assert query == {p.name for p in operation.parameters if p.location == "query"} | {
            "isNotify",
            "resource",
        }


@pytest.mark.parametrize("name", BODIES)
def test_body_fields(described: Described, name: str) -> None:
    schema = body_schema(described, name)
    parts = schema.get("allOf", [schema])
    required = {field for part in parts for field in part.get("required", ())}
    fields = {field for part in parts for field in part["properties"]}
    assert (required, fields - required) == BODIES[name]


@pytest.mark.parametrize(
    ("name", "most"), [("sendToUsers", 600), ("sendToGroups", 3), ("sendToChatrooms", 10)]
)
def test_receivers_of_one_message(described: Described, name: str, most: int) -> None:
    accepted = jsonschema_rs.validator_for(body_schema(described, name)).is_valid
    message = {"type": "txt", "body": {"msg": "hello"}}
    assert [n for n in (0, 1, most, most + 1) if accepted(message | {"to": ["a"] * n})] == [1, most]


@pytest.mark.parametrize(
    ("body", "accepted"),
    [
        ({"username": "alice", "password": "x"}, True),
        ([{"username": "alice", "password": "x"}] * 60, True),
        ([{"username": "alice", "password": "x"}] * 61, False),
        ([], False),
        ({"username": "alice"}, False),
        ({"username": "a" * 65, "password": "x"}, False),
        ({"username": "a b", "password": "x"}, False),
    ],
)
def test_registering_one_or_many(described: Described, body: object, accepted: bool) -> None:
    assert jsonschema_rs.validator_for(body_schema(described, "registerUsers")).is_valid(body) is accepted


@pytest.mark.parametrize(
    ("body", "accepted"),
    [
        ({"grant_type": "client_credentials", "client_id": "i", "client_secret": "s"}, True),
        ({"grant_type": "client_credentials", "client_id": "i", "client_secret": "s", "ttl": 0}, True),
        (
            {"grant_type": "client_credentials", "client_id": "i", "client_secret": "s", "ttl": "1024000"},
            True,
        ),
        ({"grant_type": "client_credentials", "client_id": "i", "client_secret": "s", "ttl": ""}, True),
        ({"grant_type": "client_credentials", "client_id": "i", "client_secret": "s", "ttl": "soon"}, False),
        ({"grant_type": "client_credentials", "client_id": "i"}, False),
        ({"grant_type": "password", "username": "alice", "password": "x", "timestamp": 1}, True),
        ({"grant_type": "inherit", "username": "alice", "autoCreateUser": True}, True),
        ({"grant_type": "agora"}, True),
        ({"grant_type": "magic"}, False),
    ],
)
def test_grants(described: Described, body: object, accepted: bool) -> None:
    assert jsonschema_rs.validator_for(body_schema(described, "createToken")).is_valid(body) is accepted


@pytest.mark.parametrize("name", REFUSALS)
def test_rejections(described: Described, name: str) -> None:
    assert texts(described, name, "400") == REFUSALS[name]


def test_rejections_of_every_operation(described: Described) -> None:
    for name, (_, _, operation) in described.items():
        assert {"200", "401", "404", "429", "5XX", "default"} <= set(operation["responses"]), name
        assert ("unauthorized", "Unable to authenticate (OAuth)") in texts(described, name, "401")
        assert ("reach_limit", "This request has reached api limit") in texts(described, name, "429")
        unknown_app = {
            text for error, text in texts(described, name, "404") if error.startswith("organization_")
        }
        assert unknown_app == {"Could not find application for acme/nobody from URI: acme/nobody/users"}


def test_limits(described: Described) -> None:
    found = {
        name: (limit["calls"], limit["per"])
        for name, (_, _, operation) in described.items()
        if (limit := operation.get("x-rate-limit"))
    }
    assert found == LIMITS
    messages = {
        name: (limit["messages"], limit["per"])
        for name, (_, _, operation) in described.items()
        if (limit := operation.get("x-message-limit"))
    }
    assert messages == {
        "sendToUsers": (6000, "minute"),
        "sendToGroups": (20, "second"),
        "sendToChatrooms": (100, "second"),
    }
    per_user = {name for name, (_, _, operation) in described.items() if "x-rate-limit-per-user" in operation}
    assert per_user == {"listConversations", "deleteConversation"}


def test_evidence_is_named(described: Described) -> None:
    observed = {
        name for name, (_, _, operation) in described.items() if operation["x-evidence"] == "observed"
    }
    documented = {
        name for name, (_, _, operation) in described.items() if operation["x-evidence"] == "documented"
    }
    assert observed | documented == set(REQUEST_LINES)
    clients = {name for name in REQUEST_LINES if name.endswith("AsClient")}
    paged = {f"listConversations{form}" for form in ("Unpaged", "ByPage", "ByCursor", "ByMark")}
    assert observed == clients | paged | {"pullMessages"}
