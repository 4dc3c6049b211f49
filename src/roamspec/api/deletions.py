"""Requests to the five operations, built from the contract: no URL is written anywhere else."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypedDict, Unpack

from roamspec.appkey import AppKey
from roamspec.contract.operations import Operation
from roamspec.transport.http_messages import JSON_HEADERS, Request, segment

Query = Sequence[tuple[str, str]]


class CallForm(TypedDict, total=False):
    """How a call is written, where not as the documentation writes it."""

    method: str | None
    """Another HTTP method than the documented one."""
    headers: Mapping[str, str]
    """All headers but those of the HTTP client; JSON_HEADERS unless given."""
    raw: bool
    """Whether query values are sent exactly as they are given, and not percent-encoded."""
    patient: bool
    """Whether a call that is rejected for its rate is repeated after a pause, as `Request.retried` says; true
    unless given."""
    json: Any
    """A body; the documentation has none."""
    owner_in_path: str
    """The owner as it stands in the path; percent-encoded by `segment` unless given."""


def deletion(
    operation: Operation,
    app: AppKey,
    owner: str,
    query: Query = (),
    *,
    token: str | None,
    **form: Unpack[CallForm],
) -> Request:
    """One call of `operation` for `owner`, as the documentation writes it or in another `form`.

    `token` is the Bearer token; None for a call without one.
    """
    path = operation.path
    for name, value in (("org_name", app.org), ("app_name", app.app)):
        path = path.replace(f"{{{name}}}", segment(value))
    path = path.replace("{userId}", form.get("owner_in_path") or segment(owner))
    raw = form.get("raw", False)
    text = "&".join(f"{name}={value if raw else escaped(value)}" for name, value in query)
    return Request(
        method=form.get("method") or operation.method,
        target=f"{path}?{text}" if text else path,
        bucket=operation.name,
        token=token,
        headers=form.get("headers", JSON_HEADERS),
        retried=form.get("patient", True),
        json=form.get("json"),
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
