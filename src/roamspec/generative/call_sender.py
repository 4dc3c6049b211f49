"""Sends one call of a sequence, with whatever is wrong with it."""

from collections.abc import Mapping
from typing import Any

from roamspec.api.app_client import AppClient
from roamspec.api.deletions import Query, escaped
from roamspec.appkey import AppKey
from roamspec.generative import flaws
from roamspec.generative.call_sequence import ANONYMOUS, DeleteStep
from roamspec.security.redactor import NOT_A_TOKEN
from roamspec.session.session import Session
from roamspec.suite.operation_under_test import OperationUnderTest
from roamspec.transport.http_messages import JSON_HEADERS, Response
from roamspec.world.absent_names import AbsentNames
from roamspec.world.world import World


def call(subject: OperationUnderTest, world: World, owner: str, step: DeleteStep, query: Query) -> Response:
    """`query` has plain values; the step says what is wrong with the call and how it is written."""
    session, flaw = world.session, step.flaw
    raw = "encoded" in step.forms
    if raw:
        query = [(name, encoded(value)) for name, value in query]
    if flaw == flaws.UNKNOWN_OWNER:
        owner = _absent(world)
    app = _app(session, flaw) or world.app
    token = _token(session, flaw)
    if flaw == flaws.WRONG_SCHEME:
        headers = {**JSON_HEADERS, "Authorization": f"Basic {session.main.token()}"}
        return subject.call(app, owner, query, anonymous=True, headers=headers, raw=raw)
    method = flaw.removeprefix(flaws.METHOD) if flaws.is_of_method(flaw) else None
    more: dict[str, Any] = {"token": token} if token else {"anonymous": True} if flaw == ANONYMOUS else {}
    return subject.call(app, owner, query, method=method, raw=raw, **more)


def encoded(value: str) -> str:
    """A value with its commas and every third letter or digit percent-encoded."""
    return "".join(
        f"%{ord(c):02X}" if c == "," or (c.isascii() and c.isalnum() and place % 3 == 0) else escaped(c)
        for place, c in enumerate(value)
    )


def _app(session: Session, flaw: str) -> AppClient | None:
    """An app that does not exist: its key carries the run's mark, so that nobody can have it."""
    if flaw not in (flaws.UNKNOWN_APP, flaws.UNKNOWN_ORG):
        return None
    key, marked = session.main.key, session.names.fresh("app")
    nowhere = AppKey(key.org, marked) if flaw == flaws.UNKNOWN_APP else AppKey(marked, key.app)
    return AppClient(session.main.client, nowhere, session.no_credentials)


def _token(session: Session, flaw: str) -> str | None:
    token = session.main.token()
    tokens: Mapping[str, Any] = {
        flaws.MALFORMED: lambda: NOT_A_TOKEN,
        flaws.CUT: lambda: token[: len(token) // 2],
        flaws.FOREIGN: lambda: session.app("neighbour").token(),
        flaws.EXPIRED: session.expired_token,
        flaws.UNKNOWN_APP: lambda: token,
        flaws.UNKNOWN_ORG: lambda: token,
    }
    return tokens[flaw]() if flaw in tokens else None


def _absent(world: World) -> str:
    """A user who was looked up and does not exist; one for the whole run."""
    return world.session.shared.get(AbsentNames).user(world)
