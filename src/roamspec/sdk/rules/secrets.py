"""Tokens and secrets belong into headers and bodies; a URL ends up in logs."""

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import unquote

from roamspec.sdk.calls import ObservedCall
from roamspec.sdk.finding import ClientFinding, IntendedValues, finding_about

_REDACTED: Final = re.compile(r"<redacted:(?!client-id>)")
"""A client ID names a client and opens nothing."""
_SECRET_KEYS: Final = frozenset(("access_token", "token", "client_secret", "password", "authorization"))
_LONG_ENOUGH: Final = 8
_EXPECTED: Final = "the token in the header Authorization, the secret in the body of the token request"


def no_token_in_url(call: ObservedCall, meant: IntendedValues) -> Iterable[ClientFinding]:
    """A URL holds neither a token nor a secret. Calls that were announced as violations are judged, too: no
    test needs a secret in a URL."""
    operation = call.deletion or ("createToken" if call.operation == "createToken" else "")
    if not operation:
        return
    named = next((pair.key for pair in call.query if pair.key.lower() in _SECRET_KEYS and pair.value), "")
    plain = unquote(call.target)
    hidden = _REDACTED.search(call.target) or any(
        secret in plain for secret in meant.secrets if len(secret) >= _LONG_ENOUGH
    )
    wrong = f"the query parameter {named}" if named else "a token or a secret in the URL" if hidden else ""
    yield finding_about(
        call, "client-secrets.no-token-in-url", wrong=wrong, expected=_EXPECTED, operation=operation
    )
