"""What a secret looks like in a text, and where it begins and ends.

The secret gate and the redactor read the same patterns: what the one finds, the other replaces. Each pattern
is tried only where a word stands that it needs: most texts hold none of them, and every exchange is read.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

_HARMLESS: Final = r"(?:<|&lt;)redacted:[a-z0-9-]+(?:>|&gt;)"
_ORDINARY: Final = frozenset(
    {"not-a-token", "null", "none", "true", "false", "<redacted", "string", "yourapptoken", "<yourapptoken>"}
)
_SHELL_VARIABLE: Final = re.compile(r"\$\{?[A-Z][A-Z0-9_]*\}?")
_WORDS: Final = re.compile(r"[a-z]+(?:[-_ .][a-z]+)*\.?")
_LEAST_BITS: Final = 2.6
_LEAST_LENGTH: Final = 12

_GAP: Final = "(?:[_-]|%5f)?"
_CLOSED: Final = re.compile(
    f"(?:access|refresh|id|user|app){_GAP}token|client{_GAP}id|(?:client|app){_GAP}secret|api{_GAP}key|"
    f"(?:new|old)?{_GAP}password|passwd|pwd"
)
"""Names of fields whose value is always a secret."""
_OPEN: Final = ("token", "secret", "credential", "credentials")
"""Also ordinary words: only a value that is hard to guess counts there."""
_WORDS_OF_NAMES: Final = {
    "token": "token", "secret": "secret", "client": f"client{_GAP}id", "key": "key", "passw": "passw(?:or)?d",
    "pwd": "pwd", "credential": "credentials?",
}  # fmt: skip
"""With which part of its name a field is found, and how the name goes on from there."""
_NAME_ENDS: Final = {word: re.compile(pattern) for word, pattern in _WORDS_OF_NAMES.items()}
_NAME: Final = re.compile(rf"(?<![a-z])(?P<name>{_CLOSED.pattern}|{'|'.join(_OPEN)})\Z")
_LONGEST_NAME: Final = 20
_VALUES: Final = (
    # A text of JSON, also where the JSON stands in a text of JSON itself; of a query or a form; any other.
    re.compile(r'"\s*:\s*"(?P<value>(?:[^"\\]|\\.)*)', re.DOTALL),
    re.compile(r'(?P<open>\\+")\s*:\s*(?P=open)(?P<value>.*?)(?:(?<!\\)(?P=open)|\Z)', re.DOTALL),
    re.compile(r"=(?P<value>[^\s&\"'<>\\{}\[\]]+)"),
    re.compile(
        r"(?:\\*[\"'])?[ \t]*(?:[:=]|%3[dD])[ \t]*(?:\\*[\"'])?\[?(?:\\*[\"'])?"
        r"(?P<value>[^\s\"'\\,;&{}\[\]]+)"
    ),
)
_SCHEME: Final = re.compile(r"[a-zA-Z]+[ \t]+(?P<value>[^\s\"'\],}\\]+)")
_BEFORE_A_VALUE: Final = " \t\"'\\:,=[-"
"""What may stand between the name of a header and its value, in the forms in which headers are written."""
_COOKIE: Final = re.compile(r"(?i)cookie[\"']?[ \t]*:[ \t]*\[?[\"']?(?P<value>[^\s\"'\]\\]+=[^\s\"'\];\\]+)")
# Messages are pulled in Base64, where any four letters may come: what has the shape of a secret begins at no
# letter of it, unless that letter ends an escape.
_BEGINS: Final = r"(?:(?<![A-Za-z0-9_+/-])|(?<=%[0-9A-Fa-f]{2})|(?<=\\[nrt]))"
_SHAPES: Final = (
    ("YWMt", "a token of the service", "token", re.compile(_BEGINS + r"YWMt[A-Za-z0-9_+/=-]{6,}")),
    (
        "YXA6",
        "a client ID or secret of the service",
        "credentials",
        re.compile(_BEGINS + r"YXA6[A-Za-z0-9_+/=-]{6,}"),
    ),
    (
        "eyJ",
        "a JSON web token",
        "token",
        re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"),
    ),
    (
        "-----BEGIN",
        "a private key",
        "private-key",
        re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"),
    ),
    (
        "://",
        "credentials in a URL",
        "credentials",
        re.compile(r"(?<=[A-Za-z0-9+.-]{2})://(?P<value>[^/\s\"'<>@\\]*:[^/\s\"'<>@\\]+)(?=@)"),
    ),
)  # fmt: skip


class Secret(NamedTuple):
    """Where a secret stands in a text. `description` is for people, `kind` for what replaces it."""

    start: int
    end: int
    description: str
    kind: str


def secrets_in(text: str) -> Iterator[Secret]:
    """Everything in `text` that looks like a secret, pattern by pattern; they may overlap."""
    folded = _folded(text)
    # First of all the fields: their names say best of what kind their values are.
    yield from _of_fields(text, folded)
    yield from _after_schemes(text, folded)
    for place in _places(folded, "cookie"):
        match = _COOKIE.match(text, place)
        if match and is_secret(match["value"]):
            yield Secret(*match.span("value"), "a cookie", "cookie")
    for word, description, kind, pattern in _SHAPES:
        if word not in text:
            continue
        for place in _places(text, word):
            match = pattern.match(text, place)
            if match:
                group = "value" if "value" in pattern.groupindex else 0
                yield Secret(*match.span(group), description, kind)


def _after_schemes(text: str, folded: str) -> Iterator[Secret]:
    for scheme in ("bearer", "basic", "digest"):
        if scheme not in folded:
            continue
        for place in _places(folded, scheme):
            match = _SCHEME.match(text, place)
            if match is None or (place and text[place - 1].isalnum()) or not is_secret(match["value"]):
                continue
            # Outside of a header the scheme's name may be an ordinary word: "a bearer token".
            in_header = folded[:place].rstrip(_BEFORE_A_VALUE).endswith("authorization")
            if in_header or hard_to_guess(match["value"]):
                yield Secret(*match.span("value"), "credentials in an Authorization header", "token")


def _of_fields(text: str, folded: str) -> Iterator[Secret]:
    for word, pattern in _NAME_ENDS.items():
        if word not in folded:
            continue
        for place in _places(folded, word):
            ends = pattern.match(folded, place)
            if ends is None:
                continue
            begins, until = _value_after(text, ends.end())
            value = text[begins:until]
            name = _NAME.search(folded[max(0, ends.end() - _LONGEST_NAME) : ends.end()])
            if name is None or not is_secret(value):
                continue
            if name["name"] not in _OPEN or hard_to_guess(value):
                yield Secret(begins, until, f"a value of {name['name']}", kind_of(name["name"]))


def _value_after(text: str, name_ends: int) -> tuple[int, int]:
    """Where the value of a field begins and ends, in whatever form it stands; an empty range for none."""
    for pattern in _VALUES:
        match = pattern.match(text, name_ends)
        if match:
            return match.span("value")
    return name_ends, name_ends


def _places(text: str, word: str) -> Iterator[int]:
    place = text.find(word)
    while place >= 0:
        yield place
        place = text.find(word, place + 1)


def _folded(text: str) -> str:
    """In lower case, each character in its place."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c.lower() if c.isascii() else c for c in text)


