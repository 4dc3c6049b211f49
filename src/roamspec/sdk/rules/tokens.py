"""How the client comes by its token, seen over all calls of one app and one test."""

import json
from collections.abc import Iterable, Sequence
from typing import Final

from roamspec.sdk.calls import ObservedCall
from roamspec.sdk.finding import ClientFinding

REQUEST: Final = "createToken"
_UNDERSTOOD: Final = "client-token.request-understood"
_REUSED: Final = "client-token.fetched-once-and-reused"


def token_requests(calls: Sequence[ObservedCall], of_app: Sequence[ObservedCall]) -> Iterable[ClientFinding]:
    """`calls` are those of one app and one test, in order, `of_app` those of all tests of the app.

    Where a suite fetches its token before its tests begin, only the app as a whole shows the reuse.
    """
    yield from _understood(calls)
    yield from _reuse(calls) if any(call.operation != REQUEST for call in calls) else _reuse(of_app)


def _understood(calls: Sequence[ObservedCall]) -> Iterable[ClientFinding]:
    for call in calls:
        if call.operation == REQUEST and not call.announced:
            wrong = "" if call.status < 400 or call.nuisance else f"{call.status} {call.error[1]}"
            yield ClientFinding(
                REQUEST,
                _UNDERSTOOD,
                "fail" if wrong else "pass",
                (call,),
                "a JSON object with grant_type, client_id and client_secret" if wrong else "",
                wrong,
            )


def _reuse(calls: Sequence[ObservedCall]) -> Iterable[ClientFinding]:
    """A token that serves fewer than two calls on average is fetched for each call.

    A suite that makes a new client for each test looks the same from here, unless its tests name
    themselves: then each test is looked at alone.
    """
    fetches = [call for call in calls if call.operation == REQUEST and call.status == 200]
    others = [call for call in calls if call.operation != REQUEST]
    if not fetches or not others:
        return
    needless: list[ObservedCall] = []
    valid_until: dict[str, float] = {}
    renewing = False
    for call in calls:
        if call.status == 401:
            renewing = True
        elif call.operation == REQUEST and call.status == 200:
            who = _who(call)
            if call.started_ms < valid_until.get(who, 0.0) and not renewing:
                needless.append(call)
            valid_until[who] = call.ended_ms + _lifetime_ms(call)
            renewing = False
    wrong = bool(needless) and 2 * len(fetches) > len(others)
    yield ClientFinding(
        REQUEST,
        _REUSED,
        "fail" if wrong else "pass",
        (needless[0],) if wrong else (fetches[0],),
        "one token request, until the token expires or is rejected" if wrong else "",
        f"{len(fetches)} token requests for {len(others)} other calls" if wrong else "",
        "If each test creates its own client, send the test's name in X-Roamspec-Test."
        if wrong and not any(call.test for call in calls)
        else "",
    )


def _who(call: ObservedCall) -> str:
    """For whom a token is asked; a request that cannot be read is like none but itself."""
    try:
        body = json.loads(call.body)
        return f"{body['grant_type']} {body.get('username', body.get('client_id', ''))}"
    except (ValueError, KeyError, TypeError, AttributeError):
        return call.body


def _lifetime_ms(call: ObservedCall) -> float:
    try:
        return float(json.loads(call.answer)["expires_in"]) * 1000 or float("inf")
    except (ValueError, KeyError, TypeError):
        return 0.0
