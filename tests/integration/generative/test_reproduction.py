"""What a failure prints runs it again: the same seed, the same sequence, the same requirement."""

import json
import shlex
from pathlib import Path
from typing import Any

from tests.integration.commands import roamspec

from roamspec.generative import corpus
from roamspec.generative.call_sequence import CallSequence, DeleteStep, SendStep
from roamspec.generative.descriptions import describe

MISTAKE = "clear-chat-before.time.boundary-kept"
CREDENTIALS = {"ROAMSPEC_APP_TOKEN": "none", "ROAMSPEC_ORG": "acme", "ROAMSPEC_APP": "parlor"}
REQUIREMENT = "clear-chat-before.time.at-del-time-gone"


def sequence_failures(report: Path) -> dict[str, dict[str, Any]]:
    """Failures that the check of sequences found, by requirement."""
    content = json.loads(report.read_text(encoding="utf-8"))
    return {
        requirement["id"]: check["failure"]
        for requirement in content["requirements"]
        for check in requirement["checks"]
        if check["id"].startswith("sequence.") and check["outcome"] == "fail"
    }


def test_the_printed_line_finds_the_same_again(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    done = roamspec(first, "run", "--fault", MISTAKE, "--seed", "11", "--req", REQUIREMENT)
    failures = sequence_failures(first / "reports/latest/report.json")
    assert done.status == 1
    assert len(failures) == 1
    [(requirement, failure)] = failures.items()
    assert requirement == REQUIREMENT
    assert "(1) " in failure["actual"]
    assert "curl" in failure["reproduce"]
    assert "seed 11" in failure["hint"]
    line = failure["hint"].partition("run it again: ")[2]
    words = shlex.split(line)

    again = roamspec(second, *words[1:])

    assert words[0] == "roamspec"
    assert again.status == 1
    assert (
        sequence_failures(second / "reports/latest/report.json")[requirement]["actual"] == failure["actual"]
    )
    kept = list((first / "reports/latest/sequences").glob("*.json"))
    assert len(kept) == 1
    assert not list(tmp_path.rglob(".hypothesis"))


def test_what_is_kept_fails_again_from_another_seed_and_says_where_it_is_kept(tmp_path: Path) -> None:
    kept = CallSequence(
        (SendStep("m1", "chat ab", "a"), DeleteStep("clearChatBefore", "a", "chat ab", around="m1"))
    )
    corpus.write(tmp_path / "kept", kept, why="a pulls nothing from chat ab; a pulls m1")

    selected = ("--req", REQUIREMENT, "--report-dir", "report", "--seed", "3", "--fault", MISTAKE)
    roamspec(tmp_path, "run", *selected, ROAMSPEC_CORPUS="kept")

    failure = sequence_failures(tmp_path / "report/report.json")[REQUIREMENT]
    assert f"after: {describe(kept)}" in failure["actual"]
    assert "kept in kept; run it again: env ROAMSPEC_CORPUS=kept roamspec run " in failure["hint"]
    assert len(list((tmp_path / "kept").glob("*.json"))) == 1


def test_a_damaged_file_of_the_corpus_stops_the_run_before_anything_is_sent(tmp_path: Path) -> None:
    (tmp_path / "damaged.json").write_text("{", encoding="utf-8")

    done = roamspec(tmp_path, "run", "--base-url", "http://127.0.0.1:9", ROAMSPEC_CORPUS=".", **CREDENTIALS)

    assert done.status == 2
    assert "damaged.json is not a sequence that can be run" in done.complaint
