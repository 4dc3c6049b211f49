"""Text for people: nothing in it acts on a terminal or breaks a file, and lines end where they should."""

import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Any

from roamspec.report.terminal_text import width_of

_SHORTEST_SECRET = 6
"""A shorter one is replaced nowhere: it would tear holes into ordinary words."""


def visible(text: str) -> str:
    r"""`text` with every control character written out (`\x1b`), but line feeds and tabs.

    What a service answers may hold terminal commands, text that changes its direction, halves of a
    surrogate pair and characters that XML forbids.
    """
    if text.replace("\n", "").replace("\t", "").isprintable():
        return text
    return "".join(map(_shown, text.replace("\r\n", "\n")))


def _shown(character: str) -> str:
    if character in "\n\t":
        return character
    code = ord(character)
    if unicodedata.category(character) in ("Cc", "Cf", "Cs") or code & 0xFFFE == 0xFFFE:
        return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
    return character


def scrub(value: Any, secrets: Sequence[str]) -> Any:
    """`value`, a tree as JSON has it, without the secrets and without halves of surrogate pairs."""
    long_enough = [secret for secret in secrets if len(secret) >= _SHORTEST_SECRET]

    # The same names and texts stand in a large report thousands of times.
    @cache
    def text(given: str) -> str:
        for secret in long_enough:
            given = given.replace(secret, "<redacted:secret>")
        return given.encode("utf-8", "backslashreplace").decode("utf-8")

    def clean(given: Any) -> Any:
        match given:
            case str():
                return text(given)
            case dict():
                return {clean(key): clean(item) for key, item in given.items()}
            case list() | tuple():
                return [clean(item) for item in given]
        return given

    return clean(value)


def wrap_command(command: str, width: int, indent: str) -> list[str]:
    r"""Shell commands in lines that still work when pasted: broken between words only, with ` \`.

    A command with a quote that ends on another line is left as it is, not even indented.
    """
    given = command.split("\n")
    if any(_shell_words(line) is None for line in given if not _is_comment(line)):
        return given
    lines: list[str] = []
    for line in given:
        words = _shell_words(line)
        if not words or _is_comment(line) or width_of(indent + line) <= width:
            lines.append((indent + line).rstrip())
            continue
        current = indent + words[0]
        for word in _with_values(words[1:]):
            if word != "\\" and width_of(current) + width_of(word) + 3 > width:
                lines.append(current + " \\")
                current = f"{indent}  {word}"
            else:
                current += " " + word
        lines.append(current)
    return lines


def _with_values(words: Sequence[str]) -> list[str]:
    """Options joined with the value that follows them, so that they stay on one line."""
    joined: list[str] = []
    for word in words:
        if (
            joined
            and joined[-1].startswith("-")
            and " " not in joined[-1]
            and not word.startswith(("-", "\\"))
        ):
            joined[-1] += f" {word}"
        else:
            joined.append(word)
    return joined


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


def _shell_words(line: str) -> list[str] | None:
    """The words of a line with their quotes; None when a quote does not end in it."""
    words, word, quote, escaped = [], "", "", False
    for character in line:
        if escaped:
            escaped = False
        elif character == "\\" and quote != "'":
            escaped = True
        elif quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character == " ":
            if word:
                words.append(word)
            word = ""
            continue
        word += character
    if word:
        words.append(word)
    return None if quote else words
