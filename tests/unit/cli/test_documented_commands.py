"""Every command line that the documents show is one that the commands understand, with its values."""

import argparse
import importlib
import json
import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple, cast

import pytest

from roamspec.cli.load import settings_of as load_settings_of
from roamspec.cli.main import COMMANDS, CommandModule
from roamspec.cli.parser import Parser
from roamspec.cli.run import settings_of
from roamspec.config.options import OPTIONS, RUN_OPTIONS
from roamspec.emulator.options import options_from
from roamspec.emulator.settings import AppSettings
from roamspec.errors import RoamspecError, UsageError
from roamspec.faults.disturbances.rule import parse_rule
from roamspec.faults.registry import known
from roamspec.sdk.scenario import read_scenario
from roamspec.sdk.session import read_floors, read_settings

ROOT: Final = Path(__file__).parents[3]
_PATTERNS: Final = ("README*.md", "docs/*.md", "reports/*.md", "examples/*.md", "examples/*/*.md")
DOCUMENTS: Final = sorted(path for pattern in _PATTERNS for path in ROOT.glob(pattern))
_BLOCK: Final = re.compile(r"^( *)```\w*\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
_INLINE: Final = re.compile(r"`(roamspec [a-z]+ [^`]*)`")
_BEFORE: Final = r"(?:\$ )?(?:\w+=\S* +)*(?:\.venv/bin/|uv run --no-project )?"
_OURS: Final = re.compile(rf"^{_BEFORE}(roamspec [a-z]+\b.*)$")
_NOT_ITS_OWN: Final = re.compile(r"\s+(?:#\s.*|[>|&].*)$")
"""A comment behind a command, and where its output goes."""
_GAP: Final = re.compile(r"…|\.\.\.")
_VERSION: Final = re.compile(r"roamspec \d")
_PYTEST: Final = re.compile(r"--roamspec-[a-z-]+")
_VARIABLE: Final = re.compile(r"\bROAMSPEC_[A-Z_]+\b(?!\.\.\.)")
_SOURCES: Final = ("src/roamspec", "tests", "examples", "tools")
_LANGUAGES: Final = ("py", "sh", "yml", "yaml", "js", "mjs", "cjs", "ts", "go", "java")


class Shown(NamedTuple):
    """A command line of a document: `whole` in a block of code, which a reader may copy, or a mention in a
    sentence, which may leave out what the sentence is not about."""

    line: str
    whole: bool

    @property
    def name(self) -> str:
        return self.line.split()[1]


def commands_in(text: str) -> Iterator[Shown]:
    """The lines that call roamspec, each without comments and without what follows the command."""
    for _, block in _BLOCK.findall(text):
        for line in re.sub(r"\\\n\s*", "", block).splitlines():
            found = _OURS.match(line.strip())
            if found and not _VERSION.match(found[1]):
                own = _NOT_ITS_OWN.sub("", found[1])
                yield Shown(_GAP.sub("", own), whole=not _GAP.search(own))
    for line in _INLINE.findall(text):
        yield Shown(_GAP.sub("", re.sub(r"\s+", " ", line)), whole=False)


def parser_of(name: str) -> Parser:
    parser = Parser(prog=f"roamspec {name}")
    cast(CommandModule, importlib.import_module(COMMANDS[name].module)).add_arguments(parser)
    return parser


def parsed(shown: Shown) -> argparse.Namespace | None:
    """What the command's own parser makes of a line; UsageError for what it does not take.

    A placeholder, such as the N of `--workers N`, says nothing that could be wrong. None for a call for help,
    and for a mention that leaves out what the command needs.
    """
    parser = parser_of(shown.name)
    placeholders = {
        option: action.metavar for option, action in parser._option_string_actions.items() if action.metavar
    }
    words = shlex.split(re.sub(r"[][]", "", shown.line))[2:]
    if "--help" in words:
        return None
    kept: list[str] = []
    for word in words:
        if kept and word.isupper() and (placeholders.get(kept[-1]) == word or len(word) == 1):
            kept.pop()
        else:
            kept.append(word)
    try:
        return parser.parse(kept)
    except UsageError as error:
        if not shown.whole and re.search("are required|expected one argument", str(error)):
            return None
        raise


def complaint(shown: Shown) -> str:
    """What the command says against a line before it sends or starts anything; empty for nothing."""
    try:
        arguments = parsed(shown)
        if arguments is not None and (shown.whole or shown.name not in ("run", "load")):
            _read_values(shown.name, arguments)
    except RoamspecError as error:
        return str(error)
    return ""


def _read_values(command: str, arguments: argparse.Namespace) -> None:
    """Let the command read the values that its parser takes as texts.

    Other tests find out whether requirements that a page names exist.
    """
    if command == "run":
        arguments.req = []
        settings_of(arguments)
    elif command == "load":
        arguments.req = []
        load_settings_of(arguments)
    elif command == "emulate":
        AppSettings().with_changes(dict(options_from(arguments).settings), where="--set")
        for text in arguments.nuisances:
            parse_rule(text, where="--disturbance")
        unknown = [name for name in arguments.faults if name.partition("@")[0] not in known()]
        if unknown:
            raise UsageError(f"--fault: {unknown} are not known.")
    elif command == "sdk":
        read_scenario(arguments.scenario)
        read_floors(arguments.min_coverage)
        read_settings(arguments.assignments)


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder and the environment of somebody who has done what the documents say."""
    monkeypatch.chdir(tmp_path)
    for variable in [name for name in os.environ if name.startswith("ROAMSPEC_")]:
        monkeypatch.delenv(variable)
    for variable in ("ROAMSPEC_CLIENT_ID", "ROAMSPEC_CLIENT_SECRET"):
        monkeypatch.setenv(variable, "given-by-the-vendor")
    ready = {
        "base_url": "http://127.0.0.1:8080",
        "observer_url": "http://127.0.0.1:8080/_emulator/observer",
        "org": "acme",
        "app": "parlor",
        "neighbour_app": "acme/second",
        "closed_app": "acme/third",
        "client_id": "given-by-the-emulator",
        "client_secret": "given-by-the-emulator",
    }
    Path("ready.json").write_text(json.dumps(ready), encoding="utf-8")


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_command_that_a_document_shows_is_understood_with_its_values(path: Path) -> None:
    commands = list(commands_in(path.read_text(encoding="utf-8")))

    assert [shown.line for shown in commands if shown.name not in COMMANDS] == []
    assert {shown.line: wrong for shown in commands if (wrong := complaint(shown))} == {}


def test_the_documents_show_most_commands_and_a_slip_is_noticed() -> None:
    shown = {one.name for path in DOCUMENTS for one in commands_in(path.read_text(encoding="utf-8"))}

    assert len(shown & set(COMMANDS)) >= len(COMMANDS) - 2, sorted(set(COMMANDS) - shown)
    indented = "1. x\n\n    ```sh\n    A=1 roamspec run \\\n      --sed 1   # x\n    ```\n"
    assert list(commands_in(indented)) == [Shown("roamspec run --sed 1", whole=True)]
    assert list(commands_in("```\n$ roamspec faults > f &\nroamspec 0.1.0  x\n```")) == [
        Shown("roamspec faults", whole=True)
    ]


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("roamspec run --sed 1 -- --pdb", "--seed"),
        ("roamspec run --workers many", "whole number"),
        ("roamspec run --workers N --profile NAME --seed S", ""),
        ("roamspec run --profile fast", "fast"),
        ("roamspec run --rate fast", "--rate"),
        ("roamspec run --require device", "devices"),
        ("roamspec run --fault effect.nothing-deletd", "nothing-deletd"),
        ("roamspec run --base-url https://a1.example.com --org acme --app parlor", "--confirm-app"),
        ("roamspec load --for 1h --rate fast", "--rate"),
        ("roamspec load --master --expect-workers 4", "--base-url"),
        ("roamspec emulate --disturbance 429:counts=2", "counts"),
        ("roamspec emulate --set retention=7", "retention"),
        ("roamspec emulate --fault clear-user.nothing", "clear-user.nothing"),
        ("roamspec sdk --min-coverage 101 -- make", "101"),
    ],
)
def test_a_value_that_a_command_does_not_take_is_noticed(line: str, wrong: str) -> None:
    found = complaint(Shown(line, whole=True))

    assert wrong in found
    assert bool(found) == bool(wrong)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_option_of_pytest_that_a_document_shows_exists(path: Path, pytestconfig: pytest.Config) -> None:
    options = set(_PYTEST.findall(path.read_text(encoding="utf-8"))) - {"--roamspec-"}

    assert {option for option in options if not _is_option(pytestconfig, option)} == set()


def _is_option(config: pytest.Config, option: str) -> bool:
    unknown = object()
    return config.getoption(option.removeprefix("--").replace("-", "_"), default=unknown) is not unknown


def test_a_misspelt_option_of_pytest_is_noticed(pytestconfig: pytest.Config) -> None:
    assert _is_option(pytestconfig, "--roamspec-base-url")
    assert not _is_option(pytestconfig, "--roamspec-base-ur")


def test_every_variable_that_a_document_names_is_read_somewhere() -> None:
    named = {
        variable for path in DOCUMENTS for variable in _VARIABLE.findall(path.read_text(encoding="utf-8"))
    }
    files = [ROOT / "action.yml"]
    for source in _SOURCES:
        files += [file for ending in _LANGUAGES for file in (ROOT / source).rglob(f"*.{ending}")]
    texts = [file.read_text(encoding="utf-8") for file in files if "node_modules" not in file.parts]
    read = {variable for text in texts for variable in _VARIABLE.findall(text)}

    assert len(named) > 30
    assert sorted(named - read - variables_of_options()) == []


def variables_of_options() -> set[str]:
    """Those that are made of the options' names, and the credentials of the further apps."""
    options = {option.variable for option in (*OPTIONS.values(), *RUN_OPTIONS.values())}
    credentials = ("CLIENT_ID", "CLIENT_SECRET", "APP_TOKEN")
    return options | {f"ROAMSPEC_{app}_{name}" for app in ("NEIGHBOUR", "CLOSED") for name in credentials}
