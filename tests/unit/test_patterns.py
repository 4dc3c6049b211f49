"""One language of patterns, for requirements and for faults."""

import json
from collections.abc import Callable

import pytest

from roamspec.cli.main import main
from roamspec.contract.load import load_contract
from roamspec.contract.requirements import load_catalogue
from roamspec.faults import known
from roamspec.patterns import Matchable, nearest_pattern

EVERY = [
    Matchable("clear-user.all.chats-gone", "clearUser"),
    Matchable("clear-chat-before.time.at-del-time-gone", "clearChatBefore"),
    Matchable("delete-chat-messages.limit.fifty-one-refused", "deleteChatMessages"),
    Matchable("delete-group-messages.limit.fifty-one-refused", "deleteGroupMessages"),
]


@pytest.mark.parametrize(
    ("pattern", "places"),
    [
        ("clearUser", [0]),
        ("clear-user", [0]),
        ("limit", [2, 3]),
        ("limit.*", [2, 3]),
        ("*.limit.*", [2, 3]),
        ("limit.fifty-one-refused", [2, 3]),
        ("delete-chat-messages.limit.*", [2]),
        ("deleteChatMessages.limit.*", [2]),
        ("delete-*-messages.*", [2, 3]),
        ("clear-*", [0, 1]),
        ("time.at-?el-time-gone", [1]),
        ("*", [0, 1, 2, 3]),
        ("fifty-one-refused", []),
        ("Limit", []),
        ("", []),
    ],
)
def test_what_fits(pattern: str, places: list[int]) -> None:
    assert [place for place, one in enumerate(EVERY) if one.fits(pattern)] == places


@pytest.mark.parametrize(
    ("pattern", "near"),
    [
        ("limits.*", "limit.*"),
        ("*.limits.*", "limit.*"),
        ("tmie", "time"),
        ("clear-usr", "clear-user"),
        ("clearUsers.*", "clearUser"),
        ("limit.fifty-two-refused", "limit.fifty-one-refused"),
        ("delete-chat-message.limit.*", "delete-chat-messages.limit.*"),
        ("qqq", None),
    ],
)
def test_the_nearest_pattern_fits_something(pattern: str, near: str | None) -> None:
    assert nearest_pattern(pattern, EVERY) == near
    assert near is None or any(one.fits(near) for one in EVERY)


def of_requirements() -> set[str]:
    return set(load_catalogue(contract=load_contract()))


def of_faults() -> set[str]:
    return set(known())


@pytest.mark.parametrize(
    ("command", "key", "every"), [("requirements", "id", of_requirements), ("faults", "name", of_faults)]
)
@pytest.mark.parametrize("pattern", ["time.*", "*.time.*", "time", "clear-chat-before.*", "clearChatBefore"])
def test_both_commands_take_the_same_patterns(
    command: str, key: str, every: Callable[[], set[str]], pattern: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, pattern, "--json"]) == 0

    found = {one[key] for one in json.loads(capsys.readouterr().out)}
    wanted = ".time." if "time" in pattern else "clear-chat-before."
    assert found == {name for name in every() if wanted in name}


@pytest.mark.parametrize(
    "command", [["requirements"], ["faults"], ["selftest", "--faults"], ["run", "--req"]]
)
def test_a_pattern_that_fits_nothing_names_the_nearest(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, "tiem.*"]) == 2

    assert "did you mean 'time.*'?" in capsys.readouterr().err


def test_every_pattern_must_fit_something(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["faults", "time.*", "qqqqq"]) == 2
    assert "no fault matches 'qqqqq'; `roamspec faults` lists them." in capsys.readouterr().err
