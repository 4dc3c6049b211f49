"""JUnit XML as three services read it, each as strictly as its own code does or more so.

Jenkins reads the message of an outcome and its text. GitLab reads the text alone, turns attributes into
values by the attribute `type`, and takes cases of the same name for one. GitHub's usual actions read the
message, the counts and the times.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from xml.etree import ElementTree as ET

_OUTCOMES: Final = ("failure", "error", "skipped")
_ATTACHMENT: Final = re.compile(r"\[\[ATTACHMENT\|.+?\]\]")
_TYPES_OF_RAILS: Final = frozenset(
    {"symbol", "yaml", "date", "datetime", "duration", "integer", "float", "decimal"}
    | {"boolean", "string", "double", "base64Binary", "file", "array"}
)
"""As the attribute `type` these make Rails read an element as another value, or refuse the file."""


@dataclass(frozen=True, slots=True)
class Case:
    """`status` is `passed` or the tag of the outcome; `shown` is what a person sees of it."""

    suite: str
    classname: str
    name: str
    seconds: float
    status: str
    shown: str


def _root(content: bytes) -> ET.Element:
    assert content.startswith(b"<?xml version=")
    root = ET.fromstring(content)  # noqa: S314 - made by the test
    assert root.tag == "testsuites"
    assert [suite.tag for suite in root] == ["testsuite"] * len(root)
    return root


def _outcome(case: ET.Element) -> ET.Element | None:
    found = [child for child in case if child.tag in _OUTCOMES]
    assert len(found) <= 1, "Jenkins keeps one outcome of a case"
    return found[0] if found else None


def jenkins(content: bytes) -> list[Case]:
    """The plugin `junit`: suites by name, cases by class and name, a date without a zone, seconds."""
    cases = []
    root = _root(content)
    names = [suite.get("name") for suite in root]
    assert len(set(names)) == len(names), "Jenkins takes suites of the same name for one"
    for suite in root:
        assert datetime.fromisoformat(suite.get("timestamp", "")).tzinfo is None
        for case in suite:
            assert case.tag == "testcase"
            found = _outcome(case)
            order = [child.tag for child in case]
            assert order in ([], ["failure"], ["error"], ["skipped"], ["skipped", "system-out"])
            shown = "" if found is None else f"{found.get('message', '')}\n{found.text or ''}"
            assert found is None or found.get("message")
            assert not _ATTACHMENT.search("".join(case.itertext()))
            cases.append(_case(suite, case, found, shown))
        assert float(suite.get("time", "")) >= 0
    return cases


def gitlab(content: bytes) -> list[Case]:
    """The parser of test reports: cases of one class and name are one, and the text is what is shown."""
    cases = {}
    for suite in _root(content):
        for case in suite.iter("testcase"):
            found = _outcome(case)
            shown = "" if found is None else (found.text or "").strip()
            assert found is None or shown, "GitLab shows the text of an outcome, and not its message"
            for element in case.iter():
                assert element.get("type") not in _TYPES_OF_RAILS
                assert not _ATTACHMENT.search(element.text or "")
            read = _case(suite, case, found, shown)
            assert (read.classname, read.name) not in cases
            cases[read.classname, read.name] = read
    return list(cases.values())


def github(content: bytes) -> list[Case]:
    """The actions that annotate: a message of one line, the counts of each suite, plain numbers."""
    cases = []
    root = _root(content)
    for group in (root, *root):
        found = [_outcome(case) for case in group.iter("testcase")]
        tags = [each.tag for each in found if each is not None]
        wanted = (len(found), tags.count("failure"), tags.count("error"), tags.count("skipped"))
        assert (
            tuple(int(group.get(name, "")) for name in ("tests", "failures", "errors", "skipped")) == wanted
        )
    for suite in root:
        for case in suite.iter("testcase"):
            outcome = _outcome(case)
            shown = "" if outcome is None else outcome.get("message", "")
            assert "\n" not in shown
            cases.append(_case(suite, case, outcome, shown))
    return cases


def _case(suite: ET.Element, case: ET.Element, outcome: ET.Element | None, shown: str) -> Case:
    name, classname, seconds = case.get("name"), case.get("classname"), case.get("time", "")
    assert name
    assert classname
    assert re.fullmatch(r"\d+(\.\d+)?", seconds), "no commas, no exponents, no NaN"
    status = "passed" if outcome is None else outcome.tag
    return Case(suite.get("name", ""), classname, name, float(seconds), status, shown)
