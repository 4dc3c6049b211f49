"""What the run made: written down before it is made, and nameable ever after."""

import json
from pathlib import Path

from roamspec.appkey import AppKey
from roamspec.transport.ledger import Ledger, LedgerEntry

KEY = AppKey("acme", "parlor")
USER = LedgerEntry(KEY, "user", "rs1-1u")
GROUP = LedgerEntry(KEY, "group", "77")


def lines(file: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_every_step_is_on_disk_at_once(tmp_path: Path) -> None:
    file = tmp_path / "ledger.jsonl"
    ledger = Ledger(file)

    ledger.intend(USER)
    assert lines(file) == [{"event": "intend", "app": "acme#parlor", "kind": "user", "name": "rs1-1u"}]
    ledger.made(USER)
    ledger.removed(USER)
    assert [line["event"] for line in lines(file)] == ["intend", "made", "gone"]
    ledger.close()


def test_a_later_run_adds_to_the_file(tmp_path: Path) -> None:
    file = tmp_path / "ledger.jsonl"
    for entry in (USER, GROUP):
        ledger = Ledger(file)
        ledger.intend(entry)
        ledger.close()
    assert [line["name"] for line in lines(file)] == ["rs1-1u", "77"]


def test_only_what_was_made_may_be_named() -> None:
    ledger = Ledger()
    ledger.intend(USER)
    assert not ledger.may_be_named(USER)
    ledger.made(USER)
    assert ledger.may_be_named(USER)
    ledger.removed(USER)
    assert ledger.may_be_named(USER), "a removed user is still ours to name"


def test_what_was_seen_absent_may_be_named_but_is_not_present() -> None:
    ledger = Ledger()
    ledger.seen_absent(USER)
    assert ledger.may_be_named(USER)
    assert ledger.present() == []


def test_a_name_counts_for_its_kind_and_app_alone() -> None:
    ledger = Ledger()
    ledger.made(USER)
    assert not ledger.may_be_named(LedgerEntry(KEY, "group", USER.name))
    assert not ledger.may_be_named(LedgerEntry(AppKey("acme", "other"), "user", USER.name))


def test_present_lists_the_latest_first() -> None:
    ledger = Ledger()
    third = LedgerEntry(KEY, "room", "88")
    for entry in (USER, GROUP, third):
        ledger.made(entry)
    ledger.removed(GROUP)
    assert ledger.present() == [third, USER]


def test_what_somebody_owns_goes_along_where_the_service_does_so(tmp_path: Path) -> None:
    file = tmp_path / "ledger.jsonl"
    ledger = Ledger(file)
    ledger.made(USER)
    ledger.made(GROUP, USER)
    assert (ledger.removed_with_owner(GROUP), ledger.standing) == (False, 2)

    ledger.removes_owned = True
    assert (ledger.removed_with_owner(GROUP), ledger.standing) == (True, 1)

    ledger.removed(USER)
    assert (ledger.present(), ledger.standing) == ([], 0)
    ledger.close()
    assert [line["name"] for line in lines(file) if line["event"] == "gone"] == [USER.name, GROUP.name]


def test_without_its_owner_a_group_does_not_go_along() -> None:
    ledger = Ledger()
    ledger.removes_owned = True
    ledger.made(GROUP, USER)
    assert (ledger.removed_with_owner(GROUP), ledger.standing) == (False, 1)


def test_closing_twice_changes_nothing(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.jsonl")
    ledger.close()
    ledger.close()
