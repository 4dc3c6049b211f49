"""The table of what a run sets up on a target, and how each is looked up and removed again.

Creating, looking up, removing, and the guard's rules for them all read this table: whatever a run can set up,
it can remove.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from roamspec.transport.http_messages import segment
from roamspec.transport.ledger import Kind


@dataclass(frozen=True, slots=True)
class Resource:
    """One kind of thing that a run creates with POST and removes with DELETE.

    `collection` is the path segment below the App Key, `bucket` the documented limit that its calls count
    against, `name_field` the field of the creating body that holds the name which the run gave.
    """

    kind: Kind
    collection: str
    bucket: str
    name_field: str

    @property
    def path(self) -> str:
        """Where it is created, below the App Key."""
        return f"/{self.collection}"

    def item(self, name: str) -> str:
        """Where it is looked up and removed, below the App Key; `name` may be the service's ID."""
        return f"/{self.collection}/{segment(name)}"

    def names(self, body: Any) -> list[Any]:
        """The names in a creating body, which is one object or a list of them; None where there is none."""
        drafts = body if isinstance(body, list) else [body]
        return [draft.get(self.name_field) if isinstance(draft, dict) else None for draft in drafts]


RESOURCES: Final[Mapping[Kind, Resource]] = {
    resource.kind: resource
    for resource in (
        Resource("user", "users", "users", "username"),
        Resource("group", "chatgroups", "groups", "groupname"),
        Resource("room", "chatrooms", "rooms", "name"),
    )
}
BY_COLLECTION: Final[Mapping[str, Resource]] = {each.collection: each for each in RESOURCES.values()}
REMOVING_BUCKETS: Final = frozenset(each.bucket for each in RESOURCES.values())
"""The buckets in which DELETE removes what a run has made."""
