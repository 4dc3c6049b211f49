"""`report.json` against its schema."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from roamspec.errors import SuiteError
from roamspec.report.json_report import validate, write_json
from roamspec.resources import folder
from roamspec.results.aggregate import Aggregate
from roamspec.results.events import Failure, Judgement
from roamspec.transport.exchange import Exchange

Fold = Callable[..., Aggregate]
Verdicts = Mapping[str, Any]


def written(report: dict[str, Any], path: Path, **options: Any) -> dict[str, Any]:
    write_json(report, path, **options)
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_the_schema_is_itself_valid() -> None:
    schema = json.loads((folder("contracts") / "report.schema.json").read_text(encoding="utf-8"))

    assert jsonschema_rs.meta.is_valid(schema)


@pytest.mark.parametrize(
    ("changes", "run"),
    [
        ({}, {}),
        ({"clear-user.notify.devices-told": "fail"}, {}),
        ({"clear-user.notify.devices-told": "inconclusive"}, {"strict": True}),
        ({"clear-user.success.status": "inconclusive"}, {}),
        ({}, {"errors": {"test_x": "KeyError: 'id'"}}),
        ({}, {"ending": "interrupted"}),
        ({}, {"ending": "target-lost", "detail": "http://127.0.0.1:40123 does not answer."}),
        ({}, {"ending": "suite-error", "notes": ("one user was not removed",)}),
        ({}, {"ending": None}),
        ({}, {"selected": frozenset({"clear-user.success.status"})}),
    ],
)
def test_every_kind_of_run_gives_a_valid_report(
    fold: Fold, conforming: Verdicts, tmp_path: Path, changes: Verdicts, run: dict[str, Any]
) -> None:
    report = fold({**conforming, **changes}, **run).report()

    assert written(report, tmp_path / "report.json") == report


def test_the_interfaces_keys_are_all_there(fold: Fold, conforming: Verdicts, tmp_path: Path) -> None:
    report = written(fold(conforming).report(), tmp_path / "report.json")

    assert {
        "schema", "tool", "contract", "target", "profile", "seed", "started_at", "duration_s", "requests",
        "verdict", "totals", "requirements",
    } <= set(report)  # fmt: skip
    assert {
        "id", "title", "level", "evidence", "operations", "decisive", "verdict", "reason", "checks"
    } <= set(report["requirements"][0])  # fmt: skip


def test_each_requirement_cites_what_it_rests_on(fold: Fold, conforming: Verdicts) -> None:
    items = {item["id"]: item for item in fold(conforming).report()["requirements"]}

    assert items["clear-user.success.status"]["source"] == {
        "page": "单向删除漫游消息",
        "url": "https://doc.example/message_delete.html",
        "section": "错误码",
        "line": 83,
        "says": "`400`, `param exception`: more than `50` message IDs.",
    }
    assert "derived_from" not in items["clear-user.success.status"]
    derived = items["clear-user.all.every-kind"]
    assert [(each["section"], each["line"]) for each in derived["derived_from"]] == [
        ("错误码", 83),
        ("400", None),
    ]
    assert derived["source"] == derived["derived_from"][0]
    assert derived["derivation"] == "Every kind is one of all."


def test_an_exchange_stands_in_the_report_as_the_client_keeps_it(
    fold: Fold, conforming: Verdicts, tmp_path: Path
) -> None:
    name = "clear-user.notify.devices-told"
    whole = Exchange("POST", "http://h/x", (("Accept", "*/*"),), "{}", 200, (("Date", ""),), "ok", 0.1, 0.2)
    broken = Exchange("POST", "http://h/x", error="no answer within 5 s", note="second try")
    failure = Failure("status 200", "no answer", (whole.as_dict(), broken.as_dict()))

    report = fold({**conforming, name: [Judgement(name, "fail", "", failure)]}).report()

    (check,) = written(report, tmp_path / "report.json")["requirements"][-1]["checks"]
    assert check["failure"]["exchanges"] == [whole.as_dict(), broken.as_dict()]


def drop_reason(report: dict[str, Any]) -> None:
    del report["requirements"][0]["reason"]


def contradict(report: dict[str, Any]) -> None:
    report["exit_status"] = 1


def misspell(report: dict[str, Any]) -> None:
    report["requirements"][2]["verdict"] = "passed"


def forget_why(report: dict[str, Any]) -> None:
    report["requirements"][4]["reason"] = ""


def lose_the_checks(report: dict[str, Any]) -> None:
    report["requirements"][0]["checks"] = []


def add_a_key(report: dict[str, Any]) -> None:
    report["token"] = "YWMt"


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        (drop_reason, "requirements/0"),
        (contradict, "the report as a whole"),
        (misspell, "requirements/2/verdict"),
        (forget_why, "requirements/4/reason"),
        (lose_the_checks, "requirements/0/checks"),
        (add_a_key, "the report as a whole"),
    ],
)
def test_a_report_that_breaks_the_schema_is_not_written(
    fold: Fold,
    conforming: Verdicts,
    tmp_path: Path,
    spoil: Callable[[dict[str, Any]], None],
    place: str,
) -> None:
    report = fold(conforming).report()
    validate(report)
    spoil(report)
    path = tmp_path / "report.json"
    path.write_text("what was there before")

    with pytest.raises(SuiteError, match=f"at {place} and was not written"):
        write_json(report, path)

    assert path.read_text() == "what was there before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_secret_that_slipped_into_a_text_is_replaced(
    fold: Fold, conforming: Verdicts, tmp_path: Path
) -> None:
    run = fold(conforming, ending="suite-error", detail="the token YWMtSecretToken was refused")

    report = written(run.report(), tmp_path / "report.json", secrets=["YWMtSecretToken"])

    assert report["because"] == ["the token <redacted:secret> was refused"]
    assert "YWMtSecretToken" not in (tmp_path / "report.json").read_text(encoding="utf-8")


def test_half_a_surrogate_pair_is_written_out(fold: Fold, conforming: Verdicts, tmp_path: Path) -> None:
    run = fold(conforming, ending="suite-error", detail="odd text \udc80 漫游")

    assert written(run.report(), tmp_path / "report.json")["because"] == ["odd text \\udc80 漫游"]


def test_the_file_can_be_read_by_everyone_and_its_folder_is_made(
    fold: Fold, conforming: Verdicts, tmp_path: Path
) -> None:
    path = tmp_path / "reports" / "latest" / "report.json"

    write_json(fold(conforming).report(), path)

    assert path.stat().st_mode & 0o777 == 0o644
    assert list(path.parent.iterdir()) == [path]


def test_what_devices_were_notified_of_is_in_the_report(
    fold: Fold, conforming: Verdicts, tmp_path: Path
) -> None:
    heard = {"operation": "clear_before", "conversation": "chat u2", "del_time": 1710309184114}
    devices = ({"user": "u1", "device": "d1", "notifications": [heard]},)
    name = "clear-user.notify.devices-told"
    found = Judgement(name, "fail", "", Failure("a notification", "none", devices=devices))

    report = written(fold({**conforming, name: [found]}).report(), tmp_path / "report.json")

    (failed,) = (item for item in report["requirements"] if item["verdict"] == "fail")
    assert failed["checks"][0]["failure"]["devices"] == list(devices)
