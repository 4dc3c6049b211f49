"""Words of a bash script that is also printed: what they hold acts on no terminal and on no runner."""

import shlex
from collections.abc import Iterable


def shell_words(words: Iterable[str]) -> str:
    return " ".join(map(shell_word, words))


def shell_word(text: str) -> str:
    """One word of bash with exactly this value, of printable characters alone and without `##`."""
    if text.isprintable() and "##" not in text:
        return shlex.quote(text)
    return "$'" + "".join(map(_escaped, text)) + "'"


def _escaped(character: str) -> str:
    if character in "'\\":
        return f"\\{character}"
    if character.isprintable() and character != "#":
        return character
    # Bytes, and not \\u, which depends on the locale of the shell.
    return "".join(f"\\x{byte:02x}" for byte in character.encode("utf-8", "surrogatepass"))
