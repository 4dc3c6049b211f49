"""Removes what runs left behind that ended before they could clean up."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from roamspec.api import provisioning
from roamspec.api.provisioning import RemovalResult
from roamspec.appkey import AppKey
from roamspec.config.addresses import base_address
from roamspec.config.options import OptionSources
from roamspec.config.target_config import TargetConfig, resolve
from roamspec.contract.load import load_contract
from roamspec.errors import ConfigurationError, TargetError, UsageError
from roamspec.runner.cleanup import apps_of, removals
from roamspec.session.names import NameSource
from roamspec.session.opening import RequestLimits, RunIdentity
from roamspec.session.session import Session, open_session
from roamspec.transport.ledger import Ledger, LedgerEntry, own_file
from roamspec.transport.ledger_file import PATTERN, Leftovers, read_ledger

ROLES: Final = ("main", "neighbour", "closed")


@dataclass(frozen=True, slots=True)
class Disposal:
    """What became of one thing that a ledger lists."""

    entry: LedgerEntry
    removal: RemovalResult


def find_ledgers(folder: Path, files: Sequence[Path]) -> list[Leftovers]:
    """The ledgers named, or all of the folder; UsageError for one that cannot be read."""
    missing = next((file for file in files if not file.is_file()), None)
    if missing:
        raise UsageError(f"--ledger: there is no file {missing}.")
    return [read_ledger(file) for file in (files or sorted(folder.glob(PATTERN)))]


def earlier_leftovers(folder: Path) -> list[str]:
    """A sentence about the ledgers that earlier runs left in the folder of this one, if any did."""
    lasting = [file for file in sorted(folder.glob(PATTERN)) if not _of_emulator(file)]
    if not lasting:
        return []
    return [f"Earlier runs left objects behind ({lasting[0]}); `roamspec cleanup` removes them."]


def _of_emulator(file: Path) -> bool:
    try:
        return read_ledger(file).head.embedded
    except UsageError:
        return False


def target_of_ledger(
    leftovers: Leftovers, options: Mapping[str, Any], environ: Mapping[str, str], file: Path | None
) -> TargetConfig:
    """How to reach what a ledger lists: the address and the apps are the ledger's own, and everything else
    (credentials, rate, and so on) comes from the three sources of `resolve`.

    An app that was confirmed for the run need not be confirmed again. ConfigurationError for an address that
    is given and is another one, and for what is missing.
    """
    sources = OptionSources(options, environ, file)
    given = sources.text("base-url")
    if given and base_address(given.value, where=given.where) != leftovers.head.base_url:
        raise ConfigurationError(
            f"{leftovers.file} lists objects created at {leftovers.head.base_url}, and {given.where} says "
            f"{given.value}; leave it out, or name other ledgers with --ledger."
        )
    roles = _roles(leftovers)
    of_ledger = {
        "base_url": leftovers.head.base_url,
        "org": None,
        "app": roles.get("main"),
        "neighbour_app": roles.get("neighbour"),
        "closed_app": roles.get("closed"),
        "confirm_app": [*(one.value for one in sources.texts("confirm-app")), *leftovers.head.confirmed],
    }
    return resolve({**options, **of_ledger}, environ, file)


def _roles(leftovers: Leftovers) -> dict[str, str]:
    """The role of each app of a ledger, which decides whose credentials open it."""
    roles = dict(leftovers.head.apps)
    for app in sorted(leftovers.apps - {AppKey(*key.split("#", 1)) for key in roles.values()}):
        free = next((role for role in ROLES if role not in roles), None)
        if free is None:
            raise UsageError(f"{leftovers.file} lists objects created in more than {len(ROLES)} apps.")
        roles[free] = str(app)
    return roles


def dispose(leftovers: Leftovers, config: TargetConfig, tell: Callable[[Disposal], None]) -> int:
    """Remove what one ledger lists, through the guarded HTTP client; returns how much is left.

    The ledger is brought up to date on the way, and removed when it lists nothing any more.
    """
    ledger = Ledger.resumed(leftovers.file, leftovers.made, leftovers.uncertain)
    session = open_session(
        config,
        load_contract(),
        identity=RunIdentity(NameSource(leftovers.head.mark), ledger),
        limits=RequestLimits.at_rate(config.rate),
    )
    left = 0
    try:
        not_ours = _not_ours(session, leftovers)
        for entry in not_ours:
            name = not_ours[entry]
            tell(Disposal(entry, RemovalResult("left", f"its name {name!r} does not belong to that run")))
        for entry, removal in removals(session, spared=not_ours):
            tell(Disposal(entry, removal))
            left += removal.outcome == "left"
        return left + len(not_ours)
    finally:
        session.close()


def remove_left_by_workers(folder: Path, mark: str, config: TargetConfig) -> int:
    """Remove what workers of the run with this mark could not, because they were killed; how much is left.

    Their marks begin with that of the run, and they have ended.
    """
    left = 0
    for file in sorted(folder.glob(own_file(folder, f"{mark}gw*").name)):
        leftovers = read_ledger(file)
        if leftovers.head.embedded:
            file.unlink(missing_ok=True)
        else:
            left += dispose(leftovers, config, lambda _: None)
    return left


def _not_ours(session: Session, leftovers: Leftovers) -> dict[LedgerEntry, str]:
    """Groups and rooms that are called otherwise than the run called its own.

    Their IDs are the service's and do not carry the mark, but their names do; on a service that was
    set up anew, or on another one behind the same address, an ID may be somebody else's.
    """
    apps, found = apps_of(session), {}
    for entry in leftovers.made:
        if entry.kind == "user":
            continue
        try:
            name = provisioning.name_of(apps[entry.app], entry)
        except TargetError:
            # Removing it will meet the same, and tells it.
            continue
        if name is not None and not name.startswith(leftovers.head.mark):
            found[entry] = name
    return found
