"""Every documented error response, answered literally and answered wrongly, as client and judgement see
it."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import respx
from tests.unit.suite.conftest import judging

from roamspec.contract.load import load_contract
from roamspec.contract.operations import ErrorRow, Operation
from roamspec.session.session import Session
from roamspec.suite import CheckContext, OperationUnderTest
from roamspec.suite.error_assertions import check_error_text, check_error_type, check_status
from roamspec.world.conversations import Conversation, Message

ROWS = [(o, row) for o in load_contract().operations.values() for row in o.error_rows]
NAMES = ("row.status", "row.error-type", "row.error-text")
MESSAGES = [Message(str(1623022678929637383 + n), "peer", 1710309184114 + n) for n in range(51)]


@pytest.fixture
def service(session: Session) -> Iterator[respx.Router]:
    """Answers only what a test says, and only where it says so."""
    with respx.mock(base_url=session.client.base_url) as router:
        yield router


def call(session: Session, operation: Operation, row: ErrorRow) -> Any:
    """A call that the row is about."""
    subject = OperationUnderTest(operation)
    kind = subject.kind
    conversation = Conversation(kind, ("owner", "peer"), "" if kind == "chat" else "77")
    messages = MESSAGES if row.key == "too-many-ids" else MESSAGES[:1]
    query = list(subject.query("owner", conversation, messages))
    if row.key == "missing-parameter":
        query = query[:-1]
    return subject.call(session.main, "owner", query)


def route(service: respx.Router, operation: Operation) -> respx.Route:
    path = operation.path.format(org_name="acme", app_name="parlor", userId="owner")
    return service.request(operation.method, path)


def judged(session: Session, operation: Operation, row: ErrorRow, answer: Any) -> dict[str, str]:
    case: CheckContext = judging(session, operation, *NAMES)
    check_status(case, NAMES[0], answer, row.status)
    check_error_type(case, NAMES[1], answer, row)
    check_error_text(case, NAMES[2], answer, row, may_lack=row.key == "missing-parameter")
    return {j.requirement.partition(".")[2]: j.verdict for j in case.verdicts.judgements()}


def body(row: ErrorRow) -> dict[str, Any]:
    return {
        "error": row.error,
        "error_description": row.description,
        "exception": "com.example.RoamingException",
        "timestamp": 1710309184114,
        "duration": 0,
    }


@pytest.mark.parametrize(("operation", "row"), ROWS, ids=[f"{o.slug}.{row.key}" for o, row in ROWS])
class TestRow:
    def test_the_documented_answer(
        self, service: respx.Router, session: Session, operation: Operation, row: ErrorRow
    ) -> None:
        mocked = route(service, operation).respond(row.status, json=body(row))

        answer = call(session, operation, row)

        assert (answer.status, answer.rejected) == (row.status, True)
        assert answer.object["error"] == row.error
        assert answer.object["error_description"] == row.description
        assert judged(session, operation, row, answer) == dict.fromkeys(NAMES, "pass")
        sent = mocked.calls.last.request
        assert (sent.method, sent.headers["authorization"]) == (operation.method, "Bearer YWMtApp")

    @pytest.mark.parametrize(
        ("changes", "status", "refuted"),
        [
            ({"error": "bad request"}, None, NAMES[1]),
            ({"error": None}, None, NAMES[1]),
            ({"error_description": "something else"}, None, NAMES[2]),
            ({}, 500, NAMES[0]),
            ({}, 200, NAMES[0]),
        ],
        ids=["another-type", "no-type", "another-text", "server-error", "success"],
    )
    def test_one_thing_wrong_refutes_one_thing(
        self,
        service: respx.Router,
        session: Session,
        operation: Operation,
        row: ErrorRow,
        changes: dict[str, Any],
        status: int | None,
        refuted: str,
    ) -> None:
        wrong = httpx.Response(status or row.status, json=body(row) | changes)
        route(service, operation).mock(return_value=wrong)

        verdicts = judged(session, operation, row, call(session, operation, row))

        assert [name for name, verdict in verdicts.items() if verdict == "fail"] == [refuted]

    def test_no_text_at_all(
        self, service: respx.Router, session: Session, operation: Operation, row: ErrorRow
    ) -> None:
        """A framework's own body for a missing parameter has no description, and need not have one."""
        short = {"error": row.error}
        route(service, operation).respond(row.status, json=short)

        verdicts = judged(session, operation, row, call(session, operation, row))

        assert verdicts[NAMES[2]] == ("pass" if row.key == "missing-parameter" else "fail")

    def test_an_answer_that_is_no_json(
        self, service: respx.Router, session: Session, operation: Operation, row: ErrorRow
    ) -> None:
        route(service, operation).respond(row.status, html="<h1>Bad Request</h1>")

        verdicts = judged(session, operation, row, call(session, operation, row))

        assert verdicts[NAMES[0]] == "pass"
        assert verdicts[NAMES[1]] == "fail"


def test_five_operations_have_rows() -> None:
    assert len({operation.name for operation, _ in ROWS}) == 5
    assert len(ROWS) == 8


def test_fifty_one_ids_stand_in_one_value(service: respx.Router, session: Session) -> None:
    operation = load_contract().operation("deleteChatMessages")
    row = operation.error_row("too-many-ids")
    mocked = route(service, operation).respond(400, json=body(row))

    call(session, operation, row)

    [value] = mocked.calls.last.request.url.params.get_list("msgIdList")
    assert len(value.split(",")) == 51
