"""Judging refusals: status, error type and error text."""

from roamspec.client.messages import Answer
from roamspec.contract.operations import ErrorRow
from roamspec.suite.case import Case
from roamspec.suite.scripted_comparison import answers, answers_field, answers_status, no_server_error_seen


def judge_status(case: Case, name: str, answer: Answer, status: int) -> bool:
    """Exactly this status."""
    return case.judge.that(
        name,
        answer.status == status,
        answer,
        expected=f"status {status}",
        actual=answer.summary(),
        compares=answers_status(status),
    )


def judge_refused(case: Case, name: str, answer: Answer) -> bool:
    """Any refusal on the client's account."""
    return case.judge.that(
        name,
        answer.refused,
        answer,
        expected="a 4xx status",
        actual=answer.summary(),
        compares=answers(".status >= 400 and .status < 500"),
    )


def judge_not_a_success(case: Case, name: str, answer: Answer) -> bool:
    """Any answer that says that the call failed."""
    return case.judge.that(
        name,
        answer.status is not None and answer.status >= 400,
        answer,
        expected="a status of 400 or more",
        actual=answer.summary(),
        compares=answers(".status >= 400"),
    )


def judge_no_server_error(case: Case, name: str, answer: Answer) -> bool:
    """Served, or refused on the client's account."""
    return case.judge.that(
        name,
        answer.ok or answer.refused,
        answer,
        expected="status 200, or a 4xx status",
        actual=answer.summary(),
        compares=no_server_error_seen(),
    )


def no_server_error(harmless: str) -> str:
    """The name of the requirement about the status of a call, beside that about what it deletes."""
    return f"{harmless.removesuffix('-harmless').removesuffix('-stay')}-no-server-error"


def judge_error_type(case: Case, name: str, answer: Answer, row: ErrorRow) -> bool:
    """`error` is the literal type of the row."""
    return case.judge.that(
        name,
        answer.object.get("error") == row.error,
        answer,
        expected=f'"error": "{row.error}"',
        actual=answer.summary(),
        compares=answers_field("error", row.error),
    )


def judge_error_text(case: Case, name: str, answer: Answer, row: ErrorRow, *, may_lack: bool = False) -> bool:
    """`error_description` is the literal text of the row; `may_lack` allows it to be absent."""
    text = answer.object.get("error_description", row.description if may_lack else None)
    wanted = f'"error_description": "{row.description}"'
    return case.judge.that(
        name,
        text == row.description,
        answer,
        expected=f"{wanted}, or none" if may_lack else wanted,
        actual=answer.summary(),
        compares=answers_field("error_description", row.description, may_lack=may_lack),
    )
