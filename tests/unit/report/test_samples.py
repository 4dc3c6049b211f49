"""The samples in `reports/sample/` are those of `make samples`, and of today's schemas."""

import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any, Final

import jsonschema_rs
import pytest
from tests.unit.report.junit_readers import gitlab

from roamspec.contract.load import load_contract
from roamspec.contract.requirements import load_catalogue
from roamspec.report.reading import read_report
from roamspec.resources import folder
from roamspec.results.waivers import read_waivers

ROOT: Final = Path(__file__).parents[3]
SAMPLE: Final = ROOT / "reports" / "sample"


@pytest.fixture(scope="module")
def sample() -> dict[str, Any]:
    return read_report(SAMPLE)


def text_of(name: str) -> str:
    return (SAMPLE / name).read_text(encoding="utf-8")


def failed(of: dict[str, Any]) -> set[str]:
    return {each["id"] for each in of["requirements"] if each["verdict"] == "fail"}


def test_the_report_is_of_todays_schema_and_catalogue(sample: dict[str, Any]) -> None:
    catalogue = load_catalogue(contract=load_contract())

    assert {each["id"] for each in sample["requirements"]} == set(catalogue)
    assert sample["verdict"] == "non-conforming"
    assert {"request_rate", "lags_s"} <= set(sample)


@pytest.mark.parametrize("name", ["report.html", "report.sarif", "junit.xml", "events.ndjson", "trend.html"])
def test_each_format_has_every_failure_of_the_report(name: str, sample: dict[str, Any]) -> None:
    text = text_of(name)

    assert len(failed(sample)) >= 3
    assert [name for name in failed(sample) if name not in text] == []


def test_what_machines_read_can_be_read(sample: dict[str, Any]) -> None:
    log = json.loads(text_of("report.sarif"))
    events = [json.loads(line)["event"] for line in text_of("events.ndjson").splitlines()]
    trend = json.loads(text_of("trend.json"))
    schema = json.loads((folder("contracts") / "trend.schema.json").read_text(encoding="utf-8"))

    assert {result["ruleId"] for result in log["runs"][0]["results"]} == failed(sample)
    assert len(gitlab((SAMPLE / "junit.xml").read_bytes())) == len(sample["requirements"])
    assert (events[0], events[-2:]) == ("run-started", ["run-finished", "verdict"])
    jsonschema_rs.validator_for(schema).validate(trend)
    assert len(trend["runs"]) == 3
    assert tomllib.loads(text_of("waivers.toml"))
    assert {waiver.pattern for waiver in read_waivers(SAMPLE / "waivers.toml")} == failed(sample)


def test_what_people_read_says_what_was_found(sample: dict[str, Any]) -> None:
    assert "NON-CONFORMING  exit status 1" in text_of("console.txt")
    assert len(text_of("report.md").splitlines()) <= 60
    assert "non-conforming" in text_of("badge.svg")
    assert re.search(r"^Fixed: \d+$", text_of("diff.txt"), re.MULTILINE)
    assert text_of("trend.txt").count("report.json") == 3
    assert sample["tool"]["version"] in text_of("badge.svg")


@pytest.mark.skipif(shutil.which("sh") is None, reason="there is no shell on this machine")
def test_the_script_is_one_that_every_shell_can_read() -> None:
    done = subprocess.run(["sh", "-n", str(SAMPLE / "reproduce.sh")], capture_output=True, check=False)

    assert done.returncode == 0, done.stderr


def test_the_documents_name_the_command_and_every_sample() -> None:
    text = (ROOT / "reports" / "README.md").read_text(encoding="utf-8")

    assert "make samples" in text
    assert [path.name for path in SAMPLE.iterdir() if path.name not in text] == []


def test_no_sample_holds_a_path_of_the_machine_that_made_it() -> None:
    for path in SAMPLE.iterdir():
        found = re.findall(r"/(?:tmp|home|root|Users)/[\w.-]+", path.read_text(encoding="utf-8"))
        assert found == [], path.name
