"""The language of what people read: English message IDs, and a gettext catalogue for each other language.

Catalogues are at `report/locale/LANG/LC_MESSAGES/roamspec.mo`. A language without one reads as English.
"""

import gettext
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

DOMAIN: Final = "roamspec"
LOCALES: Final = Path(__file__).parent / "locale"


def N_(message: str) -> str:  # noqa: N802 - gettext's name for a text that is translated where it is used
    """`message` itself; marks it for the extraction of texts."""
    return message


@dataclass(frozen=True, slots=True)
class Translation:
    """Texts in the language `lang`, as BCP 47 has it (`en`, `zh`)."""

    lang: str
    catalogue: gettext.NullTranslations

    def gettext(self, message: str) -> str:
        return self.catalogue.gettext(message)

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return self.catalogue.ngettext(singular, plural, number)


@cache
def translation(lang: str = "en") -> Translation:
    """The texts of `lang`; those of the catalogue in this package, else English."""
    return Translation(lang, gettext.translation(DOMAIN, LOCALES, [lang], fallback=True))
