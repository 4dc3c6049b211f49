"""The catalogues are whole, in step with the sources, and say what the sources say."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from babel.messages.catalog import Catalog
from tools.catalogues.catalogue import (
    compiled,
    held,
    left_out,
    missing,
    mo_file,
    placeholders,
    po_file,
    translations,
    wanted,
    written,
)
from tools.catalogues.sources import Source, all_texts
from tools.catalogues.templates import Text, texts_of

from roamspec.language.translation import LANGUAGES, translation

OTHERS: Final = [lang for lang in LANGUAGES if lang != "en"]
CODE: Final = re.compile(r"`[^`]*`")
HAN: Final = re.compile(r"[\u4e00-\u9fff]")
# Names and formats that are the same in both languages.
THE_SAME: Final = {"SDK", "App Key", "app token", "JSON Web Token"}


@pytest.fixture(scope="module")
def sources() -> list[Source]:
    return list(all_texts())


@pytest.fixture(scope="module", params=OTHERS)
def catalogue(request: pytest.FixtureRequest, sources: list[Source]) -> Catalog:
    """What the catalogue of a language has to be, with the translations that it has."""
    lang: str = request.param
    return wanted(sources, translations(held(lang)), lang)


def pairs(catalogue: Catalog) -> Iterator[tuple[str, str]]:
    return iter((message, text) for message, text in translations(catalogue).items() if text)


def test_nothing_is_untranslated_or_fuzzy(catalogue: Catalog) -> None:
    assert missing(catalogue) == [], "give translations, then run `python -m tools.catalogues`"


def test_the_files_are_in_step_with_the_sources(catalogue: Catalog) -> None:
    lang = str(catalogue.locale)

    assert po_file(lang).read_bytes() == written(catalogue), "run `python -m tools.catalogues`"
    assert mo_file(lang).read_bytes() == compiled(catalogue), "run `python -m tools.catalogues`"


def test_placeholders_agree(catalogue: Catalog) -> None:
    differing = {m: t for m, t in pairs(catalogue) if set(placeholders(m)) != set(placeholders(t))}

    assert differing == {}


def test_names_in_code_style_agree(catalogue: Catalog) -> None:
    differing = {m: t for m, t in pairs(catalogue) if sorted(CODE.findall(m)) != sorted(CODE.findall(t))}

    assert differing == {}


def test_line_feeds_at_the_ends_agree(catalogue: Catalog) -> None:
    differing = {m: t for m, t in pairs(catalogue) if m.endswith("\n") != t.endswith("\n")}

    assert differing == {}


def test_every_translation_is_chinese(catalogue: Catalog) -> None:
    marks = "，；：。（"
    differing = {
        m: t
        for m, t in pairs(catalogue)
        if not HAN.search(t) and t not in THE_SAME and not any(mark in t for mark in marks)
    }

    assert differing == {}


def test_what_is_left_out_stands_in_the_sources(sources: list[Source]) -> None:
    assert left_out() - {source.text.message for source in sources} == set()


def test_terms_are_those_of_the_vendors_page() -> None:
    texts = translation("zh")

    assert "会话列表" in texts.gettext("reading the conversation list of {user}")
    assert "在线设备" in texts.gettext("Without `isNotify`, every online device of the owner is notified.")
    assert "消息所属用户" in texts.gettext("The last ID of the list is deleted.") + texts.gettext("Owner")
    assert "对端用户" in texts.gettext("Peer")
    assert "未开通消息漫游服务" in texts.gettext("an app with message roaming disabled")


def test_a_text_without_a_translation_is_found() -> None:
    catalogue = wanted([Source(Text("It fails.", 1), "x.py")], {}, "zh")

    assert missing(catalogue) == ["It fails."]


def test_a_fuzzy_text_counts_as_missing() -> None:
    catalogue = Catalog(locale="zh")
    catalogue.add("It fails.", "失败。", flags=["fuzzy"])

    assert missing(catalogue) == ["It fails."]
    assert translations(catalogue) == {}


def test_a_placeholder_of_another_name_keeps_the_translation() -> None:
    sources = [Source(Text("{where} cannot be read ({reason}).", 1), "x.py")]
    catalogue = wanted(
        sources, {"{path} cannot be read ({strerror}).": "无法读取 {path}（{strerror}）。"}, "zh"
    )

    assert translations(catalogue) == {"{where} cannot be read ({reason}).": "无法读取 {where}（{reason}）。"}


def test_a_removed_text_keeps_its_translation_apart() -> None:
    catalogue = wanted([], {"It fails.": "失败。"}, "zh")

    assert [message.id for message in catalogue if message.id] == []
    assert translations(catalogue) == {"It fails.": "失败。"}
    back = wanted([Source(Text("It fails.", 1), "x.py")], translations(catalogue), "zh")
    assert missing(back) == []


SOURCE: Final = '''
"""A docstring is no text for people."""

def complain(path: "a type of two words", error: OSError) -> None:
    """Nor is this one."""
    assert path, "an assertion is for programmers"
    raise UsageError(f"{path} cannot be read: {error.strerror} ({len(path)}, {path}).")

LABEL = _("Report:")
NUMBER = texts.ngettext("{number} check", "{number} checks", 3)
NAME = "application/json"
SENTENCE = "This is for people."
'''


def test_texts_of_a_source() -> None:
    assert [(text.message, text.plural) for text in texts_of(SOURCE, everything=True)] == [
        ("{path} cannot be read: {strerror} ({path2}, {path}).", ""),
        ("Report:", ""),
        ("{number} check", "{number} checks"),
        ("This is for people.", ""),
    ]


def test_of_what_is_not_for_people_only_marked_texts_and_complaints_count() -> None:
    assert [text.message for text in texts_of(SOURCE, everything=False)] == [
        "{path} cannot be read: {strerror} ({path2}, {path}).",
        "Report:",
        "{number} check",
    ]


def test_the_catalogue_is_a_file_of_the_package() -> None:
    for lang in OTHERS:
        assert mo_file(lang).is_relative_to(Path(__file__).parents[3] / "src/roamspec")
        assert translation(lang).gettext("Report:") != "Report:"
