"""A catalogue as the sources want it: the translations that there are, and what lacks one."""

import io
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from tools.catalogues.sources import ROOT, Source

LOCALES: Final = ROOT / "src/roamspec/language/locale"
LEFT_OUT: Final = Path(__file__).with_name("untranslated.txt")
"""Literals that look like words for people and are none, one in each line as Python writes it."""
_PLACEHOLDER: Final = re.compile(r"\{(\w*)\}|%\((\w+)\)s")
_HEADER: Final = (
    "# Texts of roamspec in {lang}. `python -m tools.catalogues` keeps them in step with the sources."
)


class _Catalogue(Catalog):
    """Its header says only what programs need: times are in the version control."""

    def _headers(self) -> list[tuple[str, str]]:
        return [
            ("Project-Id-Version", "roamspec"),
            ("Language", str(self.locale_identifier)),
            ("Plural-Forms", self.plural_forms),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]

    mime_headers = property(_headers)


def po_file(lang: str) -> Path:
    return LOCALES / lang / "LC_MESSAGES" / "roamspec.po"


def mo_file(lang: str) -> Path:
    return po_file(lang).with_suffix(".mo")


def left_out() -> set[str]:
    """The literals that are not translated."""
    lines = LEFT_OUT.read_text(encoding="utf-8").splitlines() if LEFT_OUT.is_file() else []
    return {line.replace("\\n", "\n") for line in lines if line and not line.startswith("# ")}


def tidied(sources: Iterable[Source]) -> str:
    """The file of literals that are not translated, without those that are gone."""
    messages = {source.text.message for source in sources}
    lines = LEFT_OUT.read_text(encoding="utf-8").splitlines() if LEFT_OUT.is_file() else []
    kept = [line for line in lines if line.startswith("# ") or line.replace("\\n", "\n") in messages]
    return "".join(f"{line}\n" for line in kept)


def held(lang: str) -> Catalog:
    """The catalogue as it is; an empty one when there is none."""
    path = po_file(lang)
    if not path.is_file():
        return Catalog(locale=lang)
    with path.open("rb") as stream:
        return read_po(stream, locale=lang)


def wanted(sources: Iterable[Source], known: Mapping[str, str], lang: str) -> Catalog:
    """A catalogue of all texts of the sources, with the translations of `known`.

    A text whose placeholders alone have other names keeps its translation, with the new names. What is not in
    the sources any more goes to the end, where a text that comes back finds its translation.
    """
    catalogue = _Catalogue(
        locale=lang, domain="roamspec", header_comment=_HEADER.format(lang=lang), fuzzy=False
    )
    by_shape = {shape_of(message): message for message, translated in known.items() if translated}
    skipped, used = left_out(), set[str]()
    for source in sources:
        text = source.text
        if not text.marked and text.message in skipped:
            continue
        near = text.message if known.get(text.message) else by_shape.get(shape_of(text.message), "")
        used.add(near)
        translated = _renamed(known.get(near, ""), near, text.message)
        several = bool(text.plural)
        catalogue.add(
            (text.message, text.plural) if several else text.message,
            (translated,) if several else translated,
            locations=[(source.file, 0)] if source.file not in _files(catalogue, text.message) else [],
            flags=["python-brace-format"] if "{" in text.message else [],
        )
    for message, translated in known.items():
        if message not in used and message not in catalogue and translated:
            catalogue.obsolete[message] = Message(message, translated)
    return catalogue


def translations(catalogue: Catalog) -> dict[str, str]:
    """The translation of each text, obsolete ones too; empty where there is none."""
    found = {}
    for message in (*catalogue.obsolete.values(), *catalogue):
        if message.id and not message.fuzzy:
            several = isinstance(message.id, list | tuple)
            said = message.string[0] if isinstance(message.string, list | tuple) else message.string
            found[message.id[0] if several else message.id] = said or ""
    return found


def missing(catalogue: Catalog) -> list[str]:
    """The texts without a translation, and the fuzzy ones, in the order of the sources."""
    lacking = []
    for message in catalogue:
        said = message.string[0] if isinstance(message.string, list | tuple) else message.string
        if message.id and (not said or message.fuzzy):
            lacking.append(message.id[0] if isinstance(message.id, list | tuple) else message.id)
    return lacking


def written(catalogue: Catalog) -> bytes:
    """The `.po` file."""
    stream = io.BytesIO()
    write_po(stream, catalogue, width=110, include_lineno=False, sort_by_file=False)
    return stream.getvalue()


def compiled(catalogue: Catalog) -> bytes:
    """The `.mo` file."""
    stream = io.BytesIO()
    write_mo(stream, catalogue)
    return stream.getvalue()


def placeholders(text: str) -> list[str]:
    return sorted(found[1] or found[2] or "" for found in _PLACEHOLDER.finditer(text))


def shape_of(message: str) -> str:
    """The text without the names of its placeholders."""
    return _PLACEHOLDER.sub("{}", message)


def _renamed(translated: str, before: str, now: str) -> str:
    """The translation with the placeholder names of `now` in place of those of `before`."""
    if before == now:
        return translated
    names = dict(zip(_names(before), _names(now), strict=False))
    return re.sub(r"\{(\w+)\}", lambda found: "{" + names.get(found[1], found[1]) + "}", translated)


def _names(message: str) -> list[str]:
    return [found[1] or found[2] for found in _PLACEHOLDER.finditer(message)]


def _files(catalogue: Catalog, message: str) -> set[str]:
    entry = catalogue.get(message)
    return {file for file, _ in entry.locations} if entry else set()
