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
    assert capsys.readouterr().out == ("Nothing is to be cleaned up: there is no ledger in reports/latest.\n")


def test_a_ledger_that_lists_nothing_goes_without_a_target(capsys: Capture) -> None:
    file = ledger("ledger-rs1.jsonl", made(), made() | {"event": "gone"})
    assert main(["cleanup"]) == 0
    assert not file.exists()
    assert capsys.readouterr().out == "Nothing is left.\n"


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
    assert said.out.endswith("1 LEFT; their ledgers stay, so that cleanup can be called again.\n")
    assert file.read_bytes() == before


def one_sentence(capsys: Capture) -> str:
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("roamspec: ")
    assert said.err.count("\n") == 1
    return said.err


@pytest.mark.usefixtures("service")
@pytest.mark.parametrize(
    ("entry", "head", "reason"),
    [
        (made(), {"base_url": "https://im.example.test"}, "give --base-url https://im.example.test"),
        (made(app="acme#salon"), {}, "was made in acme#salon, which is none of the apps given"),
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


def test_without_a_target_the_address_is_asked_for(capsys: Capture) -> None:
    ledger("ledger-rs1.jsonl", made())
    assert main(["cleanup"]) == 2
    assert f"no --base-url is given); give --base-url {URL}" in one_sentence(capsys)


def test_a_damaged_line_stops_everything(capsys: Capture) -> None:
    fine = ledger("ledger-rs0.jsonl", made(), made() | {"event": "gone"})
    damaged = ledger("ledger-rs1.jsonl", made())
    with damaged.open("a", encoding="utf-8") as more:
        more.write("{]\n")
    assert main(["cleanup"]) == 2
    assert f"{damaged}, line 3 is damaged: it is no JSON" in one_sentence(capsys)
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


def test_a_line_that_was_cut_is_told_and_passed_over(capsys: Capture) -> None:
    file = ledger("ledger-rs1.jsonl", made(), made() | {"event": "gone"})
    with file.open("a", encoding="utf-8") as more:
        more.write('{"event"')
    assert main(["cleanup"]) == 0
    said = capsys.readouterr()
    assert said.err == f"roamspec: {file}, line 4 was not written to its end; it is passed over.\n"
    assert not file.exists()
