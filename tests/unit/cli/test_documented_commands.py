"""Every command line that the documents show is one that the commands understand."""

import importlib
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Final, cast

import pytest

from roamspec.cli.main import COMMANDS, CommandModule
from roamspec.cli.parser import Parser

ROOT: Final = Path(__file__).parents[3]
_PATTERNS: Final = ("README*.md", "docs/*.md", "reports/*.md", "examples/*.md", "examples/*/*.md")
DOCUMENTS: Final = sorted(path for pattern in _PATTERNS for path in ROOT.glob(pattern))
_SHELL: Final = re.compile(r"^```(?:sh|bash|console)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_INLINE: Final = re.compile(r"`(roamspec [a-z]+ [^`]*)`")
_OURS: Final = re.compile(r"^(?:\$ )?(?:\w+=\S* +)*(?:\.venv/bin/)?(roamspec [a-z]+.*)$")


def commands_in(text: str) -> Iterator[str]:
    """The lines that call roamspec, each whole, without comments."""
    for block in _SHELL.findall(text):
        for line in re.sub(r"\\\n\s*", "", block).splitlines():
            found = _OURS.match(line.strip())
            if found:
                yield re.sub(r"\s+#\s.*$", "", found[1])
    yield from (re.sub(r"\s+", " ", found) for found in _INLINE.findall(text))


def unknown_options(command: str) -> list[str]:
    """The options of a command line that its command does not have; what follows `--` is not ours."""
    words = shlex.split(command.replace("…", "").replace("...", ""))
    module = cast(CommandModule, importlib.import_module(COMMANDS[words[1]].module))
    parser = Parser(prog=f"roamspec {words[1]}")
    module.add_arguments(parser)
    own = words[2 : words.index("--")] if "--" in words else words[2:]
    given = {word.partition("=")[0].rstrip(",") for word in own if word.startswith("--")}
    return sorted(given - set(parser._option_string_actions))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_command_that_a_document_shows_exists_with_its_options(path: Path) -> None:
    commands = list(commands_in(path.read_text(encoding="utf-8")))

    assert [command for command in commands if command.split()[1] not in COMMANDS] == []
    assert {command: unknown for command in commands if (unknown := unknown_options(command))} == {}


def test_the_documents_show_most_commands_and_a_misspelt_one_is_noticed() -> None:
    shown = {c.split()[1] for path in DOCUMENTS for c in commands_in(path.read_text(encoding="utf-8"))}

    assert len(shown & set(COMMANDS)) >= len(COMMANDS) - 2, sorted(set(COMMANDS) - shown)
    assert list(commands_in("```sh\nA=1 roamspec run \\\n  --sed 1   # x\n```")) == ["roamspec run --sed 1"]
    assert unknown_options("roamspec run --sed 1 -- --pdb") == ["--sed"]
