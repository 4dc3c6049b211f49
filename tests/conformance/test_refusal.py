"""Calls that must be rejected: parameters missing, tokens wrong, methods and apps that are not."""

from collections.abc import Callable, Mapping
from typing import Literal

from roamspec.api.app_client import AppClient
from roamspec.appkey import AppKey
from roamspec.contract.operations import slug_of
from roamspec.security.redactor import NOT_A_TOKEN
from roamspec.suite import CheckContext, costs, covers, waits_for_expiry
from roamspec.suite.conversation_fixture import ConversationFixture
from roamspec.suite.error_assertions import (
    check_error_text,
    check_error_type,
    check_not_a_success,
    check_rejected,
    check_status,
)
from roamspec.suite.full_comparison import REJECTED_DELETES_NOTHING
from roamspec.suite.negative_calls import NegativeCall, NegativeCallRunner
from roamspec.suite.scripted_comparison import answers
from roamspec.transport.http_messages import JSON_HEADERS, Response

PARAMETERS = ("user-id", "group-id", "msg-id-list", "del-time")
OF_EACH = ("refused", "client-error", "deletes-nothing", "notifies-nobody")
OF_THE_ROW = ("status", "error-type", "error-text")
MISSING = tuple(
    f"missing.{parameter}-{what}"
    for parameter in PARAMETERS
    for what in (*OF_EACH, *OF_THE_ROW)
    if parameter in ("user-id", "msg-id-list") or what in OF_EACH
)


@covers(
    "missing.everything-refused",
    "missing.everything-client-error",
    "missing.everything-deletes-nothing",
    *MISSING,
    REJECTED_DELETES_NOTHING,
)
@costs(30)
def test_missing_parameters(case: CheckContext) -> None:
    """A request without a required parameter is rejected with the documented row, and has no effect."""
    subject = case.subject
    calls = [_missing(case, name) for name in (subject.conversation_parameter, subject.selection_parameter)]
    calls.append(
        NegativeCall(
            send=lambda fixture: subject.call(fixture.world.app, fixture.owner),
            check=lambda answer: _check_missing(case, "missing.everything", answer),
            deletes_nothing="missing.everything-deletes-nothing",
        )
    )
    NegativeCallRunner(case, devices=True).run(calls)


def _check_missing(case: CheckContext, prefix: str, answer: Response) -> None:
    check_not_a_success(case, f"{prefix}-refused", answer)
    check_rejected(case, f"{prefix}-client-error", answer)


def _missing(case: CheckContext, parameter: str) -> NegativeCall:
    """The call without one of its required parameters."""
    prefix = f"missing.{slug_of(parameter)}"

    def send(fixture: ConversationFixture) -> Response:
        query = [pair for pair in fixture.query(fixture.messages) if pair[0] != parameter]
        return case.subject.call(fixture.world.app, fixture.owner, query)

    def check(answer: Response) -> None:
        _check_missing(case, prefix, answer)
        row = case.operation.find_error_row("missing-parameter")
        if row:
            check_status(case, f"{prefix}-status", answer, row.status)
            if answer.status == row.status:
                check_error_type(case, f"{prefix}-error-type", answer, row)
                check_error_text(case, f"{prefix}-error-text", answer, row, may_lack=True)

    return NegativeCall(send, check, f"{prefix}-deletes-nothing", f"{prefix}-notifies-nobody")


AUTH = tuple(
    f"auth.{kind}-{what}"
    for kind in ("no-token", "malformed-token", "wrong-scheme", "cut-token", "foreign-token", "expired-token")
    for what in ("refused", "deletes-nothing")
)


