"""Whose fault a failure most likely is: the service's, the configuration's, or ours."""

from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from roamspec.appkey import AppKey
from roamspec.transport.exchange import Exchange

NOT_OPEN: Final = "not open"
"""Part of each text with which an app without message roaming rejects, in all pages of the documentation."""

SERVICE: Final = "Likely cause: the service. Its response differs from the documentation."
_UNPARSED: Final = ("json_parse", "invalid_request_body", "web_application")
_DELIBERATE: Final = ("auth",)
"""Families whose calls carry wrong credentials on purpose: an error response says nothing of the right
ones."""


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
            f"Likely cause: the network or the service. No complete response arrived ({exchange.error}); "
            "check whether the same call by hand gets a response within a few seconds."
        )
    if status >= 400 and NOT_OPEN in body and _is_of(exchange, main):
        return (
            f"Likely cause: the configuration. Message roaming is disabled for {main}; have it enabled, or "
            "test an app where it is."
        )
    if "organization_application_not_found" in body and _is_of(exchange, main):
        return (
            f"Likely cause: the configuration. The service does not know the app {main}; check --org "
            "and --app."
        )
    if status == 429 or "reach_limit" in body:
        return (
            "Likely cause: the rate limit. Other clients call this app too, or its limits are lower than "
            "documented; set a lower --rate."
        )
    if status in (401, 403) and family not in _DELIBERATE:
        return (
            f"Likely cause: the configuration. {status} means that the credentials do not permit this call, "
            "or that the service only accepts calls from certain addresses (the IP allow-list of the "
            "console)."
        )
    if status == 415 or (status == 400 and any(f'"{name}"' in body for name in _UNPARSED)):
        return (
            "Possible cause: roamspec. The service reports that it cannot read the request; please report it."
        )
    if status in (502, 503, 504):
        return (
            f"Likely cause: a gateway in front of the service. {status} is the gateway's response, not the "
            "operation's."
        )
    return ""


def _is_of(exchange: Exchange, app: AppKey | None) -> bool:
    return app is not None and f"/{app.path}/" in urlsplit(exchange.url).path
