"""The catalogue: what it holds, how it is filtered, and what a wrong entry is notified."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from roamspec.contract.citations import load_citations
from roamspec.contract.operations import Contract
from roamspec.contract.requirements import Catalogue, Requirement, load_catalogue
from roamspec.errors import ContractError, UsageError

Write = Callable[[str], Path]

GOOD: dict[str, Any] = {
    "id": "effect.messages-gone",
    "title": "Everything is gone.",
    "operations": ["clearUser"],
    "level": "must",
    "evidence": "documented",
    "cites": ["effect-all", "bearer"],
    "capabilities": ["pull", "lists"],
    "unchecked": "Nobody has looked yet.",
}
OTHER = GOOD | {
    "id": "time.at-del-time-gone",
    "operations": ["clearChatBefore"],
    "level": "should",
    "evidence": "inferred",
    "cites": ["del-time"],
}
DERIVED = GOOD | {"evidence": "derived", "step": "It follows at once."}
GOOD_ID = "clear-user.effect.messages-gone"
OTHER_ID = "clear-chat-before.time.at-del-time-gone"


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
    citations = load_citations()
    assert list(catalogue) == [GOOD_ID, OTHER_ID]
    first, second = citations.of("effect-all", "clearUser"), citations.of("bearer", "clearUser")
    assert first is not None
    assert second is not None
    assert catalogue[GOOD_ID] == Requirement(
        id=GOOD_ID,
        operation="clearUser",
        title="Everything is gone.",
        level="must",
        evidence="documented",
        sources=(first, second),
        capabilities=("pull", "lists"),
        family="effect",
        unchecked="Nobody has looked yet.",
    )
    assert (first.section, first.line) == ("单向清空指定用户的漫游消息", 142)
    assert (catalogue[OTHER_ID].capabilities, catalogue[OTHER_ID].unchecked) == ((), "")


def test_an_entry_holds_for_each_of_its_operations(contract: Contract, write: Write) -> None:
    both = OTHER | {"operations": ["clearGroupBefore", "clearChatBefore"]}
    catalogue = load_catalogue(write(file_of(both, GOOD)), contract=contract)
    assert list(catalogue) == [GOOD_ID, OTHER_ID, "clear-group-before.time.at-del-time-gone"]
    assert [each.source.line for each in catalogue.values()] == [142, 200, 251]


def test_titles_are_unique_within_an_operation(catalogue: Catalogue) -> None:
    titles = Counter((each.operation, each.title) for each in catalogue.values())
    assert [title for title, count in titles.items() if count > 1] == []


def test_titles_tell_the_two_user_ids_apart(catalogue: Catalogue) -> None:
    unclear = [
        each.id for each in catalogue.values() if "`userId`" in each.title and "(the peer)" not in each.title
    ]
    assert unclear == []


def test_titles_repeat_the_numbers_of_the_contract(contract: Contract, catalogue: Catalogue) -> None:
    """A limit that changes in the contract has to change where a title speaks of it."""
    for operation in contract.operations.values():
        limits = [p.max_items for p in operation.parameters if p.max_items is not None]
        spoken = {
            int(number)
            for each in catalogue.values()
            if each.operation == operation.name and each.family == "limit"
            for number in re.findall(r"\b(\d+) IDs\b", each.title)
        }
        assert spoken == {n for limit in limits for n in (limit, limit + 1, 2 * limit)}
        rate = catalogue[f"{operation.slug}.rate.below-the-limit-served"].title
        assert re.findall(r"\d+", rate) == [str(operation.rate_per_second)]


def test_titles_repeat_the_texts_of_the_error_rows(contract: Contract, catalogue: Catalogue) -> None:
    names = {
        "not-open": "not-open",
        "too-many-ids": "limit.fifty-one",
        "missing-parameter": "missing.user-id",
    }
    for operation in contract.operations.values():
        for row in operation.error_rows:
            prefix = f"{operation.slug}.{names[row.key]}"
            join = "." if row.key == "not-open" else "-"
            assert f"`{row.error}`" in catalogue[f"{prefix}{join}error-type"].title
            assert f"`{row.description}`" in catalogue[f"{prefix}{join}error-text"].title


@pytest.mark.parametrize(
    ("entry", "decisive"),
    [
        (GOOD, True),
        (GOOD | {"evidence": "vendor"}, True),
        (DERIVED, True),
        (GOOD | {"evidence": "observed"}, False),
        (OTHER, False),
        (GOOD | {"level": "should"}, False),
        (DERIVED | {"level": "should"}, False),
        (GOOD | {"level": "may"}, False),
    ],
)
def test_only_a_must_that_the_vendor_says_decides(
    contract: Contract, write: Write, entry: dict[str, Any], decisive: bool
) -> None:
    (requirement,) = load_catalogue(write(file_of(entry)), contract=contract).values()
    assert requirement.decisive is decisive


@pytest.mark.parametrize(
    ("patterns", "operations", "expected"),
    [
        ([], [], [GOOD_ID, OTHER_ID]),
        (["clear-user.*"], [], [GOOD_ID]),
        (["*.time.*", "effect"], [], [GOOD_ID, OTHER_ID]),
        (["clearChatBefore"], [], [OTHER_ID]),
        (["clear-chat-before"], [], [OTHER_ID]),
        (["time"], [], [OTHER_ID]),
        ([GOOD_ID], ["clearUser"], [GOOD_ID]),
        ([], ["clear-user"], [GOOD_ID]),
        (["time"], ["clearUser"], []),
        (["time.*"], [], [OTHER_ID]),
        (["clearUser.effect.*", "clear-chat-before.ti?e.*"], [], [GOOD_ID, OTHER_ID]),
        ([OTHER_ID.partition(".")[2]], [], [OTHER_ID]),
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
        (["tmie"], [], r"matches 'tmie'; did you mean 'time'\?"),
        (["effect", "CLEAR-USER.*"], [], r"matches 'CLEAR-USER\.\*'; "),
        (["tmie.*"], [], r"matches 'tmie\.\*'; did you mean 'time\.\*'\?"),
        (["zzz"], [], r"matches 'zzz'; `roamspec requirements` lists them\."),
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
        (file_of(GOOD, OTHER, GOOD), r": effect\.messages-gone: clearUser has this requirement twice\."),
        (
            file_of(GOOD | {"operations": ["clearAll"]}),
            r"messages-gone: the contract has no operation 'clearAll'; it has deleteChatMessages, ",
        ),
        (
            file_of(GOOD | {"cites": ["nowhere"]}),
            r"messages-gone: citations\.yaml has no statement 'nowhere'\.",
        ),
        (
            file_of(GOOD | {"cites": ["del-time"]}),
            r"messages-gone: none of the statements that it cites is about clearUser\.",
        ),
        (
            file_of(GOOD | {"part_of": "effect.gone"}),
            r"clear-user\.effect\.messages-gone: part_of names clear-user\.effect\.gone, which does not",
        ),
        (file_of(GOOD | {"id": "gone"}), r": gone, id: \"gone\" does not match"),
        (file_of(GOOD | {"id": "Effect.gone"}), r", id: .* does not match"),
        (file_of(GOOD | {"id": 7}), r": entry 1, id: 7 is not of type \"string\""),
        (file_of(GOOD, "text"), r": entry 2: \"text\" is not of type \"object\""),
        (file_of(GOOD, without("id")), r": entry 2: \"id\" is a required property"),
        *((file_of(without(key)), f'"{key}" is a required property') for key in list(GOOD)[1:6]),
        (file_of(GOOD | {"evidence": "derived"}), r'messages-gone: "step" is a required property'),
        (file_of(GOOD | {"step": "So."}), r"messages-gone, step: "),
        (file_of(OTHER | {"level": "must"}), r"at-del-time-gone, level: \"must\" is not one of"),
        (file_of(GOOD | {"level": "shall"}), r"messages-gone, level: \"shall\" is not one of"),
        (file_of(GOOD | {"evidence": "guessed"}), r"messages-gone, evidence: \"guessed\" is not one of"),
        (file_of(GOOD | {"since": 1}), r"messages-gone, since: 1 is less than the minimum of 2"),
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


@pytest.mark.parametrize(
    ("old", "parts"),
    [
        (
            "missing.everything-refused",
            {"missing.everything-client-error", "missing.everything-deletes-nothing"},
        ),
        ("value.empty-del-time-harmless", {"value.empty-del-time-no-server-error"}),
        ("time.before-everything-deletes-nothing", {"time.before-everything-accepted"}),
        (
            "effect.concurrent-calls-all-count",
            {"effect.concurrent-calls-delete-nothing-else", "effect.concurrent-calls-no-server-error"},
        ),
    ],
)
def test_the_id_of_what_was_split_selects_its_parts(catalogue: Catalogue, old: str, parts: set[str]) -> None:
    found = catalogue.select([f"clear-chat-before.{old}"])
    assert {each.id.partition(".")[2] for each in found} == {old, *parts}
