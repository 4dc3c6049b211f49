"""Values that look like commands are shown and never run, in everything that roamspec writes for people."""

import csv
import io
import json
import re
import shutil
import subprocess
import tomllib
from collections.abc import Callable
from datetime import date
from typing import Any, Final

import pytest
from tests.unit.report.sample_reports import EXCHANGE, failure, item, report

from roamspec.report.comparison import compare
from roamspec.report.comparison_text import comparison_text
from roamspec.report.console import summary
from roamspec.report.exchange_text import shown
from roamspec.report.formats import FORMATS, rendered
from roamspec.report.live_failures import LiveFailures
from roamspec.report.ndjson import EventLog
from roamspec.report.recorded_finding import finding
from roamspec.report.shell_script import script_of
from roamspec.report.shell_words import shell_word, shell_words
from roamspec.report.text import visible
from roamspec.report.trend.collecting import Refused
from roamspec.report.trend.document import trend_document
from roamspec.report.trend.history import trend_of
from roamspec.report.trend.page import trend_html
from roamspec.report.trend.text import trend_text
from roamspec.report.workflow_commands import json_without_workflow_commands, without_workflow_commands
from roamspec.results.events import CheckFinished, Failure, Judgement
from roamspec.results.waivers import waivers_text

VALUES: Final = {
    "html": "</title></script><script>alert(1)</script><img src=x onerror=alert(1)>",
    "terminal": "\x1b[2J\x1b]0;owned\x07\u202etxt.exe\x9b31m\r",
    "github": "x\n::error file=a::owned\n  ::add-mask::x",
    "azure": "##vso[task.setvariable]x ##[error]x ##teamcity[x]",
    "formula": "=cmd|' /C calc'!A0\n+1+1\n@SUM(A1)",
    "markdown": "[a](javascript:x) ![](http://x) @octocat #1 `code` | cell <b>",
    "template": "{{ 7 * 7 }} {% raw %} ${HOME} $(id) `id`",
}
_COMMAND: Final = re.compile(r"^\s*::[A-Za-z]|##[A-Za-z]*\[", re.MULTILINE)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]")


def hostile(value: str) -> dict[str, Any]:
    """A report in which every text that comes from outside is `value`."""
    bad = item(0, "fail", title=value, reason=value, run_again=f"roamspec run --fault '{value}'")
    exchange = EXCHANGE | {"response_body": value, "note": value, "request_body": value, "error": value}
    found = failure(expected=value, actual=value, hint=value, reproduce=value, exchanges=[exchange])
    found["compares"] = {"kind": "answer", "holds": ".status == 400", "ids": [], "conversation": ""}
    bad["checks"][0] |= {"id": value, "reason": value, "failure": found}
    bad["source"] |= {"page": value, "section": value, "says": value, "url": value}
    errors = [{"id": value, "detail": value}]
    of = report(
        [bad, item(1, "inconclusive", reason=value), item(2, "waived", reason=value)],
        notes=[value],
        because=[value],
        checks={"planned": 1, "finished": 1, "errors": errors},
    )
    of["target"] |= {"base_url": value, "app_key": value}
    return of


def console(of: dict[str, Any]) -> str:
    return summary(of, path="r")


def diff(of: dict[str, Any]) -> str:
    return comparison_text(compare(report([item(0, "pass"), item(1, "pass")]), of))


def exchanges(of: dict[str, Any]) -> str:
    return without_workflow_commands(visible(shown(of["requirements"][0])))


def live(of: dict[str, Any]) -> str:
    value = of["notes"][0]
    judgement = Judgement("clear-user.limit.x", "fail", value, Failure(value, value))
    return "\n".join(LiveFailures(lambda _: True).lines(CheckFinished(value, "fail", 1.0, (judgement,))))


def script(of: dict[str, Any]) -> str:
    return script_of(finding(of, of["requirements"][0]["id"]))


def trend(of: dict[str, Any]) -> str:
    return trend_text(trend_of([(of["notes"][0], of)]), [Refused("x", of["notes"][0])])


def trend_page(of: dict[str, Any]) -> str:
    return trend_html(trend_of([(of["notes"][0], of)]), [Refused("x", of["notes"][0])])


WRITERS: Final[dict[str, Callable[[dict[str, Any]], str]]] = {
    **{name: lambda of, name=name: rendered(of, name).decode() for name in FORMATS},  # type: ignore[misc]
    "console": console,
    "diff": diff,
    "exchanges": exchanges,
    "live": live,
    "script": script,
    "trend": trend,
    "trend page": trend_page,
}


@pytest.mark.parametrize("kind", VALUES)
@pytest.mark.parametrize("writer", WRITERS)
def test_no_value_acts_on_a_terminal_or_on_a_runner(writer: str, kind: str) -> None:
    text = WRITERS[writer](hostile(VALUES[kind]))

    assert _COMMAND.findall(text) == []
    assert _CONTROL.findall(text) == []


@pytest.mark.parametrize("writer", ["html", "trend page", "badge"])
def test_no_value_is_markup(writer: str) -> None:
    text = WRITERS[writer](hostile(VALUES["html"]))

    assert "<img" not in text
    assert "<script>alert" not in text


def test_json_says_the_same_without_its_commands() -> None:
    for value in VALUES.values():
        of = hostile(value)
        text = json_without_workflow_commands(json.dumps(of, ensure_ascii=False, indent=1))
        assert json.loads(text) == of
        assert not _COMMAND.search(text)
        document = trend_document(trend_of([("x", of)]), [])
        assert json.loads(json.dumps(document))["requirements"][0]["title"] == value


def test_events_are_lines_of_json_without_commands() -> None:
    stream = io.BytesIO()
    for value in VALUES.values():
        EventLog(stream)(CheckFinished(value, "error", 1.0, detail=value))

    text = stream.getvalue().decode()
    assert [json.loads(line)["check"] for line in text.splitlines()] == list(VALUES.values())
    assert not _COMMAND.search(text)


def test_a_file_of_waivers_holds_values_as_texts() -> None:
    for value in VALUES.values():
        text = waivers_text(hostile(value), reason=value, owner=value, until=date(2999, 1, 1))
        assert tomllib.loads(text)["waiver"][0]["owner"] == value
        assert not _CONTROL.search(text)


def test_a_formula_is_no_cell_of_its_own_where_a_table_is_pasted() -> None:
    """A spreadsheet splits what is pasted at tabs and line feeds: no cell may begin as a formula."""
    for writer in ("markdown", "live"):
        text = WRITERS[writer](hostile(VALUES["formula"]))
        cells = [cell for row in csv.reader(io.StringIO(text), delimiter="\t") for cell in row]
        assert [cell for cell in cells if cell.startswith(("=", "+", "@"))] == [], writer


WORDS: Final = {**VALUES, "line breaks at the end": "##[x]\n\n", "a format": "100%s \\n's \x1b"}


@pytest.mark.skipif(shutil.which("sh") is None, reason="there is no shell on this machine")
@pytest.mark.parametrize("kind", WORDS)
def test_a_word_of_a_script_keeps_its_value(kind: str) -> None:
    value = WORDS[kind]
    script = f"NL='\n'\nprintf %s {shell_words([value, value])}"

    for shell in (["sh"], ["dash"], ["busybox", "sh"], ["bash"], ["zsh"]):
        if shutil.which(shell[0]):
            done = subprocess.run([*shell, "-c", script], capture_output=True, check=True)
            assert done.stdout.decode() == value * 2
    assert shell_word(value).isprintable()
