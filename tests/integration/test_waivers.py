"""Failures that are accepted, wherever verdicts are given: pytest, the calls of an SDK, recordings."""

import sys
from pathlib import Path

import pytest
from tests.integration.commands import Done, report_of, roamspec, run

ROOT = Path(__file__).parents[2]
PYTEST = str(Path(sys.executable).parent / "pytest")
FAULT = "delete-chat-messages.limit.of-51"
FAILED = "delete-chat-messages.limit.fifty-one-refused"


def waiver(folder: Path, pattern: str, until: str = "2999-12-31") -> Path:
    path = folder / "waivers.toml"
    path.write_text(
        f'[[waiver]]\nrequirement = "{pattern}"\nreason = "fixed soon"\n'
        f'owner = "the team"\nuntil = {until}\n',
        encoding="utf-8",
    )
    return path


def conformance(folder: Path, *arguments: str) -> Done:
    chosen = ["-m", "limit and deleteChatMessages", "-k", "test_fifty_and_fifty_one"]
    options = ["--roamspec-profile", "quick", "--roamspec-seed", "5", "-o", f"cache_dir={folder / 'cache'}"]
    return run([PYTEST, "tests/conformance", *options, *chosen, *arguments], ROOT, {})


def test_pytest_shows_a_waived_failure_as_waived_and_passes(tmp_path: Path) -> None:
    file = waiver(tmp_path, FAILED)
    options = ["--roamspec-fault", FAULT, "--roamspec-report-dir", str(tmp_path / "r"), "-rx"]

    done = conformance(tmp_path, *options, "--roamspec-waivers", str(file))

    assert done.status == 0, done.out
    assert f"failed, waived: {FAILED}: waived until 2999-12-31 by the team: fixed soon" in done.out
    assert report_of(tmp_path / "r")["totals"]["waived"] == 1


def test_pytest_accepts_a_baseline_and_hands_it_to_workers(tmp_path: Path) -> None:
    before = conformance(tmp_path, "--roamspec-fault", FAULT, "--roamspec-report-dir", str(tmp_path / "old"))

    done = conformance(
        tmp_path, "--roamspec-fault", FAULT, "--roamspec-baseline", str(tmp_path / "old"), "-n", "1"
    )

    assert (before.status, done.status) == (1, 0), done.out


@pytest.mark.parametrize(
    ("pattern", "until", "status", "said"),
    [
        ("no-such.*", "2999-12-31", 1, "matches no requirement"),
        (FAILED, "2020-01-01", 1, "expired on 2020-01-01"),
        ("limit.fifty-accepted", "x", 4, "'until' is not a date"),
    ],
)
def test_pytest_fails_on_a_waiver_that_no_longer_holds(
    tmp_path: Path, pattern: str, until: str, status: int, said: str
) -> None:
    file = waiver(tmp_path, pattern, f'"{until}"')

    done = conformance(tmp_path, "--roamspec-waivers", str(file))

    assert done.status == status, done.out
    assert said in " ".join((done.out + done.err).split())


def test_a_waived_failure_of_an_sdk_does_not_count_and_one_that_passes_is_reported(tmp_path: Path) -> None:
    client = [sys.executable, "-c", _CLIENT]
    before = roamspec(tmp_path, "sdk", "--report-dir", "old", "--", *client)
    failed = [each for each in report_of(tmp_path / "old")["requirements"] if each["verdict"] == "fail"]
    written = roamspec(tmp_path, "waive", "old", "--output", "waivers.toml", "--until", "2999-12-31")

    done = roamspec(tmp_path, "sdk", "--waivers", "waivers.toml", "--", *client)
    baseline = roamspec(tmp_path, "sdk", "--baseline", "old", "--", *client)
    passing = next(each for each in report_of(tmp_path / "old")["requirements"] if each["verdict"] == "pass")
    stale = roamspec(
        tmp_path, "sdk", "--baseline", "old", "--waivers", str(waiver(tmp_path, passing["id"])), "--", *client
    )

    assert failed
    assert (before.status, written.status, done.status, baseline.status) == (1, 0, 0, 0), done.out
    assert stale.status == 1
    assert "is no longer needed" in " ".join(stale.out.split())
    assert report_of(tmp_path / "reports" / "latest")["totals"]["waived"] == len(failed)


_CLIENT = """
import json, os, urllib.error, urllib.request
base = f"{os.environ['ROAMSPEC_BASE_URL']}/{os.environ['ROAMSPEC_ORG']}/{os.environ['ROAMSPEC_APP']}"
def call(method, path, body=None, token=""):
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if token:
        headers["Authorization"] = "Bearer " + token
    data = json.dumps(body).encode() if body else None
    request = urllib.request.Request(base + path, data, headers, method=method)
    try:
        with urllib.request.urlopen(request) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        return json.load(error)
given = {"client_id": os.environ["ROAMSPEC_CLIENT_ID"], "client_secret": os.environ["ROAMSPEC_CLIENT_SECRET"]}
token = call("POST", "/token", {"grant_type": "client_credentials", **given})["access_token"]
ids = ",".join(str(10**18 + number) for number in range(51))
call("DELETE", f"/rest/message/roaming/chat/user/u1?userId=u2&msgIdList={ids}", token=token)
call("POST", "/rest/message/roaming/user/u1/delete/all", token=token)
"""


def test_a_recording_is_judged_with_waivers_as_a_run_is(tmp_path: Path) -> None:
    file = waiver(tmp_path, "no-such.*")

    done = roamspec(tmp_path, "replay", "--req", "clear-user.*", "--waivers", str(file))

    assert done.status == 1, done.out
    assert "matches no requirement" in done.out
