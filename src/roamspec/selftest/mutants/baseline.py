"""`contracts/selftest-mutants.json`: equivalent mutants, and those that go unnoticed; it only tightens."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from roamspec.errors import ConfigurationError
from roamspec.report.files import write_atomically
from roamspec.selftest.mutants.sites import Mutant, Site

_TEXTS: Final = ("file", "function", "operator", "digest")


@dataclass(frozen=True, slots=True)
class MutantBaseline:
    """`equivalent` has the reason why no client can tell the mutant from the original; `unnoticed` are those
    that the suite is known not to notice, each with what it changes."""

    equivalent: Mapping[Site, str] = field(default_factory=dict)
    unnoticed: Mapping[Site, str] = field(default_factory=dict)


def read_mutant_baseline(path: Path) -> MutantBaseline:
    """ConfigurationError names the file and what is wrong with it."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        return MutantBaseline(
            {_site(entry): _text(entry, "reason") for entry in document["equivalent"]},
            {_site(entry): _text(entry, "change") for entry in document["unnoticed"]},
        )
    except OSError as error:
        raise ConfigurationError(f"--floor: cannot read {path}: {error.strerror}.") from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ConfigurationError(
            f"--floor: {path} needs the lists equivalent and unnoticed, whose entries have file, function, "
            f"operator, digest and number, and a reason or a change ({error!r})."
        ) from error


def _site(entry: Mapping[str, Any]) -> Site:
    file, function, operator, digest = (str(entry[name]) for name in _TEXTS)
    return Site(file, function, operator, digest, int(entry["number"]))


def _text(entry: Mapping[str, Any], key: str) -> str:
    text = entry[key]
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"{key} is empty")
    return text


def write_mutant_baseline(path: Path, baseline: MutantBaseline) -> None:
    """ConfigurationError when the file cannot be written."""
    document = {
        "equivalent": [
            site.as_dict() | {"reason": reason} for site, reason in sorted(baseline.equivalent.items())
        ],
        "unnoticed": [
            site.as_dict() | {"change": change} for site, change in sorted(baseline.unnoticed.items())
        ],
    }
    try:
        write_atomically(path, (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode())
    except OSError as error:
        raise ConfigurationError(f"--raise-floor: cannot write {path}: {error.strerror}.") from error


def tightened(baseline: MutantBaseline, existing: Sequence[Mutant], noticed: set[Site]) -> MutantBaseline:
    """Without what is noticed now, and without what the code does not have any more."""
    sites = {each.site for each in existing}
    return MutantBaseline(
        {site: reason for site, reason in baseline.equivalent.items() if site in sites},
        {site: change for site, change in baseline.unnoticed.items() if site in sites - noticed},
    )
