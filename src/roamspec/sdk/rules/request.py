"""Method, path and parameters against the contract."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

from roamspec.sdk.addresses import allowed_parameters, meant_address, owner_of
from roamspec.sdk.calls import ObservedCall, decoded
from roamspec.sdk.contracted import contract
from roamspec.sdk.finding import ClientFinding, IntendedValues, finding_about
from roamspec.shortening import shortened

_IDS: Final = re.compile(r"[0-9]+(,[0-9]+)*")


def method_and_path(call: ObservedCall) -> Iterable[ClientFinding]:
    """Also of calls that are none of the five, but look as if they were meant to be one."""
    name = "client-request.method-and-path"
    if call.deletion:
        yield finding_about(call, name)
        return
    address = meant_address(call)
    if address is not None:
        yield finding_about(
            call,
            name,
            operation=address.operation,
            wrong=f"{call.method} {call.below_app}, answered with {call.status}",
            expected=f"{address.method} /{{org}}/{{app}}{address.template}",
            hint="A slash inside an ID must be escaped." if call.below_app.count("/") > 8 else "",
        )


def required_parameters(call: ObservedCall, _meant: IntendedValues) -> Iterable[ClientFinding]:
    """Each required query parameter has a value."""
    operation = contract().operations[call.deletion]
    required = [p.name for p in operation.parameters if p.location == "query" and p.required]
    if required:
        sent = {pair.key for pair in call.query if pair.value.strip()}
        missing = [name for name in required if name not in sent]
        yield finding_about(
            call,
            "client-request.required-parameters",
            wrong=f"no value for {' and '.join(missing)}" if missing else "",
            expected=f"a value for each of {', '.join(required)}",
        )


def each_parameter_once(call: ObservedCall, _meant: IntendedValues) -> Iterable[ClientFinding]:
    """No documented parameter stands twice in the query."""
    if not call.query:
        return
    counts = Counter(pair.key for pair in call.query)
    twice = [key for key, number in counts.items() if number > 1 and key in allowed_parameters(call)]
    if call.deletion != "clearUser":
        yield finding_about(
            call,
            "client-request.each-parameter-once",
            wrong=f"{', '.join(twice)} more than once" if twice else "",
            expected="each parameter once",
        )


def ids_separated_by_commas(call: ObservedCall, _meant: IntendedValues) -> Iterable[ClientFinding]:
    """`msgIdList` is one list of numbers with commas between them."""
    values = [pair.value for pair in call.values("msgIdList")]
    if values and any(value.strip() for value in values):
        wrong = len(values) > 1 or not _IDS.fullmatch(values[0])
        shown = " and ".join(f"msgIdList={_short(value)}" for value in values)
        yield finding_about(
            call,
            "client-request.ids-separated-by-commas",
            wrong=shown if wrong else "",
            expected="one msgIdList such as 1623011,1623012",
        )


def owner_is_not_the_peer(call: ObservedCall, _meant: IntendedValues) -> Iterable[ClientFinding]:
    """The documentation's URL has the same placeholder twice; filled in literally, the owner is the own
    peer."""
    owner, peers = owner_of(call), call.values("userId")
    if owner and peers and "chat" in call.deletion.lower():
        same = decoded(owner, plus=False) == peers[0].value
        yield finding_about(
            call,
            "client-request.owner-is-not-the-peer",
            wrong=f"{peers[0].value!r} in the path and in the query" if same else "",
            expected="the owner in the path, the peer in the query",
            hint="The URL in the documentation contains {userId} twice, for two different users.",
        )


def _short(text: str, most: int = 60) -> str:
    return shortened(text, most)
