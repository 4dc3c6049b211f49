"""The three headers that the documentation asks for."""

import re
from collections.abc import Iterable
from typing import Final

from roamspec.sdk.calls import ObservedCall
from roamspec.sdk.finding import ClientFinding, IntendedValues, finding_about

_BEARER: Final = re.compile(r"Bearer \S+")
_JSON: Final = "application/json"
_TAKES_JSON: Final = frozenset((_JSON, "application/*", "*/*"))


def bearer_token(call: ObservedCall, _meant: IntendedValues) -> Iterable[ClientFinding]:
    """`Authorization` is `Bearer`, one space and a token."""
    sent = call.header("authorization")
    wrong = (
        "no Authorization" if sent is None else "" if _BEARER.fullmatch(sent) else f"Authorization: {sent}"
    )
    yield finding_about(
        call,
        "client-headers.bearer-token",
        wrong=wrong,
        expected="Authorization: Bearer, one space, the token",
    )


def token_accepted(call: ObservedCall, _meant: IntendedValues) -> Iterable[ClientFinding]:
    """An expired token is no fault of the client, which cannot know before it is notified."""
    if (
        call.nuisance == "401"
        or "expired" in call.error[1]
        or not _BEARER.fullmatch(call.header("authorization") or "")
    ):
        return
    yield finding_about(
        call,
        "client-headers.token-accepted",
        wrong=f"401 {call.error[1]}" if call.status == 401 else "",
        expected="an app token of this app, or on the paths below /sdk/ the owner's own",
    )


def content_type(call: ObservedCall, _meant: IntendedValues) -> Iterable[ClientFinding]:
    """`Content-Type` is `application/json`, with or without parameters."""
    sent = call.header("content-type")
    right = sent is not None and sent.partition(";")[0].strip().lower() == _JSON
    yield finding_about(
        call,
        "client-headers.content-type",
        wrong="" if right else "no Content-Type" if sent is None else f"Content-Type: {sent}",
        expected=f"Content-Type: {_JSON}",
    )


def accept(call: ObservedCall, _meant: IntendedValues) -> Iterable[ClientFinding]:
    """Any value that takes JSON will do."""
    sent = call.header("accept")
    kinds = {item.partition(";")[0].strip().lower() for item in (sent or "").split(",")}
    yield finding_about(
        call,
        "client-headers.accept",
        wrong="" if kinds & _TAKES_JSON else "no Accept" if sent is None else f"Accept: {sent}",
        expected=f"Accept: {_JSON}",
    )
