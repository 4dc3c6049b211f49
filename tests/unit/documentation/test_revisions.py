"""Pages of several revisions and forms: what is read from them, and what differs from the contract."""

from dataclasses import replace

import pytest
from tests.unit.documentation.revisions import (
    ALL,
    BEFORE_NOTIFY,
    CHAT_BY_ID,
    FIRST_FIVE,
    FIRST_THREE,
    FORMS,
    GROUP_BY_ID,
    MISSING,
    NOT_OPEN,
    ONE_CHINESE,
    ONE_ENGLISH,
    TODAY,
    TOO_MANY,
    Form,
    Revision,
    Section,
    written,
)

from roamspec.contract.load import load_contract
from roamspec.documentation.comparison import compare
from roamspec.documentation.extraction import extract
from roamspec.documentation.page import read_page

Differences = set[tuple[str, str, str, str]]

BY_ID = ("deleteChatMessages", "deleteGroupMessages")
BY_TIME = ("clearChatBefore", "clearGroupBefore")
FIVE = (*BY_ID, "clearUser", *BY_TIME)
PEER_OF = dict(zip((*BY_ID, *BY_TIME), ("userId", "groupId") * 2, strict=True))


def differences(revision: Revision, form: Form) -> Differences:
    page = read_page(written(revision, form))
    assert page.form == form
    found = compare(extract(page), load_contract())
    assert len(found) > 10, "facts are compared at all"
    return {(each.operation, each.fact, each.aspect, each.outcome) for each in found if not each.agrees}


def without_notify(operations: tuple[str, ...]) -> Differences:
    return {(each, "query/isNotify", "parameter", "removed") for each in operations}


def statuses_alone(operations: tuple[str, ...]) -> Differences:
    rows = {"clearUser": 1, "deleteGroupMessages": 2, "deleteChatMessages": 3}
    keys = ("not-open", "too-many-ids", "missing-parameter")
    lost = {
        (each, f"error/{key}", "row", "removed") for each in operations for key in keys[: rows.get(each, 1)]
    }
    return lost | {(each, "error", "row", "added") for each in operations}


each_form = pytest.mark.parametrize("form", FORMS)


@each_form
def test_todays_page_agrees(form: Form) -> None:
    assert differences(TODAY, form) == set()


@each_form
@pytest.mark.parametrize("revision", [ONE_CHINESE, ONE_ENGLISH], ids=["zh", "en"])
def test_a_page_of_one_operation_differs_in_the_name_of_the_peer_alone(
    form: Form, revision: Revision
) -> None:
    """The key on the wire stays, and the other four operations are not missing."""
    operation = "deleteChatMessages" if revision is ONE_CHINESE else "clearChatBefore"
    assert differences(revision, form) == {(operation, "query/userId", "name in the table", "changed")}


@each_form
def test_the_page_before_is_notify(form: Form) -> None:
    assert differences(BEFORE_NOTIFY, form) == without_notify((*BY_ID, *BY_TIME))


@each_form
def test_the_first_page_of_five_operations(form: Form) -> None:
    lines = {
        (each, f"query/{key}", "key in the request line", "removed")
        for each in BY_ID
        for key in (PEER_OF[each], "msgIdList")
    }
    expected = without_notify((*BY_ID, *BY_TIME)) | statuses_alone(FIVE) | lines
    assert differences(FIRST_FIVE, form) == expected


@each_form
def test_the_first_page_of_three_operations(form: Form) -> None:
    three = ("clearUser", *BY_TIME)
    absent = {(each, "request", "operation", "removed") for each in BY_ID}
    renamed = {(each, "path/userId", "name", "changed") for each in three}
    assert differences(FIRST_THREE, form) == absent | renamed | without_notify(BY_TIME) | statuses_alone(
        three
    )


def with_chat(**changes: object) -> Revision:
    section = replace(CHAT_BY_ID, **changes)  # type: ignore[arg-type]
    return replace(TODAY, sections=(section, *TODAY.sections[1:]))


