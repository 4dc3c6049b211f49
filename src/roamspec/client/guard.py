"""The last look at a request: a deletion names only what this run made.

The guard reads the bytes of the request target, not the intention behind them. Whatever looks like a
deletion and cannot be understood is refused.
"""

import re
from urllib.parse import unquote_to_bytes

from roamspec.appkey import AppKey
from roamspec.client.ledger import Entry, Kind, Ledger
from roamspec.errors import GuardError

_ROAMING = re.compile(
    r"/(?P<org>[^/]+)/(?P<app>[^/]+)/(?:rest|sdk)/message/roaming/"
    r"(?:(?P<type>chat|group)/user/(?P<owner>[^/]*)(?:/time)?|user/(?P<cleared>[^/]*)/delete/all)"
)
_REMOVAL = re.compile(r"/(?P<org>[^/]+)/(?P<app>[^/]+)/(?P<kind>users|chatgroups|chatrooms)/(?P<name>[^/]+)")
_KINDS: dict[str, Kind] = {"users": "user", "chatgroups": "group", "chatrooms": "room"}


class Guard:
    """Decides on `check` whether a request may leave; `mark` begins every name of this run."""

    def __init__(self, ledger: Ledger, mark: str, *, loopback: bool) -> None:
        self._ledger = ledger
        self._mark = mark
        self._loopback = loopback

    def check(self, method: str, target: str) -> None:
        """Raise GuardError if the request deletes (or might delete) what this run did not make."""
        path, _, query = target.partition("?")
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
                raise GuardError(f"{method} {target}: no removal in a form that this run uses.")
            kind = _KINDS[removal["kind"]]
            self._require(self._app(removal), kind, _decoded(removal["name"]), method, target)

    def _check_roaming(self, match: re.Match[str], query: str, method: str, target: str) -> None:
        app = self._app(match)
        owner = _decoded(match["owner"] if match["owner"] is not None else match["cleared"])
        if not owner.strip(".") and not self._loopback:
            raise GuardError(
                f"{method} {target}: an empty owner, or one of dots only, never leaves this machine."
            )
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
            raise GuardError(f"{method} {target}: names the group {name!r}, which this run did not make.")

    def _require(self, app: AppKey, kind: Kind, name: str, method: str, target: str) -> None:
        if not self._known(app, kind, name):
            raise GuardError(f"{method} {target}: names the {kind} {name!r}, which this run did not make.")

    def _known(self, app: AppKey, kind: Kind, name: str) -> bool:
        # An app that carries the mark, or whose org does, does not exist: nothing can be deleted in it.
        return any(each.startswith(self._mark) for each in (app.org, app.app)) or self._ledger.may_be_named(
            Entry(app, kind, name)
        )

    @staticmethod
    def _app(match: re.Match[str]) -> AppKey:
        return AppKey(_decoded(match["org"]), _decoded(match["app"]))


def _decoded(text: str) -> str:
    return unquote_to_bytes(text).decode("utf-8", "surrogateescape")
