"""Tables and colours of the terminal."""

from roamspec.report.terminal_text import styled, table, width_of


def test_the_widest_cell_makes_a_column() -> None:
    assert table([["", "passed"], ["clearUser", "7"]], gap=2) == [
        "           passed",
        "clearUser       7",
    ]


def test_rows_may_end_early() -> None:
    assert table([["a", "b", "c"], ["long"]], gap=1) == ["a    b c", "long"]


def test_chinese_cells_take_two_columns_for_each_character() -> None:
    first, second = table([["消息", "1"], ["abcd", "2"]])

    assert width_of(first) == width_of(second) == 8


def test_what_looks_like_markup_is_text() -> None:
    assert table([["[bold]a[/bold]", ":smile:"]]) == ["[bold]a[/bold]   :smile:"]


def test_colour_is_on_demand() -> None:
    assert table([[("7", "red")]]) == ["7"]
    assert table([[("7", "red")]], colour=True) == ["\x1b[31m7\x1b[0m"]
    assert styled("FAIL", "bold red", colour=True) == "\x1b[1;31mFAIL\x1b[0m"
    assert styled("FAIL", "bold red", colour=False) == "FAIL"
