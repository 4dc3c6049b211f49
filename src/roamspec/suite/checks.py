"""Every check there is, read from its file: what it is called, and which requirements it judges."""

import importlib.util
import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType, ModuleType
from typing import Any

from roamspec.errors import UsageError
from roamspec.resources import folder
from roamspec.spelling import nearest
from roamspec.suite.marks import PROFILES, Profile


@dataclass(frozen=True, slots=True)
class _Check:
    judges: tuple[str, ...]
    least: str
    """The smallest profile in which it runs."""


def checks() -> Mapping[str, tuple[str, ...]]:
    """The names of the requirements, without the operation, that each check judges; by the check's ID without
    an operation, such as `limit.fifty-ids`."""
    return MappingProxyType({name: check.judges for name, check in _checks().items()})


def checks_of(profile: Profile) -> Mapping[str, tuple[str, ...]]:
    """Those of `checks` that run in this profile."""
    covered = PROFILES[: PROFILES.index(profile) + 1]
    return MappingProxyType({name: c.judges for name, c in _checks().items() if c.least in covered})


@cache
def _checks() -> Mapping[str, _Check]:
    found: dict[str, _Check] = {}
    for file in sorted(folder("conformance").glob("test_*.py")):
        specification = importlib.util.spec_from_file_location(f"roamspec_checks_{file.stem}", file)
        assert specification is not None
        assert specification.loader is not None
        module = importlib.util.module_from_spec(specification)
        specification.loader.exec_module(module)
        family = file.stem.removeprefix("test_").replace("_", "-")
        for name, check in _in(module):
            found[f"{family}.{name.removeprefix('test_').replace('_', '-')}"] = check
    return MappingProxyType(found)


def judged_by(check: str) -> tuple[str, ...]:
    """What a check judges; its name may have an operation behind it, in brackets. UsageError for an unknown
    one."""
    name = check.partition("[")[0]
    if name not in checks():
        near = nearest(name, checks())
        hint = f"did you mean {near!r}?" if near else f"the checks are {', '.join(checks())}."
        raise UsageError(f"--check: there is no check {name!r}; {hint}")
    return checks()[name]


def _in(module: ModuleType) -> Iterator[tuple[str, _Check]]:
    for name, function in inspect.getmembers(module, inspect.isfunction):
        marks: list[Any] = getattr(function, "pytestmark", [])
        names = tuple(one for mark in marks if mark.name == "covers" for one in mark.args)
        if names and name.startswith("test_") and function.__module__ == module.__name__:
            least = [mark.args[0] for mark in marks if mark.name == "profile"]
            yield name, _Check(names, least[0] if least else PROFILES[0])
