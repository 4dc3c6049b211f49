"""Whatever a run can set up, it can remove: through the guard, behind a path too, and from a ledger."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from tests.unit.conftest import BASE_URL, KEY, MARK, MakeSite, Site, ok

from roamspec.api import provisioning
from roamspec.api.provisioning import RemovalResult
from roamspec.transport.created_resources import BY_COLLECTION, REMOVING_BUCKETS, RESOURCES, Resource
from roamspec.transport.ledger import Kind, Ledger, LedgerEntry, LedgerHeader
from roamspec.transport.ledger_file import read_ledger

Create = Callable[[Site, str], object]
CREATE: dict[Kind, Create] = {
    "user": lambda target, name: provisioning.register(target.app, target.ledger, [name], "pw"),
    "group": lambda target, name: provisioning.create_group(target.app, target.ledger, name, "u1", []),
    "room": lambda target, name: provisioning.create_room(target.app, target.ledger, name, "u1", []),
}
RESOURCE = pytest.mark.parametrize("resource", RESOURCES.values(), ids=RESOURCES)
BASE_URLS = pytest.mark.parametrize("base_url", [BASE_URL, f"{BASE_URL}/api/v1"])


def identifiers(ledger: Ledger) -> Sequence[str]:
    return [entry.name for entry in ledger.present()]


@RESOURCE
@BASE_URLS
def test_what_is_created_can_be_looked_up_and_removed(
    site: MakeSite, resource: Resource, base_url: str
) -> None:
    path = f"{base_url.removeprefix(BASE_URL)}/acme/parlor/{resource.collection}"
    target = site(ok(data={"groupid": "77", "id": "77"}), base_url=base_url)

    CREATE[resource.kind](target, f"{MARK}-1")
    [name] = identifiers(target.ledger)
    entry = LedgerEntry(KEY, resource.kind, name)
    provisioning.name_of(target.app, entry)
    removal = provisioning.removal(target.app, target.ledger, entry)

    assert removal == RemovalResult("removed")
    assert identifiers(target.ledger) == []
    assert target.script.targets == [f"POST {path}", f"GET {path}/{name}", f"DELETE {path}/{name}"]


@RESOURCE
@BASE_URLS
def test_what_a_ledger_lists_can_be_removed_by_a_later_process(
    site: MakeSite, resource: Resource, base_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "ledger-x.jsonl"
    first = Ledger(file, LedgerHeader(MARK, base_url, embedded=False))
    target = site(ok(data={"groupid": "77", "id": "77"}), base_url=base_url, ledger=first)
    CREATE[resource.kind](target, f"{MARK}-1")
    first.close()

    leftovers = read_ledger(file)
    later = site(ok(), base_url=base_url, ledger=Ledger.resumed(file, leftovers.made, leftovers.uncertain))
    outcomes = [provisioning.removal(later.app, later.ledger, entry).outcome for entry in leftovers.made]
    later.ledger.close()

    assert outcomes == ["removed"]
    assert not file.exists()


def test_every_kind_stands_in_the_table_once() -> None:
    assert set(RESOURCES) == set(CREATE) == {"user", "group", "room"}
    assert len(BY_COLLECTION) == len(REMOVING_BUCKETS) == len(RESOURCES)
