"""Words of a shell script that is also printed: what they hold acts on no terminal and on no runner."""

import shlex
from collections.abc import Iterable


def shell_words(words: Iterable[str]) -> str:
    """Words as one command line of a shell."""
    return " ".join(map(shell_word, words))


def shell_word(text: str) -> str:
    """One word of any POSIX shell with exactly this value, of printable characters alone and without `##`.

    Where the value ends with line breaks, the script has one in its variable `NL`.
    """
    if text.isprintable() and "##" not in text:
        return shlex.quote(text)
    # What a command prints loses the line breaks at its end.
    printed = text.rstrip("\n")
    breaks = "$NL" * (len(text) - len(printed))
    escaped = "".join(map(_escaped, printed))
    return f"\"$(printf '{escaped}'){breaks}\""


def _escaped(character: str) -> str:
    """A character in the format of `printf`."""
    if character in "%\\":
        return character * 2
    if character.isprintable() and character not in "#'":
        return character
    # Bytes, because escapes of characters depend on the shell and on its locale.
    return "".join(f"\\{byte:03o}" for byte in character.encode("utf-8", "surrogatepass"))
