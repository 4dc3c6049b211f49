"""The JUnit XML says the same to Jenkins, GitLab and GitHub, whatever is in a report."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.unit.report.junit_readers import Case, github, gitlab, jenkins
from tests.unit.report.sample_reports import failure, item, large_report, report

from roamspec.report.formats import rendered

Read = Callable[[bytes], list[Case]]
READERS = [jenkins, gitlab, github]
HOSTILE = "a\n::error::b \x1b[31m\x00 ]]> <b> & [[ATTACHMENT|/etc/passwd]] \ud800 \u202e"
STATUSES = {"pass": "passed", "fail": "failure", "inconclusive": "skipped", "waived": "skipped"}


def mixed(**changes: Any) -> dict[str, Any]:
    order = ("pass", "fail", "inconclusive", "waived", "not-run")
    return report([item(number, order[number % 5]) for number in range(25)], **changes)


@pytest.mark.parametrize("read", READERS)
def test_every_requirement_is_read_with_its_verdict_and_what_a_person_needs(read: Read) -> None:
    of = mixed()

    found = {case.name: case for case in read(rendered(of, "junit"))}

    assert len(found) == 25
    for each in of["requirements"]:
        case = found[each["id"]]
        assert case.status == STATUSES.get(each["verdict"], "skipped")
        assert case.suite == each["operations"][0]
        if each["verdict"] == "fail":
            assert "status 400" in case.shown
            assert "status 200" in case.shown
        elif each["verdict"] != "pass":
            assert each["verdict"] in case.shown


@pytest.mark.parametrize("read", READERS)
def test_what_is_wrong_with_the_run_is_read(read: Read) -> None:
    of = mixed(
        verdict="incomplete",
        exit_status=3,
        because=["The target could not be tested to the end."],
        checks={"planned": 2, "finished": 1, "errors": [{"id": "test_x", "detail": "KeyError at x.py:1"}]},
    )

    found = {case.name: case for case in read(rendered(of, "junit")) if case.suite == "run"}

    assert {name: case.status for name, case in found.items()} == {"verdict": "error", "test_x": "error"}
    assert "could not be tested" in found["verdict"].shown
    assert "KeyError at x.py:1" in found["test_x"].shown


@pytest.mark.parametrize("read", READERS)
def test_no_value_of_a_service_breaks_or_commands_a_reader(read: Read) -> None:
    bad = item(0, "fail", title=HOSTILE, reason=HOSTILE)
    bad["checks"][0] |= {
        "reason": HOSTILE,
        "failure": failure(expected=HOSTILE, actual=HOSTILE, hint=HOSTILE),
    }
    minor = item(5, "fail", decisive=False)
    minor["checks"][0]["failure"] = failure(expected=HOSTILE, actual=HOSTILE)
    of = report([bad, minor, item(1, "inconclusive", reason=HOSTILE)], because=[HOSTILE])

    found = read(rendered(of, "junit"))

    assert [case.status for case in found] == ["failure", "skipped", "skipped"]
    assert all("\\x1b[31m" in case.shown and "ATTACHMENT|/etc/passwd" in case.shown for case in found)


@pytest.mark.parametrize("read", READERS)
def test_large_reports_are_read_whole(read: Read) -> None:
    assert len(read(rendered(large_report(2000), "junit"))) == 2000


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'name="clear-user.success.rule-2"', b'name="clear-user.effect.rule-7"'),
        (b">inconclusive: no device can be watched<", b"><"),
        (b'type="decisive"', b'type="yaml"'),
        (b"check: ", b"[[ATTACHMENT|x]] "),
    ],
    ids=["a name twice", "no text", "a type of Rails", "an attachment"],
)
def test_the_strictest_reader_rejects_what_it_would_misread(old: bytes, new: bytes) -> None:
    content = rendered(
        report([item(number, ("pass", "fail", "inconclusive")[number % 3]) for number in range(9)]), "junit"
    )
    assert old in content

    with pytest.raises(AssertionError):
        gitlab(content.replace(old, new))
