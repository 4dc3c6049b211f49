"""What the profiles requirement: quick judges every requirement, standard stays within its calls."""

import re
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from tests.integration.commands import report_of, roamspec, verdicts

from roamspec.contract.load import load_contract
from roamspec.contract.requirements import Catalogue, load_catalogue
from roamspec.report.console import summary

MOST_REQUESTS = {"quick": 2_000, "quick-in-two": 2_000, "standard": 3_000, "standard-of-another-seed": 3_000}
STANDARD = ("standard", "standard-of-another-seed")
LAYERS = ("relation", "schema", "sequence")
RUNS = {
    "quick": ("--profile", "quick"),
    "quick-in-two": ("--profile", "quick", "--workers", "2"),
    "standard": ("--profile", "standard"),
    "standard-of-another-seed": ("--profile", "standard", "--seed", "1"),
}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(contract=load_contract())


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, "Future[dict[str, Any]]"]]:
    """The reports of runs on embedded emulators of their own, from the same seed."""
    folder = tmp_path_factory.mktemp("profiles")

    def run(name: str) -> dict[str, Any]:
        done = roamspec(folder, "run", "--seed", "7", "--report-dir", name, *RUNS[name])
        assert done.status == 0, done.out + done.err
        return report_of(folder / name)

    with ThreadPoolExecutor(2) as pool:
        yield {name: pool.submit(run, name) for name in RUNS}


@pytest.mark.parametrize("name", RUNS)
def test_every_requirement_is_judged_or_says_why_not(
    runs: dict[str, "Future[dict[str, Any]]"], catalogue: Catalogue, name: str
) -> None:
    report = runs[name].result()

    found = verdicts(report)
    assert set(found) == set(catalogue)
    unjudged = {one for one, verdict in found.items() if verdict in ("not-run", "inconclusive")}
    assert unjudged == {one for one in catalogue if catalogue[one].unchecked}
    reasons = {entry["id"]: entry["reason"] for entry in report["requirements"]}
    assert all(reasons[one] for one in unjudged)


@pytest.mark.parametrize("name", RUNS)
def test_no_more_is_asked_than_is_promised(runs: dict[str, "Future[dict[str, Any]]"], name: str) -> None:
    report = runs[name].result()

    assert 0 < report["requests"] <= MOST_REQUESTS[name]


@pytest.mark.parametrize("name", STANDARD)
def test_a_standard_run_draws_sequences_and_leaves_nothing_out(
    runs: dict[str, "Future[dict[str, Any]]"], name: str
) -> None:
    notes = " ".join(runs[name].result()["notes"])

    assert "Sequences made" in notes
    assert "No sequence was run" not in notes
    assert "no requests left" not in notes


@pytest.mark.parametrize("name", STANDARD)
def test_every_layer_of_a_standard_run_judges_every_operation(
    runs: dict[str, "Future[dict[str, Any]]"], name: str
) -> None:
    report = runs[name].result()

    judged = {
        (operation, check["id"].partition(".")[0])
        for entry in report["requirements"]
        for operation in entry["operations"]
        for check in entry["checks"]
    }
    assert judged >= {(operation, layer) for operation in load_contract().operations for layer in LAYERS}


def test_two_processes_find_what_one_finds(runs: dict[str, "Future[dict[str, Any]]"]) -> None:
    one, two = runs["quick"].result(), runs["quick-in-two"].result()

    assert verdicts(one) == verdicts(two)
    assert one["checks"] == two["checks"]
    assert examples_of(one) == examples_of(two)


def examples_of(report: dict[str, Any]) -> dict[str, set[str]]:
    """The checks that judged each requirement. What sequences judge depends on the requests that are left."""
    return {
        entry["id"]: {check["id"] for check in entry["checks"] if not check["id"].startswith("sequence.")}
        for entry in report["requirements"]
    }


def test_a_long_conversation_is_made_by_one_of_several_processes(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("long")
    chosen = ("--profile", "quick", "--req", "*.effect.more-than-a-hundred-gone")

    def requests(workers: int) -> int:
        name = f"by-{workers}"
        done = roamspec(folder, "run", *chosen, "--workers", str(workers), "--report-dir", name)
        assert done.status == 0, done.out + done.err
        return int(report_of(folder / name)["requests"])

    assert requests(3) < requests(1) + 100


def test_the_readme_shows_the_numbers_of_a_standard_run(runs: dict[str, "Future[dict[str, Any]]"]) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    block = next(each for each in readme.split("```") if "CONFORMING  exit status 0" in each)
    report = runs["standard"].result()

    shown = summary(report, path="reports/latest/report.json")

    assert table(block) == table(shown)
    assert f"{report['checks']['planned']} checks on emulator" in block
    assert report["catalogue"]["revision"] == int(re.findall(r"requirements of revision (\d+)", block)[0])


def table(text: str) -> list[list[str]]:
    """The rows of the summary's table, as their words."""
    lines = [line.split() for line in text.splitlines()]
    first = next(number for number, words in enumerate(lines) if words[:2] == ["passed", "failed"])
    last = next(number for number, words in enumerate(lines) if words[:1] == ["all"])
    return lines[first : last + 1]
