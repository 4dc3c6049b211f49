"""Access tokens: issued for an app or one of its users, good until they expire."""

import re
from base64 import b64decode
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Final

_PREFIX: Final = "YWMt"
"""Base64 of `ac-`, with which the service's own tokens begin."""
_SHAPE: Final = re.compile(r"YWMt[A-Za-z0-9_-]{40,}")
_SWEEP_AT: Final = 4096


@dataclass(frozen=True, slots=True)
class Token:
    """`user` is None for an app token; `expires_ms` is 0 for one that never expires."""

    user: str | None
    expires_ms: int

    def expired(self, now: int) -> bool:
        """Whether it is no longer good at `now` (Unix milliseconds)."""
        return self.expires_ms != 0 and now >= self.expires_ms


class TokenBook:
    """The tokens that one app issued."""

    __slots__ = ("_sweep_at", "_tokens")

    def __init__(self) -> None:
        # By the whole value of the Authorization header, so that a call costs one look-up.
        self._tokens: dict[bytes, Token] = {}
        self._sweep_at = _SWEEP_AT

    def issue(self, user: str | None, ttl_s: int, now: int) -> str:
        """A new token; `ttl_s` 0 means that it never expires, `now` is Unix milliseconds."""
        if len(self._tokens) >= self._sweep_at:
            self._tokens = {text: token for text, token in self._tokens.items() if not token.expired(now)}
            self._sweep_at = 2 * len(self._tokens) + _SWEEP_AT
        text = _PREFIX + token_urlsafe(48)
        self._tokens[_header(text)] = Token(user, now + ttl_s * 1000 if ttl_s else 0)
        return text

    def by_header(self, value: bytes) -> Token | None:
        """The token that this Authorization header carries in the usual spelling."""
        return self._tokens.get(value)

    def find(self, text: str) -> Token | None:
        """What a token was issued for, also an expired one; None for an unknown one."""
        return self._tokens.get(_header(text))

    def revoke_user(self, user: str) -> None:
        """Make all tokens of a user unknown."""
        self._tokens = {text: token for text, token in self._tokens.items() if token.user != user}

    def put(self, text: str, token: Token) -> None:
        """Take a token that was issued elsewhere."""
        self._tokens[_header(text)] = token

    def drop(self, text: str) -> None:
        """Forget a token; one that is not known is no error."""
        self._tokens.pop(_header(text), None)

    def items(self) -> list[tuple[str, Token]]:
        """Token texts with what they stand for."""
        return [(value.decode().partition(" ")[2], token) for value, token in self._tokens.items()]

    def restore(self, tokens: dict[str, Token]) -> None:
        """Know these tokens and no others."""
        self._tokens = {_header(text): token for text, token in tokens.items()}

    def __len__(self) -> int:
        return len(self._tokens)


def _header(text: str) -> bytes:
    return b"Bearer " + text.encode("utf-8", "replace")


def well_formed(text: str) -> bool:
    """Whether a text has the shape of a token, wherever it was issued."""
    # No Base64 text is one character longer than a multiple of four.
    if not _SHAPE.fullmatch(text) or len(text) % 4 == 1:
        return False
    return len(b64decode(text + "=" * (-len(text) % 4), altchars=b"-_")) > 0
