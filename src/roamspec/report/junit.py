"""JUnit XML: a test suite for each operation, a test case for each requirement.

A failure is a `<failure>` whose type says whether it decides; what was not judged is `<skipped>` with its
reason. A run that gave no verdict, and each check in which the suite itself failed, is an `<error>` in a
further suite named `run`.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from roamspec.report.files import write_clean
from roamspec.report.sources import source_lines
from roamspec.report.text import scrub, visible

FILE_NAME = "junit.xml"


def write_junit(report: dict[str, Any], path: Path, *, secrets: Sequence[str] = ()) -> None:
    """Write the report of `report.json`'s form as JUnit XML in one step; OSError or SecretFound when not."""
    write_clean(path, junit_xml(scrub(report, secrets)), secrets)


def junit_xml(report: dict[str, Any]) -> bytes:
    """The XML document, UTF-8; the same report gives the same bytes."""
    root = ET.Element("testsuites", name="roamspec", time=f"{report['duration_s']:.3f}")
    operations = dict.fromkeys(name for item in report["requirements"] for name in item["operations"])
    for operation in operations:
        cases = [
            _requirement_case(item, operation)
            for item in report["requirements"]
            if operation in item["operations"]
        ]
        root.append(_suite(operation, cases, report))
    problems = list(_problems(report))
    if problems:
        root.append(_suite("run", problems, report))
    for count in ("tests", "failures", "errors", "skipped"):
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in root)))
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _suite(name: str, cases: Sequence[ET.Element], report: dict[str, Any]) -> ET.Element:
    suite = ET.Element("testsuite", name=name)
    for count, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(count, str(sum(case.find(tag) is not None for case in cases)))
    suite.set("tests", str(len(cases)))
    suite.set("time", f"{sum(float(case.get('time', '0')) for case in cases):.3f}")
    suite.set("timestamp", report["started_at"].removesuffix("Z").removesuffix("+00:00"))
    suite.extend(cases)
    return suite


def _case(name: str, classname: str, seconds: float = 0.0) -> ET.Element:
    return ET.Element("testcase", name=visible(name), classname=visible(classname), time=f"{seconds:.3f}")


def _requirement_case(item: dict[str, Any], operation: str) -> ET.Element:
    seconds = sum(check["duration_s"] for check in item["checks"])
    case = _case(item["id"], f"roamspec.{operation}", seconds)
    if item["verdict"] == "fail":
        decides = "decisive" if item["decisive"] else "not-decisive"
        failure = ET.SubElement(case, "failure", type=decides, message=visible(item["title"]))
        failure.text = visible("\n\n".join(_evidence(item)))
    elif item["verdict"] != "pass":
        message = f"{item['verdict']}: {item['reason']}" if item["reason"] else item["verdict"]
        ET.SubElement(case, "skipped", message=visible(message))
    return case


def _evidence(item: dict[str, Any]) -> Iterable[str]:
    yield "\n".join(source_lines(item, addresses=True))
    for check in item["checks"]:
        if check["outcome"] == "fail":
            failure = check.get("failure", {})
            parts = [f"check: {check['id']}"]
            parts += [f"{key}: {failure[key]}" for key in ("expected", "actual", "hint") if failure.get(key)]
            parts += [f"reason: {check['reason']}"] if check.get("reason") else []
            parts += [f"reproduce:\n{failure['reproduce']}"] if failure.get("reproduce") else []
            yield "\n".join(parts)


def _problems(report: dict[str, Any]) -> Iterable[ET.Element]:
    if report["verdict"] == "incomplete":
        case = _case("verdict", "roamspec.run")
        message = " ".join(report["because"])
        ET.SubElement(case, "error", type="incomplete", message=visible(message))
        yield case
    for error in report["checks"]["errors"]:
        case = _case(error["id"], "roamspec.run")
        ET.SubElement(case, "error", type="suite-error", message=visible(error["detail"]))
        yield case
