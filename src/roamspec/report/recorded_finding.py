"""One failing requirement of a report, read back: refused with a sentence when it cannot be used."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from roamspec.errors import SuiteError, UsageError
from roamspec.report.json_report import validate
from roamspec.spelling import nearest


@dataclass(frozen=True, slots=True)
class Finding:
    """A requirement that failed, in the forms of `report.json`: the whole report, the requirement, and that
    of its checks whose failure is shown most simply."""

    report: Mapping[str, Any]
    requirement: Mapping[str, Any]
    check: Mapping[str, Any]

    @property
    def failure(self) -> Mapping[str, Any]:
        failure: Mapping[str, Any] = self.check["failure"]
        return failure

    @property
    def run_again(self) -> str:
        return str(self.requirement.get("run_again", ""))

    @property
    def command(self) -> list[str]:
        """The options of the run that judges it again."""
        return shlex.split(self.run_again)[2:]

    @property
    def faults(self) -> list[str]:
        """What the embedded emulator was started with to be broken."""
        words = self.command
        return [words[i + 1] for i, word in enumerate(words[:-1]) if word == "--fault"]


def read_report(file: Path) -> dict[str, Any]:
    """The report of a file; UsageError when it is none, is cut off, or is of another schema."""
    try:
        report = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{file} cannot be read ({error.strerror}); give a report.json.") from error
    except (ValueError, RecursionError):
        raise UsageError(f"{file} is no whole JSON document; give the report.json of a run.") from None
    if not isinstance(report, dict) or report.get("schema") != "roamspec.report/1":
        raise UsageError(f"{file} is no report of roamspec, or of another schema; give a report.json.")
    try:
        validate(report)
    except SuiteError:
        raise UsageError(f"{file} breaks the schema of reports; give the report.json of a run.") from None
    return report


def finding(report: Mapping[str, Any], identifier: str) -> Finding:
    """The failure of a requirement; UsageError when the report has none."""
    items = {item["id"]: item for item in report["requirements"]}
    if identifier not in items:
        near = nearest(identifier, items)
        hint = f"did you mean {near}?" if near else "`roamspec requirements` lists them."
        raise UsageError(f"The report has no requirement {identifier!r}; {hint}")
    item = items[identifier]
    failing = [c for c in item["checks"] if c["outcome"] == "fail" and c.get("failure")]
    if not failing:
        failed = [name for name, one in items.items() if one["verdict"] in ("fail", "waived")]
        some = f"it has {len(failed)} failures, such as {failed[0]}" if failed else "nothing failed in it"
        raise UsageError(f"{identifier} did not fail in this report ({item['verdict']}); {some}.")
    return Finding(report, item, min(failing, key=_effort))


def _effort(check: Mapping[str, Any]) -> tuple[bool, bool, int]:
    """How hard a failure is to show: first those that a script can tell, with the call in question."""
    failure = check["failure"]
    shows_a_call = any("/message/roaming/" in each["url"] for each in failure["exchanges"])
    return "compares" not in failure, not shows_a_call, len(failure.get("arranged", ()))
