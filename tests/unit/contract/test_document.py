"""The contract against the documentation's tables, transcribed by hand: nothing is missing, nothing is
added."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jsonschema_rs
import pytest

from roamspec.contract.operations import Contract, Parameter

APP = "/{org_name}/{app_name}"
NOT_OPEN = (400, "service open exception", "this appKey not open message roaming")
TOO_MANY = (400, "param exception", "delete msg list limit can not greater than 50")
MISSING = (400, "Bad Request", "Bad Request")

# (name, type, required, default) as the documentation's tables have them
USER_ID = ("userId", "String", True, None)
GROUP_ID = ("groupId", "String", True, None)
MSG_ID_LIST = ("msgIdList", "String", True, None)
DEL_TIME = ("delTime", "Long", True, None)
IS_NOTIFY = ("isNotify", "Boolean", False, True)

Row = tuple[str, str, bool, object]
ErrorTexts = tuple[int, str, str]


@dataclass(frozen=True)
class Section:
    """One operation's section: the request line and the tables below it."""

    request: str
    path: tuple[Row, ...]
    query: tuple[Row, ...]
    errors: tuple[ErrorTexts, ...]


DOCUMENT = {
    "deleteChatMessages": Section(
        f"DELETE {APP}/rest/message/roaming/chat/user/{{userId}}"
        "?userId={userId}&msgIdList={msgIdList}&isNotify={isNotify}",
        path=(USER_ID,),
        query=(USER_ID, MSG_ID_LIST, IS_NOTIFY),
        errors=(NOT_OPEN, TOO_MANY, MISSING),
    ),
    "deleteGroupMessages": Section(
        f"DELETE {APP}/rest/message/roaming/group/user/{{userId}}"
        "?groupId={groupId}&msgIdList={msgIdList}&isNotify={isNotify}",
        path=(USER_ID,),
        query=(GROUP_ID, MSG_ID_LIST, IS_NOTIFY),
        errors=(NOT_OPEN, TOO_MANY),
    ),
    "clearUser": Section(
        f"POST {APP}/rest/message/roaming/user/{{userId}}/delete/all",
        path=(USER_ID,),
        query=(),
        errors=(NOT_OPEN,),
    ),
    "clearChatBefore": Section(
        f"DELETE {APP}/rest/message/roaming/chat/user/{{userId}}/time"
        "?userId={userId}&delTime={delTime}&isNotify={isNotify}",
        path=(USER_ID,),
        query=(USER_ID, DEL_TIME, IS_NOTIFY),
        errors=(NOT_OPEN,),
    ),
    "clearGroupBefore": Section(
        f"DELETE {APP}/rest/message/roaming/group/user/{{userId}}/time"
        "?groupId={groupId}&delTime={delTime}&isNotify={isNotify}",
        path=(USER_ID,),
        query=(GROUP_ID, DEL_TIME, IS_NOTIFY),
        errors=(NOT_OPEN,),
    ),
}

# The tables that all five share
COMMON_REQUEST = {"host": "String", "org_name": "String", "app_name": "String"}
COMMON_RESPONSE = {
    "action": "String",
    "organization": "String",
    "application": "String",
    "applicationName": "String",
    "uri": "String",
    "path": "String",
    "timestamp": "Long",
    "duration": "Int",
}
SUCCESS_BODY = {"requestStatusCode": "String", "timestamp": "Number"}
SUCCESS_OF_CLEARING = {"requestStatusCode": "String", "timestamp": "Long"}
HEADERS = {
    "Content-Type": "application/json",
    "Accept": "application/json",
    "Authorization": "Bearer YourAppToken",
}
CALLS_PER_SECOND = 100
MOST_MESSAGE_IDS = 50
SAMPLE = {"requestStatusCode": "ok", "timestamp": 1710309184114}

JSON_TYPE: dict[str, dict[str, object]] = {
    "String": {"type": "string"},
    "Boolean": {"type": "boolean"},
    "Long": {"type": "integer", "format": "int64"},
    "Int": {"type": "integer", "format": "int32"},
    "Number": {"type": "number"},
}

each_section = pytest.mark.parametrize(("name", "section"), DOCUMENT.items(), ids=DOCUMENT)
each_operation = pytest.mark.parametrize("name", DOCUMENT)


def described(resolved: dict[str, Any], name: str) -> dict[str, Any]:
    """The operation of this name in the OpenAPI document."""
    found = [
        operation
        for item in resolved["paths"].values()
        for method, operation in item.items()
        if method != "parameters" and operation["operationId"] == name
    ]
    assert len(found) == 1
    return dict(found[0])


