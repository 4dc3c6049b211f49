"""Reads a report that an earlier run wrote. What is no whole report of ours is rejected, never guessed at."""

import json
from collections import Counter
from pathlib import Path
from typing import Any, Final

from roamspec.errors import SuiteError, UsageError
from roamspec.report import json_report
from roamspec.results.document import SCHEMA
from roamspec.results.verdict import VERDICTS

_ADVICE: Final = "give the report.json of a run, or its folder"
_ESCAPE: Final = len("\\uXXXX")
_FAMILY: Final = SCHEMA.partition("/")[0]


def read_report(path: Path) -> dict[str, Any]:
    """The report at `path`, which may be the folder that has it.

    UsageError, naming the file and the reason, for a file that cannot be read, that is cut off, that is of
    another schema or not ours, and whose numbers contradict its requirements.
    """
    file = path / json_report.FILE_NAME if path.is_dir() else path
    report = _parsed(file)
    found = report.get("schema") if isinstance(report, dict) else None
    if not isinstance(report, dict) or not isinstance(found, str) or found.partition("/")[0] != _FAMILY:
        raise UsageError(f"{file} is not a report of roamspec; {_ADVICE}.")
    if found != SCHEMA:
        raise UsageError(
            f"{file} has the schema {found!r}, and this version of roamspec reads {SCHEMA!r}; read it with "
            "the version that wrote it."
        )
    try:
        json_report.validate(report)
    except SuiteError as error:
        reason = str(error).removeprefix("The report would violate its schema at ")
        reason = reason.replace(" and was not written", "")
        raise UsageError(f"{file} is damaged: it violates the schema {SCHEMA!r} at {reason}") from error
    if contradiction := _contradiction(report):
        raise UsageError(f"{file} is damaged: {contradiction}")
    return report


def read_whole_report(path: Path) -> dict[str, Any]:
    """The same; UsageError for the report of one shard, too, which is no base for a comparison."""
    report = read_report(path)
    if "shard" in report:
        shard = report["shard"]
        raise UsageError(
            f"{path} is the report of shard {shard['index']} of {shard['count']}, which judged a part of the "
            "run; give the report of `roamspec merge`."
        )
    return report


def _parsed(file: Path) -> Any:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file} cannot be read ({error.strerror}); {_ADVICE}.") from error
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and content.lstrip().startswith(b"{"):
            raise _cut_off(file, content.count(b"\n") + 1) from error
        raise UsageError(f"{file} is not a report of roamspec: it is not UTF-8; {_ADVICE}.") from error
    try:
        return json.loads(text)
    except RecursionError as error:
        raise UsageError(
            f"{file} is not a report of roamspec: it is nested too deeply; {_ADVICE}."
        ) from error
    except json.JSONDecodeError as error:
        if text.lstrip().startswith("{") and _is_at_the_end(error):
            raise _cut_off(file, error.lineno) from error
        reason = f"{error.msg} at line {error.lineno}, column {error.colno}"
        raise UsageError(f"{file} is not JSON ({reason}); {_ADVICE}.") from error


def _cut_off(file: Path, line: int) -> UsageError:
    return UsageError(
        f"{file} is cut off at line {line}: the run or the copy of the file was incomplete; run again, or "
        "copy the file again."
    )


def _is_at_the_end(error: json.JSONDecodeError) -> bool:
    """Whether more text could have mended it: inside a string or an escape, or after the last character."""
    return error.msg.startswith("Unterminated string") or error.pos >= len(error.doc.rstrip()) - _ESCAPE


def _contradiction(report: dict[str, Any]) -> str:
    """What the report says in two places differently; empty when it is one."""
    requirements = report["requirements"]
    counts = Counter(item["verdict"] for item in requirements)
    if report["totals"] != {verdict: counts[verdict] for verdict in VERDICTS}:
        return "its totals do not match its requirements."
    if len({item["id"] for item in requirements}) < len(requirements):
        return "a requirement appears twice."
    failed = [item["id"] for item in requirements if item["verdict"] == "fail"]
    blocking = [item["id"] for item in requirements if item["verdict"] == "fail" and item["decisive"]]
    blocking = failed if report["strict"] else blocking
    if report["verdict"] == "conforming" and blocking:
        return f"its verdict is conforming, although {blocking[0]} failed."
    return ""
