"""`roamspec cleanup` without a target: what it finds out before anything is sent."""

import json
from pathlib import Path
from typing import Any

import pytest

from roamspec.cli.main import main

Capture = pytest.CaptureFixture[str]

URL = "http://127.0.0.1:9"
FOLDER = Path("reports/latest")


def ledger(name: str = "ledger-rs1.jsonl", *entries: dict[str, Any], **head: Any) -> Path:
    FOLDER.mkdir(parents=True, exist_ok=True)
    lines = [{"event": "run", "mark": "rs1", "base_url": URL, "embedded": False} | head, *entries]
    file = FOLDER / name
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return file


def made(name: str = "rs1-1u", app: str = "acme#parlor", kind: str = "user") -> dict[str, Any]:
    return {"event": "made", "app": app, "kind": kind, "name": name}


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "BASE_URL": URL, "ORG": "acme", "APP": "parlor", "CLIENT_ID": "an-id", "CLIENT_SECRET": "a-secret",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"ROAMSPEC_{name}", value)


def test_nothing_to_do(capsys: Capture) -> None:
    assert main(["cleanup"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("There is nothing to clean up: there is no ledger (ledger*.jsonl) in ")
    assert f" in {FOLDER.resolve()}. --report-dir names another folder" in said


def test_a_ledger_that_lists_nothing_goes_without_a_target(capsys: Capture) -> None:
    file = ledger("ledger-rs1.jsonl", made(), made() | {"event": "gone"})
    assert main(["cleanup"]) == 0
    assert not file.exists()
    assert capsys.readouterr().out == f"Ledgers in {FOLDER.resolve()}: 1\nNothing is left.\n"


def test_what_was_in_an_embedded_emulator_went_with_it(capsys: Capture) -> None:
    file = ledger("ledger-rs1.jsonl", made(), embedded=True)
    assert main(["cleanup"]) == 0
    assert not file.exists()
    assert "1 of an embedded emulator's went with it" in capsys.readouterr().out


@pytest.mark.usefixtures("service")
def test_a_target_that_is_not_there(capsys: Capture) -> None:
    file = ledger("ledger-rs1.jsonl", made())
    before = file.read_bytes()

    assert main(["cleanup"]) == 3

    said = capsys.readouterr()
    assert "LEFT     user  rs1-1u  acme#parlor  (http://127.0.0.1:9 cannot be reached" in said.out
    assert said.out.endswith("1 LEFT; their ledgers are kept, so that cleanup can be run again.\n")
    assert file.read_bytes() == before


def one_sentence(capsys: Capture) -> str:
    said = capsys.readouterr()
    assert said.out in ("", f"Ledgers in {FOLDER.resolve()}: {len(list(FOLDER.glob('*')))}\n")
    assert said.err.startswith("roamspec: ")
    assert said.err.count("\n") == 1
    return said.err


@pytest.mark.usefixtures("service")
@pytest.mark.parametrize(
    ("entry", "head", "reason"),
    [
        (
            made(),
            {"base_url": "https://im.example.test"},
            f"lists objects created at https://im.example.test, and ROAMSPEC_BASE_URL says {URL}",
        ),
        (made(), {"apps": ["acme#parlor"]}, "line 1 is damaged: it does not say which apps"),
        (made(), {"apps": {"main": "parlor"}}, "line 1 is damaged: it does not say which apps"),
        (made("alice"), {}, "line 2 is damaged: the user 'alice' does not carry the run's mark rs1"),
    ],
)
def test_what_cannot_be_this_targets_is_not_sent_there(
    capsys: Capture, entry: dict[str, Any], head: dict[str, Any], reason: str
) -> None:
    file = ledger("ledger-rs1.jsonl", entry, **head)
    assert main(["cleanup"]) == 2
    said = one_sentence(capsys)
    assert reason in said
    assert str(file) in said
    assert file.exists()


def test_more_apps_than_a_run_has(capsys: Capture) -> None:
    ledger("ledger-rs1.jsonl", *(made(app=f"acme#{name}") for name in "abcd"))
    assert main(["cleanup"]) == 2
    assert "lists objects created in more than 3 apps" in capsys.readouterr().err


CREDENTIALS = {"ROAMSPEC_CLIENT_ID": "an-id", "ROAMSPEC_CLIENT_SECRET": "a-secret"}


def test_the_ledger_knows_the_address_and_the_apps(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """Alone, with nothing but credentials."""
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    apps = {"main": "acme#parlor", "neighbour": "acme#salon"}
    ledger("ledger-rs1.jsonl", made(), made("rs1-2u", app="acme#salon"), apps=apps)
    ledger("ledger-rs2.jsonl", made("rs2-1u", app="acme#den"), mark="rs2", base_url="http://127.0.0.1:7")

    assert main(["cleanup"]) == 3

    said = capsys.readouterr().out.splitlines()
    assert said[0] == f"Ledgers in {FOLDER.resolve()}: 2"
    assert said[1] == f"{FOLDER}/ledger-rs1.jsonl: made at {URL} in acme#parlor, acme#salon"
    assert [line.partition("  (")[0] for line in said[2:4]] == [
        "LEFT     user  rs1-2u  acme#salon",
        "LEFT     user  rs1-1u  acme#parlor",
    ]
    assert said[4] == f"{FOLDER}/ledger-rs2.jsonl: made at http://127.0.0.1:7 in acme#den"


def test_what_was_confirmed_for_the_run_is_for_its_clean_up(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    elsewhere = {"base_url": "http://service.invalid", "apps": {"main": "acme#parlor"}}
    file = ledger("ledger-rs1.jsonl", made(), **elsewhere)

    assert main(["cleanup"]) == 2
    assert "confirm with --confirm-app acme#parlor" in capsys.readouterr().err

    file.unlink()
    ledger("ledger-rs1.jsonl", made(), **elsewhere, confirmed=["acme#parlor"])
    assert main(["cleanup"]) == 3


def test_credentials_are_all_that_is_asked_for(capsys: Capture) -> None:
    ledger("ledger-rs1.jsonl", made(), apps={"main": "acme#parlor"})
    assert main(["cleanup"]) == 2
    said = capsys.readouterr().err
    assert said.endswith("also give ROAMSPEC_CLIENT_ID and ROAMSPEC_CLIENT_SECRET (or ROAMSPEC_APP_TOKEN).\n")


def test_a_damaged_line_stops_everything(capsys: Capture) -> None:
    fine = ledger("ledger-rs0.jsonl", made(), made() | {"event": "gone"})
    damaged = ledger("ledger-rs1.jsonl", made())
    with damaged.open("a", encoding="utf-8") as more:
        more.write("{]\n")
    assert main(["cleanup"]) == 2
    assert f"{damaged}, line 3 is damaged: it is not JSON" in one_sentence(capsys)
    assert fine.exists()


def test_a_ledger_that_is_not_there(capsys: Capture) -> None:
    assert main(["cleanup", "--ledger", "elsewhere.jsonl"]) == 2
    assert "--ledger: there is no file elsewhere.jsonl" in one_sentence(capsys)


def test_only_the_ledgers_named(capsys: Capture) -> None:
    one = ledger("ledger-rs0.jsonl")
    other = ledger("ledger-rs1.jsonl")
    assert main(["cleanup", "--ledger", str(one)]) == 0
    assert (one.exists(), other.exists()) == (False, True)
    assert capsys.readouterr().out == "Nothing is left.\n"


def test_a_line_that_was_cut_is_reported_and_passed_over(capsys: Capture) -> None:
    file = ledger("ledger-rs1.jsonl", made(), made() | {"event": "gone"})
    with file.open("a", encoding="utf-8") as more:
        more.write('{"event"')
    assert main(["cleanup"]) == 0
    said = capsys.readouterr()
    assert said.err == f"roamspec: {file}, line 4 is incomplete; it is ignored.\n"
    assert not file.exists()
