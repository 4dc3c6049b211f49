"""After the last check: nothing that the run made stays behind."""

from roamspec.client import people
from roamspec.client.ledger import Entry
from roamspec.errors import TargetError
from roamspec.target.session import Session


def clean_up(session: Session) -> list[Entry]:
    """Remove groups and rooms, then users; returns what could not be removed."""
    apps = {app.key: app for app in (session.main, session.neighbour, session.closed) if app}
    left: list[Entry] = []
    for entry in sorted(session.ledger.present(), key=lambda entry: entry.kind == "user"):
        try:
            removed = people.remove(apps[entry.app], session.ledger, entry)
        except TargetError:
            removed = False
        if not removed:
            left.append(entry)
    return left
