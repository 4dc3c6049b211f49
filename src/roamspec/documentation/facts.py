"""What a page says of the operations, as values: nothing here knows what the contract says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Location = Literal["path", "query", "header", ""]


@dataclass(frozen=True, slots=True)
class DocumentedParameter:
    """One row of a table of parameters.

    `name` is that of the table, `key` the one that goes over the wire: a page may call the two differently.
    `type` is the page's word. `required` and `default` are None where the page does not say. `most` is the
    limit of a list. `line` counts from 1.
    """

    name: str
    key: str
    location: Location
    type: str
    required: bool | None
    default: object
    most: int | None
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class DocumentedError:
    """One row of an error table, or one line that names a status and no texts."""

    status: int
    error: str
    description: str
    line: int


@dataclass(frozen=True, slots=True)
class SampleRequest:
    """A curl line: its URL taken apart. `headers` are those that it sends."""

    method: str
    path: str
    keys: tuple[str, ...]
    headers: Mapping[str, str]
    line: int
    last_line: int


@dataclass(frozen=True, slots=True)
class DocumentedOperation:
    """One operation of a page: `path` is the template of its request line, without scheme and host.

    `keys` maps each key of the request line's query to the placeholder of its value. `rate` is in calls per
    second. `fields` are those of the response, with the page's word for their type. `first` and `last` are
    the lines of its section, from 1.
    """

    method: str
    path: str
    keys: Mapping[str, str]
    line: int
    first: int
    last: int
    parameters: tuple[DocumentedParameter, ...] = ()
    rate: int | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    errors: tuple[DocumentedError, ...] = ()
    requests: tuple[SampleRequest, ...] = ()
    responses: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentedPage:
    """The operations of a page, and the fields of responses that it names for all of them."""

    operations: tuple[DocumentedOperation, ...]
    common_fields: Mapping[str, str]
