"""The one redactor: whatever looks like a secret reads `<redacted:kind>` in what is kept of an exchange.

It replaces everything that the secret gate would find, in a query, a form, JSON at any depth, a header or an
event of a stream, so that nothing is left for the gate to reject.
"""

import json
import re
from functools import cache
from typing import Any, Final

from roamspec.security.secret_patterns import is_secret, is_secret_name, kind_of, secrets_in

_SCHEME_AND_REST: Final = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9-]{0,15} +)(?P<rest>\S.*)", re.DOTALL)
_SECRET_HEADER: Final = re.compile(
    r"(?i)(?:^|-)(?:authorization|cookie2?|token|secret|password|credentials?|api-?key)$"
)
_BEARER: Final = re.compile(r"(?i)\b(?P<scheme>bearer[ \t]+)(?P<value>[^\s\"'\],}\\]+)")
_PLAIN_WORD: Final = re.compile(r"[A-Za-z]{1,11}[.,;:]?")
_ROUNDS: Final = 9
"""What is left when a secret is replaced may be one in turn, such as `password: Bearer x`."""


def redacted(text: str) -> str:
    """`text` without anything that looks like a secret; what is redacted already stays as it is."""
    if "\\u" in text and text.startswith(("{", "[")):
        text = _with_plain_names(text)
    for _ in range(_ROUNDS):
        before = text
        text = _once(text)
        if text == before:
            break
    return text


def _once(text: str) -> str:
    if "earer" in text or "EARER" in text:
        text = _BEARER.sub(_after_bearer, text)
    parts, done = [], 0
    for secret in sorted(secrets_in(text), key=lambda secret: (secret.start, -secret.end)):
        if secret.start >= done:
            parts += [text[done : secret.start], f"<redacted:{secret.kind}>"]
            done = secret.end
    return "".join((*parts, text[done:]))


def redacted_header(name: str, value: str) -> str:
    """The value of a header; of a credential only its scheme is left."""
    if not value or not _SECRET_HEADER.search(name):
        return redacted(value)
    parts = _SCHEME_AND_REST.fullmatch(value)
    if parts and name.lower().endswith("authorization"):
        return parts["scheme"] + _instead_of(parts["rest"], "token")
    return _instead_of(value, "cookie" if "cookie" in name.lower() else "token")


def redacted_tree(value: Any) -> Any:
    """A tree as JSON has it, each of its texts redacted, and whatever a secret field holds."""
    seen = cache(redacted)

    def clean(given: Any, name: str = "") -> Any:
        match given:
            case str():
                return _instead_of(given, kind_of(name)) if name else seen(given)
            case dict():
                return {
                    key: clean(item, key if is_secret_name(str(key)) else "") for key, item in given.items()
                }
            case list() | tuple():
                return [clean(item, name) for item in given]
            case int() | float() if name and not isinstance(given, bool):
                return _instead_of(str(given), kind_of(name))
        return given

    return clean(value)


def _instead_of(value: str, kind: str) -> str:
    return f"<redacted:{kind}>" if is_secret(value) else value


def _after_bearer(match: re.Match[str]) -> str:
    value = match["value"]
    return match["scheme"] + (value if _PLAIN_WORD.fullmatch(value) else _instead_of(value, "token"))


def _with_plain_names(text: str) -> str:
    """JSON whose names hide behind escapes such as `client\\u005fid`, redacted; any other text as it is."""
    try:
        content = json.loads(text)
    except ValueError:
        return text
    clean = redacted_tree(content)
    return text if clean == content else json.dumps(clean, ensure_ascii=False)