def is_secret_name(name: str) -> bool:
    """Whether a field of this name always holds a secret."""
    return _CLOSED.fullmatch(name.lower()) is not None


def kind_of(name: str) -> str:
    """The kind of secret that a field of this name holds: `client_id` and `clientId` hold a `client-id`."""
    plain = name.lower().replace("%5f", "").replace("_", "").replace("-", "")
    for ending, kind in (
        ("clientid", "client-id"),
        ("clientsecret", "client-secret"),
        ("secret", "secret"),
        ("token", "token"),
        ("key", "api-key"),
        ("credential", "credentials"),
        ("credentials", "credentials"),
    ):
        if plain.endswith(ending):
            return kind
    return "password"


def is_secret(value: str) -> bool:
    """Whether a value in a credential's place may be one: not a placeholder, nor what stands for one."""
    bare = value.strip("\"'`.,;:)]}").lower()
    if not bare or bare in _ORDINARY or re.match(_HARMLESS, value) or value.startswith("<"):
        return False
    return not _SHELL_VARIABLE.match(value)


def hard_to_guess(value: str) -> bool:
    """Whether a value looks random: long, and its characters vary more than those of words do."""
    if len(value) < _LEAST_LENGTH or _WORDS.fullmatch(value):
        return False
    return entropy(value) >= _LEAST_BITS


def entropy(value: str) -> float:
    """Bits of a character, from how often each occurs."""
    counts = Counter(value)
    return -sum(n / len(value) * math.log2(n / len(value)) for n in counts.values())
