"""The last look at a request: it creates what the ledger lists, and deletes only what this run made.

The guard reads the bytes of the request target, not the intention behind them. Whatever looks like a
deletion and cannot be understood is rejected.
"""

import re
from typing import Any
from urllib.parse import unquote_to_bytes

import httpx

from roamspec.appkey import AppKey
from roamspec.errors import GuardError
from roamspec.transport.created_resources import BY_COLLECTION, Resource
from roamspec.transport.ledger import Kind, Ledger, LedgerEntry
from roamspec.transport.run_prefix import carries

_ROAMING = re.compile(
    r"/(?P<org>[^/]+)/(?P<app>[^/]+)/(?:rest|sdk)/message/roaming/"
    r"(?:(?P<type>chat|group)/user/(?P<owner>[^/]*)(?:/time)?|user/(?P<cleared>[^/]*)/delete/all)"
)
_COLLECTION = rf"/(?P<org>[^/]+)/(?P<app>[^/]+)/(?P<collection>{'|'.join(map(re.escape, BY_COLLECTION))})"
_CREATION = re.compile(rf"{_COLLECTION}/?")
_REMOVAL = re.compile(rf"{_COLLECTION}/(?P<name>[^/]+)")


def base_path(base_url: str) -> str:
    """The path of a base URL as it stands before every request target: `/api/v1`, or empty."""
    return httpx.URL(base_url).raw_path.decode("ascii").rstrip("/")


class Guard:
    """Decides on `check` whether a request may leave; `mark` begins every name of this run.

    `base_path` is the path of the base URL, with which every target begins.
    """

    def __init__(self, ledger: Ledger, mark: str, *, loopback: bool, base_path: str = "") -> None:
        self._ledger = ledger
        self._mark = mark
        self._loopback = loopback
        self._base_path = base_path

    def check(self, method: str, target: str, body: Any = None) -> None:
        """Raise GuardError if the request creates what the ledger does not list, or if it deletes (or might
        delete) what this run did not make. `body` is the JSON of the request."""
        if not target.startswith(f"{self._base_path}/"):
            raise GuardError(f"{method} {target}: is outside the path {self._base_path} of the base URL.")
        path, _, query = target.removeprefix(self._base_path).partition("?")
        # Whatever the method: a service may delete upon one that ought to be harmless.
        roaming = _ROAMING.fullmatch(path)
        if roaming:
            self._check_roaming(roaming, query, method, target)
        elif "message/roaming" in _decoded(path):
            raise GuardError(
                f"{method} {path}: looks like a deletion of roaming messages in an unknown form."
            )
        elif method == "DELETE":
            removal = _REMOVAL.fullmatch(path)
            if not removal or query:
                raise GuardError(f"{method} {target}: it is not a removal in a form that this run uses.")
            kind = BY_COLLECTION[removal["collection"]].kind
            self._require(self._app(removal), kind, _decoded(removal["name"]), method, target)
        elif method == "POST" and (creation := _CREATION.fullmatch(path)):
            resource = BY_COLLECTION[creation["collection"]]
            self._check_creation(self._app(creation), resource, body, method, target)

    def _check_creation(self, app: AppKey, resource: Resource, body: Any, method: str, target: str) -> None:
        for name in resource.names(body):
            # The mark tells a later cleanup whose it is; the ledger tells it where to look.
            listed = isinstance(name, str) and self._ledger.lists(LedgerEntry(app, resource.kind, name))
            if not listed or not self._is_of_this_run(app, name):
                raise GuardError(
                    f"{method} {target}: creates the {resource.kind} {name!r}, which is not in the "
                    "ledger of this run; nothing could remove it."
                )

    def _is_of_this_run(self, app: AppKey, name: str) -> bool:
        """Whether the name carries the mark; or is the ID of a group of this run, which the service gave to
        nobody else; or has one character, which only a target on this machine is asked for."""
        one_character = self._loopback and len(name) == 1
        return (
            carries(name, self._mark)
            or one_character
            or any(self._ledger.may_be_named(LedgerEntry(app, kind, name)) for kind in ("group", "room"))
        )

    def _check_roaming(self, match: re.Match[str], query: str, method: str, target: str) -> None:
        app = self._app(match)
        owner = _decoded(match["owner"] if match["owner"] is not None else match["cleared"])
        if not owner.strip(".") and not self._loopback:
            raise GuardError(f"{method} {target}: an empty owner, or one of dots only, is never sent.")
        self._require(app, "user", owner, method, target)
        for pair in query.split("&"):
            name, _, value = pair.partition("=")
            name, value = _decoded(name), _decoded(value.replace("+", " "))
            if name == "userId" and value:
                self._require(app, "user", value, method, target)
            elif name == "groupId" and value:
                self._require_group(app, value, method, target)

    def _require_group(self, app: AppKey, name: str, method: str, target: str) -> None:
        if not (self._known(app, "group", name) or self._known(app, "room", name)):
            raise GuardError(
                f"{method} {target}: is about the group {name!r}, which this run did not create."
            )

    def _require(self, app: AppKey, kind: Kind, name: str, method: str, target: str) -> None:
        if not self._known(app, kind, name):
            raise GuardError(
                f"{method} {target}: is about the {kind} {name!r}, which this run did not create."
            )

    def _known(self, app: AppKey, kind: Kind, name: str) -> bool:
        # An app that carries the mark, or whose org does, does not exist: nothing can be deleted in it.
        return any(each.startswith(self._mark) for each in (app.org, app.app)) or self._ledger.may_be_named(
            LedgerEntry(app, kind, name)
        )

    @staticmethod
    def _app(match: re.Match[str]) -> AppKey:
        return AppKey(_decoded(match["org"]), _decoded(match["app"]))


def _decoded(text: str) -> str:
    return unquote_to_bytes(text).decode("utf-8", "surrogateescape")
