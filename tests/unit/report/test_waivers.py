"""Failures that are accepted: by a waiver until its day, or because they failed before."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
from tests.unit.report.sample_reports import item, report

from roamspec.errors import UsageError
from roamspec.report.json_report import validate
from roamspec.report.junit import junit_xml
from roamspec.results.aggregate import Aggregate
from roamspec.results.waivers import Accepted, Waiver, read_waivers, waivers_text

Fold = Callable[..., Aggregate]
Verdicts = Mapping[str, Any]
FAILING: Final = "delete-chat-messages.limit.fifty-one-refused"
THE_DAY: Final = date(2026, 1, 1)
"""On which the runs of these tests begin."""


def accepting(pattern: str = FAILING, until: date = THE_DAY) -> Accepted:
    return Accepted((Waiver(pattern, "known", "the team", until, "w.toml, waiver 1"),))


def test_a_waived_failure_is_shown_as_waived_and_does_not_fail_the_run(
    fold: Fold, conforming: Verdicts
) -> None:
    aggregate = fold({**conforming, FAILING: "fail"}, accepted=accepting())

    found = aggregate.report()

    validate(found)
    assert (found["verdict"], found["exit_status"], found["totals"]["waived"]) == ("conforming", 0, 1)
    (waived,) = (each for each in found["requirements"] if each["verdict"] == "waived")
    assert waived["reason"] == "waived until 2026-01-01 by the team: known"
    assert waived["checks"][0]["failure"]["actual"]
    assert aggregate.failures == 0
    assert b'message="waived: waived until 2026-01-01 by the team: known"' in junit_xml(found)


@pytest.mark.parametrize("pattern", ["*.limit.*", "limit", "deleteChatMessages"])
def test_a_pattern_selects_as_req_does(fold: Fold, conforming: Verdicts, pattern: str) -> None:
    assert fold({**conforming, FAILING: "fail"}, accepted=accepting(pattern)).exit_status() == 0


def test_another_failure_still_fails_the_run(fold: Fold, conforming: Verdicts) -> None:
    verdicts = {**conforming, FAILING: "fail", "clear-user.success.status": "fail"}

    found = fold(verdicts, accepted=accepting()).report()

    assert (found["exit_status"], found["because"]) == (1, ["1 blocking requirement failed."])


@pytest.mark.parametrize(
    ("accepted", "verdict", "said"),
    [
        (
            accepting("clear-user.nothing.*"),
            "pass",
            "the waiver of 'clear-user.nothing.*' matches no requirement; remove it, or correct the pattern.",
        ),
        (
            accepting(),
            "pass",
            f"the waiver of '{FAILING}' is no longer needed, because its requirements pass; remove it.",
        ),
        (
            accepting(until=date(2025, 12, 31)),
            "fail",
            f"the waiver of '{FAILING}' expired on 2025-12-31; remove it, or set a later day.",
        ),
    ],
)
def test_a_waiver_that_no_longer_holds_fails_the_run(
    fold: Fold, conforming: Verdicts, accepted: Accepted, verdict: str, said: str
) -> None:
    found = fold({**conforming, FAILING: verdict}, accepted=accepted).report()

    validate(found)
    assert (found["verdict"], found["exit_status"]) == ("non-conforming", 1)
    assert found["because"][-1] == f"w.toml, waiver 1: {said}"


def test_a_waiver_is_not_stale_while_nobody_knows_whether_it_is(fold: Fold, conforming: Verdicts) -> None:
    assert fold({**conforming, FAILING: "inconclusive"}, accepted=accepting()).exit_status() == 0
    others = frozenset(conforming) - {FAILING}
    assert fold(conforming, selected=others, accepted=accepting()).exit_status() == 0


def test_a_waiver_of_several_is_needed_as_long_as_one_fails(fold: Fold, conforming: Verdicts) -> None:
    aggregate = fold({**conforming, FAILING: "fail"}, accepted=accepting("delete-chat-messages.*"))

    assert aggregate.exit_status() == 0


def test_a_run_that_was_cut_short_stays_without_a_verdict(fold: Fold, conforming: Verdicts) -> None:
    aggregate = fold(conforming, ending="interrupted", accepted=accepting("nothing"))

    assert aggregate.exit_status() == 4


def test_with_strict_a_waived_failure_does_not_count_either(fold: Fold, conforming: Verdicts) -> None:
    aggregate = fold({**conforming, FAILING: "fail"}, strict=True, accepted=accepting())

    assert aggregate.exit_status() == 0


def test_a_waived_failure_counts_as_judged_where_it_was_asked_for(fold: Fold, conforming: Verdicts) -> None:
    name = "clear-user.notify.devices-told"

    aggregate = fold(
        {**conforming, name: "fail"}, asked={"observer": "--observer-url"}, accepted=accepting(name)
    )

    assert aggregate.exit_status() == 0


def test_a_failure_of_the_baseline_does_not_count_a_new_one_does(fold: Fold, conforming: Verdicts) -> None:
    accepted = Accepted(baseline={FAILING: "it failed in the baseline too"})
    known = {**conforming, FAILING: "fail"}

    assert fold(known, accepted=accepted).exit_status() == 0
    assert fold({**known, "clear-user.success.status": "fail"}, accepted=accepted).exit_status() == 1
    assert fold(conforming, accepted=accepted).exit_status() == 0


def written(folder: Path, text: str) -> Path:
    path = folder / "w.toml"
    path.write_text(text, encoding="utf-8")
    return path


WHOLE: Final = '[[waiver]]\nrequirement = "limit"\nreason = "r"\nowner = "o"\nuntil = 2026-12-31\n'


def test_a_file_of_waivers_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, WHOLE + WHOLE.replace("2026-12-31", '"2027-01-02"'))

    assert read_waivers(path) == (
        Waiver("limit", "r", "o", date(2026, 12, 31), f"{path}, waiver 1"),
        Waiver("limit", "r", "o", date(2027, 1, 2), f"{path}, waiver 2"),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[waiver]\n", "is not valid TOML"),
        ("[[waivers]]\n", "the key 'waivers' is not known; did you mean 'waiver'?"),
        ("[waiver]\n", "write each waiver below [[waiver]], with two brackets."),
        ("waiver = [1]\n", "w.toml, waiver 1: write it below [[waiver]]."),
        (
            WHOLE.replace("owner", "ownr"),
            "waiver 1: the key 'ownr' is not known; did you mean 'owner'?",
        ),
        (WHOLE.replace('"r"', '" "'), "w.toml, waiver 1: 'reason' is missing or empty"),
        (WHOLE.replace('reason = "r"\n', ""), "w.toml, waiver 1: 'reason' is missing or empty"),
        (
            WHOLE.replace("2026-12-31", '"soon"'),
            "w.toml, waiver 1: 'until' is not a date; write the last day as",
        ),
        (WHOLE.replace("until = 2026-12-31\n", ""), "w.toml, waiver 1: 'until' is not a date"),
    ],
)
def test_a_file_that_is_wrong_is_rejected_with_its_place(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        read_waivers(written(tmp_path, text))

    assert said in str(refused.value)


def test_a_file_that_is_not_there_is_rejected(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.toml cannot be read"):
        read_waivers(tmp_path / "none.toml")


def test_what_waive_writes_covers_each_failure_and_is_read_again(tmp_path: Path) -> None:
    odd = 'a "reason" with \\ and \n and 中文 and \x1b'
    title = "ends\n[[waiver]]\n# here"
    of = report([item(0, "fail", decisive=False), item(1, "fail", title=title), item(2, "pass")])

    text = waivers_text(of, reason=odd, owner="o", until=date(2026, 12, 31))

    found = read_waivers(written(tmp_path, text))
    assert [waiver.pattern for waiver in found] == [
        "delete-group-messages.success.rule-1",
        "delete-chat-messages.success.rule-0",
    ]
    assert {waiver.reason for waiver in found} == {odd}
