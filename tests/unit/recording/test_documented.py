"""What documents show is judged as a service is, and wears out with nothing; a service's recording does."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.unit.recording.conftest import cassette, origin

from roamspec.contract.errata import load_errata
from roamspec.contract.load import load_contract
from roamspec.contract.requirements import load_catalogue
from roamspec.recording.cassette import Cassette
from roamspec.recording.documented import ROWS, check_documented
from roamspec.recording.files import read_folder
from roamspec.recording.staleness import old_recordings
from roamspec.resources import folder
from roamspec.results.events import CheckFinished

CONTRACT = load_contract()
CATALOGUE = load_catalogue(contract=CONTRACT)
DOCUMENTED = read_folder(folder("cassettes") / "documented")


def judged(recording: Cassette) -> CheckFinished:
    return check_documented(Path("x.yaml"), recording, CONTRACT, CATALOGUE)


@pytest.mark.parametrize("file", DOCUMENTED, ids=lambda file: file.stem)
def test_what_documents_show_passes(file: Path) -> None:
    found = judged(DOCUMENTED[file])
    assert (found.outcome, found.detail) == ("pass", "")
    verdicts = {judgement.requirement: judgement.verdict for judgement in found.judgements}
    assert set(verdicts.values()) <= {"pass"}
    assert set(DOCUMENTED[file].provenance.requirements) == set(verdicts)


def test_every_operation_has_its_success_and_each_row_of_its_table() -> None:
    shown = {
        (evidence.operation, evidence.shows)
        for recording in DOCUMENTED.values()
        for evidence in recording.documented
    }
    for operation in CONTRACT.operations.values():
        assert (operation.name, "success") in shown
        assert {(operation.name, row.key) for row in operation.error_rows} <= shown


def test_every_exchange_names_its_source_and_known_errata() -> None:
    known = {erratum.id for erratum in load_errata(catalogue=CATALOGUE)}
    evidence = [each for recording in DOCUMENTED.values() for each in recording.documented]
    assert all(each.source for each in evidence)
    named = {erratum for each in evidence for erratum in each.errata}
    assert named <= known
    assert {"example-lacks-an-ampersand", "example-doubles-the-header-names"} <= named


@pytest.mark.parametrize(
    ("old", "new", "broken"),
    [
        ('"ok"', '"OK"', "delete-chat-messages.success.request-status-code-ok"),
        ("1710309184114", '"1710309184114"', "delete-chat-messages.success.timestamp-is-a-number"),
        ("1710309184114", "1710309184", "delete-chat-messages.success.timestamp-in-milliseconds"),
        ("can not greater", "cannot be greater", "delete-chat-messages.limit.fifty-one-error-text"),
        ("param exception", "param_exception", "delete-chat-messages.limit.fifty-one-error-type"),
        ("this appKey not open", "this appKey is not open", "delete-chat-messages.not-open.error-text"),
        ("Bad Request", "Bad", "delete-chat-messages.missing.msg-id-list-error-type"),
    ],
)
def test_another_text_than_the_documents_fails(old: str, new: str, broken: str) -> None:
    [recording] = [r for f, r in DOCUMENTED.items() if f.stem == "delete-chat-messages"]
    doctored = replace(
        recording,
        interactions=tuple(
            replace(each, received=replace(each.received, body=each.received.body.replace(old, new)))
            for each in recording.interactions
        ),
    )
    found = judged(doctored)
    assert found.outcome == "fail"
    assert broken in {judgement.requirement for judgement in found.judgements if judgement.verdict == "fail"}


def test_a_status_of_another_row_fails() -> None:
    [recording] = [r for f, r in DOCUMENTED.items() if f.stem == "clear-user"]
    doctored = replace(
        recording,
        interactions=tuple(
            replace(each, received=replace(each.received, status=403)) for each in recording.interactions
        ),
    )
    failed = {j.requirement for j in judged(doctored).judgements if j.verdict == "fail"}
    assert failed == {"clear-user.success.status-200", "clear-user.not-open.status"}


def test_an_answer_that_the_suite_cannot_read_is_an_error() -> None:
    [recording] = [r for f, r in DOCUMENTED.items() if f.stem == "surrounding"]
    doctored = replace(
        recording,
        interactions=tuple(
            replace(each, received=replace(each.received, body="{}")) for each in recording.interactions
        ),
    )
    found = judged(doctored)
    assert found.outcome == "error"
    assert "easemob_app_token" in found.detail


def test_the_rows_have_requirements() -> None:
    for names in ROWS.values():
        assert all(f"delete-chat-messages.{name}" in CATALOGUE for name in names)


def aged(kind: str, recorded_on: str, check: str = "c") -> Cassette:
    return replace(cassette(), provenance=origin(check, kind=kind, recorded_on=recorded_on))


def test_old_recordings_of_a_service_are_reported() -> None:
    today = date(2026, 4, 2)
    recordings = [aged("service", "2026-01-01"), aged("service", "2026-01-03", "young")]
    [sentence] = old_recordings(recordings, 90, today)
    assert sentence.startswith(
        "1 of 2 recordings of the service are older than 90 days (the oldest, of c, 91 days"
    )
    assert old_recordings(recordings, 91, today) == []


@pytest.mark.parametrize("kind", ["emulator", "documented"])
def test_only_a_service_changes_unseen(kind: str) -> None:
    assert old_recordings([aged(kind, "2001-01-01")], 90, date(2026, 4, 2)) == []
