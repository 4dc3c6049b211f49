"""SARIF 2.1.0 for code scanning: a rule for each requirement that failed, a result for each failure.

A failure belongs to an endpoint, not to a line of the reader's code: its location is the path of the
operation. What was waived is a suppressed result. A run without a verdict is an invocation that did not
succeed, with the reasons as its notifications.
"""

import json
from typing import Any, Final

from roamspec.report.citations import blocks, finding_line, place_of
from roamspec.report.text import visible
from roamspec.report.workflow_commands import json_without_workflow_commands
from roamspec.shortening import short_lists

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
VERSION: Final = "2.1.0"
FINGERPRINT: Final = "roamspecRequirement/v1"


def sarif(report: dict[str, Any]) -> str:
    """The JSON text, UTF-8, which ends with a line feed; the same report gives the same text."""
    text = json.dumps(sarif_log(report), ensure_ascii=False, indent=1)
    # A runner that prints the file runs no command of it.
    return json_without_workflow_commands(text) + "\n"


def sarif_log(report: dict[str, Any]) -> dict[str, Any]:
    """The SARIF log of a report's failures; a waived one is a result with a suppression."""
    items = [item for item in report["requirements"] if item["verdict"] in ("fail", "waived")]
    driver = {
        "name": "roamspec",
        "semanticVersion": report["tool"]["version"],
        "rules": [_rule(item, strict=report["strict"]) for item in items],
    }
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"roamspec/{report['profile']}/"},
        "invocations": [_invocation(report)],
        "results": [
            _result(item, number, operation, report)
            for number, item in enumerate(items)
            for operation in item["operations"]
        ],
    }
    return {"$schema": SCHEMA, "version": VERSION, "runs": [run]}


def _rule(item: dict[str, Any], *, strict: bool) -> dict[str, Any]:
    source = item["source"]
    rule: dict[str, Any] = {
        "id": item["id"],
        "shortDescription": {"text": _line(item["title"])},
        "fullDescription": {"text": _line(f"{place_of(source)}: {source['says']}")},
        "help": {"text": _line(f"{item['level']}, {item['evidence']}: {place_of(source)}: {source['says']}")},
        "defaultConfiguration": {"level": _level(item, strict=strict)},
        "properties": {"tags": [item["id"].split(".")[1], item["level"], item["evidence"]]},
    }
    if source["url"].startswith(("https://", "http://")):
        rule["helpUri"] = source["url"]
    return rule


def _result(item: dict[str, Any], rule: int, operation: str, report: dict[str, Any]) -> dict[str, Any]:
    again = f" Run again: {item['run_again']}" if item.get("run_again") else ""
    result: dict[str, Any] = {
        "ruleId": item["id"],
        "ruleIndex": rule,
        "level": _level(item, strict=report["strict"]),
        "message": {"text": _line(f"{short_lists(item['title'])} {short_lists(finding_line(item))}.{again}")},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": f"operations/{operation}"},
                    "region": {"startLine": 1},
                },
                "logicalLocations": [{"name": operation, "kind": "function"}],
            }
        ],
        "partialFingerprints": {FINGERPRINT: f"{item['id']}:{operation}"},
    }
    if item["verdict"] == "waived":
        result["suppressions"] = [{"kind": "external", "justification": _line(short_lists(item["reason"]))}]
    return result


def _invocation(report: dict[str, Any]) -> dict[str, Any]:
    judged = report["verdict"] != "incomplete"
    notifications = [] if judged else [*report["because"]]
    notifications += [f"{error['id']}: {error['detail']}" for error in report["checks"]["errors"]]
    return {
        "executionSuccessful": judged,
        "exitCode": report["exit_status"],
        "startTimeUtc": report["started_at"].replace("+00:00", "Z"),
        "toolExecutionNotifications": [
            {"level": "error", "message": {"text": _line(short_lists(text))}} for text in notifications
        ],
    }


def _level(item: dict[str, Any], *, strict: bool) -> str:
    blocking = blocks({**item, "verdict": "fail"}, strict=strict)
    return "error" if blocking else "warning"


def _line(text: str) -> str:
    return visible(" ".join(text.split()))
