"""Which language a reader chose: the option, the variable, the file, the locale, in this order."""

import locale
from collections.abc import Mapping
from typing import Final

from roamspec.errors import ConfigurationError
from roamspec.language.translation import LANGUAGES

VARIABLE: Final = "ROAMSPEC_LANG"
OPTION: Final = "--lang"
KEY: Final = "lang"
"""In `roamspec.toml`."""
_LOCALE_VARIABLES: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
_SAMPLE: Final = "漫游消息"


def asked_language(written: str, where: str) -> str:
    """The language that `written` (`zh`, `zh-CN`, `zh_CN.UTF-8`) means; ConfigurationError names `where`."""
    found = _language_of(written)
    if found is None:
        raise ConfigurationError(f"{where}: {written!r} is no language of roamspec; give en or zh.")
    return found


def chosen_language(
    option: str | None,
    environ: Mapping[str, str],
    file: tuple[str, str] | None = None,
    *,
    encoding: str = "utf-8",
    system: str | None = None,
) -> str:
    """The language, English where nothing says another one.

    `file` is the value in `roamspec.toml` and where it stands. `system` is the locale of a system that keeps
    it elsewhere than in variables. The locale asks for nothing that `encoding`, the terminal's, cannot show.
    """
    if option is not None:
        return asked_language(option, OPTION)
    variable = environ.get(VARIABLE, "").strip()
    if variable:
        return asked_language(variable, VARIABLE)
    if file is not None:
        return asked_language(*file)
    found = _of_locale(environ, system) or "en"
    return found if found == "en" or _can_show(encoding) else "en"


def system_locale() -> str | None:
    """The locale that the process was started with, where the system does not say it in variables."""
    try:
        return locale.getlocale(locale.LC_CTYPE)[0]
    except ValueError:
        return None


def _of_locale(environ: Mapping[str, str], system: str | None) -> str | None:
    set_here = [environ[name] for name in _LOCALE_VARIABLES if environ.get(name)]
    if not set_here:
        return _language_of(system or "")
    if set_here[0].partition(".")[0] in ("C", "POSIX"):
        return "en"
    # The list of languages counts unless the locale is C: this is gettext's rule.
    wanted = environ.get("LANGUAGE", "").split(":") + set_here[:1]
    return next((found for found in map(_language_of, wanted) if found), None)


def _language_of(written: str) -> str | None:
    """The language of a tag or a locale's name; None for one that roamspec does not have."""
    word = written.strip().replace("-", "_").partition("_")[0].partition(".")[0].partition("@")[0].lower()
    if word in LANGUAGES:
        return word
    # Windows names its locales in words, such as `Chinese (Simplified)_China`.
    named = {"english": "en", "chinese": "zh"}
    return named.get(word.partition(" ")[0])


def _can_show(encoding: str) -> bool:
    try:
        _SAMPLE.encode(encoding)
    except (LookupError, UnicodeError):
        return False
    return True
