"""What nobody chose is accepted by what receives it: every default, and every value that is drawn."""

import argparse
import importlib
import secrets
from dataclasses import asdict
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roamspec.cli.main import COMMANDS, CommandModule
from roamspec.cli.parser import Parser
from roamspec.emulator.options import EmulatorOptions, options_from
from roamspec.emulator.settings import AppSettings, parse_assignment
from roamspec.errors import UsageError
from roamspec.faults.disturbances.rule import KINDS, DisturbanceRule, parse_rule, read_rule
from roamspec.sdk.disturbance_runs import disturbance_runs
from roamspec.seeds import SEED_MAX, drawn_seed


def parser_of(command: str) -> Parser:
    module = cast(CommandModule, importlib.import_module(COMMANDS[command].module))
    parser = Parser(prog=f"roamspec {command}")
    module.add_arguments(parser)
    return parser


def options_of(command: str) -> list[argparse.Action]:
    return [action for action in parser_of(command)._actions if action.option_strings]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_default_that_is_written_out_is_the_default(command: str) -> None:
    for option in options_of(command):
        if option.default in (None, argparse.SUPPRESS, False) or option.default == []:
            continue
        name, text = option.option_strings[-1], str(option.default)
        places = [
            one.dest
            for one in parser_of(command)._actions
            if one.nargs in (None, "+") and not one.option_strings
        ]
        given_out = vars(parser_of(command).parse([*places, name, text]))
        assert given_out[option.dest] == option.default, name


@pytest.mark.parametrize("command", [command for command in COMMANDS if "--seed" in str(options_of(command))])
def test_whatever_seed_is_drawn_may_be_given_again(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for draw in (0, -1):
        monkeypatch.setattr(secrets, "randbelow", lambda end, draw=draw: draw % end)
        assert parser_of(command).parse(["--seed", str(drawn_seed())]).seed == drawn_seed()
    assert drawn_seed() == SEED_MAX
    with pytest.raises(UsageError, match=str(SEED_MAX)):
        parser_of(command).parse(["--seed", str(SEED_MAX + 1)])


@given(st.integers(0, SEED_MAX))
def test_the_troubles_of_every_seed_are_ones_that_the_emulator_takes(seed: int) -> None:
    for disturbance_run in disturbance_runs(seed):
        assert [read_rule(dict(rule), where="x").seed for rule in disturbance_run.rules] == [seed] * len(
            disturbance_run.rules
        )
        AppSettings().with_changes(disturbance_run.settings, where="x")


def test_the_largest_seed_makes_troubles_too() -> None:
    assert all(
        read_rule(dict(rule), where="x")
        for disturbance_run in disturbance_runs(SEED_MAX)
        for rule in disturbance_run.rules
    )


@pytest.mark.parametrize("kind", KINDS)
def test_the_defaults_of_a_nuisance_are_accepted(kind: str) -> None:
    values = asdict(DisturbanceRule(kind))
    assert read_rule(values, where="x") == DisturbanceRule(kind)
    words = ",".join(f"{name}={str(value).lower()}" for name, value in values.items() if name != "kind")
    assert parse_rule(f"{kind}:{words}", where="x") == DisturbanceRule(kind)


def test_the_defaults_of_settings_are_accepted() -> None:
    settings = AppSettings()
    for name, value in settings.as_dict().items():
        assert settings.with_changes({name: value}, where="x") == settings
        if isinstance(value, bool | int | float | str):
            text = f"{name}={str(value).lower() if isinstance(value, bool) else value}"
            assert settings.with_changes(dict([parse_assignment(text, where="x")]), where="x") == settings


def test_the_defaults_of_the_emulator_are_those_of_its_command_line() -> None:
    assert options_from(parser_of("emulate").parse([])) == EmulatorOptions()
