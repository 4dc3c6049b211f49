"""What the lock files pin, with the licence of each package."""

import importlib.metadata
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from tools.licences.licence import licence_of

ROOT: Final = Path(__file__).parents[2]
LOCK: Final = ROOT / "requirements.lock"
LOAD_LOCK: Final = ROOT / "requirements-load.lock"
NODE_LOCKS: Final = (
    ROOT / "tools" / "lint-contracts" / "package-lock.json",
    ROOT / "examples" / "observer-web-sdk" / "package-lock.json",
)
Use = Literal["run", "develop", "run a load", "lint contracts", "try an example"]
OF_PYTHON: Final[tuple[Use, ...]] = ("run", "develop", "run a load")
_NODE_USES: Final[tuple[Use, ...]] = ("lint contracts", "try an example")
_MACHINES: Final = tuple(
    {
        "extra": "",
        "implementation_name": "cpython",
        "os_name": os_name,
        "platform_machine": "x86_64",
        "platform_python_implementation": "CPython",
        "platform_system": system,
        "python_full_version": "3.11.9",
        "python_version": "3.11",
        "sys_platform": platform,
    }
    for os_name, system, platform in (("posix", "Linux", "linux"), ("nt", "Windows", "win32"))
)
"""For these the list is made, so that every machine makes the same one."""


@dataclass(frozen=True, slots=True)
class Package:
    """`licence` is an SPDX expression; empty when nothing tells."""

    name: str
    licence: str
    use: Use


def locked_packages() -> list[Package]:
    """Those of Python, then those of Node, each by name."""
    used = _needed_to_run()
    names = python_names(LOCK.read_text(encoding="utf-8"))
    found = [Package(name, _licence(name), "run" if name in used else "develop") for name in sorted(names)]
    for_load = python_names(LOAD_LOCK.read_text(encoding="utf-8")) - names
    found += [Package(name, _licence(name), "run a load") for name in sorted(for_load)]
    for lock, use in zip(NODE_LOCKS, _NODE_USES, strict=True):
        found += sorted(set(node_packages(lock.read_text(encoding="utf-8"), use)), key=lambda each: each.name)
    return found


def python_names(lock: str) -> set[str]:
    """The packages of a file as pip and uv write it."""
    return {canonicalize_name(name) for name in re.findall(r"^([A-Za-z0-9._-]+)==", lock, re.MULTILINE)}


def node_packages(lock: str, use: Use) -> Iterator[Package]:
    """The packages of npm's lock file, which has their licences."""
    for place, package in json.loads(lock)["packages"].items():
        if place:
            name = place.rpartition("node_modules/")[2]
            yield Package(name, licence_of(name, package.get("license", ""), "", ()), use)


def _licence(name: str) -> str:
    try:
        said = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return licence_of(name, "", "", ())
    return licence_of(
        name, said["License-Expression"] or "", said["License"] or "", said.get_all("Classifier") or ()
    )


def _needed_to_run() -> set[str]:
    """What roamspec brings along when it is installed, on any machine."""
    found: set[str] = set()
    waiting = list(_required("roamspec", frozenset({""})))
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name not in found or requirement.extras:
            found.add(name)
            waiting += _required(name, frozenset({"", *requirement.extras}))
    return found


def _required(name: str, extras: Iterable[str]) -> Iterator[Requirement]:
    try:
        texts = importlib.metadata.requires(name) or ()
    except importlib.metadata.PackageNotFoundError:
        return
    for text in texts:
        requirement = Requirement(text)
        marker = requirement.marker
        if marker is None or any(
            marker.evaluate({**machine, "extra": extra}) for machine in _MACHINES for extra in extras
        ):
            yield requirement