def rows(parameters: tuple[Parameter, ...], location: str) -> list[tuple[str, bool, object]]:
    return [(one.name, one.required, one.default) for one in parameters if one.location == location]


def test_the_five_operations_are_all_there_is(contract: Contract) -> None:
    assert list(contract.operations) == list(DOCUMENT)


@each_section
def test_request_line(contract: Contract, name: str, section: Section) -> None:
    operation = contract.operation(name)
    method, _, url = section.request.partition(" ")
    assert (operation.method, operation.path) == (method, urlsplit(url).path)
    in_url = [key for key, _ in parse_qsl(urlsplit(url).query)]
    assert [parameter.name for parameter in operation.parameters if parameter.location == "query"] == in_url


@each_section
def test_parameters_required_flags_and_defaults(contract: Contract, name: str, section: Section) -> None:
    operation = contract.operation(name)
    common = [(key, True, None) for key in COMMON_REQUEST if key != "host"]
    assert rows(operation.parameters, "path") == [*common, *((n, r, d) for n, _, r, d in section.path)]
    assert rows(operation.parameters, "query") == [(n, r, d) for n, _, r, d in section.query]


@each_section
def test_parameter_types(resolved: dict[str, Any], contract: Contract, name: str, section: Section) -> None:
    operation = contract.operation(name)
    declared = [*resolved["paths"][operation.path]["parameters"], *described(resolved, name)["parameters"]]
    types = {(one["in"], one["name"]): one["schema"] for one in declared}
    expected = {("path", key): JSON_TYPE[COMMON_REQUEST[key]] for key in ("org_name", "app_name")}
    for location, table in (("path", section.path), ("query", section.query)):
        for row, kind, _, default in table:
            with_default: dict[str, object] = {} if default is None else {"default": default}
            expected[location, row] = {**JSON_TYPE[kind], **with_default}
    if MSG_ID_LIST in section.query:
        expected["query", "msgIdList"] = types["query", "msgIdList"]  # test_message_ids_stand_in_one_value
    assert types == expected
    assert all(one["description"].strip() for one in declared)


@each_section
def test_message_ids_stand_in_one_value(
    resolved: dict[str, Any], contract: Contract, name: str, section: Section
) -> None:
    lists = [one for one in described(resolved, name)["parameters"] if one["schema"]["type"] == "array"]
    assert bool(lists) == (MSG_ID_LIST in section.query)
    for one in lists:
        assert (one["name"], one["style"], one["explode"]) == ("msgIdList", "form", False)
        assert one["schema"]["items"]["type"] == "string"
        accepted = jsonschema_rs.validator_for(one["schema"]).is_valid
        assert [n for n in range(60) if accepted(["1"] * n)] == list(range(1, MOST_MESSAGE_IDS + 1))
        assert not accepted(["1,2"]), "a comma separates IDs, so none holds one"
        limits = [
            (p.min_items, p.max_items) for p in contract.operation(name).parameters if p.name == "msgIdList"
        ]
        assert limits == [(1, MOST_MESSAGE_IDS)]


@each_operation
def test_headers(resolved: dict[str, Any], name: str) -> None:
    headers = described(resolved, name)["x-roamspec-required-headers"]
    assert list(headers) == list(HEADERS)
    for header, value in HEADERS.items():
        assert headers[header]["required"] is True
        accepts = jsonschema_rs.validator_for(headers[header]["schema"]).is_valid
        assert accepts(value)
        assert not accepts(f"{header}: {value}")


@each_operation
def test_bearer_security_and_no_body(resolved: dict[str, Any], name: str) -> None:
    operation = described(resolved, name)
    assert "requestBody" not in operation
    assert operation.get("security", resolved["security"]) == [{"appToken": []}]
    scheme = resolved["components"]["securitySchemes"]["appToken"]
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")


def test_host_is_a_part_of_the_server_url(resolved: dict[str, Any]) -> None:
    (server,) = resolved["servers"]
    assert server["url"] == "{scheme}://{host}"
    assert server["variables"]["scheme"]["enum"] == ["https", "http"]


