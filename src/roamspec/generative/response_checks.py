"""Judges each response by itself: what the documentation says of it holds whatever was called before."""

from collections.abc import Mapping

from roamspec.generative import flaws
from roamspec.generative.call_sequence import MISSING, TOO_MANY, DeleteStep
from roamspec.suite.context import CheckContext
from roamspec.suite.error_assertions import check_error_text, check_error_type, check_rejected, check_status
from roamspec.suite.success_assertions import SUCCESS, check_success
from roamspec.transport.http_messages import Response

_ROWS = {
    TOO_MANY: ("too-many-ids", "limit.fifty-one", False),
    f"{MISSING}userId": ("missing-parameter", "missing.user-id", True),
    f"{MISSING}msgIdList": ("missing-parameter", "missing.msg-id-list", True),
}
"""Of some flaws the row of the error table, how its requirements begin, and whether the text may lack."""

NAMES = (
    *SUCCESS,
    *(f"{prefix}-{what}" for _, prefix, _ in _ROWS.values() for what in ("error-type", "error-text")),
)


class Replies:
    """Hears every response of the sequences; `cases` are those of the operations."""

    def __init__(self, cases: Mapping[str, CheckContext]) -> None:
        self._cases = cases

    def __call__(self, step: DeleteStep, answer: Response) -> None:
        """Judge the response to one step."""
        case = self._cases[step.operation]
        if not step.flaw:
            if answer.ok:
                check_success(case, answer)
        else:
            self._check_rejection(case, step.flaw, answer)

    def _check_rejection(self, case: CheckContext, flaw: str, answer: Response) -> None:
        named = flaws.named(flaw, case.subject.kind)
        name = named.refused
        if name.startswith("auth."):
            check_status(case, name, answer, 401)
        elif flaws.is_of_method(flaw):
            holds = answer.status is not None and answer.status >= 400
            case.verdicts.check(name, holds, answer, expected="a status from 400 on", actual=answer.summary())
        elif flaws.reply_to(flaw) == "either":
            holds = answer.ok or answer.rejected
            wanted = "status 200, or a 4xx status"
            case.verdicts.check(name, holds, answer, expected=wanted, actual=answer.summary())
        else:
            # A server error is no success: where a requirement is about that alone, it is what fails.
            crashed = answer.status is not None and answer.status >= 500
            check_rejected(case, named.client_error if crashed else name, answer)
        key, prefix, may_lack = _ROWS.get(flaw, ("", "", False))
        row = next((row for row in case.operation.error_rows if row.key == key), None)
        if row and answer.status == row.status:
            check_error_type(case, f"{prefix}-error-type", answer, row)
            check_error_text(case, f"{prefix}-error-text", answer, row, may_lack=may_lack)
