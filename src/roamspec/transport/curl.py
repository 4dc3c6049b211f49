"""Exchanges as curl lines that work when pasted; the token comes from the environment."""

import re
import shlex
from collections.abc import Iterable, Mapping
from typing import Any

TOKEN_VARIABLE = "ROAMSPEC_TOKEN"  # noqa: S105 - the name of a variable, not a secret
_REDACTED = re.compile(r"<redacted:([a-z-]+)>")
_IMPLIED = {"host", "content-length", "connection", "user-agent", "accept-encoding"}


def curl(exchange: Mapping[str, Any]) -> str:
    """One curl line for an exchange in its report form (`Exchange.as_dict()`)."""
    words = ["curl", "-sS", "-X", str(exchange["method"]), shlex.quote(str(exchange["url"]))]
    for name, value in exchange["request_headers"]:
        if name.lower() in _IMPLIED:
            continue
        header = f"{name}: {value}"
        if _REDACTED.search(header):
            # Double quotes, so that the shell puts the token in.
            words += ["-H", f'"{_REDACTED.sub(_variable, header)}"']
        else:
            words += ["-H", shlex.quote(header)]
    if exchange["request_body"]:
        # Not --data-binary: that reads a file when the body begins with @.
        words += ["--data-raw", shlex.quote(str(exchange["request_body"]))]
    return " ".join(words)


def _variable(redacted: re.Match[str]) -> str:
    """Each kind of token has a variable of its own: `user-token` stands in ROAMSPEC_USER_TOKEN."""
    return "$ROAMSPEC_" + redacted[1].upper().replace("-", "_")


def curl_lines(exchanges: Iterable[Mapping[str, Any]]) -> str:
    """Curl lines for a sequence of exchanges, one a line."""
    return "\n".join(curl(exchange) for exchange in exchanges)
