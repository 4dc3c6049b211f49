"""Texts in the language that a reader chose: English in the sources, a gettext catalogue for others.

Catalogues are at `language/locale/LANG/LC_MESSAGES/roamspec.mo`, made of the `.po` file beside by
`python -m tools.catalogues`. A language without one reads as English.
"""

import gettext
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from roamspec.language.sentences import Sentences
from roamspec.language.words import N_

__all__ = ["LANGUAGES", "N_", "Translation", "translation"]

DOMAIN: Final = "roamspec"
LOCALES: Final = Path(__file__).parent / "locale"
LANGUAGES: Final[Sequence[str]] = ("en", "zh")


class _Catalogue(gettext.GNUTranslations):
    """A compiled catalogue that also says which texts it has."""

    def texts(self) -> dict[str, str]:
        """By English text; of a text with a number, both English forms have the one translation."""
        held: dict[str | tuple[str, int], str] = self._catalog  # type: ignore[attr-defined]
        return {key if isinstance(key, str) else key[0]: text for key, text in held.items() if key}


@dataclass(frozen=True, slots=True)
class Translation:
    """Texts in the language `lang`, as BCP 47 has it (`en`, `zh`)."""

    lang: str
    catalogue: gettext.NullTranslations
    sentences: Sentences = field(default_factory=lambda: Sentences({}))

    def gettext(self, message: str) -> str:
        """The message in this language, or itself where it is not translated."""
        return self.catalogue.gettext(message)

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """The form of the message for a number."""
        return self.catalogue.ngettext(singular, plural, number)

    def sentence(self, text: str) -> str:
        """`text`, which was made in English elsewhere, such as in a report; as it is when nothing fits it."""
        return self.sentences.translated(text)


@cache
def translation(lang: str = "en") -> Translation:
    """The texts of `lang`; those of the catalogue in this package, else English."""
    file = LOCALES / lang / "LC_MESSAGES" / f"{DOMAIN}.mo"
    if not file.is_file():
        return Translation(lang, gettext.NullTranslations())
    with file.open("rb") as content:
        catalogue = _Catalogue(content)
    return Translation(lang, catalogue, Sentences(catalogue.texts()))
