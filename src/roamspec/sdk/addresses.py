"""Which operation a path means, also where method or path are not quite those of the contract."""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from roamspec.sdk.calls import ObservedCall
from roamspec.sdk.contracted import contract

_NEAR: Final = 0.75
_SERVER: Final = "/rest/"
_CLIENT: Final = "/sdk/"
_OF_CLIENTS: Final = frozenset(("resource", "isNotify"))


@dataclass(frozen=True, slots=True)
class Address:
    """One of the five in one of its two forms; `owner` finds the raw owner in a path below the app."""

    operation: str
    method: str
    template: str
    owner: re.Pattern[str]


@cache
def addresses() -> tuple[Address, ...]:
    """The server's forms first, then those of the client SDKs."""
    found = []
    for prefix in (_SERVER, _CLIENT):
        for operation in contract().operations.values():
            template = operation.path.removeprefix("/{org_name}/{app_name}").replace(_SERVER, prefix, 1)
            before, after = map(re.escape, template.split("{userId}"))
            found.append(
                Address(operation.name, operation.method, template, re.compile(f"{before}(.*){after}"))
            )
    # A path that ends in /time also fits the pattern of the one without.
    return tuple(sorted(found, key=lambda address: -len(address.template)))


@cache
def known_parameters() -> Mapping[str, frozenset[str]]:
    """The query keys of each of the five, by the operation's name."""
    return {
        name: frozenset(p.name for p in operation.parameters if p.location == "query")
        for name, operation in contract().operations.items()
    }


def allowed_parameters(call: ObservedCall) -> frozenset[str]:
    """The query keys that the contract knows for this form; the clients' forms have `resource` too."""
    known = known_parameters()[call.deletion]
    return known | _OF_CLIENTS if call.client_form else known


def owner_of(call: ObservedCall) -> str | None:
    """The raw text in the position of the owner; None when the path is none of the five's."""
    return _owner_in(call.below_app)


@lru_cache(maxsize=4096)
def _owner_in(path: str) -> str | None:
    found = (address.owner.fullmatch(path) for address in addresses())
    return next((match[1] for match in found if match), None)


def meant_address(call: ObservedCall) -> Address | None:
    """The address that a call was most likely meant for, when it is none of the contract's."""
    if call.operation:
        return None
    path = call.below_app
    for address in addresses():
        if address.owner.fullmatch(path):
            return address
    by_shape = {address.template.replace("{userId}", "someone"): address for address in addresses()}
    near = difflib.get_close_matches(path, by_shape, n=1, cutoff=_NEAR)
    return by_shape[near[0]] if near else None
