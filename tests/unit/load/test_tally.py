"""What processes counted adds up to one report with one verdict."""

import json
from typing import Any

import pytest

from roamspec.config.target_config import TargetConfig
from roamspec.contract.load import load_contract
from roamspec.contract.requirements import load_catalogue
from roamspec.load.events import events_of, load_catalogue_of, load_started, target_info
from roamspec.load.judging import EFFECTS, judged_names
from roamspec.load.plan import LoadPlan, users_for
from roamspec.load.section import load_section
from roamspec.load.settings import LoadSettings
from roamspec.load.summary import load_lines
from roamspec.load.tally import Tally, merged
from roamspec.report.html.renderer import Renderer
from roamspec.report.json_report import write_json
from roamspec.report.terminal_text import width_of
from roamspec.report.translation import translation
from roamspec.results.aggregate import Aggregate
from roamspec.results.events import Failure, Judgement

CONTRACT = load_contract()
CATALOGUE = load_catalogue_of(load_catalogue(contract=CONTRACT), CONTRACT)
PLAN = LoadPlan(rate=100, duration_s=30, users=10, seed=7, workers=2)
GONE = "clear-user.effect.messages-gone"


def passing() -> Tally:
    """Of a process that saw every operation work."""
    tally = Tally(requests=70, measured_s=30.0)
    for operation in CONTRACT.operations.values():
        tally.of(operation.name).latencies.add(12.0)
        for name in judged_names(CATALOGUE, operation.slug):
            tally.of_requirement(f"{operation.slug}.{name}").passed += 2
        tally.read_back[operation.name] = 1
    tally.of("pull").latencies.add(3.0)
    return tally


def failing() -> Tally:
    tally = passing()
    counts = tally.of_requirement(GONE)
    counts.failed = 3
    counts.first = Judgement(GONE, "fail", "", Failure("1 message deleted", "still there", ()))
    return tally


def report_of(tally: Tally) -> dict[str, Any]:
    aggregate = Aggregate(CATALOGUE, CONTRACT.sha256)
    settings = LoadSettings(config=TargetConfig(), plan=PLAN, report_dir=None)  # type: ignore[arg-type]
    aggregate(load_started(settings, target_info(settings, settings.config), "2026-01-01T00:00:00Z"))
    for event in events_of(tally, CONTRACT, 31.0):
        aggregate(event)
    return aggregate.report() | {"load": load_section(PLAN, tally)}


def carried(tally: Tally) -> Tally:
    """As it comes from another process."""
    return Tally.from_dict(json.loads(json.dumps(tally.as_dict())))


def test_a_tally_survives_the_way_to_another_process() -> None:
    tally = failing()
    tally.note_setup_failure("creating a group failed: 500.")

    assert carried(tally) == tally


def test_a_load_in_which_everything_held_conforms() -> None:
    report = report_of(merged([carried(passing()), carried(passing())]))

    assert (report["verdict"], report["exit_status"], report["because"]) == ("conforming", 0, [])
    assert report["requests"] == 140
    assert report["profile"] == "load"
    assert {"requirement": GONE, "passed": 4, "failed": 0} in report["load"]["judgements"]


def test_one_failure_of_one_process_is_named_with_its_operation_and_how_often_it_came() -> None:
    report = report_of(merged([passing(), carried(failing())]))

    assert (report["verdict"], report["exit_status"]) == ("non-conforming", 1)
    (failed,) = [item for item in report["requirements"] if item["verdict"] == "fail"]
    assert (failed["id"], failed["operations"]) == (GONE, ["clearUser"])
    (check,) = failed["checks"]
    assert check["failure"]["actual"] == "still there (3 of 7 judgements failed)"


def test_an_operation_whose_effect_nobody_saw_leaves_the_load_without_a_verdict() -> None:
    tally = passing()
    for name in [name for name in tally.judged if name.startswith("clear-user.")]:
        if name.removeprefix("clear-user.") in EFFECTS:
            del tally.judged[name]
    report = report_of(tally)

    assert (report["verdict"], report["exit_status"]) == ("incomplete", 3)
    assert report["because"] == ["clearUser: no effect could be judged."]


@pytest.mark.parametrize(("ending", "status"), [("target-lost", 3), ("interrupted", 4), ("suite-error", 4)])
def test_a_load_that_ended_early_says_why(ending: Any, status: int) -> None:
    early = passing()
    early.ending, early.detail = ending, "Nobody answers."
    report = report_of(merged([passing(), early]))

    assert (report["verdict"], report["exit_status"]) == ("incomplete", status)
    assert report["because"] == ["Nobody answers."]


def test_what_could_not_be_arranged_is_a_note() -> None:
    tally = passing()
    for sentence in ("creating a group failed: 500.", "another"):
        tally.note_setup_failure(sentence)

    (note,) = report_of(tally)["notes"]
    assert "2 times" in note
    assert note.endswith("creating a group failed: 500.")


def test_the_report_is_valid_and_its_page_shows_the_latencies(tmp_path: Any) -> None:
    report = report_of(failing())
    write_json(report, tmp_path / "report.json")
    page = Renderer().html(report)

    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["load"] == report["load"]
    assert '<section id="load">' in page
    assert '<th scope="row">pullMessages</th><td>1</td><td>0</td><td>0</td><td>3</td>' in page
    assert f'<a href="#{GONE}">{GONE}</a></th><td>2</td><td>3</td>' in page
    assert '<section id="load">' not in Renderer().html({k: v for k, v in report.items() if k != "load"})


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_summary_fits_a_terminal_of_80_columns(lang: str) -> None:
    tally = passing()
    for _ in range(2000):
        tally.of("send-groups").latencies.add(12_345.6)
        tally.of("send-groups").failed += 1
    lines = load_lines(load_section(PLAN, tally), translation(lang), 80)

    assert max(map(width_of, lines)) <= 80
    assert [line.split() for line in lines if line.startswith("pullMessages")] == [
        ["pullMessages", "1", "0", "0", "3", "3", "3", "3", "3"]
    ]


def test_the_throughput_is_that_of_the_time_in_which_users_worked() -> None:
    tally = passing()
    section = load_section(PLAN, tally)

    assert (section["calls"], section["duration_s"], section["calls_per_s"]) == (6, 30.0, 0.2)
    full = Tally(measured_s=0.99)
    for _ in range(100):
        full.of("pull").latencies.add(1.0)
    assert load_section(LoadPlan(rate=100, duration_s=1, users=5, seed=1), full)["calls_per_s"] == 100.0
    assert section["read_back"]["clearUser"] == 1
    assert load_section(PLAN, Tally())["calls_per_s"] == 0.0


@pytest.mark.parametrize(
    ("rate", "workers", "users"), [(1, 1, 5), (500, 1, 50), (100, 16, 16), (1e9, 1, 10_000)]
)
def test_the_number_of_users_follows_the_rate(rate: float, workers: int, users: int) -> None:
    assert users_for(rate, workers) == users


def test_the_rate_is_divided_over_the_workers() -> None:
    assert PLAN.share == 0.5
    assert LoadPlan.from_dict(PLAN.as_dict()) == PLAN
