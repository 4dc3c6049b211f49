"""What the documentation says of a call, read from what stands on the wire."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import unquote_plus

from roamspec.api.deletions import Query
from roamspec.contract.limits import most_message_ids
from roamspec.contract.operations import Operation, slug_of
from roamspec.suite.error_assertions import no_server_error

MISSING: Final = tuple(f"missing.{name}" for name in ("user-id", "group-id", "msg-id-list", "del-time"))
_LONGEST: Final = 2**63
_METHODS: Final = ("GET", "POST", "PUT", "DELETE", "PATCH")
"""Other methods that are tried: those of plain HTTP interfaces. OPTIONS may well be served."""

NAMES: Final = (
    "request.documented-url-served",
    "request.resource-parameter-tolerated",
    "effect.unknown-id-no-server-error",
    "limit.fifty-one-refused",
    "method.other-methods-refused",
    *(f"{name}-{what}" for name in MISSING for what in ("refused", "client-error")),
    *(
        f"value.{name}-{what}"
        for what in ("harmless", "no-server-error")
        for name in (
            "empty-msg-id-list",
            "empty-item-in-list",
            "message-id-not-a-number",
            "message-id-huge",
            "empty-del-time",
            "del-time-not-a-number",
            "del-time-negative",
            "del-time-fraction",
            "del-time-huge",
            "is-notify-unknown",
            "is-notify-empty",
        )
    ),
)
"""Every requirement that the response to a call may refute, without the operation."""
EFFECTS: Final = (
    "limit.fifty-one-deletes-nothing",
    "method.other-methods-delete-nothing",
    "effect.unknown-id-harmless",
    *(f"{name}-deletes-nothing" for name in MISSING),
)
"""And what else a call may refute by taking along what it does not name."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """The requirement that the response to a call may refute, and whether the call must be rejected.

    `sound` says whether the call keeps the contract; an unsound one that need not be rejected may be
    answered with success, which says nothing against the service. Of a call that is unsound in `several`
    ways, nobody knows which of them a server error answers.
    """

    requirement: str
    must_be_refused: bool = False
    sound: bool = False
    several: bool = False

    @property
    def answered(self) -> str:
        """The requirement that a server error refutes."""
        if self.requirement.startswith("missing."):
            return f"{self.requirement.removesuffix('refused')}client-error"
        harmless = self.requirement.endswith("-harmless")
        return no_server_error(self.requirement) if harmless else self.requirement

    @property
    def effect(self) -> str:
        """The requirement that the call refutes by taking along what it does not name."""
        if self.must_be_refused:
            verb = "delete-nothing" if self.requirement.startswith("method.") else "deletes-nothing"
            return f"{self.requirement.removesuffix('refused')}{verb}"
        return "" if self.sound else self.requirement


def is_tried(operation: Operation, method: str) -> bool:
    """Not POST where the vendor's table of rate limits lists it for a deletion by time: it may be served,
    with its effect."""
    by_time = any(parameter.name == "delTime" for parameter in operation.parameters)
    return method == operation.method or (method in _METHODS and not (by_time and method == "POST"))


def expectation_of(operation: Operation, method: str, query: Query) -> Expectation:
    """`query` holds names and values as they stand in the URL, still escaped."""
    if method != operation.method:
        return Expectation("method.other-methods-refused", must_be_refused=True)
    values: dict[str, list[str]] = {}
    for name, value in query:
        values.setdefault(unquote_plus(name), []).append(unquote_plus(value))
    wanted = [parameter for parameter in operation.parameters if parameter.location == "query"]
    named = {parameter.name for parameter in wanted}
    flaws = [
        Expectation(f"missing.{slug_of(parameter.name)}-refused", must_be_refused=True)
        for parameter in wanted
        if parameter.required and parameter.name not in values
    ]
    for read, name, default in (
        (_ids, "msgIdList", ""),
        (_time, "delTime", ""),
        (_notify, "isNotify", "true"),
    ):
        given = values.get(name, [default] if default else [])
        found = read(given) if name in named and given else None
        flaws += [found] if found else []
    if values.keys() - named:
        flaws.append(Expectation("request.resource-parameter-tolerated"))
    if flaws:
        return replace(flaws[0], several=flaws[0].several or len(flaws) > 1)
    name = "effect.unknown-id-harmless" if "msgIdList" in named else "request.documented-url-served"
    return Expectation(name, sound=True)


def _ids(values: Sequence[str]) -> Expectation | None:
    items = ",".join(values).split(",")
    if len({item for item in items if item}) > most_message_ids():
        return Expectation("limit.fifty-one-refused", must_be_refused=True)
    if items == [""]:
        return Expectation("value.empty-msg-id-list-harmless")
    if "" in items:
        return Expectation("value.empty-item-in-list-harmless")
    if not all(item.isascii() and item.isdigit() for item in items):
        return Expectation("value.message-id-not-a-number-harmless")
    if any(int(item) >= _LONGEST for item in items):
        return Expectation("value.message-id-huge-harmless")
    return None


def _time(values: Sequence[str]) -> Expectation | None:
    if len(values) > 1:
        return Expectation("value.del-time-not-a-number-harmless")
    text = values[0]
    if not text:
        return Expectation("value.empty-del-time-harmless")
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()):
        whole, dot, rest = digits.partition(".")
        fraction = dot and (whole + rest).isascii() and (whole + rest).isdigit()
        return Expectation(f"value.del-time-{'fraction' if fraction else 'not-a-number'}-harmless")
    negative = text.startswith("-")
    if len(digits) > 19 or int(digits) >= _LONGEST + negative:
        return Expectation("value.del-time-huge-harmless", several=negative)
    return Expectation("value.del-time-negative-harmless") if negative else None


def _notify(values: Sequence[str]) -> Expectation | None:
    if values in (["true"], ["false"]):
        return None
    return Expectation(f"value.is-notify-{'empty' if values == [''] else 'unknown'}-harmless")
