"""Every check there is, read from its file: what it is called, and which requirements it judges."""

import importlib.util
import inspect
from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType, ModuleType
from typing import Any

from roamspec.errors import UsageError
from roamspec.resources import folder
from roamspec.spelling import nearest


@cache
def checks() -> Mapping[str, tuple[str, ...]]:
    """The names of the requirements, without the operation, that each check judges; by the check's ID without
    an operation, such as `limit.fifty-ids`."""
    found: dict[str, tuple[str, ...]] = {}
    for file in sorted(folder("conformance").glob("test_*.py")):
        specification = importlib.util.spec_from_file_location(f"roamspec_checks_{file.stem}", file)
        assert specification is not None
        assert specification.loader is not None
        module = importlib.util.module_from_spec(specification)
        specification.loader.exec_module(module)
        family = file.stem.removeprefix("test_").replace("_", "-")
        for name, judged in _judging(module):
            found[f"{family}.{name.removeprefix('test_').replace('_', '-')}"] = judged
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


def _judging(module: ModuleType) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, function in inspect.getmembers(module, inspect.isfunction):
        marks: list[Any] = getattr(function, "pytestmark", [])
        names = tuple(one for mark in marks if mark.name == "covers" for one in mark.args)
        if names and name.startswith("test_") and function.__module__ == module.__name__:
            yield name, names
