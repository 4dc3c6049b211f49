"""Judges the exchanges that documents show, by the requirements that judge a service's own."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NoReturn

from roamspec.client.exchange import Exchange
from roamspec.client.messages import Answer
from roamspec.contract.operations import Contract, ErrorRow
from roamspec.contract.requirements import Catalogue
from roamspec.recording.cassette import Cassette, Evidence
from roamspec.recording.clock import SteadyClock
from roamspec.recording.exchanges import Interaction
from roamspec.recording.sessions import open_replay
from roamspec.recording.transports import Refusing
from roamspec.report.events import CheckFinished, Judgement
from roamspec.suite import Case, Judge
from roamspec.suite.answers import SUCCESS, judge_success
from roamspec.suite.refusals import judge_error_text, judge_error_type, judge_status
from roamspec.target.session import Session

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


def judge_documented(
    file: Path,
    cassette: Cassette,
    contract: Contract,
    catalogue: Catalogue,
    selected: frozenset[str] | None = None,
) -> CheckFinished:
    """What the exchanges of one cassette show, as the outcome of a check."""
    began = time.monotonic()
    clock = SteadyClock()
    refusing = Refusing(f"{file}: what a document shows needs nothing further")
    session = open_replay(cassette.provenance, contract, refusing, clock, _no_device)
    judgements: list[Judgement] = []
    problems: list[str] = []
    for evidence, interaction in zip(cassette.documented, cassette.interactions, strict=True):
        answer = answer_of(interaction)
        if evidence.shows in ("token", "refused"):
            problems += _surrounding(file, evidence, answer)
        else:
            judgements += _judged(session, contract, catalogue, evidence, answer)
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


def _judged(
    session: Session, contract: Contract, catalogue: Catalogue, evidence: Evidence, answer: Answer
) -> tuple[Judgement, ...]:
    operation = contract.operation(evidence.operation)
    names = SUCCESS if evidence.shows == "success" else ROWS[evidence.shows]
    # Samples show no headers, so they say nothing of the media type.
    shown = [name for name in names if name != _MEDIA_TYPE or "content-type" in answer.headers]
    declared = {name: "" for name in shown if f"{operation.slug}.{name}" in catalogue}
    case = Case(session, operation, Judge(operation.slug, declared, names, main=session.main.key))
    if evidence.shows == "success":
        judge_success(case, answer)
    else:
        _judge_row(case, names, answer, next(r for r in operation.error_rows if r.key == evidence.shows))
    return case.judge.found()


def _judge_row(case: Case, names: tuple[str, ...], answer: Answer, row: ErrorRow) -> None:
    status, error_type, error_text = names
    judge_status(case, status, answer, row.status)
    judge_error_type(case, error_type, answer, row)
    judge_error_text(case, error_text, answer, row, may_lack=row.key == "missing-parameter")


def _surrounding(file: Path, evidence: Evidence, answer: Answer) -> list[str]:
    """What is wrong with an answer of another operation, in the forms that this suite reads."""
    if evidence.shows == "token":
        told = answer.object.get("access_token")
        fits = answer.ok and isinstance(told, str)
    else:
        fits = answer.refused and {"error", "error_description"} <= answer.object.keys()
    return [] if fits else [f"{file}: {evidence.source}: {answer.summary()} is not read as {evidence.shows}."]


def answer_of(interaction: Interaction) -> Answer:
    """A recorded answer as the door gives it."""
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
    return Answer(received.status, received.headers, received.body.encode(), 0.0, exchange)


def _no_device(*_: object) -> NoReturn:
    raise AssertionError("no document shows a device")
