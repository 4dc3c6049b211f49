"""The secret gate: reads everything before it is written, and every committed file in CI.

It looks for known values, for what has the shape of a token, and for whatever is hard to guess in a place
where a credential stands. It names the file and the position, never the value.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import quote

from roamspec.errors import SuiteError

_SHORTEST_KNOWN: Final = 6
_NAMES: Final = (
    r"access_token|refresh_token|id_token|user_token|app_token|token|client_?id|client_?secret|secret|"
    r"app_?secret|api_?key|password|passwd|pwd|credentials?"
)
_HARMLESS: Final = r"<redacted:[a-z0-9-]+>"
# Messages are pulled in Base64, where any four letters may come: what has the shape of a secret begins at no
# letter of it, unless that letter ends an escape.
_BEGINS: Final = r"(?:(?<![A-Za-z0-9_+/-])|(?<=%[0-9A-Fa-f]{2})|(?<=\\[nrt]))"
_SHAPES: Final = {
    "a token of the service": re.compile(_BEGINS + r"YWMt[A-Za-z0-9_+/=-]{6,}"),
    "a client ID or secret of the service": re.compile(_BEGINS + r"YXA6[A-Za-z0-9_+/=-]{6,}"),
    "a JSON web token": re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "credentials in a URL": re.compile(r"(?i)\b[a-z][a-z0-9+.-]{1,15}://[^/\s\"'<>@]*:[^/\s\"'<>@]+@"),
}
_SCHEMES: Final = re.compile(r"(?i)\b(?P<scheme>bearer|basic|digest)[ \t]+(?P<value>[^\s\"'\],}\\]+)")
_FIELD: Final = re.compile(
    rf"(?i)(?<![A-Za-z])(?P<name>{_NAMES})\\*[\"']?[ \t]*(?:[:=]|%3D)[ \t]*\\*[\"']?"
    r"(?P<value>[^\s\"'\\,;&{}\[\]]+)"
)
_COOKIE: Final = re.compile(
    r"(?i)\b(?:set-)?cookie[\"']?[ \t]*:[ \t]*\[?[\"']?(?P<value>[^\s\"'\]]+=[^\s\"'\];]+)"
)
_OPEN_FIELDS: Final = ("token", "secret", "credential", "credentials")
"""Also ordinary words: only a value that is hard to guess counts there."""
_ORDINARY: Final = frozenset(
    {"not-a-token", "null", "none", "true", "false", "<redacted", "string", "yourapptoken", "<yourapptoken>"}
)
_BEFORE_A_VALUE: Final = " \t\"'\\:,=[-"
"""What may stand between the name of a header and its value, in the forms in which headers are written."""
_SHELL_VARIABLE: Final = re.compile(r"\$\{?[A-Z][A-Z0-9_]*\}?")
_WORDS: Final = re.compile(r"[a-z]+(?:[-_ .][a-z]+)*\.?")
_LEAST_BITS: Final = 2.6
_LEAST_LENGTH: Final = 12


class SecretFound(SuiteError):  # noqa: N818 - what happened
    """Something that looks like a secret was about to be written, or has been."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Where a secret stands, counted from 1, and of what kind it is; never the secret itself."""

    line: int
    column: int
    kind: str

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.kind}"


class Gate:
    """Knows the secrets of a run, or none, and looks for them and for others."""

    def __init__(self, known: Sequence[str] = ()) -> None:
        plain = [value for value in known if len(value) >= _SHORTEST_KNOWN]
        self._known = sorted({*plain, *(quote(value, safe="") for value in plain)}, key=len, reverse=True)

    def findings(self, text: str) -> list[Finding]:
        """Everything in `text` that looks like a secret, in the order of the text."""
        found: dict[tuple[int, int], Finding] = {}
        # Most lines of a large report stand in it many times.
        in_line = cache(lambda line: tuple(self._in_line(line)))
        for number, line in enumerate(text.splitlines(), 1):
            for start, kind in in_line(line):
                found.setdefault((number, start), Finding(number, start + 1, kind))
        return [found[place] for place in sorted(found)]

    def require_clean(self, file: Path, text: str) -> None:
        """SecretFound, naming the file and the first position, when there is anything."""
        found = self.findings(text)
        if found:
            more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
            raise SecretFound(f"{file}: {found[0]}{more}; it was not written.")

    def _in_line(self, line: str) -> Iterator[tuple[int, str]]:
        for value in self._known:
            start = line.find(value)
            if start >= 0:
                yield start, "a secret of this run"
        for kind, pattern in _SHAPES.items():
            for match in pattern.finditer(line):
                yield match.start(), kind
        for match in _SCHEMES.finditer(line):
            # Outside of a header the scheme's name may be an ordinary word: "a bearer token".
            in_header = line[: match.start()].lower().rstrip(_BEFORE_A_VALUE).endswith("authorization")
            if _is_secret(match["value"]) and (in_header or _hard_to_guess(match["value"])):
                yield match.start("value"), "credentials in an Authorization header"
        for match in _FIELD.finditer(line):
            value, name = match["value"], match["name"].lower()
            if _is_secret(value) and (name not in _OPEN_FIELDS or _hard_to_guess(value)):
                yield match.start("value"), f"a value of {name}"
        for match in _COOKIE.finditer(line):
            if _is_secret(match["value"]):
                yield match.start("value"), "a cookie"


def _is_secret(value: str) -> bool:
    """Whether a value in a credential's place may be one: not a placeholder, nor what stands for one."""
    bare = value.strip("\"'`.,;:)]}").lower()
    if not bare or bare in _ORDINARY or re.match(_HARMLESS, value) or value.startswith("<"):
        return False
    return not _SHELL_VARIABLE.match(value)


def _hard_to_guess(value: str) -> bool:
    """Whether a value looks random: long, and its characters vary more than those of words do."""
    if len(value) < _LEAST_LENGTH or _WORDS.fullmatch(value):
        return False
    return entropy(value) >= _LEAST_BITS


def entropy(value: str) -> float:
    """Bits of a character, from how often each occurs."""
    counts = Counter(value)
    return -sum(n / len(value) * math.log2(n / len(value)) for n in counts.values())
