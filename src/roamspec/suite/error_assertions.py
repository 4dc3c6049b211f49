"""Judging error responses: status, error type and error text."""

from roamspec.contract.operations import ErrorRow
from roamspec.suite.context import CheckContext
from roamspec.suite.scripted_comparison import answers, answers_field, answers_status, no_server_error_seen
from roamspec.transport.http_messages import Response


def check_status(case: CheckContext, name: str, answer: Response, status: int) -> bool:
    """The response has exactly this status. Returns whether it has."""
    return case.verdicts.check(
        name,
        answer.status == status,
        answer,
        expected=f"status {status}",
        actual=answer.summary(),
        compares=answers_status(status),
    )


def check_rejected(case: CheckContext, name: str, answer: Response) -> bool:
    """The response has a 4xx status."""
    return case.verdicts.check(
        name,
        answer.rejected,
        answer,
        expected="a 4xx status",
        actual=answer.summary(),
        compares=answers(".status >= 400 and .status < 500"),
    )


def check_not_a_success(case: CheckContext, name: str, answer: Response) -> bool:
    """The response has a status of 400 or more."""
    return case.verdicts.check(
        name,
        answer.status is not None and answer.status >= 400,
        answer,
        expected="a status of 400 or more",
        actual=answer.summary(),
        compares=answers(".status >= 400"),
    )


def check_no_server_error(case: CheckContext, name: str, answer: Response) -> bool:
    """The response has status 200 or a 4xx status."""
    return case.verdicts.check(
        name,
        answer.ok or answer.rejected,
        answer,
        expected="status 200, or a 4xx status",
        actual=answer.summary(),
        compares=no_server_error_seen(),
    )


def no_server_error(harmless: str) -> str:
    """The name of the requirement about the status of a call, beside that about what it deletes."""
    return f"{harmless.removesuffix('-harmless').removesuffix('-stay')}-no-server-error"


def check_error_type(case: CheckContext, name: str, answer: Response, row: ErrorRow) -> bool:
    """`error` is the literal type of the row."""
    return case.verdicts.check(
        name,
        answer.object.get("error") == row.error,
        answer,
        expected=f'"error": "{row.error}"',
        actual=answer.summary(),
        compares=answers_field("error", row.error),
    )


def check_error_text(
    case: CheckContext, name: str, answer: Response, row: ErrorRow, *, may_lack: bool = False
) -> bool:
    """`error_description` is the literal text of the row; `may_lack` allows it to be absent."""
    text = answer.object.get("error_description", row.description if may_lack else None)
    wanted = f'"error_description": "{row.description}"'
    return case.verdicts.check(
        name,
        text == row.description,
        answer,
        expected=f"{wanted}, or none" if may_lack else wanted,
        actual=answer.summary(),
        compares=answers_field("error_description", row.description, may_lack=may_lack),
    )