def rows_with(**changes: tuple[str, str, bool, str]) -> tuple[tuple[str, str, bool, str], ...]:
    owner, *others = CHAT_BY_ID.rows
    return (owner, *(changes.get(row[0], row) for row in others))


PATH = CHAT_BY_ID.path


@each_form
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"method": "POST"}, [("request", "method", "changed"), ("sample/request", "method", "changed")]),
        (
            {"path": PATH.replace("/{org_name}/{app_name}", "/app-id/{app_id}")},
            [("request", "beginning of the path", "changed")],
        ),
        ({"rate": 80}, [("rate", "calls per second", "changed")]),
        ({"most": 20}, [("query/msgIdList", "most items", "changed")]),
        ({"default": "false"}, [("query/isNotify", "default", "changed")]),
        (
            {"rows": rows_with(isNotify=("isNotify", "String", True, ""))},
            [("query/isNotify", aspect, outcome) for aspect, outcome in
             (("type", "changed"), ("required", "changed"), ("default", "removed"))],
        ),
        (
            {"rows": rows_with(userId=("userId", "String", False, ""))},
            [("query/userId", "required", "changed")],
        ),
        ({"timestamp": "String"}, [("response/timestamp", "type", "changed")]),
        ({"timestamp": "Long"}, [("response/timestamp", "type", "changed")]),
        ({"headers": ("Accept", "Authorization")}, [("header/Content-Type", "required", "removed")]),
        (
            {"headers": ("Content-Type", "Accept", "Authorization", "X-Trace")},
            [("header/X-Trace", "required", "added")],
        ),
        ({"errors": (NOT_OPEN, TOO_MANY)}, [("error/missing-parameter", "row", "removed")]),
        (
            {"errors": (NOT_OPEN, TOO_MANY, ("403", *MISSING[1:]))},
            [("error/missing-parameter", "status", "changed")],
        ),
        (
            {"errors": ((*NOT_OPEN[:2], "not open", "", ""), TOO_MANY, MISSING)},
            [("error/not-open", "text", "changed")],
        ),
        (
            {"errors": (NOT_OPEN, TOO_MANY, MISSING, ("404", "unknown user", "who", "", ""))},
            [("error", "row", "added")],
        ),
        (
            {"sample_headers": (("Content-Type", "text/plain"),)},
            [("sample/request", "header Content-Type", "changed")],
        ),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)  # fmt: skip
def test_each_fact_that_changes_is_seen_and_nothing_else(
    form: Form, changes: dict[str, object], expected: list[tuple[str, str, str]]
) -> None:
    assert differences(with_chat(**changes), form) == {("deleteChatMessages", *each) for each in expected}


@each_form
def test_a_parameter_and_an_operation_that_are_new(form: Form) -> None:
    section = replace(
        GROUP_BY_ID,
        query=(*GROUP_BY_ID.query, ("resource", "resource")),
        rows=(*GROUP_BY_ID.rows, ("resource", "String", False, "")),
    )
    new = Section("one more", "DELETE", ALL.path.replace("delete/all", "everything"), rows=ALL.rows)
    revision = replace(TODAY, sections=(CHAT_BY_ID, section, *TODAY.sections[2:], new))
    assert differences(revision, form) == {
        ("deleteGroupMessages", "query/resource", "key in the request line", "added"),
        ("deleteGroupMessages", "sample/request", "query key resource", "added"),
        (f"DELETE {new.path}", "request", "operation", "added"),
    }


@each_form
def test_a_common_field_of_another_type(form: Form) -> None:
    common = (*TODAY.common[:-1], ("duration", "Long"), ("entities", "Array"))
    found = differences(replace(TODAY, common=common), form)
    assert found == {("all operations", "response/entities", "type", "added")}, (
        "Int and Long are whole numbers"
    )
