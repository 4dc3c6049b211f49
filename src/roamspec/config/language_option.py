"""The language of what a command says, from all the places that may name one."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from roamspec.config.toml_file import FILE_NAME
from roamspec.errors import ConfigurationError
from roamspec.language.choice import KEY, OPTION, chosen_language, system_locale


def language_of(
    arguments: Sequence[str], environ: Mapping[str, str], *, folder: Path, encoding: str = "utf-8"
) -> str:
    """Of a command with these arguments that is called in `folder`; ConfigurationError for an unknown one.

    It is needed before the arguments are read: help and complaints are in it too.
    """
    file = folder / FILE_NAME
    return chosen_language(_option(arguments), environ, _key(file), encoding=encoding, system=system_locale())


def _option(arguments: Sequence[str]) -> str | None:
    """The last one before `--`; None when there is none, or it has no value, which the parser says."""
    own = arguments[: arguments.index("--")] if "--" in arguments else arguments
    found = None
    for place, word in enumerate(own):
        if word.startswith(f"{OPTION}="):
            found = word.partition("=")[2]
        elif word == OPTION and place + 1 < len(own):
            found = own[place + 1]
    return found


def _key(file: Path) -> tuple[str, str] | None:
    """The value in the file and where it stands. What else is wrong with the file, the options say."""
    if not file.is_file():
        return None
    import tomllib

    try:
        value = tomllib.loads(file.read_text(encoding="utf-8")).get(KEY)
    except (OSError, ValueError):
        return None
    if value is None:
        return None
    where = f"{file.name}: {KEY}"
    if not isinstance(value, str):
        raise ConfigurationError(f"{where}: {value!r} will not do; write text in quotes.")
    return value, where
