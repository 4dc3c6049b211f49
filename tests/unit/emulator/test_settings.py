"""Settings: what is accepted, what is rejected in one sentence, and a table that lists them all."""

from pathlib import Path
from typing import Any

import pytest

from roamspec.emulator.settings import AppSettings, describe, parse_assignment
from roamspec.errors import ConfigurationError

CHOICES = Path(__file__).parents[3] / "docs" / "choices.md"


def test_each_setting_has_its_row_with_its_default_and_evidence() -> None:
    table = CHOICES.read_text(encoding="utf-8").partition("## Not settings")[0]
    rows = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in table.splitlines()
        if line.startswith("| `")
    ]
    listed = {row[0].strip("`"): row for row in rows}
    described = describe()
    assert list(listed) == [item["name"] for item in described]
    for item in described:
        default = item["default"]
        text = ", ".join(default) if isinstance(default, list) else str(default)
        shown = listed[item["name"]][1].strip("`")
        assert shown == (text.lower() if isinstance(default, bool) else text), item["name"]
        assert listed[item["name"]][4] in ("documented", "observed", "inferred"), item["name"]


def test_changes_give_a_new_value_and_leave_the_old() -> None:
    before = AppSettings()
    changes = {"imports": "refused", "list-lag-ms": 5, "operation_rates": {"clearUser": 7}}
    after = before.with_changes(changes, where="test")
    assert (after.imports, after.list_lag_ms) == ("refused", 5)
    assert before == AppSettings()
    assert AppSettings().with_changes(after.as_dict(), where="test") == after


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"importz": "refused"}, "there is no setting 'importz'; did you mean 'imports'?"),
        ({"xyz": 1}, "docs/choices.md lists them."),
        ({"imports": "maybe"}, "it must be accepted or refused."),
        ({"retention_days": "3"}, "a whole number from 0 to 36500."),
        ({"retention_days": True}, "a whole number"),
        ({"retention_days": -1}, "a whole number"),
        ({"message_roaming": 1}, "it must be true or false."),
        ({"unknown_owner": 403}, "it must be 404 or 200."),
        ({"list_forms": ["other"]}, "a list of user, users"),
        ({"list_forms": "user"}, "a list of user, users"),
        ({"operation_rates": ["clearUser"]}, "a mapping of operations to numbers."),
        ({"operation_rates": {"clearUsr": 5}}, "there is no operation 'clearUsr'; did you mean 'clearUser'?"),
        ({"operation_rates": {"clearUser": 0}}, "clearUser must be a whole number from 1 to 100000."),
    ],
)
def test_what_is_rejected(changes: dict[str, Any], part: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^here: ") as caught:
        AppSettings().with_changes(changes, where="here")
    assert part in str(caught.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("imports=refused", ("imports", "refused")),
        ("message-roaming=FALSE", ("message_roaming", False)),
        ("clock_offset_ms=-5", ("clock_offset_ms", -5)),
        ("list_forms=user, users", ("list_forms", ["user", "users"])),
        ("list_forms=", ("list_forms", [])),
        ("unknown_owner=200", ("unknown_owner", 200)),
        (
            "operation_rates=clearUser:5, createToken:1",
            ("operation_rates", {"clearUser": 5, "createToken": 1}),
        ),
        ("operation_rates=clearUser", ("operation_rates", {"clearUser": ""})),
    ],
)
def test_assignments(text: str, value: tuple[str, object]) -> None:
    assert parse_assignment(text, where="--set") == value
