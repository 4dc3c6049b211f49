"""What decides a verdict comes from roamspec's own options alone, whatever stands around it."""

from pathlib import Path

import pytest
from tests.integration.commands import failing, installed_roamspec, report_of, roamspec

LIMIT = "delete-chat-messages.limit.fifty-one-refused"
KEPT = "clear-user.one-way.others-keep-what-they-received"
"""Which generated calls and drawn sequences judge too."""
FAULT = "delete-chat-messages.limit.of-51"

FOR_TESTS_OF_OTHERS = {
    "PYTEST_ADDOPTS": "-k 'not limit' --deselect x -p no:xdist --cov -n 2 --timeout=60 --collect-only",
    "PYTEST_PLUGINS": "a_plugin_that_does_not_exist",
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    "PYTHONINSPECT": "1",
    "PYTHONWARNINGS": "error",
    "PYTHONOPTIMIZE": "2",
    "HYPOTHESIS_EXPERIMENTAL_OBSERVABILITY": "1",
    "WEB_CONCURRENCY": "four",
    "CI": "true",
    "COLUMNS": "1",
    "TERM": "nonsense",
}
"""What people have in their environments for the sake of other tests and servers."""
BROKEN = "raise RuntimeError('a file of the current folder was imported')\n"


def surrounded(folder: Path) -> Path:
    """A folder to call roamspec in; files in it and above it configure tools, and shadow libraries."""
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n", encoding="utf-8")
    (folder / "schemathesis.toml").write_text("no-such-key = 1\n", encoding="utf-8")
    (folder / "conftest.py").write_text(BROKEN, encoding="utf-8")
    inner = folder / "inner"
    inner.mkdir()
    for name in ("uvicorn", "yaml", "httpx", "conftest"):
        (inner / f"{name}.py").write_text(BROKEN, encoding="utf-8")
    (inner / "tox.ini").write_text("[pytest]\naddopts = --no-such-option\n", encoding="utf-8")
    return inner


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return surrounded(tmp_path)


def test_a_fault_is_found_whatever_options_pytest_has_elsewhere(folder: Path) -> None:
    options = ["--profile", "quick", "--req", LIMIT]
    done = installed_roamspec(folder, "run", "--fault", FAULT, *options, **FOR_TESTS_OF_OTHERS)

    assert done.status == 1, done.err
    assert failing(report_of(folder / "reports/latest")) == {LIMIT}


def test_without_a_seed_each_run_draws_another_and_says_it(tmp_path: Path) -> None:
    seeds = []
    for number in range(2):
        options = ["--profile", "quick", "--req", "clear-user.success.*", "--report-dir", str(number)]
        done = installed_roamspec(tmp_path, "run", *options)
        seeds.append(report_of(tmp_path / str(number))["seed"])
        assert done.status == 0, done.err
        assert f"seed {seeds[-1]} " in done.out

    assert seeds[0] != seeds[1]


def test_two_processes_heed_no_more_of_it(folder: Path) -> None:
    options = ["--profile", "quick", "--workers", "2", "--req", LIMIT]
    done = installed_roamspec(folder, "run", "--fault", FAULT, *options, **FOR_TESTS_OF_OTHERS)

    assert done.status == 1, done.err


def test_generated_calls_and_sequences_are_drawn_all_the_same(folder: Path, tmp_path: Path) -> None:
    variables = FOR_TESTS_OF_OTHERS | {"ROAMSPEC_EXAMPLES": str(tmp_path / "examples")}
    done = installed_roamspec(folder, "run", "--req", KEPT, **variables)

    assert done.status == 0, done.err
    report = report_of(folder / "reports/latest")
    assert report["checks"]["errors"] == []
    [judged] = [entry for entry in report["requirements"] if entry["id"] == KEPT]
    assert {"schema.generated-calls[clearUser]", "sequence.drawn-sequences"} <= {
        c["id"] for c in judged["checks"]
    }


def test_a_replay_judges_every_recording(folder: Path) -> None:
    done = installed_roamspec(folder, "replay", **FOR_TESTS_OF_OTHERS)

    assert done.status == 0, done.err
    assert report_of(folder / "reports/latest")["totals"]["not-run"] < 100


def test_a_broken_option_keeps_its_status_where_python_would_open_a_prompt(tmp_path: Path) -> None:
    assert roamspec(tmp_path, "run", "--profil", PYTHONINSPECT="1").status == 2
