"""The suite as pytest users meet it: options, selection, subtests, and the reporters they already have."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest
from tests.integration.commands import Done, environment, installed_roamspec, report_of, run, verdicts

ROOT = Path(__file__).parents[2]
PYTEST = str(Path(sys.executable).parent / "pytest")
QUICK = ("--roamspec-profile", "quick", "--roamspec-seed", "5")
FIFTY_ONE = "delete-chat-messages.limit.fifty-one-refused"
ACCEPTED = "delete-chat-messages.limit.fifty-accepted"
STILL_REFUSED = "delete-chat-messages.limit.far-more-refused"
FAULT = "delete-chat-messages.limit.of-51"
NON_BLOCKING = (
    "delete-chat-messages.list.never-returns",
    "delete-chat-messages.list.returns-with-a-new-message",
)
"""A fault, and what it breaks."""
WHEEL = ("--no-deps", "--no-build-isolation", "--quiet", "--disable-pip-version-check")


def conformance(folder: Path, *arguments: str, **variables: str) -> Done:
    """`pytest tests/conformance` at the root of the checkout; its cache is in `folder`."""
    cache = [] if "no:cacheprovider" in arguments else ["-o", f"cache_dir={folder / 'cache'}"]
    return run([PYTEST, "tests/conformance", *QUICK, *cache, *arguments], ROOT, variables)


@dataclass(frozen=True)
class Reported:
    """A run on an emulator that accepts fifty-one IDs, with every reporter that is installed."""

    done: Done
    folder: Path


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Reported:
    folder = tmp_path_factory.mktemp("reports")
    chosen = ["-m", "limit and deleteChatMessages", "-k", "test_fifty_and_fifty_one"]
    options = ["-v", "-p", "randomly", *chosen, "--roamspec-fault", FAULT]
    files = [f"--junitxml={folder / 'junit.xml'}", f"--alluredir={folder / 'allure'}"]
    html = [f"--html={folder / 'report.html'}", "--self-contained-html"]
    return Reported(conformance(folder, *options, *files, *html), folder)


def test_a_requirement_that_fails_fails_the_session(reported: Reported) -> None:
    done = reported.done
    assert done.status == 1, done.out
    assert f"test_fifty_and_fifty_one[deleteChatMessages] SUBFAILED[{FIFTY_ONE}]" in done.out
    assert "SUBPASSED[delete-chat-messages." in done.out
    assert "expected  status 400" in done.out
    assert "actual    200" in done.out
    again = f"roamspec run --profile quick --fault {FAULT} --seed 5 --req {FIFTY_ONE}"
    assert again in done.out
    assert f"failed: {FIFTY_ONE}" in done.out.splitlines()


def test_what_could_not_be_judged_is_skipped_with_its_reason(reported: Reported) -> None:
    wanted = "delete-chat-messages.limit.fifty-one-error-type: the request with 51 IDs"
    assert any(wanted in line and "SUBSKIPPED" in line for line in reported.done.out.splitlines())


def test_junit_xml_of_pytest_has_each_requirement(reported: Reported) -> None:
    [case] = ElementTree.parse(reported.folder / "junit.xml").iter("testcase")  # noqa: S314 - our own
    found = {each.get("name"): each.get("value") for each in case.iter("property")}
    assert found[FIFTY_ONE] == "fail"
    assert found[STILL_REFUSED] == "pass"


def test_pytest_html_and_allure_have_each_requirement(reported: Reported) -> None:
    assert STILL_REFUSED in (reported.folder / "report.html").read_text(encoding="utf-8")
    [result] = [json.loads(file.read_text()) for file in (reported.folder / "allure").glob("*-result.json")]
    steps = {step["name"]: step["status"] for step in result["steps"]}
    assert steps[FIFTY_ONE] == "failed"
    assert steps[STILL_REFUSED] == "passed"


def test_the_failed_check_alone_is_run_again(reported: Reported) -> None:
    done = conformance(reported.folder, "--lf", "-q", "-rN")
    assert done.status == 0, done.out
    assert "1 passed" in done.out


def test_no_reporter_of_others_makes_a_difference(tmp_path: Path) -> None:
    """The fault is found by its ID as a keyword, in two processes, with every check repeated."""
    options = ["-n", "2", "--count", "2", "-p", "randomly", "-p", "no:cacheprovider", "-k", FIFTY_ONE]
    done = conformance(tmp_path, *options, "--roamspec-fault", FAULT)
    assert done.status == 1, done.out
    assert f"SUBFAILED[{FIFTY_ONE}]" in done.out


def test_a_failure_that_does_not_block_is_shown_and_fails_nothing(tmp_path: Path) -> None:
    fault, requirement = NON_BLOCKING
    one = "test_last_message_takes_the_conversation_along and deleteChatMessages"
    options = ["-q", "-k", one, "--roamspec-fault", fault]
    done = conformance(tmp_path, *options)
    assert done.status == 0, done.out
    assert f"failed, non-blocking: {requirement}" in done.out

    strict = conformance(tmp_path, *options, "--roamspec-strict")
    assert strict.status == 1, strict.out
    assert f"SUBFAILED[{requirement}]" in strict.out


def test_collecting_starts_nothing_and_lists_readable_ids(tmp_path: Path) -> None:
    done = conformance(
        tmp_path, "--collect-only", "-q", "-m", "limit and deleteChatMessages and not generative"
    )
    assert done.status == 0, done.out
    assert done.out.splitlines()[0] == (
        "tests/conformance/test_limit.py::test_fifty_and_fifty_one[deleteChatMessages]"
    )
    assert "emulator" not in done.out


def test_marks_and_options_are_documented_by_pytest_itself(tmp_path: Path) -> None:
    marks = conformance(tmp_path, "--markers").out
    for mark in ("deleteChatMessages", "limit", "must", "documented", "quick"):
        assert f"@pytest.mark.{mark}:" in marks
    told = conformance(tmp_path, "--help").out
    assert "--roamspec-base-url=URL" in told
    assert "ROAMSPEC_PROFILE" in told


@pytest.mark.parametrize(
    ("options", "variables", "status", "sentence"),
    [
        (["--roamspec-profile", "quik"], {}, 4, "--roamspec-profile: 'quik' is not known"),
        ([], {"ROAMSPEC_REQ": "limt"}, 4, "No requirement, operation or family matches 'limt'"),
        (["--roamspec-base-url", "ftp://x"], {}, 4, "--roamspec-base-url: the scheme 'ftp'"),
        (["--roamspec-org", "acme"], {}, 4, "--roamspec-org is for a running service"),
        (["--record-mode=once"], {}, 4, "--record-mode=once mixes new answers with recorded ones"),
        (["--block-network"], {}, 4, "--block-network leaves no way to the target"),
        (["--roamspec-report-dir", "README.md"], {}, 4, "--roamspec-report-dir: cannot write"),
    ],
)
def test_what_cannot_work_is_said_in_one_sentence(
    tmp_path: Path, options: Sequence[str], variables: dict[str, str], status: int, sentence: str
) -> None:
    done = conformance(tmp_path, *options, **variables)
    assert done.status == status
    assert sentence in done.out + done.err
    assert "Traceback" not in done.out + done.err


def test_a_target_that_cannot_be_reached_ends_with_3(tmp_path: Path) -> None:
    target = ["--roamspec-base-url", "http://127.0.0.1:9", "--roamspec-app", "acme#parlor"]
    credentials = {"ROAMSPEC_CLIENT_ID": "a", "ROAMSPEC_CLIENT_SECRET": "b"}
    done = conformance(tmp_path, *target, "-k", FIFTY_ONE, **credentials)
    assert done.status == 3, done.out
    assert "127.0.0.1:9" in done.out
    assert "Traceback" not in done.out + done.err


def test_two_sessions_at_the_same_time_do_not_meet() -> None:
    words = [PYTEST, "tests/conformance", *QUICK, "-k", ACCEPTED, "-q"]
    both = [
        subprocess.Popen(words, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for process in both:
        out, _ = process.communicate(timeout=90)
        assert process.returncode == 0, out


def test_the_same_is_found_by_pytest_by_run_and_by_the_wheel(tmp_path: Path) -> None:
    wheel = run([sys.executable, "-m", "pip", "wheel", *WHEEL, "-w", str(tmp_path), str(ROOT)], tmp_path, {})
    assert wheel.status == 0, wheel.err
    [file] = tmp_path.glob("roamspec-*.whl")
    installed, elsewhere = tmp_path / "installed", tmp_path / "elsewhere"
    elsewhere.mkdir()
    run([sys.executable, "-m", "zipfile", "-e", str(file), str(installed)], tmp_path, {})
    requirements = "deleteChatMessages"

    reports = []
    for name, words, folder, path in (
        ("pytest", [PYTEST, "tests/conformance"], ROOT, ""),
        ("wheel", [PYTEST, "--pyargs", "roamspec.conformance"], elsewhere, str(installed)),
    ):
        options = [*QUICK, "--roamspec-req", requirements, "-q", "-p", "no:cacheprovider"]
        done = run(
            [*words, *options, "--roamspec-report-dir", str(tmp_path / name)], folder, {"PYTHONPATH": path}
        )
        assert done.status == 0, done.out
        # What another check judges is not skipped by one that has not come to it.
        assert "SKIPPED" not in done.out
        reports.append(report_of(tmp_path / name))
    options = ["--profile", "quick", "--seed", "5", "--req", requirements]
    done = installed_roamspec(elsewhere, "run", *options, "--report-dir", str(tmp_path / "run"))
    assert done.status == 0, done.err
    reports.append(report_of(tmp_path / "run"))

    judged = [verdicts(report) for report in reports]
    assert judged[0] == judged[1] == judged[2]
    # A look that comes too early is repeated: a few requests are a matter of the machine's speed.
    counts = [report["requests"] for report in reports]
    assert max(counts) <= 1.05 * min(counts)
