"""What `docs/emulator.md` and `docs/faults.md` show of the emulator's addresses and control API is real."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import httpx
import pytest

from .conftest import Process, started
from .test_schemathesis import CONFIG, ENDLESS, LEFT_OUT

DOCS: Final = Path(__file__).parents[3] / "docs"
_BLOCK: Final = re.compile(r"^```\n(\$ .*?)^```$", re.MULTILINE | re.DOTALL)
_KEY: Final = re.compile(r'"(\w+)":')


def block(page: str, command: str) -> str:
    """The block of code that shows a command."""
    text = (DOCS / page).read_text(encoding="utf-8")
    [found] = [code for code in _BLOCK.findall(text) if f"$ {command}" in code]
    return str(found)


def curl_lines(page: str) -> list[list[str]]:
    """The words of each curl line on a page."""
    code = "\n".join(_BLOCK.findall((DOCS / page).read_text(encoding="utf-8")))
    joined = re.sub(r"(?:\\)?\n +", " ", code)
    return [shlex.split(line) for line in re.findall(r"^\$ (curl .*)$", joined, re.MULTILINE)]


@pytest.fixture(scope="module")
def emulator() -> Iterator[Process]:
    with started() as process:
        yield process


def test_the_ready_object_has_the_keys_that_are_shown(emulator: Process) -> None:
    shown = block("emulator.md", "roamspec emulate --port 8080")

    assert _KEY.findall(shown) == list(emulator.ready)
    for key in ("org", "app", "neighbour_app", "closed_app"):
        assert f'"{key}": "{emulator.ready[key]}"' in shown


@pytest.mark.parametrize("page", ["emulator.md", "faults.md"])
def test_the_control_api_takes_the_calls_that_are_shown(emulator: Process, page: str) -> None:
    lines = curl_lines(page)

    assert lines
    for words in lines:
        url = next(word for word in words if "/_emulator/" in word)
        method, body = words[words.index("-X") + 1], words[words.index("-d") + 1]
        address = emulator.ready["base_url"] + url[url.index("/_emulator/") :]
        answer = httpx.request(method, address, content=body, trust_env=False)
        assert answer.is_success, answer.text
        if "scenario" in body:
            _compare(block(page, "curl -s -X POST").partition("\n{")[2], answer.json())


def _compare(shown: str, made: dict[str, object]) -> None:
    """The keys that are shown come in this order, and as many messages as are shown."""
    keys = [key for key in _KEY.findall(json.dumps(made)) if f'"{key}":' in shown]
    assert keys == _KEY.findall(shown)
    assert isinstance(made["scenario"], dict)
    assert len(made["scenario"]["messages"]) == shown.count('"1623')


def test_schemathesis_is_called_by_hand_as_our_test_calls_it() -> None:
    shown = re.sub(r"\\\n\s+", "", block("emulator.md", "schemathesis run"))
    config, *commands = [shlex.split(line.removeprefix("$ ")) for line in shown.splitlines()]

    assert config[1].replace("\\n", "\n") == CONFIG
    assert len(commands) == len(LEFT_OUT)
    for words in commands:
        contract = Path(words[2]).name.partition(".")[0]
        assert words[words.index("--exclude-checks") + 1] == LEFT_OUT[contract]
        assert (ENDLESS[1] in words) == (contract == "control")
