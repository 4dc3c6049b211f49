"""The shards of one run, merged, give what the whole run gives."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.integration.commands import (
    COMMAND,
    Done,
    emulating,
    environment,
    failing,
    report_of,
    roamspec,
    run,
    selecting,
    verdicts,
)
from tests.integration.test_waivers import waiver

ROOT = Path(__file__).parents[2]
PYTEST = str(Path(sys.executable).parent / "pytest")
FAULT = "delete-chat-messages.limit.of-49"
FAILED = "delete-chat-messages.limit.fifty-accepted"
FEW = (FAILED, "delete-chat-messages.limit.fifty-all-gone", "delete-chat-messages.limit.counts-per-call")
"""Which no drawn sequence judges: few checks are enough to show what becomes of them."""
NARROW = ("--profile", "quick", "--seed", "3", *selecting(FEW))


@dataclass(frozen=True)
class Runs:
    """A run on a broken emulator, whole in `whole` and in the shards `1` and `2`, all in `folder`."""

    folder: Path
    whole: Done
    shards: Sequence[Done]


def run_shard(folder: Path, index: int, *arguments: str, count: int = 2, place: str = "") -> Done:
    where = ("--shard", f"{index}/{count}", "--report-dir", place or str(index))
    return roamspec(folder, "run", *NARROW, *where, *arguments)


def merged(folder: Path, *arguments: str, places: Sequence[str] = ("1", "2")) -> Done:
    return roamspec(folder, "merge", *places, "--report-dir", "merged", *arguments)


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    folder = tmp_path_factory.mktemp("shards")
    whole = roamspec(folder, "run", *NARROW, "--fault", FAULT, "--report-dir", "whole")
    return Runs(folder, whole, [run_shard(folder, index, "--fault", FAULT) for index in (1, 2)])


def outcomes(report: dict[str, Any]) -> set[tuple[str, str, str]]:
    """What each check found."""
    return {
        (item["id"], check["id"], check["outcome"])
        for item in report["requirements"]
        for check in item["checks"]
    }


def test_shards_merged_give_the_verdicts_of_the_whole_run(broken: Runs) -> None:
    done = merged(broken.folder)

    whole, report = report_of(broken.folder / "whole"), report_of(broken.folder / "merged")
    assert (broken.whole.status, done.status) == (1, 1), done.err
    assert FAILED in failing(report)
    assert verdicts(report) == verdicts(whole)
    assert outcomes(report) == outcomes(whole)
    assert (report["verdict"], report["because"]) == (whole["verdict"], whole["because"])
    assert {path.name for path in (broken.folder / "merged").iterdir()} == {
        "junit.xml", "report.html", "report.json",
    }  # fmt: skip
    assert "NON-CONFORMING  exit status 1" in done.out
    assert f"FAIL  {FAILED}" in done.out


def test_a_shard_says_which_one_it_is_and_gives_no_verdict(broken: Runs) -> None:
    statuses = sorted(done.status for done in broken.shards)

    assert statuses == [0, 1], "the fault shows in one of the two"
    for index, done in enumerate(broken.shards, 1):
        report = report_of(broken.folder / str(index))
        assert report["shard"] == {"index": index, "count": 2}
        assert (report["verdict"], report["exit_status"]) == ("incomplete", done.status)
        assert f"NO VERDICT: shard {index} of 2  exit status {done.status}" in done.out
        assert "CONFORMING" not in done.out


def test_a_failure_of_a_shard_is_reproduced_whole(broken: Runs) -> None:
    failed = next(str(index) for index, done in enumerate(broken.shards, 1) if done.status)

    done = roamspec(broken.folder, "reproduce", failed, FAILED, "--report-dir", "again", ROAMSPEC_SHARD="9/9")

    assert done.status == 1, done.err
    assert FAILED in failing(report_of(broken.folder / "again"))


def test_waivers_and_a_baseline_count_where_shards_are_merged(broken: Runs) -> None:
    file = waiver(broken.folder, "delete-chat-messages.limit.*")

    waived = merged(broken.folder, "--waivers", str(file))
    report = report_of(broken.folder / "merged")
    known = merged(broken.folder, "--baseline", "whole")

    assert (waived.status, known.status) == (0, 0), waived.err + known.err
    assert (report["verdict"], report["totals"]["fail"]) == ("conforming", 0)
    assert report["totals"]["waived"] == len(failing(report_of(broken.folder / "whole")))


def test_a_waiver_that_is_no_longer_needed_fails_the_merge_and_no_shard(tmp_path: Path) -> None:
    file = waiver(tmp_path, FAILED)

    alone = [run_shard(tmp_path, index, "--waivers", str(file)).status for index in (1, 2)]
    done = merged(tmp_path, "--waivers", str(file))

    assert alone == [0, 0]
    assert done.status == 1
    assert "is no longer needed" in report_of(tmp_path / "merged")["because"][0]


def test_a_missing_and_a_doubled_shard_are_refused(broken: Runs) -> None:
    missing, doubled = (merged(broken.folder, places=places) for places in (["1"], ["1", "2", "1"]))

    assert (missing.status, doubled.status) == (2, 2)
    assert missing.complaint == "Of the 2 shards some are missing: 2/2; give their folders too."
    assert doubled.complaint == "1 and 1 are both shard 1/2; leave one of them out."


@pytest.mark.parametrize(
    ("arguments", "what"), [(["--seed", "4"], "the seed is 4"), ([], "the faults is none")]
)
def test_a_shard_of_another_run_is_refused(broken: Runs, arguments: list[str], what: str) -> None:
    faults = ["--fault", FAULT] if arguments else []
    run_shard(broken.folder, 2, *faults, *arguments, place="other")

    done = merged(broken.folder, places=["1", "other"])

    assert done.status == 2
    assert f"other and 1 are configured differently: {what} in the one" in done.complaint


def test_a_killed_shard_is_refused(broken: Runs) -> None:
    words = ["run", *NARROW, "--fault", FAULT, "--shard", "2/2", "--report-dir", "killed"]
    with subprocess.Popen(
        [*COMMAND, *words, "--events", "/dev/stdout"],
        cwd=broken.folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if b"check-started" in line:  # the start of the run is in the shard's log
                break
        process.kill()

    done = merged(broken.folder, places=["1", "killed"])

    assert done.status == 2
    assert done.complaint == "Shard 2/2 in killed has not finished: it was killed; run it again."


def test_the_merged_report_takes_no_shards_place(broken: Runs) -> None:
    done = roamspec(broken.folder, "merge", "1", "2", "--report-dir", "2")

    assert done.status == 2
    assert done.complaint == "--report-dir: 2 is the folder of a shard; name another."
    assert report_of(broken.folder / "2")["shard"]["index"] == 2


def test_a_whole_run_takes_away_what_a_shard_left(tmp_path: Path) -> None:
    run_shard(tmp_path, 1, count=9, place="r")
    roamspec(tmp_path, "run", *NARROW, "--report-dir", "r")

    done = merged(tmp_path, places=["r"])

    assert done.status == 2
    assert "r/shard.ndjson does not exist; give the report folder of a run with --shard." in done.complaint


def test_more_shards_than_checks_and_the_key_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "roamspec.toml").write_text('shard = "9/9"\n', encoding="utf-8")

    done = roamspec(tmp_path, "run", *NARROW, "--report-dir", "r")

    assert done.status == 0, done.err
    assert report_of(tmp_path / "r")["checks"]["planned"] == 0
    assert report_of(tmp_path / "r")["shard"] == {"index": 9, "count": 9}


def test_shards_of_a_service_divided_by_other_durations_are_refused(tmp_path: Path) -> None:
    """What either made is removed, and what a check took divides the next run."""
    with emulating() as emulator:

        def shard(index: int, *arguments: str) -> Done:
            return roamspec(
                tmp_path, "run", *NARROW, *emulator.options, "--shard", f"{index}/2",
                "--report-dir", str(index), *arguments, **emulator.credentials,
            )  # fmt: skip

        statuses = [shard(1).status, shard(2).status]
        accepted = merged(tmp_path)
        logs = (tmp_path / str(index) / "shard.ndjson" for index in (1, 2))
        events = [json.loads(line) for log in logs for line in log.read_text(encoding="utf-8").splitlines()]
        took = [event for event in events if event["event"] == "check-finished"]
        for event in took:
            event["duration_s"] = 100.0 if event["check"].startswith("effect.") else 0.1
        earlier = "".join(json.dumps(event) + "\n" for event in took)
        (tmp_path / "earlier.ndjson").write_text(earlier, encoding="utf-8")
        statuses.append(shard(2, "--durations", "earlier.ndjson").status)

    refused = merged(tmp_path)
    assert statuses == [0, 0, 0]
    assert (accepted.status, refused.status) == (0, 2), accepted.out + refused.out
    assert "divided by other durations; give each shard the same --durations." in refused.complaint
    assert list(tmp_path.glob("*/ledger-*")) == []


def conformance(folder: Path, *arguments: str, **variables: str) -> Done:
    options = ["--roamspec-profile", "quick"] + [f"--roamspec-req={each}" for each in FEW]
    cache = ["-o", f"cache_dir={folder / 'cache'}"]
    return run([PYTEST, "tests/conformance", "-q", *options, *cache, *arguments], ROOT, variables)


def test_pytest_runs_shards_that_merge_too(tmp_path: Path) -> None:
    one, two = (f"--roamspec-report-dir={tmp_path / name}" for name in "12")

    done = [conformance(tmp_path, one, ROAMSPEC_SHARD="1/2")]
    done.append(conformance(tmp_path, two, "--roamspec-shard=2/2", "-n", "2"))

    assert [each.status for each in done] == [0, 0], done[0].out + done[1].out
    assert "This is shard 1 of 2; `roamspec merge` gives the verdict of the whole run." in done[0].out
    whole = merged(tmp_path)
    assert whole.status == 0, whole.err
    report = report_of(tmp_path / "merged")
    assert (report["verdict"], report["checks"]["planned"]) == ("conforming", report["checks"]["finished"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--roamspec-shard=3/2"], "--roamspec-shard: '3/2': the shards are numbered from 1/2 to 2/2."),
        (["--roamspec-durations=x"], "--roamspec-durations needs --roamspec-shard I/N"),
        (["--roamspec-shard=1/2", "--record-mode=none"], "leave out --roamspec-shard"),
        (["--roamspec-shard=1/2", "--record-mode=rewrite"], "leave out --roamspec-shard"),
    ],
)
def test_pytest_refuses_what_is_no_shard(tmp_path: Path, arguments: list[str], said: str) -> None:
    done = conformance(tmp_path, *arguments)

    assert done.status == 4
    assert said in done.err


def test_a_campaign_is_not_divided(tmp_path: Path) -> None:
    done = roamspec(tmp_path, "run", "--profile", "deep", "--for", "1m", "--shard", "1/2")

    assert done.status == 2
    assert "--for cannot be combined with --shard" in done.complaint


def test_the_plan_of_a_shard_is_that_of_its_checks(tmp_path: Path) -> None:
    done = roamspec(tmp_path, "run", *NARROW, "--shard", "2/2", "--dry-run")

    assert done.status == 0, done.err
    assert "profile quick, shard 2 of 2: " in done.out
