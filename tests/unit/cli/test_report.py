"""`roamspec report`."""

import json
from pathlib import Path

import pytest
from tests.unit.report.sample_reports import large_report

from roamspec.cli.main import main
from roamspec.cli.report import FORMAT_NAMES
from roamspec.report.formats import FORMATS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "report.json").write_text(json.dumps(large_report(40)), encoding="utf-8")
    return tmp_path


def test_the_command_offers_every_format_that_there_is() -> None:
    assert tuple(FORMATS) == FORMAT_NAMES


@pytest.mark.parametrize("name", FORMAT_NAMES)
def test_each_format_goes_to_standard_output_or_to_a_file(
    name: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = folder / "new" / "out"

    assert main(["report", str(folder), "--format", name]) == 0
    assert main(["report", str(folder / "report.json"), "--format", name, "--output", str(output)]) == 0

    assert output.read_text(encoding="utf-8") == capsys.readouterr().out != ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--format", "htm"], "'htm' is not known; did you mean 'html'?"),
        ([], "the following arguments are required: --format"),
        (["--format", "html", "--output", "/dev/null/x"], "--output: cannot write to /dev/null/x"),
    ],
)
def test_what_cannot_be_used_is_a_usage_error(
    arguments: list[str], said: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(folder), *arguments]) == 2
    assert said in capsys.readouterr().err


def test_a_report_that_is_cut_off_leaves_no_output(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = (folder / "report.json").read_text(encoding="utf-8")
    (folder / "report.json").write_text(whole[:-20], encoding="utf-8")

    assert main(["report", str(folder), "--format", "html", "--output", str(folder / "out.html")]) == 2

    assert "report.json is " in capsys.readouterr().err
    assert not (folder / "out.html").exists()
