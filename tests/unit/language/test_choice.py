"""The language is that of the option, the variable, the file, the locale: the first of them that says one."""

from pathlib import Path

import pytest

from roamspec.config.language_option import language_of
from roamspec.errors import ConfigurationError
from roamspec.language.choice import chosen_language
from roamspec.language.translation import LANGUAGES


def test_each_place_wins_over_those_after_it(tmp_path: Path) -> None:
    (tmp_path / "roamspec.toml").write_text('lang = "zh"\n', encoding="utf-8")
    environ = {"ROAMSPEC_LANG": "en", "LANG": "zh_CN.UTF-8"}

    assert language_of(["run", "--lang", "zh"], environ, folder=tmp_path) == "zh"
    assert language_of(["run"], environ, folder=tmp_path) == "en"
    assert language_of(["run"], {"LANG": "en_US.UTF-8"}, folder=tmp_path) == "zh"
    assert language_of(["run"], {"LANG": "zh_CN.UTF-8"}, folder=tmp_path / "elsewhere") == "zh"
    assert chosen_language(None, {}) == "en"


@pytest.mark.parametrize(
    ("arguments", "lang"),
    [
        (["--lang", "zh", "run"], "zh"),
        (["run", "--lang=zh"], "zh"),
        (["run", "--lang", "en", "--lang", "zh"], "zh"),
        (["sdk", "--", "make", "--lang", "zh"], "en"),
        (["run", "--lang"], "en"),
    ],
)
def test_the_option_stands_anywhere_before_two_hyphens(
    tmp_path: Path, arguments: list[str], lang: str
) -> None:
    assert language_of(arguments, {"LANG": "C"}, folder=tmp_path) == lang


@pytest.mark.parametrize("written", ["zh", "zh-CN", "zh_CN.UTF-8", "ZH-Hans", " zh "])
def test_spellings_of_chinese(written: str) -> None:
    assert chosen_language(written, {}) == "zh"
    assert chosen_language(None, {"ROAMSPEC_LANG": written}) == "zh"


@pytest.mark.parametrize(
    ("environ", "lang"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_TW"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8", "LANGUAGE": "zh"}, "en"),
        ({"LC_MESSAGES": "zh_CN", "LANG": "en_US"}, "zh"),
        ({"LC_ALL": "", "LANG": "zh_CN"}, "zh"),
        ({"LANG": "de_DE.UTF-8", "LANGUAGE": "fr:zh_CN:en"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LANGUAGE": "en"}, "en"),
        ({"ROAMSPEC_LANG": " ", "LANG": "zh_CN.UTF-8"}, "zh"),
    ],
)
def test_the_locale(environ: dict[str, str], lang: str) -> None:
    assert chosen_language(None, environ) == lang


def test_a_system_that_has_its_locale_elsewhere() -> None:
    assert chosen_language(None, {}, system="Chinese (Simplified)_China") == "zh"
    assert chosen_language(None, {}, system="English_United States") == "en"
    assert chosen_language(None, {"LANG": "en_US"}, system="Chinese (Simplified)_China") == "en"


def test_the_locale_asks_for_nothing_that_the_terminal_cannot_show() -> None:
    chinese = {"LANG": "zh_CN"}

    assert chosen_language(None, chinese, encoding="gb18030") == "zh"
    assert chosen_language(None, chinese, encoding="ascii") == "en"
    assert chosen_language(None, chinese, encoding="no such encoding") == "en"
    assert chosen_language("zh", chinese, encoding="ascii") == "zh"


@pytest.mark.parametrize("where", ["--lang", "ROAMSPEC_LANG", "roamspec.toml: lang"])
def test_a_language_that_there_is_not(tmp_path: Path, where: str) -> None:
    (tmp_path / "roamspec.toml").write_text('lang = "fr"\n', encoding="utf-8")
    arguments = ["run", "--lang", "fr"] if where == "--lang" else []
    environ = {"ROAMSPEC_LANG": "fr"} if where == "ROAMSPEC_LANG" else {}

    with pytest.raises(ConfigurationError) as refused:
        language_of(arguments, environ, folder=tmp_path)

    assert str(refused.value) == f"{where}: 'fr' is no language of roamspec; give en or zh."
    assert all(lang in str(refused.value) for lang in LANGUAGES)


def test_a_key_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "roamspec.toml").write_text("lang = 7\n", encoding="utf-8")

    with pytest.raises(ConfigurationError, match=r"^roamspec\.toml: lang: 7 will not do"):
        language_of([], {}, folder=tmp_path)


def test_a_file_that_is_wrong_is_left_to_the_options(tmp_path: Path) -> None:
    (tmp_path / "roamspec.toml").write_text("lang = [", encoding="utf-8")

    assert language_of([], {"LANG": "C"}, folder=tmp_path) == "en"
