"""Whose fault a failure most likely is: the service's, the configuration's, or ours."""

from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from roamspec.appkey import AppKey
from roamspec.transport.exchange import Exchange

NOT_OPEN: Final = "not open"
"""Part of each text with which an app without message roaming refuses, in all the documents."""

SERVICE: Final = "Likely the service's: it answered, and not as the document says."
_UNPARSED: Final = ("json_parse", "invalid_request_body", "web_application")
_DELIBERATE: Final = ("auth",)
"""Families whose calls carry wrong credentials on purpose: a refusal says nothing of the right ones."""


def likely_fault(exchanges: Iterable[Exchange], *, family: str, main: AppKey | None) -> str:
    """One sentence for a failure of a requirement of `family`, from the exchanges that show it.

    `main` is the app under test: of it message roaming is expected to be open.
    """
    seen = list(exchanges)
    for exchange in seen:
        found = _of_one(exchange, family, main)
        if found:
            return found
    return SERVICE if seen else ""


def _of_one(exchange: Exchange, family: str, main: AppKey | None) -> str:
    status, body = exchange.status, exchange.response_body
    if status is None:
        return (
            f"Likely the network's or the service's: no whole answer came ({exchange.error}); see whether "
            "the same call by hand is answered within a few seconds."
        )
    if status >= 400 and NOT_OPEN in body and _is_of(exchange, main):
        return (
            f"Likely the configuration's: message roaming is not open for {main}; have it opened, or test "
            "an app where it is."
        )
    if "organization_application_not_found" in body and _is_of(exchange, main):
        return f"Likely the configuration's: the service knows no app {main}; check --org and --app."
    if status == 429 or "reach_limit" in body:
        return (
            "Likely the rate: others call this app too, or its limits are lower than the documented ones; "
            "give a lower --rate."
        )
    if status in (401, 403) and family not in _DELIBERATE:
        return (
            f"Likely the configuration's: {status} means that the credentials do not allow this, or that "
            "the service takes calls from certain addresses alone (the console's IP allow-list)."
        )
    if status == 415 or (status == 400 and any(f'"{name}"' in body for name in _UNPARSED)):
        return "Perhaps ours: the service says that it cannot read the request; please report it."
    if status in (502, 503, 504):
        return f"Likely a gateway before the service: {status} is its answer, not the operation's."
    return ""


def _is_of(exchange: Exchange, app: AppKey | None) -> bool:
    return app is not None and f"/{app.path}/" in urlsplit(exchange.url).path
