"""Single words that sentences are put together of, such as the kind of a conversation."""

from typing import Final


def N_(message: str) -> str:  # noqa: N802 - gettext's name for a text that is translated where it is used
    """`message` itself; marks it for the extraction of texts."""
    return message


WORDS: Final = frozenset(
    (
        # verdicts
        N_("pass"),
        N_("fail"),
        N_("conforming"),
        N_("non-conforming"),
        N_("incomplete"),
        # conversations, and what is in them
        N_("chat"),
        N_("group"),
        N_("chatroom"),
        N_("room"),
        N_("message"),
        N_("messages"),
        N_("text"),
        N_("sender"),
        N_("time"),
        N_("type"),
        N_("in"),
        # commands, reports and runs
        N_("command"),
        N_("option"),
        N_("verb"),
        N_("target"),
        N_("contract"),
        N_("profile"),
        N_("old"),
        N_("new"),
        N_("earlier"),
        N_("later"),
        N_("file"),
        N_("folder"),
        N_("recordings"),
        N_("requirement"),
        N_("requirements"),
        N_("check"),
        N_("checks"),
        N_("seconds"),
        N_("second"),
        N_("added"),
        N_("split"),
        N_("changed"),
    )
)
"""They are translated where they stand alone in a place of a sentence."""

SYSTEM_ERRORS: Final = (
    N_("Address already in use"),
    N_("Cannot assign requested address"),
    N_("Connection refused"),
    N_("File exists"),
    N_("Is a directory"),
    N_("No space left on device"),
    N_("No such file or directory"),
    N_("Not a directory"),
    N_("Operation not permitted"),
    N_("Permission denied"),
    N_("Read-only file system"),
    N_("Too many levels of symbolic links"),
)
"""Reasons that the operating system gives for a file or an address that cannot be used."""

FRAGMENTS: Final = (
    N_("{id} and {secret} (or {token})"),
    N_("answered {answer}"),
)
"""Parts of sentences that are put together of names alone."""
