"""What the contract's loader makes of good and bad files."""

import copy
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from roamspec.contract.load import load_contract
from roamspec.contract.operations import Contract, slug_of
from roamspec.errors import ContractError
from roamspec.resources import folder

Edit = Callable[[dict[str, Any]], None]
Write = Callable[[str], Path]

BY_ID = "/{org_name}/{app_name}/rest/message/roaming/chat/user/{userId}"


def test_names_and_slugs_lead_to_the_same_operation(contract: Contract) -> None:
    assert {operation.slug for operation in contract.operations.values()} == {
        "delete-chat-messages",
        "delete-group-messages",
        "clear-user",
        "clear-chat-before",
        "clear-group-before",
    }
    for name, operation in contract.operations.items():
        assert slug_of(name) == operation.slug
        assert contract.operation(name) is contract.operation(operation.slug) is operation


def test_the_same_name_in_path_and_query_stays_two_parameters(contract: Contract) -> None:
    found = [p for p in contract.operation("clearChatBefore").parameters if p.name == "userId"]
    assert [p.location for p in found] == ["path", "query"]
    assert len({p.description for p in found}) == 2


def test_unknown_operation_is_named_with_the_known_ones(contract: Contract) -> None:
    with pytest.raises(
        ContractError, match=r"no operation 'clearAll'; it has deleteChatMessages, .*clearUser"
    ):
        contract.operation("clearAll")


def test_sha256_is_over_the_bytes_of_the_file(contract: Contract, tmp_path: Path) -> None:
    content = (folder("contracts") / "deletion.openapi.yaml").read_bytes()
    assert contract.sha256 == hashlib.sha256(content).hexdigest()
    path = tmp_path / "same.yaml"
    path.write_bytes(content + b"# a remark\n")
    assert load_contract(path) == Contract(
        contract.operations, hashlib.sha256(content + b"# a remark\n").hexdigest(), contract.document
    )


def test_a_file_is_read_anew_when_it_has_changed(tmp_path: Path) -> None:
    content = (folder("contracts") / "deletion.openapi.yaml").read_bytes()
    path = tmp_path / "changing.yaml"
    path.write_bytes(content)
    before = load_contract(path)
    assert load_contract(path) is before
    path.write_bytes(b"[]")
    with pytest.raises(ContractError, match="not an OpenAPI document"):
        load_contract(path)


def test_an_operations_own_parameter_replaces_that_of_the_path(contract: Contract, write: Write) -> None:
    document = copy.deepcopy(contract.document)
    item = document["paths"][BY_ID]
    item["parameters"].append(
        {"name": "isNotify", "in": "query", "description": "older", "schema": {"type": "boolean"}}
    )
    loaded = load_contract(write(yaml.safe_dump(document, sort_keys=False)))
    (notify,) = (p for p in loaded.operation("deleteChatMessages").parameters if p.name == "isNotify")
    assert notify.default is True


def _operation(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["paths"][BY_ID]["delete"]
    return found


def _rename(document: dict[str, Any]) -> None:
    _operation(document)["operationId"] = "clearUser"


def _repeat_parameter(document: dict[str, Any]) -> None:
    _operation(document)["parameters"].append({"$ref": "#/components/parameters/IsNotify"})


def _unknown_row(document: dict[str, Any]) -> None:
    document["components"]["responses"]["NotOpen"]["content"]["application/json"]["examples"]["closed"] = {
        "value": {"error": "a", "error_description": "b"}
    }


def _row_without_text(document: dict[str, Any]) -> None:
    document["components"]["examples"]["not-open"]["value"] = {"error": "service open exception"}


def _dangling(document: dict[str, Any]) -> None:
    _operation(document)["parameters"].append({"$ref": "#/components/parameters/Nobody"})


def _remote(document: dict[str, Any]) -> None:
    _operation(document)["parameters"].append({"$ref": "other.yaml#/x"})


def _circle(document: dict[str, Any]) -> None:
    document["components"]["parameters"]["IsNotify"] = {"$ref": "#/components/parameters/IsNotify"}


def _header_parameter(document: dict[str, Any]) -> None:
    _operation(document)["parameters"].append(
        {"name": "Accept", "in": "header", "description": "x", "schema": {"type": "string"}}
    )


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (_rename, r"clearUser: this operationId is given twice"),
        (_repeat_parameter, r"deleteChatMessages: a parameter is given twice in the same place"),
        (_unknown_row, r"examples.*: \"closed\" is not one of"),
        (_row_without_text, r"not-open / value: \"error_description\" is a required property"),
        (_dangling, r"#/components/parameters/Nobody: this reference has no target"),
        (_remote, r"other\.yaml#/x: only references inside the file"),
        (_circle, r"#/components/parameters/IsNotify: this reference refers to itself"),
        (_header_parameter, r"parameters / 4 / in: \"header\" is not one of \"path\" or \"query\""),
        (lambda d: _operation(d).pop("x-rate-limit"), r"delete: \"x-rate-limit\" is a required property"),
        (lambda d: _operation(d)["responses"].pop("200"), r"responses: \"200\" is a required property"),
        (lambda d: d.update(openapi="3.0.3"), r"openapi: \"3\.0\.3\" does not match"),
        (lambda d: d.update(openapi=3.1), r"openapi: 3\.1 is not of type \"string\""),
        (lambda d: d.pop("paths"), r"the file as a whole: \"paths\" is a required property"),
    ],
)
def test_a_wrong_contract_names_file_entry_and_reason(
    contract: Contract, write: Write, edit: Edit, reason: str
) -> None:
    document = copy.deepcopy(contract.document)
    edit(document)
    path = write(yaml.safe_dump(document, sort_keys=False))
    with pytest.raises(ContractError, match=reason) as caught:
        load_contract(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", r"given\.yaml: the file as a whole: this is not an OpenAPI document"),
        ("- a\n", r"given\.yaml: the file as a whole: this is not an OpenAPI document"),
        ("openapi: [3.1.0\n", r"given\.yaml: line 2: "),
        ("openapi: 3.1.0\ninfo: {}\nopenapi: 3.1.0\n", r"line 3: the key 'openapi' is given twice"),
        (
            "paths:\n  /a:\n    get: {responses: {200: {}}}\n",
            r"line 3: the key 200 is not text; put it in quotes",
        ),
        ("paths: !!python/object:os.system {}\n", r"line 1: could not determine a constructor"),
        ("paths: &a\n  again: *a\n", r"given\.yaml: the file as a whole: a YAML alias refers to itself"),
        ("paths: !!binary YQ==\nopenapi: 3.1.0\n", r"a value that JSON cannot express"),
    ],
)
def test_unusable_yaml_is_one_sentence(write: Write, text: str, reason: str) -> None:
    with pytest.raises(ContractError, match=reason) as caught:
        load_contract(write(text))
    assert "\n" not in str(caught.value)


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "bytes.yaml"
    path.write_bytes(b"openapi: \xff\xfe\n")
    with pytest.raises(ContractError, match=r"bytes\.yaml: not valid YAML: "):
        load_contract(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match=r"absent\.yaml cannot be read: No such file or directory\."):
        load_contract(tmp_path / "absent.yaml")
