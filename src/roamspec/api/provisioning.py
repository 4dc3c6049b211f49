"""Users, groups and chatrooms, made and removed through the public API."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from roamspec.api.app_client import AppClient, required
from roamspec.errors import BudgetSpent, CredentialsRefused, SetupFailed
from roamspec.transport.created_resources import RESOURCES
from roamspec.transport.http_messages import Response, segment
from roamspec.transport.ledger import Kind, Ledger, LedgerEntry

MOST_USERS_PER_CALL = 60


def _create(app: AppClient, kind: Kind, body: Any) -> Response:
    resource = RESOURCES[kind]
    return app.call("POST", resource.path, bucket=resource.bucket, json=body)


def _look_up(app: AppClient, kind: Kind, name: str) -> Response:
    resource = RESOURCES[kind]
    return app.call("GET", resource.item(name), bucket=resource.bucket)


def register(app: AppClient, ledger: Ledger, names: Sequence[str], password: str) -> None:
    """Register users, in one call if the service takes a list, else one by one."""
    for start in range(0, len(names), MOST_USERS_PER_CALL):
        batch = names[start : start + MOST_USERS_PER_CALL]
        entries = [LedgerEntry(app.key, "user", name) for name in batch]
        for entry in entries:
            ledger.intend(entry)
        bodies = [{"username": name, "password": password} for name in batch]
        answer = _registered(app, ledger, entries, bodies)
        _stop_if_taken(answer, ledger, entries)
        if answer.ok:
            for entry in entries:
                ledger.made(entry)
            continue
        unanswered = answer.incomplete
        for number, (entry, body) in enumerate(zip(entries, bodies, strict=True)):
            answer = _registered(app, ledger, entries[number:], body)
            if answer.rejected and not unanswered and not answer.repeated:
                # An error response makes nobody; what was not answered may have been made.
                for refused in entries[number:]:
                    ledger.removed(refused)
            _stop_if_taken(answer, ledger, [entry], perhaps_ours=unanswered)
            required(answer, f"registering the user {entry.name}")
            ledger.made(entry)


def _registered(app: AppClient, ledger: Ledger, entries: Sequence[LedgerEntry], body: Any) -> Response:
    try:
        return _create(app, "user", body)
    except (BudgetSpent, CredentialsRefused):
        # Nothing was sent, or all of it rejected, so nobody was made.
        for entry in entries:
            ledger.removed(entry)
        raise


def _stop_if_taken(
    answer: Response, ledger: Ledger, entries: Sequence[LedgerEntry], *, perhaps_ours: bool = False
) -> None:
    # Names carry a random mark: one that is taken is somebody else's, and nothing may be done to it,
    # unless an earlier try of ours explains it.
    if answer.object.get("error") != "duplicate_unique_property_exists":
        return
    if not perhaps_ours and not answer.repeated:
        for entry in entries:
            ledger.name_taken(entry)
    names = ", ".join(entry.name for entry in entries)
    raise SetupFailed(f"one of the user names {names} is already registered; the check stops here.")


def is_absent(app: AppClient, ledger: Ledger, name: str) -> bool:
    """Whether a user of this name does not exist; the ledger remembers that."""
    answer = _look_up(app, "user", name)
    # Any other error response says nothing about the user.
    absent = answer.status in (400, 404)
    if absent:
        ledger.seen_absent(LedgerEntry(app.key, "user", name))
    return absent


def is_known(app: AppClient, name: str) -> bool:
    """Whether the service shows a user of this name."""
    return _look_up(app, "user", name).ok


def create_group(app: AppClient, ledger: Ledger, name: str, owner: str, members: Sequence[str]) -> str:
    """Make a group whose members join at once; returns its ID."""
    ledger.intend(LedgerEntry(app.key, "group", name))
    fields: dict[str, Any] = {
        "groupname": name,
        "description": name,
        "public": True,
        "maxusers": 200,
        "owner": owner,
        "members": list(members),
    }
    body = required(_create(app, "group", fields), "creating a group")
    return _created(app, ledger, "group", body, "groupid", LedgerEntry(app.key, "user", owner))


def add_member(app: AppClient, group_id: str, name: str) -> bool:
    """Let a user join a group of ours; whether the service did it."""
    path = f"/chatgroups/{segment(group_id)}/users/{segment(name)}"
    return app.call("POST", path, bucket="groups").ok


def create_room(app: AppClient, ledger: Ledger, name: str, owner: str, members: Sequence[str]) -> str:
    """Make a chatroom; returns its ID."""
    ledger.intend(LedgerEntry(app.key, "room", name))
    fields: dict[str, Any] = {
        "name": name,
        "description": name,
        "maxusers": 200,
        "owner": owner,
        "members": list(members),
    }
    body = required(_create(app, "room", fields), "creating a chatroom")
    # Not said to go with its owner: the preflight has seen only that groups do.
    return _created(app, ledger, "room", body, "id")


def _created(
    app: AppClient,
    ledger: Ledger,
    kind: Kind,
    body: dict[str, Any],
    field: str,
    owner: LedgerEntry | None = None,
) -> str:
    data = body.get("data")
    identifier = data.get(field) if isinstance(data, dict) else None
    if not isinstance(identifier, str | int) or isinstance(identifier, bool) or identifier == "":
        raise SetupFailed(f"creating a {kind}: the response has no data.{field}.")
    ledger.made(LedgerEntry(app.key, kind, str(identifier)), owner)
    return str(identifier)


def group_is_removed(app: AppClient, group_id: str) -> bool:
    """Whether a group does not exist any more."""
    return _look_up(app, "group", group_id).status == 404


def remove(app: AppClient, ledger: Ledger, entry: LedgerEntry) -> bool:
    """Remove what this run made; True when it no longer exists (also when it did not exist before)."""
    return removal(app, ledger, entry).outcome != "left"


@dataclass(frozen=True, slots=True)
class RemovalResult:
    """What became of one thing that was to be removed; `why` says it of what is `left`."""

    outcome: Literal["removed", "absent", "left"]
    why: str = ""


def removal(app: AppClient, ledger: Ledger, entry: LedgerEntry) -> RemovalResult:
    """Remove what this run made, and tell whether it was there."""
    resource = RESOURCES[entry.kind]
    answer = app.call("DELETE", resource.item(entry.name), bucket=resource.bucket)
    if not answer.ok and answer.status not in (400, 404):
        return RemovalResult("left", answer.summary())
    ledger.removed(entry)
    return RemovalResult("removed" if answer.ok else "absent")


def name_of(app: AppClient, entry: LedgerEntry) -> str | None:
    """The name that a group or chatroom was given; None when the service does not tell."""
    data = _look_up(app, entry.kind, entry.name).object.get("data")
    details = data[0] if isinstance(data, list) and data else data
    if not isinstance(details, dict):
        return None
    name = details.get("name", details.get("groupname"))
    return name if isinstance(name, str) else None
