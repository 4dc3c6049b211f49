"""What commands say is in the chosen language, and fits the terminal there too."""

import json
import re
from pathlib import Path
from typing import Final

import pytest

from roamspec.cli.main import COMMANDS, main
from roamspec.report.terminal_text import width_of

Capture = pytest.CaptureFixture[str]
HAN: Final = re.compile(r"[\u4e00-\u9fff]")
ENGLISH: Final = re.compile(r"[a-z]{3,} [a-z]{2,} [a-z]{2,}")
"""Three English words in a row: no name, no option and no command has them."""
COLUMNS: Final = 80
SHELL: Final = ("roamspec run -- -x --pdb",)


def said(capsys: Capture, *arguments: str) -> str:
    """On both streams."""
    main(list(arguments))
    captured = capsys.readouterr()
    return captured.out + captured.err


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ROAMSPEC_LANG", "zh")
    monkeypatch.setenv("COLUMNS", str(COLUMNS))
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_each_command(command: str, capsys: Capture) -> None:
    text = said(capsys, command, "--help")

    assert text.startswith(f"用法：roamspec {command}")
    assert [line for line in text.splitlines() if width_of(line) > COLUMNS] == []
    assert HAN.search(text.partition("\n\n")[2])
    for words in SHELL:
        text = text.replace(words, "")
    assert ENGLISH.findall(text) == []


def test_the_help_of_all_commands(capsys: Capture) -> None:
    text = said(capsys, "--help")

    assert [line for line in text.splitlines() if width_of(line) > COLUMNS] == []
    assert ENGLISH.findall(text) == []
    assert all(HAN.search(line) for line in text.splitlines() if line.startswith("  "))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["requirments"], "roamspec: 未知的命令 'requirments'；是否想写 'requirements'？"),
        (["run", "--workers", "0"], "'0' 不是 1 至 256 的整数。"),
        (["run", "--profil", "deep"], "roamspec: run：未知的选项 --profil；是否想写 --profile？"),
        (["report", "x.json"], "缺少以下必需的参数：--format"),
        (["report", "x.json", "--format", "html"], "请指定一次运行的 report.json 或其所在文件夹"),
        (["run", "--profile", "fast"], "run：--profile：未知的 'fast'；请从 quick, standard, deep 中选择。"),
        (["run", "--lang"], "需要一个参数值"),
    ],
)
def test_bad_input(arguments: list[str], sentence: str, capsys: Capture) -> None:
    assert main(arguments) == 2

    complaint = capsys.readouterr().err
    assert sentence in complaint
    assert complaint.count("\n") == 1
    assert ENGLISH.findall(complaint) == []


def test_the_option_wins_over_the_variable(capsys: Capture) -> None:
    assert said(capsys, "requirements", "--help", "--lang", "en").startswith("usage: ")
    assert said(capsys, "--lang", "en", "requirements", "--help").startswith("usage: ")


def test_the_variable_wins_over_the_file(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("roamspec.toml").write_text('lang = "en"\n', encoding="utf-8")

    assert said(capsys, "requirements", "--help").startswith("用法：")
    monkeypatch.delenv("ROAMSPEC_LANG")
    assert said(capsys, "requirements", "--help").startswith("usage: ")


def test_an_unknown_language_ends_with_2(capsys: Capture) -> None:
    assert main(["requirements", "--lang", "fr"]) == 2

    assert capsys.readouterr().err == "roamspec: --lang: 'fr' is no language of roamspec; give en or zh.\n"


def test_the_list_of_requirements(capsys: Capture) -> None:
    text = said(capsys, "requirements", "limit.*")

    assert "传入 51 个 ID 的请求返回 HTTP `400`。" in text
    assert "必须，文档明示，阻断" in text
    assert [line for line in text.splitlines() if width_of(line) > COLUMNS] == []
    assert ENGLISH.findall(re.sub("`[^`]*`", "", text)) == []


def test_json_stays_english_with_both_titles(capsys: Capture) -> None:
    items = json.loads(said(capsys, "requirements", "--json", "limit.fifty-one-refused*"))

    assert items
    assert all(HAN.search(item["title_zh"]) and not HAN.search(item["title"]) for item in items)
    assert {item["level"] for item in items} <= {"must", "should", "may"}
