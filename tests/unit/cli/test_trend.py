"""`roamspec trend`: formats, where they go, and what cannot be used."""

import json
from pathlib import Path

import pytest
from tests.unit.report.sample_reports import item, report

from roamspec.cli.main import main


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for day, verdict in enumerate(("pass", "fail", "pass"), 1):
        of = report([item(0, verdict), item(1, "pass")], started_at=f"2026-01-0{day}T00:00:00Z")
        (tmp_path / f"{day}").mkdir()
        (tmp_path / f"{day}" / "report.json").write_text(json.dumps(of, indent=1), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("options", "begins"),
    [
        ([], "started"),
        (["--format", "html"], "<!doctype html>"),
        (["--json"], "{"),
        (["--format", "json"], "{"),
    ],
)
def test_each_format_goes_to_standard_output_or_to_a_file(
    folder: Path, options: list[str], begins: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["trend", str(folder), *options]) == 0
    printed = capsys.readouterr().out
    output = folder / "out"
    assert main(["trend", str(folder), *options, "--output", str(output)]) == 0

    assert printed.lstrip().startswith(begins)
    assert "delete-chat-messages.success.rule-0" in printed
    assert output.read_text(encoding="utf-8") == printed
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("name", ["report.json", "nightly.json"])
def test_a_report_that_is_cut_off_is_rejected_or_left_out_with_its_reason(
    folder: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = (folder / "1" / "report.json").read_text(encoding="utf-8")
    (folder / name).write_text(whole[: len(whole) // 2], encoding="utf-8")

    assert main(["trend", str(folder)]) == 2
    refused = capsys.readouterr()
    assert main(["trend", str(folder), "--skip-damaged"]) == 0
    left_out = capsys.readouterr()

    assert refused.out == ""
    assert f"{name} is cut off" in refused.err
    assert "--skip-damaged" in refused.err
    assert "Left out: " in left_out.out
    assert f"left out: {folder / name} is cut off" in left_out.err


def test_where_nothing_can_be_used_there_is_no_trend(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "report.json").write_text("{", encoding="utf-8")

    assert main(["trend", str(tmp_path), "--skip-damaged"]) == 2
    assert main(["trend", str(tmp_path / "report.json")]) == 2
    assert main(["trend", str(tmp_path / "absent")]) == 2

    lines = capsys.readouterr().err.splitlines()
    assert [line.split(";")[0].endswith("is no folder") for line in lines] == [False, True, True]


def test_a_file_that_cannot_be_written_is_a_usage_error(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["trend", str(folder), "--output", str(folder)]) == 2
    assert "--output" in capsys.readouterr().err
