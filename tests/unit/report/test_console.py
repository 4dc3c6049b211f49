"""The summary, word for word: each golden file is what a person reads."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.unit.report.sample_reports import item
from tests.unit.report.sample_reports import report as sample

from roamspec.cli.conclusion import conclude
from roamspec.cli.report_files import ReportFiles
from roamspec.contract.requirements import Catalogue
from roamspec.report.console import summary
from roamspec.report.terminal_text import width_of
from roamspec.results.aggregate import Aggregate
from roamspec.results.events import Failure, Judgement

Fold = Callable[..., Aggregate]
Verdicts = Mapping[str, Any]

GOLDEN = Path(__file__).parent / "golden"
PATH = "reports/latest/report.json"


def golden(name: str) -> str:
    return (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


@pytest.fixture
def all_pass(five_operations: Catalogue) -> dict[str, str]:
    return {name: "pass" for name, entry in five_operations.items() if not entry.unchecked}


def test_a_conforming_run(fold: Fold, five_operations: Catalogue, all_pass: Verdicts) -> None:
    text = summary(fold(all_pass, of=five_operations).report(), path=PATH)

    assert text == golden("conforming")
    assert len(text.splitlines()) <= 24
    assert max(map(width_of, text.splitlines())) <= 80


def test_a_non_conforming_run(fold: Fold, conforming: Verdicts, failure: Failure) -> None:
    name = "delete-chat-messages.value.odd-ids"
    refused = "delete-chat-messages.limit.fifty-one-refused"
    found = {
        name: [Judgement(name, "fail", "the answer was no JSON", Failure("status 200 or 4xx", "status 500"))],
        "clear-user.notify.devices-told": "inconclusive",
        refused: [Judgement(refused, "fail", "", failure)],
        "again": [Judgement(refused, "fail", "", failure)],
    }
    report = fold({**conforming, **found}, notes=("Conversation lists lag by up to 0.4 s.",)).report()

    text = summary(report, path=PATH)

    assert text == golden("non-conforming")
    wide = [line for line in text.splitlines() if width_of(line) > 80]
    assert all(line.startswith("    roamspec ") for line in wide), "only commands may stand out"


def test_an_incomplete_run(fold: Fold, conforming: Verdicts) -> None:
    lacking = (
        "the target shows no online devices, and a device that is not seen cannot be told apart from one"
    )
    found = {
        name: [Judgement(name, "inconclusive", f"{lacking} that was told; give --observer-url")]
        for name in ("clear-user.notify.devices-told", "clear-user.all.every-kind")
    }
    text = summary(fold({**conforming, **found}).report(), path=PATH)

    assert text == golden("incomplete")
    assert max(map(width_of, text.splitlines())) <= 80


def test_a_failure_says_what_it_follows_from(fold: Fold, conforming: Verdicts) -> None:
    text = summary(fold({**conforming, "clear-user.all.every-kind": "fail"}).report(), path=PATH)

    assert (
        "  source    must, derived: 单向删除漫游消息, 错误码, line 83: `400`, `param\n"
        "            exception`: more than `50` message IDs.\n"
        "            响应状态码, 400: The request is wrong.\n"
        "            Thus: Every kind is one of all.\n"
    ) in text


def test_a_run_in_which_the_suite_failed(fold: Fold, conforming: Verdicts) -> None:
    errors = {"test_names[clear-user]": "KeyError: 'id'\nin world/users.py, line 12"}

    text = summary(fold(conforming, errors=errors).report(), path=PATH)

    assert text == golden("suite-error")


def test_an_interrupted_run_keeps_its_failures_visible(fold: Fold) -> None:
    run = fold({"clear-user.all.every-kind": "fail"}, ending="interrupted", strict=True)

    text = summary(run.report(), path=PATH)

    assert "FAIL  clear-user.all.every-kind" in text
    assert "1 blocking requirement had failed before." in text
    assert "INCOMPLETE  exit status 4" in text


def test_what_a_service_answers_cannot_act_on_the_terminal(fold: Fold, conforming: Verdicts) -> None:
    name = "clear-user.all.every-kind"
    hostile = Failure("\x1b[2J", "\x1b]0;title\x07", reproduce="curl 'http://h/\x1b[31m'", hint="\u202e")
    judged = [Judgement(name, "fail", "\x9b1m", hostile)]

    text = summary(fold({**conforming, name: judged}, notes=("\x1b[H",)).report(), path=PATH)

    assert not [character for character in text if character != "\n" and not character.isprintable()]
    assert "\\x1b]0;title\\x07" in text


def test_colour_changes_nothing_but_colour(fold: Fold, conforming: Verdicts) -> None:
    report = fold({**conforming, "clear-user.all.every-kind": "fail"}).report()

    plain, coloured = (summary(report, path=PATH, colour=colour) for colour in (False, True))

    assert "\x1b[1;31mFAIL\x1b[0m" in coloured
    assert "\x1b[1;31mNON-CONFORMING\x1b[0m" in coloured
    for code in ("1", "31", "33", "1;31", "1;32", "0"):
        coloured = coloured.replace(f"\x1b[{code}m", "")
    assert coloured == plain


@pytest.mark.parametrize("width", [40, 60, 120])
def test_lines_fit_other_widths(fold: Fold, conforming: Verdicts, width: int) -> None:
    name = "clear-user.notify.devices-told"
    words = "status 200 with requestStatusCode ok, or 404 where the owner is looked up first"
    judged = [Judgement(name, "fail", words, Failure(words, words, hint=words))]

    text = summary(fold({**conforming, name: judged}, notes=(words,)).report(), path=PATH, width=width)

    table = 18 + 9 + 9 + 15 + 10
    wide = [line for line in text.splitlines() if width_of(line) > max(width, table)]
    assert all(line.startswith("    roamspec ") for line in wide), "commands stay whole"


def test_the_end_of_a_run_with_many_failures_fits_on_a_screen() -> None:
    items = [item(number, "fail", run_again=f"roamspec run --req {number}") for number in range(60)]

    text = summary(sample(items), path="r/report.json")

    assert len(text.splitlines()) < 100
    assert text.count("source ") == 3
    assert text.count("FAIL  ") == 23
    assert "and 37 more failures" in text
    assert f"To run {items[3]['id']} again\n    roamspec run --req 3\n" in text


def test_with_color_a_run_prints_colours_wherever_it_prints(
    fold: Fold, conforming: Verdicts, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = ReportFiles.prepare(tmp_path, None)
    concluded = conclude(fold(conforming).report(), files)

    concluded.publish(color="always")
    coloured = capsys.readouterr().out
    concluded.publish()

    assert "\x1b[1;32mCONFORMING" in coloured
    assert "\x1b" not in capsys.readouterr().out
