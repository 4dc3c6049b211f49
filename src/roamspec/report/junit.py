"""JUnit XML: a test suite for each operation, a test case for each requirement.

What makes the run end with 1 is a `<failure>`; a failure that does not block is `<skipped>` with the
finding as its message, unless the run is strict. What was not judged is `<skipped>` with its reason. A run
that gave no verdict, and each check in which the suite itself failed, is an `<error>` in a further suite
named `run`.

Some readers add up the times of test cases, others read that of a suite: both find each check's time once.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from roamspec.report.files import write_clean
from roamspec.report.shard_label import has_ended_well
from roamspec.report.sources import source_lines
from roamspec.report.text import scrub, visible
from roamspec.shortening import short_lists

FILE_NAME = "junit.xml"


def write_junit(report: dict[str, Any], path: Path, *, secrets: Sequence[str] = ()) -> None:
    """Write the report of `report.json`'s form as JUnit XML in one step; OSError or SecretFound when not."""
    write_clean(path, junit_xml(scrub(report, secrets)), secrets)


def junit_xml(report: dict[str, Any]) -> bytes:
    """The XML document, UTF-8; the same report gives the same bytes."""
    items = report["requirements"]
    root = ET.Element("testsuites", name="roamspec", time=f"{report['duration_s']:.3f}")
    shares = _shares(items)
    for operation in dict.fromkeys(name for item in items for name in item["operations"]):
        own = [item for item in items if operation in item["operations"]]
        seconds = [sum(shares[check["id"]] for check in item["checks"]) for item in own]
        cases = [
            _requirement_case(item, operation, time, strict=report["strict"])
            for item, time in zip(own, seconds, strict=True)
        ]
        root.append(_suite(operation, cases, sum(seconds), report))
    problems = list(_problems(report))
    if problems:
        root.append(_suite("run", problems, 0.0, report))
    for count in ("tests", "failures", "errors", "skipped"):
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in root)))
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _shares(items: Sequence[dict[str, Any]]) -> Mapping[str, float]:
    """The time of each check in seconds, divided by the number of requirements that it judged."""
    cases = Counter(check["id"] for item in items for check in item["checks"] for _ in item["operations"])
    return {c["id"]: c["duration_s"] / cases[c["id"]] for item in items for c in item["checks"]}


def _suite(name: str, cases: Sequence[ET.Element], seconds: float, report: dict[str, Any]) -> ET.Element:
    suite = ET.Element("testsuite", name=name)
    for count, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(count, str(sum(case.find(tag) is not None for case in cases)))
    suite.set("tests", str(len(cases)))
    suite.set("time", f"{seconds:.3f}")
    suite.set("timestamp", report["started_at"].removesuffix("Z").removesuffix("+00:00"))
    suite.extend(cases)
    return suite


def _case(name: str, classname: str, seconds: float = 0.0) -> ET.Element:
    return ET.Element("testcase", name=visible(name), classname=visible(classname), time=f"{seconds:.3f}")


def _requirement_case(item: dict[str, Any], operation: str, seconds: float, *, strict: bool) -> ET.Element:
    case = _case(item["id"], f"roamspec.{operation}", seconds)
    verdict = item["verdict"]
    if verdict == "fail":
        evidence = _shown("\n\n".join(_evidence(item)))
        if item["decisive"] or strict:
            kind = "decisive" if item["decisive"] else "not-decisive"
            _outcome(case, "failure", _finding(item), evidence, type=kind)
        else:
            _outcome(case, "skipped", f"non-blocking: {_finding(item)}")
            ET.SubElement(case, "system-out").text = evidence
    elif verdict != "pass":
        message = f"{verdict}: {item['reason']}" if item["reason"] else verdict
        if strict and verdict == "inconclusive":
            _outcome(case, "failure", message, type="inconclusive")
        else:
            _outcome(case, "skipped", message)
    return case


def _outcome(case: ET.Element, tag: str, message: str, text: str = "", **attributes: str) -> None:
    """One line as the message, which Jenkins and GitHub show, and a text, which GitLab shows."""
    line = _line(message)
    ET.SubElement(case, tag, {**attributes, "message": line}).text = text or line


def _finding(item: dict[str, Any]) -> str:
    """What was expected and what came, as the first check that failed tells it."""
    failing = [check for check in item["checks"] if check["outcome"] == "fail"]
    failure = next((check["failure"] for check in failing if check.get("failure")), None)
    if failure is None:
        return str(item["reason"] or item["title"])
    more = f" (and {len(failing) - 1} more)" if len(failing) > 1 else ""
    expected, actual = short_lists(failure["expected"]), short_lists(failure["actual"])
    return f"expected: {expected}; actual: {actual}{more}"


def _line(text: str) -> str:
    """A message is one line, long lists of IDs cut: readers show it beside the name of the test case."""
    return _shown(" ".join(short_lists(text).split()))


def _shown(text: str) -> str:
    """Nothing in it is a command of a reader: GitLab and Jenkins take `[[ATTACHMENT|path]]` for a file."""
    return visible(text).replace("[[ATTACHMENT|", "[ [ATTACHMENT|")


def _evidence(item: dict[str, Any]) -> Iterable[str]:
    yield "\n".join((item["title"], *source_lines(item, addresses=True)))
    for check in item["checks"]:
        if check["outcome"] == "fail":
            failure = check.get("failure", {})
            parts = [f"check: {check['id']}"]
            parts += [
                f"{key}: {short_lists(failure[key])}"
                for key in ("expected", "actual", "hint")
                if failure.get(key)
            ]
            parts += [f"reason: {short_lists(check['reason'])}"] if check.get("reason") else []
            if failure.get("reproduce") and not item.get("run_again"):
                parts.append(f"reproduce:\n{failure['reproduce']}")
            yield "\n".join(parts)
    if item.get("run_again"):
        yield f"run again: {item['run_again']}"


def _problems(report: dict[str, Any]) -> Iterable[ET.Element]:
    """What is wrong with the run as a whole."""
    because = " ".join(report["because"])
    if report["verdict"] == "incomplete" and not has_ended_well(report):
        case = _case("verdict", "roamspec.run")
        _outcome(case, "error", because, type="incomplete")
        yield case
    elif report["verdict"] == "conforming" and report["exit_status"]:
        # The calls conform; the command that made them failed, or covered too little.
        case = _case("verdict", "roamspec.run")
        _outcome(case, "failure", because, type="status")
        yield case
    for error in report["checks"]["errors"]:
        case = _case(error["id"], "roamspec.run")
        _outcome(case, "error", error["detail"], type="suite-error")
        yield case
