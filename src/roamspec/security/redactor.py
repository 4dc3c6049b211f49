"""Secrets are replaced before anything is kept: in headers, bodies, URLs and messages."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

from roamspec.security.redaction import redacted, redacted_header

_GRANTED = {
    "access_token": "token",
    "client_secret": "client-secret",
    "password": "password",
    "refresh_token": "token",
}
_SHORTEST_SECRET = 6
_MOST_HEADERS = 500
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,15}")
NOT_A_TOKEN = "not-a-token"  # noqa: S105 - what it says
"""What checks send in place of a token. It is shown, so that a curl line sends the same."""


class Redactor:
    """Knows the secrets of this run and writes `<redacted:kind>` in their place."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._forms: dict[str, str] = {}
        """What stands in place of each form in which a known secret may be written."""

        self._headers: dict[tuple[str, str], str] = {}
        """What is kept of headers that come again and again, with the secrets that are known by now."""

    def learn(self, value: str | None, kind: str) -> None:
        """Remember a secret; very short values are left alone, they would eat ordinary text."""
        if value and len(value) >= _SHORTEST_SECRET:
            # New dictionaries, because another thread may be reading the old ones.
            self._known = {**self._known, value: kind}
            self._forms = {**self._forms, **dict.fromkeys(_forms(value), f"<redacted:{kind}>")}
            self._headers = {}

    @property
    def known(self) -> Mapping[str, str]:
        """The kind of each secret that is known so far."""
        return dict(self._known)

    def text(self, text: str) -> str:
        """`text` without any known secret, and without what looks like one."""
        for form, instead in self._forms.items():
            if form in text:
                text = text.replace(form, instead)
        return redacted(text)

    def headers(self, headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """Headers, by name and value, without secrets."""
        return tuple((name, self._header(name, value)) for name, value in headers)

    def _header(self, name: str, value: str) -> str:
        kept = self._headers
        found = kept.get((name, value))
        if found is None:
            found = (
                self._authorization(value)
                if name.lower() == "authorization" and value
                else redacted_header(name, self.text(value))
            )
            if len(kept) < _MOST_HEADERS:
                kept[name, value] = found
        return found

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
            for name, kind in _GRANTED.items():
                value = answer.get(name)
                if isinstance(value, str):
                    self.learn(value, kind)


def _forms(secret: str) -> tuple[str, ...]:
    """A secret as it stands in a URL, in JSON, and as it is."""
    escaped = json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]
    return tuple(dict.fromkeys((secret, quote(secret, safe=""), quote_plus(secret), *escaped)))
