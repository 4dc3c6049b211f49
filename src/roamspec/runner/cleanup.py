"""After the last check: nothing that the run made stays behind."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from roamspec.api import provisioning
from roamspec.api.app_client import AppClient
from roamspec.api.provisioning import RemovalResult
from roamspec.appkey import AppKey
from roamspec.config.target_config import TargetConfig
from roamspec.errors import TargetError, Unreachable
from roamspec.session.names import NameSource
from roamspec.session.session import Session
from roamspec.transport.ledger import Ledger, LedgerEntry, LedgerHeader, own_file


def begin_ledger(folder: Path, names: NameSource, config: TargetConfig, *, embedded: bool) -> Ledger:
    """A ledger of its own for each session, so that no later one writes over what it lists."""
    folder.mkdir(parents=True, exist_ok=True)
    roles = {"main": config.main, "neighbour": config.neighbour, "closed": config.closed}
    apps = {role: str(app.key) for role, app in roles.items() if app}
    confirmed = tuple(sorted(map(str, config.confirmed)))
    head = LedgerHeader(names.run_prefix, config.base_url or "", embedded, apps, confirmed)
    return Ledger(own_file(folder, names.run_prefix), head)


def clean_up(session: Session) -> list[LedgerEntry]:
    """Remove everything; returns what could not be removed. The notes then say what all calls have met."""
    kept = session.ledger.kept
    left = [entry for entry, removal in removals(session, spared=kept) if removal.outcome == "left"]
    if kept:
        session.notes.append(
            f"{len(kept)} users, groups and rooms were kept, as requested; `roamspec cleanup` removes them."
        )
    session.notes += session.client.notes
    return left


def removals(
    session: Session, *, spared: Collection[LedgerEntry] = ()
) -> Iterator[tuple[LedgerEntry, RemovalResult]]:
    """Remove groups and rooms, then users, those that only may exist among them; tells of each that it
    called for. What goes along with its owner is removed itself only if it has not."""
    apps, ledger = apps_of(session), session.ledger
    uncertain = ledger.uncertain()
    for entry in uncertain:
        ledger.claim(entry)
    listed = [entry for entry in (*ledger.present(), *uncertain) if entry not in spared]
    along = [entry for entry in listed if ledger.removed_with_owner(entry)]
    alone = [entry for entry in listed if entry not in along]
    unreachable = ""
    for entry in (*sorted(alone, key=lambda entry: entry.kind == "user"), *along):
        if entry in along and not ledger.is_present(entry):
            continue
        # Once nobody accepts a connection, no further one is waited for.
        removal = RemovalResult("left", unreachable)
        if not unreachable:
            try:
                removal = provisioning.removal(apps[entry.app], ledger, entry)
            except TargetError as error:
                removal = RemovalResult("left", str(error))
                unreachable = str(error) if isinstance(error, Unreachable) else ""
        yield entry, removal


def apps_of(session: Session) -> Mapping[AppKey, AppClient]:
    """The apps that a session may write to."""
    return {app.key: app for app in (session.main, session.neighbour, session.closed) if app}
