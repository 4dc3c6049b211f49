"""How a call is written down: what it names, and whether it was one that the documentation describes."""

from collections.abc import Sequence
from http import HTTPStatus

from roamspec.api.deletions import Query
from roamspec.appkey import AppKey
from roamspec.contract.limits import most_message_ids
from roamspec.contract.operations import Operation
from roamspec.transport.http_messages import Response
from roamspec.world.facts import Call, Facts, Outcome, Place

DIGITS = 13
"""A time in milliseconds has so many digits in our days."""
SERVER_FAILED = HTTPStatus.INTERNAL_SERVER_ERROR
"""The service itself says that the request failed. What a gateway answers for it (502 to 504) says nothing of
what has become of the request."""
_CONVERSATIONS = ("userId", "groupId")
_PLAIN_NOTIFY = (None, "true", "false")


def record(
    facts: Facts,
    operation: Operation,
    app: AppKey,
    owner: str,
    query: Query,
    answer: Response,
    *,
    usual: bool,
) -> None:
    """Write a call down; `query` without percent-escapes. It was `usual` if it was made with the documented
    method, headers and token."""
    values = dict(query)
    wanted = {p.name for p in operation.parameters if p.location == "query" and p.required}
    allowed = {*wanted, "isNotify"} if wanted else set()
    once = len(values) == len(query)
    plain = usual and once and wanted <= set(values) <= allowed and values.get("isNotify") in _PLAIN_NOTIFY
    where = next((values[name] for name in _CONVERSATIONS if name in wanted and values.get(name)), "")
    ids = tuple(values["msgIdList"].split(",")) if "msgIdList" in wanted and "msgIdList" in values else None
    until = values.get("delTime", "") if "delTime" in wanted else ""
    if "msgIdList" in wanted:
        plain = plain and ids is not None and _are_plain(ids)
    is_time = until.isdecimal() and len(until) == DIGITS
    if "delTime" in wanted:
        plain = plain and is_time
    place = None
    if where:
        in_group = "groupId" in wanted
        place = Place(app, frozenset() if in_group else frozenset((owner, where)), where if in_group else "")
    facts.calls.append(
        Call(
            facts.number(),
            operation.name,
            app,
            owner,
            place,
            # Of a parameter that is there twice, nobody knows which counts.
            ids if once else None,
            int(until) if is_time and once else None,
            values.get("isNotify"),
            _outcome(answer, plain=plain),
            answer,
        )
    )


def _are_plain(ids: Sequence[str]) -> bool:
    return (
        1 <= len(ids) <= most_message_ids()
        and len(set(ids)) == len(ids)
        and all(len(each) > 1 for each in ids)
    )


def _outcome(answer: Response, *, plain: bool) -> Outcome:
    if answer.rejected or answer.status == SERVER_FAILED:
        return "refused"
    return "done" if answer.ok and plain else "perhaps"
