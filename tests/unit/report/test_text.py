"""Text that is shown to people."""

import subprocess

import pytest

from roamspec.report.terminal_text import width_of, wrap
from roamspec.report.text import scrub, visible, wrap_command


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("漫游消息 é 😀", "漫游消息 é 😀"),
        ("a\tb\nc", "a\tb\nc"),
        ("a\r\nb", "a\nb"),
        ("a\rb", "a\\x0db"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\x9b2J", "\\x9b2J"),
        ("\x7f\x00", "\\x7f\\x00"),
        ("\u202e\u200b\ufeff", "\\u202e\\u200b\\ufeff"),
        ("\ud800", "\\ud800"),
        ("\uffff\ufffe", "\\uffff\\ufffe"),
        ("\U000e0001\U0001ffff", "\\U000e0001\\U0001ffff"),
    ],
)
def test_control_characters_are_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_secrets_are_replaced_everywhere_in_a_tree() -> None:
    tree = {"a hunter22": ["hunter22", ("x-hunter22-y", 1, None)], "b": {"c": "hunter2"}}

    assert scrub(tree, ["hunter22"]) == {
        "a <redacted:secret>": ["<redacted:secret>", ["x-<redacted:secret>-y", 1, None]],
        "b": {"c": "hunter2"},
    }


def test_a_very_short_secret_tears_no_holes() -> None:
    assert scrub("the app is open", ["app"]) == "the app is open"


@pytest.mark.parametrize(("text", "columns"), [("abc", 3), ("漫游", 4), ("e\u0301", 1), ("", 0)])
def test_width_counts_columns(text: str, columns: int) -> None:
    assert width_of(text) == columns


def test_lines_end_at_spaces_and_hang_below_the_first() -> None:
    assert wrap("one two three four", 12, first="- ") == ["- one two", "  three four"]


def test_line_feeds_are_kept() -> None:
    assert wrap("one\n\ntwo", 12, first="> ", rest="  ") == ["> one", "", "  two"]


def test_a_long_word_is_broken() -> None:
    assert wrap("abcdefghijklmnop", 10, first="  ") == ["  abcdefgh", "  ijklmnop"]


def test_chinese_text_is_broken_by_columns() -> None:
    lines = wrap("单向清空群组或聊天室会话某个时间点及之前的漫游消息", 21)

    assert all(width_of(line) <= 21 for line in lines)
    assert "".join(lines) == "单向清空群组或聊天室会话某个时间点及之前的漫游消息"


COMMAND = (
    "curl -sS -X DELETE 'http://h/a b/c?d=e' -H \"Authorization: Bearer $ROAMSPEC_TOKEN\" "
    "-H 'Content-Type: application/json' --data-binary '{\"it'\"'\"'s\": \"a \\ b\"}'"
)


def words_of(command: str) -> list[str]:
    """The words that a shell makes of it."""
    script = f"curl() {{ printf '%s\\0' \"$@\"; }}\n{command}\n"
    shell = subprocess.run(["sh", "-c", script], env={"ROAMSPEC_TOKEN": "t"}, capture_output=True, check=True)
    assert shell.stderr == b""
    return shell.stdout.decode().split("\0")


def test_a_command_is_broken_between_words_only() -> None:
    lines = wrap_command(COMMAND, 60, "    ")

    assert len(lines) > 1
    assert all(line.endswith(" \\") for line in lines[:-1])
    assert words_of("\n".join(lines)) == words_of(COMMAND)
    assert all(width_of(line) <= 60 for line in lines)


def test_a_word_of_a_command_is_never_broken() -> None:
    url = "http://127.0.0.1:40123/" + "x" * 90

    assert f"      {url} \\" in wrap_command(f"curl {url} -H 'Accept: application/json'", 60, "    ")


def test_a_command_that_is_already_broken_stays_whole() -> None:
    command = "curl -sS -X DELETE 'http://h/" + "y" * 50 + "' \\\n  -H 'Accept: application/json'"

    assert words_of("\n".join(wrap_command(command, 60, "  "))) == words_of(command)


def test_a_quote_over_several_lines_is_left_alone() -> None:
    command = "curl --data-binary '{" + " " * 70 + "\n}' http://h"

    # Even spaces at the start of a line would be part of the quoted text.
    assert "\n".join(wrap_command(command, 60, "  ")) == command


def test_comments_are_left_alone() -> None:
    comment = "# as" + " the owner of the messages" * 4

    assert wrap_command(comment, 60, "  ") == [f"  {comment}"]
