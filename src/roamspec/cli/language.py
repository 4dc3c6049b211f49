"""The language of this process: chosen once, before a command's arguments are read."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from roamspec.config.language_option import language_of
from roamspec.language.choice import OPTION
from roamspec.language.translation import Translation, translation

_chosen: Translation = translation("en")


def texts() -> Translation:
    """The texts in the chosen language; English until one is chosen."""
    return _chosen


def choose_language(arguments: Sequence[str]) -> list[str]:
    """Choose by the arguments, the environment and `roamspec.toml`; the arguments from the command on.

    ConfigurationError for a language that roamspec does not have.
    """
    global _chosen  # noqa: PLW0603 - one process speaks one language, to whoever reads its streams
    _chosen = translation("en")
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    _chosen = translation(language_of(arguments, os.environ, folder=Path(), encoding=encoding))
    return _from_command(list(arguments))


def _from_command(arguments: list[str]) -> list[str]:
    """Without the language where it stands before the command."""
    while arguments and arguments[0].startswith(f"{OPTION}="):
        arguments = arguments[1:]
    if len(arguments) > 1 and arguments[0] == OPTION:
        return _from_command(arguments[2:])
    return arguments
