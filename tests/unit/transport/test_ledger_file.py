"""What a ledger still lists, read back; whatever is damaged is named by file and line."""

import json
from pathlib import Path
from typing import Any

import pytest

from roamspec.appkey import AppKey
from roamspec.errors import UsageError
from roamspec.transport.ledger import Ledger, LedgerEntry, LedgerHeader, own_file
from roamspec.transport.ledger_file import read_ledger

KEY = AppKey("acme", "parlor")
HEAD = LedgerHeader("rs1", "https://im.example.test", embedded=False)
ONE, TWO, THREE = (LedgerEntry(KEY, "user", f"rs1-{number}u") for number in (1, 2, 3))
GROUP, NAMED = LedgerEntry(KEY, "group", "77"), LedgerEntry(KEY, "group", "rs1-4g")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return own_file(tmp_path, HEAD.mark)


def written(file: Path) -> Ledger:
    """A ledger as a run leaves it that is killed: two users and a group made, of a third nobody knows."""
    ledger = Ledger(file, HEAD)
    for entry in (ONE, TWO, THREE, NAMED):
        ledger.intend(entry)
    for entry in (ONE, TWO, GROUP):
        ledger.made(entry)
    ledger.removed(TWO)
    return ledger


def test_what_is_left(file: Path) -> None:
    written(file).close()

    leftovers = read_ledger(file)

    assert leftovers.head == HEAD
    assert leftovers.made == (ONE, GROUP)
    assert leftovers.uncertain == (THREE,), "a group without an ID goes with its owner"
    assert leftovers.apps == {KEY}
    assert leftovers.cut_line == 0


def test_a_user_may_have_the_id_of_a_group_of_the_run(file: Path) -> None:
    ledger, namesake = written(file), LedgerEntry(KEY, "user", GROUP.name)
    ledger.intend(namesake)
    ledger.made(namesake)
    ledger.close()
    assert read_ledger(file).made == (ONE, GROUP, namesake)


def test_a_user_of_one_character_is_the_runs_once_it_is_made(file: Path) -> None:
    """Such a name cannot carry the mark, and may be somebody else's as long as nobody answered."""
    ledger, made, asked = written(file), LedgerEntry(KEY, "user", "a"), LedgerEntry(KEY, "user", "b")
    for entry in (made, asked):
        ledger.intend(entry)
    ledger.made(made)
    ledger.close()
    leftovers = read_ledger(file)
    assert (leftovers.made, leftovers.uncertain) == ((ONE, GROUP, made), (THREE,))


def test_a_name_that_was_taken_is_nobody_of_ours(file: Path) -> None:
    ledger = written(file)
    ledger.name_taken(THREE)
    ledger.close()
    assert read_ledger(file).uncertain == ()


def test_a_ledger_that_lists_nothing_goes_away(file: Path) -> None:
    ledger = written(file)
    for entry in (ONE, THREE, GROUP):
        ledger.removed(entry)
    ledger.close()
    assert not file.exists()


def test_a_ledger_that_lists_something_stays(file: Path) -> None:
    ledger = written(file)
    ledger.removed(ONE)
    ledger.removed(GROUP)
    ledger.close()
    assert read_ledger(file).uncertain == (THREE,)


def test_no_ledger_is_begun_where_there_is_one(file: Path) -> None:
    written(file).close()
    with pytest.raises(FileExistsError):
        Ledger(file, HEAD)


def test_going_on_with_one(file: Path) -> None:
    written(file).close()
    leftovers = read_ledger(file)

    ledger = Ledger.resumed(file, leftovers.made, leftovers.uncertain)
    assert (ledger.present(), ledger.uncertain()) == ([GROUP, ONE], [THREE])
    assert ledger.may_be_named(ONE)
    assert not ledger.may_be_named(THREE)
    ledger.removed(GROUP)
    ledger.close()

    assert read_ledger(file).made == (ONE,)


def test_a_user_that_may_exist_may_be_named_once_claimed(file: Path) -> None:
    ledger = written(file)
    ledger.claim(THREE)
    assert ledger.may_be_named(THREE)
    assert ledger.present() == [GROUP, ONE]
    ledger.close()


def test_a_last_line_that_was_cut_is_passed_over(file: Path) -> None:
    written(file).close()
    whole = read_ledger(file)
    number = file.read_text(encoding="utf-8").count("\n") + 1
    with file.open("a", encoding="utf-8") as more:
        more.write('{"event": "made", "app"')

    leftovers = read_ledger(file)

    assert (leftovers.made, leftovers.uncertain) == (whole.made, whole.uncertain)
    assert leftovers.cut_line == number


def line(**changes: Any) -> str:
    fields = {"event": "made", "app": str(KEY), "kind": "user", "name": "rs1-9u"} | changes
    return json.dumps({name: value for name, value in fields.items() if value is not None})


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        ("", "it is not JSON"),
        ("{", "it is not JSON"),
        ("[" * 100_000, "it is not JSON"),
        ("[]", "it is not an object with event, app, kind, name"),
        (line(app=None), "it is not an object with"),
        (line(event="born"), "the event 'born' is not known"),
        (line(event=["made"]), "is not known"),
        (line(kind="robot"), "it has no user, group or room"),
        (line(name=7), "it has no user, group or room"),
        (line(name=""), "it has no user, group or room"),
        (line(app="acme"), "it has no app"),
        (line(name="alice"), "the user 'alice' does not carry the run's mark rs1"),
    ],
)
def test_a_damaged_line_is_named(file: Path, damage: str, reason: str) -> None:
    written(file).close()
    lines = file.read_text(encoding="utf-8").splitlines()
    lines.insert(3, damage)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")

    with pytest.raises(UsageError) as damaged:
        read_ledger(file)

    assert str(damaged.value).startswith(f"{file}, line 4 is damaged: ")
    assert reason in str(damaged.value)
    assert "nothing was sent" in str(damaged.value)


@pytest.mark.parametrize(
    "first",
    [
        line(),
        '{"event": "run", "mark": "", "base_url": "x", "embedded": false}',
        '{"event": "run", "mark": "rs1", "base_url": "x", "embedded": "no"}',
        '{"event": "made", "mark": "rs1", "base_url": "x", "embedded": false}',
    ],
)
def test_a_ledger_without_a_head(file: Path, first: str) -> None:
    file.write_text(first + "\n" + line() + "\n", encoding="utf-8")
    with pytest.raises(UsageError, match="line 1 is damaged"):
        read_ledger(file)


@pytest.mark.parametrize("content", [b"", b"half a line", b"\xff\xfe\x00"])
def test_something_else(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(UsageError, match="this is not the ledger of a run"):
        read_ledger(file)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_ledger(tmp_path)