@each_operation
def test_success_body(resolved: dict[str, Any], contract: Contract, name: str) -> None:
    content = described(resolved, name)["responses"]["200"]["content"]
    assert list(content) == ["application/json"]
    schema = content["application/json"]["schema"]
    base, *more = schema.get("allOf", [schema])
    own = SUCCESS_OF_CLEARING if name == "clearUser" else SUCCESS_BODY
    assert sorted(base["required"]) == sorted(own)
    declared = base["properties"] | {field: d for part in more for field, d in part["properties"].items()}
    types = {
        field: {key: value for key, value in each.items() if key in ("type", "format")}
        for field, each in declared.items()
    }
    assert types == {field: JSON_TYPE[kind] for field, kind in (COMMON_RESPONSE | own).items()}
    assert contract.operation(name).whole_timestamp == (own["timestamp"] == "Long")
    assert [example["value"] for example in content["application/json"]["examples"].values()] == [SAMPLE]


@pytest.mark.parametrize(
    ("body", "valid"),
    [
        (SAMPLE, True),
        (SAMPLE | {"duration": 3, "uri": "https://host/o/a", "unheard": {"of": 1}}, True),
        ({"requestStatusCode": "ok"}, False),
        ({"timestamp": 1710309184114}, False),
        (SAMPLE | {"requestStatusCode": "OK"}, False),
        (SAMPLE | {"timestamp": "1710309184114"}, False),
        (SAMPLE | {"timestamp": "1"}, False),
        (SAMPLE | {"organization": 7}, False),
        ([SAMPLE], False),
    ],
)
def test_success_body_accepts_what_the_document_shows(
    resolved: dict[str, Any], body: object, valid: bool
) -> None:
    for schema in ("Deleted", "Cleared"):
        assert jsonschema_rs.validator_for(resolved["components"]["schemas"][schema]).is_valid(body) is valid


@pytest.mark.parametrize(("schema", "valid"), [("Deleted", True), ("Cleared", False)])
def test_a_number_may_have_a_fraction_and_a_long_may_not(
    resolved: dict[str, Any], schema: str, valid: bool
) -> None:
    validator = jsonschema_rs.validator_for(resolved["components"]["schemas"][schema])
    assert validator.is_valid(SAMPLE | {"timestamp": 1710309184114.5}) is valid


def test_what_stands_on_another_page_is_marked(resolved: dict[str, Any]) -> None:
    responses = resolved["components"]["responses"]
    marked = {name for name, response in responses.items() if response.get("x-evidence") == "vendor"}
    assert marked == {"Unauthorized", "NotFound", "TooManyRequests", "ServerError", "Open"}
    fields = resolved["components"]["schemas"]["Error"]["properties"]
    assert {name: field["x-evidence"] for name, field in fields.items()} == {
        "error": "derived",
        "error_description": "derived",
        **dict.fromkeys(("error_code", "exception", "timestamp", "duration"), "observed"),
    }


@each_section
def test_error_rows(contract: Contract, name: str, section: Section) -> None:
    found = [(row.status, row.error, row.description) for row in contract.operation(name).error_rows]
    assert found == list(section.errors)


def test_an_error_row_is_found_by_its_key(contract: Contract) -> None:
    delete, clear = contract.operation("deleteChatMessages"), contract.operation("clearUser")

    assert delete.error_row("too-many-ids") in delete.error_rows
    assert delete.error_row("too-many-ids").key == "too-many-ids"
    assert clear.find_error_row("too-many-ids") is None
    with pytest.raises(KeyError, match="too-many-ids"):
        clear.error_row("too-many-ids")


@each_section
def test_error_rows_are_named_examples_of_their_status(
    resolved: dict[str, Any], name: str, section: Section
) -> None:
    media = described(resolved, name)["responses"]["400"]["content"]["application/json"]
    keys = {NOT_OPEN: "not-open", TOO_MANY: "too-many-ids", MISSING: "missing-parameter"}
    assert {key: example["value"] for key, example in media["examples"].items()} == {
        keys[row]: {"error": row[1], "error_description": row[2]} for row in section.errors
    }
    is_valid = jsonschema_rs.validator_for(media["schema"]).is_valid
    assert all(is_valid(example["value"]) for example in media["examples"].values())


@each_operation
def test_other_statuses_are_left_open(resolved: dict[str, Any], name: str) -> None:
    responses = described(resolved, name)["responses"]
    assert list(responses) == ["200", "400", "401", "404", "429", "5XX", "default"]
    without_rows = [responses[status] for status in ("401", "404", "429", "5XX", "default")]
    assert not any("examples" in media for one in without_rows for media in one.get("content", {}).values())


@each_operation
def test_rate_limit(resolved: dict[str, Any], contract: Contract, name: str) -> None:
    assert contract.operation(name).rate_per_second == CALLS_PER_SECOND
    assert described(resolved, name)["x-rate-limit"]["scope"] == "App Key"