@covers(*AUTH, "auth.user-token-never-for-others", "auth.refusal-notifies-nobody", REJECTED_DELETES_NOTHING)
@waits_for_expiry
@costs(30)
def test_authentication(case: CheckContext) -> None:
    """A request without a valid app token returns HTTP 401 and has no effect."""
    token = case.session.main.token()
    calls = [
        _with_headers(case, "auth.no-token", {}),
        _with_headers(case, "auth.no-token", {"Authorization": "Bearer"}),
        _with_headers(case, "auth.malformed-token", {"Authorization": f"Bearer {NOT_A_TOKEN}"}),
        _with_token(case, "auth.malformed-token", lambda: f"{token}x"),
        _with_token(case, "auth.malformed-token", token.swapcase),
        _with_headers(case, "auth.wrong-scheme", {"Authorization": f"Basic {token}"}),
        _with_headers(case, "auth.wrong-scheme", {"Authorization": token}),
        _with_token(case, "auth.cut-token", lambda: token[: len(token) // 2]),
    ]
    if case.has("neighbour-app") and case.session.app("neighbour").token() == token:
        for name in ("refused", "deletes-nothing"):
            case.verdicts.inconclusive(f"auth.foreign-token-{name}", "the second app issues the same token")
    elif case.has("neighbour-app"):
        calls.append(_with_token(case, "auth.foreign-token", lambda: case.session.app("neighbour").token()))
    if case.has("short-lived-tokens"):
        calls.append(_with_token(case, "auth.expired-token", case.session.expired_token))
    if case.has("user-tokens"):
        calls.append(_with_the_peers_token(case))
    NegativeCallRunner(case, devices=True).run(calls)


def _with_headers(case: CheckContext, prefix: str, headers: Mapping[str, str]) -> NegativeCall:
    def send(fixture: ConversationFixture) -> Response:
        return case.subject.call(
            fixture.world.app,
            fixture.owner,
            fixture.query(fixture.messages),
            anonymous=True,
            headers={**JSON_HEADERS, **headers},
        )

    return _unauthorized(case, prefix, send)


def _with_token(case: CheckContext, prefix: str, token: Callable[[], str]) -> NegativeCall:
    def send(fixture: ConversationFixture) -> Response:
        return case.subject.call(
            fixture.world.app, fixture.owner, fixture.query(fixture.messages), token=token()
        )

    return _unauthorized(case, prefix, send)


def _unauthorized(
    case: CheckContext, prefix: str, send: Callable[[ConversationFixture], Response]
) -> NegativeCall:
    """A call that returns HTTP 401, deletes nothing and notifies nobody."""
    return NegativeCall(
        send,
        lambda answer: check_status(case, f"{prefix}-refused", answer, 401),
        f"{prefix}-deletes-nothing",
        "auth.refusal-notifies-nobody",
    )


def _with_the_peers_token(case: CheckContext) -> NegativeCall:
    """Rejected or not: the peer must not delete from the owner's view."""

    def send(fixture: ConversationFixture) -> Response:
        token = fixture.world.app.user_token(fixture.peer, case.session.password)
        return case.subject.call(
            fixture.world.app, fixture.owner, fixture.query(fixture.messages), token=token
        )

    return NegativeCall(send, lambda _: True, "auth.user-token-never-for-others")


@covers(
    "method.other-methods-refused",
    "method.other-methods-delete-nothing",
    "tenancy.unknown-app-refused",
    REJECTED_DELETES_NOTHING,
)
@costs(30)
def test_other_methods_and_apps(case: CheckContext) -> None:
    """Besides other methods, an unknown app of our org, and an unknown org with an app of our app's name:
    App Keys that carry the run's own mark, so that nobody can have them."""
    others = [m for m in ("GET", "POST", "PUT", "PATCH", "DELETE") if m != case.operation.method]
    org, app = case.session.main.key.org, case.session.main.key.app
    marked = case.session.names.fresh("app")
    elsewhere = [_in_app(case, key) for key in (AppKey(org, marked), AppKey(marked, app))]
    NegativeCallRunner(case).run([*(_with_method(case, method) for method in others), *elsewhere])


def _with_method(case: CheckContext, method: str) -> NegativeCall:
    """POST may be answered with success where the vendor's table of rate limits lists it, and then deletes
    no more than it identifies."""
    may_succeed = method == "POST" and case.subject.by_time

    def send(fixture: ConversationFixture) -> Response:
        return case.subject.call(
            fixture.world.app, fixture.owner, fixture.query(fixture.messages), method=method
        )

    def check(answer: Response) -> None:
        case.verdicts.check(
            "method.other-methods-refused",
            (may_succeed and answer.ok) or (answer.status is not None and answer.status >= 400),
            answer,
            expected=f"{method} answered 405, 404 or 500, as the documents say, or another error status",
            actual=answer.summary(),
            compares=answers(f".status >= 400{' or .status == 200' if may_succeed else ''}"),
        )

    may_go: Literal["", "message"] = "message" if may_succeed else ""
    return NegativeCall(send, check, "method.other-methods-delete-nothing", may_be_deleted=may_go)


def _in_app(case: CheckContext, key: AppKey) -> NegativeCall:
    name = "tenancy.unknown-app-refused"
    nowhere = AppClient(case.session.main.client, key, case.session.no_credentials)

    def send(fixture: ConversationFixture) -> Response:
        token = case.session.main.token()
        return case.subject.call(nowhere, fixture.owner, fixture.query(fixture.messages), token=token)

    return NegativeCall(send, lambda answer: check_rejected(case, name, answer), name)
