"""One failing requirement of a report: rejected with a sentence when there is none."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from roamspec.errors import UsageError
from roamspec.report.run_identity import faults_of
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
        """What was expected and came, as `report.json` has it."""
        failure: Mapping[str, Any] = self.check["failure"]
        return failure

    @property
    def run_again(self) -> str:
        """The `roamspec run` line of the report that judges the requirement again; empty without one."""
        return str(self.requirement.get("run_again", ""))

    @property
    def command(self) -> list[str]:
        """The options of the run that judges it again."""
        return shlex.split(self.run_again)[2:]

    @property
    def faults(self) -> list[str]:
        """The names of the faults that the embedded emulator of the run had."""
        return list(faults_of(self.run_again))


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
        some = f"it has {len(failed)} failures, such as {failed[0]}" if failed else "it has no failures"
        raise UsageError(f"{identifier} did not fail in this report ({item['verdict']}); {some}.")
    return Finding(report, item, min(failing, key=_effort))


def _effort(check: Mapping[str, Any]) -> tuple[bool, bool, int]:
    """How hard a failure is to show: first those that a script can tell, with the call in question."""
    failure = check["failure"]
    shows_a_call = any("/message/roaming/" in each["url"] for each in failure["exchanges"])
    return "compares" not in failure, not shows_a_call, len(failure.get("arranged", ()))
