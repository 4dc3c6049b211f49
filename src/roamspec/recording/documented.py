"""Judges the exchanges that documents show, by the requirements that judge a service's own."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NoReturn

from roamspec.contract.operations import Contract, ErrorRow
from roamspec.contract.requirements import Catalogue
from roamspec.recording.cassette import Cassette, Evidence
from roamspec.recording.interactions import Interaction
from roamspec.recording.replay_session import open_replay
from roamspec.recording.transports import Refusing
from roamspec.recording.virtual_clock import VirtualClock
from roamspec.results.events import CheckFinished, Judgement
from roamspec.session.session import Session
from roamspec.suite import CheckContext, VerdictRecorder
from roamspec.suite.error_assertions import check_error_text, check_error_type, check_status
from roamspec.suite.success_assertions import SUCCESS, check_success
from roamspec.transport.exchange import Exchange
from roamspec.transport.http_messages import Response

ROWS: Final[Mapping[str, tuple[str, str, str]]] = {
    "not-open": ("not-open.status", "not-open.error-type", "not-open.error-text"),
    "too-many-ids": (
        "limit.fifty-one-refused",
        "limit.fifty-one-error-type",
        "limit.fifty-one-error-text",
    ),
    "missing-parameter": (
        "missing.msg-id-list-status",
        "missing.msg-id-list-error-type",
        "missing.msg-id-list-error-text",
    ),
}
"""The requirements of status, error type and error text, for each row of the error tables."""
_MEDIA_TYPE: Final = "success.json-media-type"


def check_documented(
    file: Path,
    cassette: Cassette,
    contract: Contract,
    catalogue: Catalogue,
    selected: frozenset[str] | None = None,
) -> CheckFinished:
    """What the exchanges of one cassette show, as the outcome of a check."""
    began = time.monotonic()
    clock = VirtualClock()
    refusing = Refusing(f"{file}: a recording from a document needs no set-up")
    session = open_replay(cassette.provenance, contract, refusing, clock, _no_device)
    judgements: list[Judgement] = []
    problems: list[str] = []
    for evidence, interaction in zip(cassette.documented, cassette.interactions, strict=True):
        answer = answer_of(interaction)
        if evidence.shows in ("token", "refused"):
            problems += _surrounding(file, evidence, answer)
        else:
            judgements += _judgements_of(session, contract, catalogue, evidence, answer)
    session.close()
    kept = [j for j in judgements if selected is None or j.requirement in selected]
    failed = any(judgement.verdict == "fail" for judgement in kept)
    return CheckFinished(
        cassette.provenance.check,
        "error" if problems else "fail" if failed else "pass",
        time.monotonic() - began,
        tuple(judgements),
        " ".join(problems),
    )


def _judgements_of(
    session: Session, contract: Contract, catalogue: Catalogue, evidence: Evidence, answer: Response
) -> tuple[Judgement, ...]:
    operation = contract.operation(evidence.operation)
    names = SUCCESS if evidence.shows == "success" else ROWS[evidence.shows]
    # Samples show no headers, so they say nothing of the media type.
    shown = [name for name in names if name != _MEDIA_TYPE or "content-type" in answer.headers]
    declared = {name: "" for name in shown if f"{operation.slug}.{name}" in catalogue}
    case = CheckContext(
        session, operation, VerdictRecorder(operation.slug, declared, names, main=session.main.key)
    )
    if evidence.shows == "success":
        check_success(case, answer)
    else:
        _check_row(case, names, answer, operation.error_row(evidence.shows))
    return case.verdicts.recorded()


def _check_row(case: CheckContext, names: tuple[str, ...], answer: Response, row: ErrorRow) -> None:
    status, error_type, error_text = names
    check_status(case, status, answer, row.status)
    check_error_type(case, error_type, answer, row)
    check_error_text(case, error_text, answer, row, may_lack=row.key == "missing-parameter")


def _surrounding(file: Path, evidence: Evidence, answer: Response) -> list[str]:
    """What is wrong with a response of another operation, in the forms that this suite reads."""
    if evidence.shows == "token":
        token = answer.object.get("access_token")
        fits = answer.ok and isinstance(token, str)
    else:
        fits = answer.rejected and {"error", "error_description"} <= answer.object.keys()
    return (
        []
        if fits
        else [
            f"{file}: {evidence.source}: {answer.summary()} does not match its declared meaning "
            f"{evidence.shows}."
        ]
    )


def answer_of(interaction: Interaction) -> Response:
    """A recorded answer as the HTTP client returns it."""
    sent, received = interaction.sent, interaction.received
    exchange = Exchange(
        method=sent.method,
        url=sent.url,
        request_headers=tuple(sent.headers.items()),
        request_body=sent.body,
        status=received.status,
        response_headers=tuple(received.headers.items()),
        response_body=received.body,
    )
    return Response(received.status, received.headers, received.body.encode(), 0.0, exchange)


def _no_device(*_: object) -> NoReturn:
    raise AssertionError("documents show no devices")
