"""Requests to the five operations, built from the contract: no URL is written anywhere else."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from roamspec.appkey import AppKey
from roamspec.contract.operations import Operation
from roamspec.transport.http_messages import JSON_HEADERS, Request, segment

Query = Sequence[tuple[str, str]]


def deletion(
    operation: Operation,
    app: AppKey,
    owner: str,
    query: Query = (),
    *,
    token: str | None,
    method: str | None = None,
    headers: Mapping[str, str] = JSON_HEADERS,
    raw: bool = False,
    patient: bool = True,
    json: Any = None,
    owner_in_path: str = "",
) -> Request:
    """One call of `operation` for `owner`; `raw` sends the query values exactly as they are given.

    `owner_in_path` is how the owner stands in the path, if not as `segment` escapes it.

    `method` overrides the documented one (for checks of other methods), and `json` is a body, which the
    document has none of.
    """
    path = operation.path
    for name, value in (("org_name", app.org), ("app_name", app.app)):
        path = path.replace(f"{{{name}}}", segment(value))
    path = path.replace("{userId}", owner_in_path or segment(owner))
    pairs = (f"{name}={value if raw else escaped(value)}" for name, value in query)
    text = "&".join(pairs)
    return Request(
        method=method or operation.method,
        target=f"{path}?{text}" if text else path,
        bucket=operation.name,
        token=token,
        headers=headers,
        retried=patient,
        json=json,
    )


def needlessly_encoded(name: str) -> str:
    """A name as it may stand in a path, with its last character percent-encoded although it need not be."""
    encoded = "".join(f"%{byte:02X}" for byte in name[-1:].encode())
    return segment(name[:-1]) + encoded


def escaped(value: str) -> str:
    """A query value with everything escaped but the commas that separate IDs."""
    return ",".join(segment(part) for part in value.split(","))


def id_list(identifiers: Iterable[str]) -> str:
    """Message IDs as the documentation writes them: separated by commas."""
    return ",".join(identifiers)
