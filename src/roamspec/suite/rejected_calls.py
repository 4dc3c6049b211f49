"""Which requirement says that a rejected call notifies nobody: it depends on why the call is rejected."""

from typing import Final
from urllib.parse import parse_qsl, urlsplit

from roamspec.contract.operations import Operation, slug_of
from roamspec.world.facts import Call

UNAUTHORIZED: Final = 401
TOO_MANY_IDS: Final = "limit.fifty-one-notifies-nobody"
NO_TOKEN: Final = "auth.refusal-notifies-nobody"  # noqa: S105 - the name of a requirement
NOTIFIES_NOBODY: Final = (
    TOO_MANY_IDS,
    NO_TOKEN,
    *(f"missing.{slug}-notifies-nobody" for slug in ("user-id", "group-id", "msg-id-list", "del-time")),
)
"""All that `notifies_nobody` may give."""


def notifies_nobody(operation: Operation, call: Call) -> str:
    """The requirement, without its operation, that a notification of the rejected `call` refutes; empty where
    none says why the call must be rejected."""
    if call.answer.status == UNAUTHORIZED:
        return NO_TOKEN
    if operation.most_ids is not None and len(call.ids or ()) > operation.most_ids:
        return TOO_MANY_IDS
    given = {name for name, _ in parse_qsl(urlsplit(call.answer.exchange.url).query, keep_blank_values=True)}
    required = [each.name for each in operation.parameters if each.location == "query" and each.required]
    lacking = next((name for name in required if name not in given), "")
    return f"missing.{slug_of(lacking)}-notifies-nobody" if lacking else ""
