"""Secrets are replaced before anything is kept: in headers, bodies, URLs and messages."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

_SECRET_FIELDS = {
    "access_token": "token",
    "client_secret": "client-secret",
    "password": "password",
    "refresh_token": "token",
}
_BEARER = re.compile(r"(?i)\b(bearer)\s+\S+")
_FIELD_IN_TEXT = re.compile(
    r'("(?:access_token|refresh_token|client_secret|password)"\s*:\s*")((?:[^"\\]|\\.)*)(")'
)
_SHORTEST_SECRET = 6
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,15}")
NOT_A_TOKEN = "not-a-token"  # noqa: S105 - what it says
"""What checks send in place of a token. It is shown, so that a curl line sends the same."""


class Redactor:
    """Knows the secrets of this run and writes `<redacted:kind>` in their place."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def learn(self, value: str | None, kind: str) -> None:
        """Remember a secret; very short values are left alone, they would eat ordinary text."""
        if value and len(value) >= _SHORTEST_SECRET:
            # A new dictionary, because another thread may be reading the old one.
            self._known = {**self._known, value: kind}

    @property
    def known(self) -> Mapping[str, str]:
        """The kind of each secret that is known so far."""
        return dict(self._known)

    def text(self, text: str) -> str:
        """`text` without any known secret, bearer token or secret JSON field."""
        for secret, kind in self._known.items():
            if secret in text:
                text = text.replace(secret, f"<redacted:{kind}>")
        # Most texts are short and have neither; looking for the letters costs a tenth of the patterns.
        if "bearer" in text.lower():
            text = _BEARER.sub(r"\1 <redacted:token>", text)
        return _FIELD_IN_TEXT.sub(_masked_field, text) if '"' in text else text

    def headers(self, headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        return tuple(
            (
                name,
                self._authorization(value) if name.lower() == "authorization" and value else self.text(value),
            )
            for name, value in headers
        )

    def _authorization(self, value: str) -> str:
        """The scheme, and what kind of token follows; every token that is not known counts as one."""
        scheme, space, token = value.partition(" ")
        if not space or not _SCHEME.fullmatch(scheme):
            return "<redacted:token>"
        if token == NOT_A_TOKEN:
            return value
        kind = self._known.get(token)
        if kind is None:
            cut = token and any(secret.startswith(token) for secret in self._known)
            longer = any(token.startswith(secret) for secret in self._known)
            kind = "cut-token" if cut else "longer-token" if longer else "token"
        return f"{scheme} <redacted:{kind}>"

    def learn_from(self, answer: Any) -> None:
        """Remember the tokens that stand in a token answer, before it is kept anywhere."""
        if isinstance(answer, dict):
            for name, kind in _SECRET_FIELDS.items():
                value = answer.get(name)
                if isinstance(value, str):
                    self.learn(value, kind)


def _masked_field(match: re.Match[str]) -> str:
    name = json.loads(match[1].split(":")[0])
    return f"{match[1]}<redacted:{_SECRET_FIELDS[name]}>{match[3]}"
