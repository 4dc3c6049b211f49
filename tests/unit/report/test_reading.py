"""What is no whole report of ours is rejected with the reason."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.unit.report.sample_reports import item, report

from roamspec.errors import UsageError
from roamspec.report.reading import read_report


@pytest.fixture
def whole() -> dict[str, Any]:
    return report([item(0, "fail"), item(1, "pass"), item(2, "waived")])


def written(path: Path, content: object) -> Path:
    file = path / "report.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    return file


def test_a_report_is_read_from_its_file_and_from_its_folder(whole: dict[str, Any], tmp_path: Path) -> None:
    file = written(tmp_path, whole)

    assert read_report(file) == read_report(tmp_path) == whole


@pytest.mark.parametrize("ascii_only", [True, False])
def test_a_report_that_is_cut_off_is_rejected_wherever_it_ends(
    whole: dict[str, Any], tmp_path: Path, ascii_only: bool
) -> None:
    file = tmp_path / "report.json"
    content = json.dumps(whole, ensure_ascii=ascii_only, indent=1).encode()

    for kept in range(1, len(content) - 1, 3):
        file.write_bytes(content[:kept])
        with pytest.raises(UsageError, match=r"report\.json is cut off"):
            read_report(file)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is not JSON"),
        (b"PK\x03\x04\xff", "it is not UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[1, 2]", "is not a report of roamspec"),
        (b'{"tests": 7}', "is not a report of roamspec"),
        (b'{"schema": "other.report/1"}', "is not a report of roamspec"),
        (b'{"schema": "roamspec.report/2"}', "reads 'roamspec.report/1'; read it with the version"),
        (b'{"schema": "roamspec.report/1"}', "is damaged: it violates the schema"),
    ],
)
def test_what_is_no_report_is_rejected(content: bytes, reason: str, tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_bytes(content)

    with pytest.raises(UsageError) as refused:
        read_report(file)

    assert reason in str(refused.value)
    assert str(file) in str(refused.value)


def test_a_file_that_is_not_there_is_reported(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.json cannot be read \(No such file"):
        read_report(tmp_path / "none.json")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda r: r["requirements"].pop(), "its totals do not match its requirements"),
        (lambda r: r["requirements"].__setitem__(2, r["requirements"][1]), "its totals"),
        (
            lambda r: r.update(verdict="conforming", exit_status=0, because=[]),
            "its verdict is conforming, although delete-chat-messages.success.rule-0 failed",
        ),
        (
            lambda r: r["requirements"][1].update(id=r["requirements"][0]["id"]),
            "a requirement appears twice",
        ),
    ],
)
def test_a_report_that_contradicts_itself_is_rejected(
    whole: dict[str, Any], tmp_path: Path, change: Any, reason: str
) -> None:
    change(whole)

    with pytest.raises(UsageError, match=reason):
        read_report(written(tmp_path, whole))
