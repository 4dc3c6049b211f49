"""The catalogue: what it holds, how it is filtered, and what a wrong entry is told."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from roamspec.contract.operations import Contract
from roamspec.contract.requirements import Catalogue, Requirement, load_catalogue
from roamspec.errors import ContractError, UsageError

Write = Callable[[str], Path]

GOOD: dict[str, Any] = {
    "id": "clear-user.effect.messages-gone",
    "operation": "clearUser",
    "title": "Everything is gone.",
    "level": "must",
    "evidence": "documented",
    "section": "单向清空指定用户的漫游消息",
    "line": 142,
    "capabilities": ["pull", "lists"],
    "unchecked": "Nobody has looked yet.",
}
OTHER = GOOD | {
    "id": "clear-chat-before.time.at-del-time-gone",
    "operation": "clearChatBefore",
    "evidence": "inferred",
}


def file_of(*entries: object) -> str:
    return yaml.safe_dump({"requirements": list(entries)}, allow_unicode=True, sort_keys=False)


def test_the_catalogue_of_the_checkout_speaks_of_all_operations(
    contract: Contract, catalogue: Catalogue
) -> None:
    assert {requirement.operation for requirement in catalogue.values()} == set(contract.operations)
    assert len(catalogue) >= 350
    assert sum(requirement.decisive for requirement in catalogue.values()) >= 350


def test_an_entry_becomes_a_record(contract: Contract, write: Write) -> None:
    short = {key: value for key, value in OTHER.items() if key not in ("capabilities", "unchecked")}
    catalogue = load_catalogue(write(file_of(GOOD, short)), contract=contract)
    assert list(catalogue) == [GOOD["id"], OTHER["id"]]
    assert catalogue[GOOD["id"]] == Requirement(
        id="clear-user.effect.messages-gone",
        operation="clearUser",
        title="Everything is gone.",
        level="must",
        evidence="documented",
        section="单向清空指定用户的漫游消息",
        line=142,
        capabilities=("pull", "lists"),
        family="effect",
        unchecked="Nobody has looked yet.",
    )
    assert (catalogue[OTHER["id"]].capabilities, catalogue[OTHER["id"]].unchecked) == ((), "")


@pytest.mark.parametrize(
    ("level", "evidence", "decisive"),
    [
        ("must", "documented", True),
        ("must", "observed", False),
        ("must", "inferred", False),
        ("should", "documented", False),
        ("may", "documented", False),
    ],
)
def test_only_a_documented_must_decides(
    contract: Contract, write: Write, level: str, evidence: str, decisive: bool
) -> None:
    path = write(file_of(GOOD | {"level": level, "evidence": evidence}))
    (requirement,) = load_catalogue(path, contract=contract).values()
    assert requirement.decisive is decisive


@pytest.mark.parametrize(
    ("patterns", "operations", "expected"),
    [
        ([], [], [GOOD["id"], OTHER["id"]]),
        (["clear-user.*"], [], [GOOD["id"]]),
        (["*.time.*", "effect"], [], [GOOD["id"], OTHER["id"]]),
        (["clearChatBefore"], [], [OTHER["id"]]),
        (["clear-chat-before"], [], [OTHER["id"]]),
        (["time"], [], [OTHER["id"]]),
        ([GOOD["id"]], ["clearUser"], [GOOD["id"]]),
        ([], ["clear-user"], [GOOD["id"]]),
        (["time"], ["clearUser"], []),
        (["time.*"], [], [OTHER["id"]]),
        (["clearUser.effect.*", "clear-chat-before.ti?e.*"], [], [GOOD["id"], OTHER["id"]]),
        ([OTHER["id"].partition(".")[2]], [], [OTHER["id"]]),
    ],
)
def test_select(
    contract: Contract, write: Write, patterns: list[str], operations: list[str], expected: list[str]
) -> None:
    catalogue = load_catalogue(write(file_of(GOOD, OTHER)), contract=contract)
    assert [requirement.id for requirement in catalogue.select(patterns, operations)] == expected


@pytest.mark.parametrize(
    ("patterns", "operations", "message"),
    [
        (["tmie"], [], r"fits 'tmie'; did you mean 'time'\?"),
        (["effect", "CLEAR-USER.*"], [], r"fits 'CLEAR-USER\.\*'; "),
        (["tmie.*"], [], r"fits 'tmie\.\*'; did you mean 'time\.\*'\?"),
        (["zzz"], [], r"fits 'zzz'; `roamspec requirements` lists them\."),
        ([], ["deleteAll"], r"operation 'deleteAll'; choose from clearUser, clearChatBefore\."),
    ],
)
def test_a_filter_that_fits_nothing_is_an_error(
    contract: Contract, write: Write, patterns: list[str], operations: list[str], message: str
) -> None:
    catalogue = load_catalogue(write(file_of(GOOD, OTHER)), contract=contract)
    with pytest.raises(UsageError, match=message):
        catalogue.select(patterns, operations)


def without(key: str) -> dict[str, Any]:
    return {name: value for name, value in GOOD.items() if name != key}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (file_of(GOOD, OTHER, GOOD), r"clear-user\.effect\.messages-gone: this id is given twice"),
        (
            file_of(GOOD | {"operation": "clearAll"}),
            r"messages-gone: the contract has no operation 'clearAll'",
        ),
        (
            file_of(GOOD | {"operation": "clearChatBefore"}),
            r"messages-gone: the id of a requirement of clearChatBefore begins with 'clear-chat-before\.'",
        ),
        (
            file_of(GOOD | {"id": "clear-user.gone"}),
            r": clear-user\.gone, id: \"clear-user\.gone\" does not match",
        ),
        (file_of(GOOD | {"id": "clear-user.Effect.gone"}), r", id: .* does not match"),
        (file_of(GOOD | {"id": 7}), r": entry 1, id: 7 is not of type \"string\""),
        (file_of(GOOD, "text"), r": entry 2: \"text\" is not of type \"object\""),
        (file_of(GOOD, without("id")), r": entry 2: \"id\" is a required property"),
        *((file_of(without(key)), f'"{key}" is a required property') for key in list(GOOD)[1:7]),
        (file_of(GOOD | {"level": "shall"}), r"messages-gone, level: \"shall\" is not one of"),
        (file_of(GOOD | {"evidence": "guessed"}), r"messages-gone, evidence: \"guessed\" is not one of"),
        (file_of(GOOD | {"line": "142"}), r"messages-gone, line: \"142\" is not of type \"integer\""),
        (file_of(GOOD | {"line": 0}), r"messages-gone, line: 0 is less than the minimum of 1"),
        (file_of(GOOD | {"capabilities": "pull"}), r"capabilities: \"pull\" is not of type \"array\""),
        (file_of(GOOD | {"capabilities": ["pull", "pull"]}), r"capabilities: .*non-unique"),
        (file_of(GOOD | {"unchecked": ""}), r"unchecked: \"\" is shorter than 1 character"),
        (file_of(GOOD | {"titel": "x"}), r"messages-gone: Additional properties are not allowed \('titel'"),
        (file_of(GOOD | {"title": ["x" * 1000]}), r"title: \[\"x{200,300}…\.$"),
        (file_of(), r": requirements: \[\] has less than 1 item"),
        ("requirements: {}\n", r": requirements: \{\} is not of type \"array\""),
        ("", r": the file as a whole: null is not of type \"object\""),
        (file_of(GOOD) + "more: 1\n", r": the file as a whole: Additional properties"),
        ("requirements:\n- id: a\n  id: b\n", r": line 3: the key 'id' is given twice"),
        ("requirements: [\n", r": line 2: "),
    ],
)
def test_a_wrong_entry_names_file_entry_and_reason(
    contract: Contract, write: Write, text: str, reason: str
) -> None:
    path = write(text)
    with pytest.raises(ContractError, match=reason) as caught:
        load_catalogue(path, contract=contract)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


def test_dates_stay_text(contract: Contract, write: Write) -> None:
    text = file_of(GOOD).replace("Everything is gone.", "2026-01-01")
    (requirement,) = load_catalogue(write(text), contract=contract).values()
    assert requirement.title == "2026-01-01"
