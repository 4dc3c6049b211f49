"""English sentences that were made elsewhere are recognised, and said in another language."""

from typing import Final

import pytest

from roamspec.language.sentences import Sentences

TEXTS: Final = {
    "No device is online.": "没有在线设备。",
    "{path} cannot be read: {reason}.": "无法读取 {path}：{reason}。",
    "{path} cannot be read: it is empty.": "{path} 是空的。",
    "the word {word} is not known; {advice}": "未知的词 {word}；{advice}",
    "did you mean {found}?": "是否想写 {found}？",
    "{user} and {user} again": "{user} 两次",
    "give {{base_url}} to {command}": "把 {{base_url}} 给 {command}",
    "{kind} {name} of the list": "列表中的{kind} {name}",
    "chat": "单聊",
    "{a}: {b}": "{a}：{b}",
    "expected one argument": "需要一个参数值",
    "{count} failed.": "{count}失败。",
    "hard check": "个困难的检查",
    "Nothing came after {seconds} s": "{seconds} 秒后没有任何内容",
    "; {number} came before": "；之前有 {number} 个",
    "three": "三",
    "from {low} to {high}": "{low} 至 {high}",
    "{difference} It was seen once: {error}": "{difference}只见过一次：{error}",
    "with a line feed\n": "带有换行\n",
}


def said(text: str) -> str:
    return Sentences(TEXTS).translated(text)


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("No device is online.", "没有在线设备。"),
        ("a.json cannot be read: denied.", "无法读取 a.json：denied。"),
        ("the word 'x' is not known; did you mean 'y'?", "未知的词 'x'；是否想写 'y'？"),
        ("give {base_url} to make", "把 {base_url} 给 make"),
        ("chat u1 of the list", "列表中的单聊 u1"),
        ("a.json\nb.json cannot be read: denied.", "无法读取 a.json\nb.json：denied。"),
        ("with a line feed\n", "带有换行\n"),
        ("  No device is online.", "  没有在线设备。"),
    ],
)
def test_a_sentence_of_the_catalogue(english: str, chinese: str) -> None:
    assert said(english) == chinese


def test_the_full_stop_belongs_to_the_sentence() -> None:
    assert said("from 1 to 256.") == "1 至 256。"


def test_a_sentence_may_stand_at_the_beginning_of_another() -> None:
    assert said("It differs. It was seen once: x") == "It differs.只见过一次：x"


def test_the_text_that_says_most_wins() -> None:
    assert said("a.json cannot be read: it is empty.") == "a.json 是空的。"


def test_a_placeholder_that_stands_twice_holds_the_same() -> None:
    assert said("u1 and u1 again") == "u1 两次"
    assert said("u1 and u2 again") == "u1 and u2 again"


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("No device is online. a.json cannot be read: denied.", "没有在线设备。无法读取 a.json：denied。"),
        ("No device is online.; No device is online.", "没有在线设备。没有在线设备。"),
        ("run: No device is online.", "run：没有在线设备。"),
        (
            "a.json cannot be read: x.json cannot be read: denied.",
            "无法读取 a.json：x.json cannot be read: denied。",
        ),
        ("run: --lang: expected one argument.", "run：--lang：需要一个参数值。"),
        ("No device is online.; 3 hard checks", "没有在线设备。3 个困难的检查"),
        ("Nothing came after 3 s.", "3 秒后没有任何内容。"),
        ("Nothing came after 3 s; 2 came before.", "3 秒后没有任何内容；之前有 2 个。"),
        ("2 hard checks failed.", "2 个困难的检查失败。"),
        ("1 hard check failed.", "1 个困难的检查失败。"),
        ("No device is online.\nsomething else", "没有在线设备。\nsomething else"),
    ],
)
def test_sentences_that_are_put_together(english: str, chinese: str) -> None:
    assert said(english) == chinese


@pytest.mark.parametrize("text", ["", "something else", "a: b", "three of them", "chatter"])
def test_what_the_catalogue_does_not_have_stays(text: str) -> None:
    assert said(text) == text


def test_values_of_a_service_are_not_translated() -> None:
    assert said("chat cannot be read: three.") == "无法读取 单聊：three。"
    assert said("three cannot be read: denied.") == "无法读取 three：denied。"


def test_braces_of_values_stay() -> None:
    assert said('a.json cannot be read: {"a": {"b": {}}}.') == '无法读取 a.json：{"a": {"b": {}}}。'


def test_without_texts_everything_stays() -> None:
    assert Sentences({}).translated("No device is online.") == "No device is online."
