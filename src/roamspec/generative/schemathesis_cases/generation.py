"""Calls that Schemathesis generates from the contract, with the world's own people put in."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

import hypothesis
import schemathesis
from hypothesis import given
from schemathesis import Case
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode
from schemathesis.schemas import APIOperation

from roamspec.api.deletions import Query
from roamspec.contract.limits import most_message_ids
from roamspec.contract.operations import Contract, Operation
from roamspec.generative.hypothesis_settings import quiet

Generated = Case[Any]

_MODES: Final = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
_NOWHERE: Final = "http://host.invalid"
_LEFT_OUT: Final = ("header", "cookie")
"""Mutated headers are left out: our own checks of authentication and headers stand for them."""


@dataclass(frozen=True, slots=True)
class GeneratedCall:
    """What is to be sent for the owner, and what Schemathesis compares the response with."""

    method: str
    query: Query
    generated: Generated


def covering(
    contract: Contract, operation: Operation, named: Mapping[str, str], usual: Mapping[str, str]
) -> Iterator[GeneratedCall]:
    """The coverage phase: each call that differs from all others on the wire, once.

    `named` are the values that take the place of generated ones: the peer or the group. `usual` ones do where
    the call is about something else: Schemathesis takes the least that a schema allows, which would be a
    second thing to reject.
    """
    schema, api = _loaded(contract, operation)
    config = schema.config.generation_for(operation=api)
    seen: set[tuple[str, str]] = set()
    for case in schema.iter_coverage_cases(operation=api, generation_modes=_MODES, generation_config=config):
        if _concerns_headers(case):
            continue
        tried = _tried_parameter(case)
        call = _call(case, {**{name: usual[name] for name in usual if name != tried}, **named})
        key = (call.method, repr(call.query))
        if key not in seen:
            seen.add(key)
            yield call


def fuzz(
    contract: Contract,
    operation: Operation,
    named: Mapping[str, str],
    act: Callable[[GeneratedCall], None],
    *,
    seed: int,
    examples: int,
) -> None:
    """The fuzzing phase: `examples` calls that keep the contract and as many that do not."""
    _, api = _loaded(contract, operation)
    for mode in _MODES:

        def one(case: Generated) -> None:
            act(_call(case, named))

        test = given(api.as_strategy(generation_mode=mode))(one)
        hypothesis.seed(seed)(quiet(examples)(test))()


def _loaded(contract: Contract, operation: Operation) -> tuple[Any, APIOperation[Any, Any, Any, Any]]:
    # Without one, a `schemathesis.toml` of this folder or one above it would count.
    schema = schemathesis.openapi.from_dict(contract.document, config=SchemathesisConfig())
    return schema, schema[operation.path][operation.method]


def _tried_parameter(case: Generated) -> str | None:
    """The parameter that a covering call is about, if it is about one."""
    name = getattr(case.meta.phase.data, "parameter", None) if case.meta else None
    return name if isinstance(name, str) else None


def _concerns_headers(case: Generated) -> bool:
    data = case.meta.phase.data if case.meta else None
    location = getattr(data, "parameter_location", None)
    return location is not None and str(location.value).lower() in _LEFT_OUT


def _call(case: Generated, named: Mapping[str, str]) -> GeneratedCall:
    pairs = _query(case.as_transport_kwargs(base_url=_NOWHERE))
    return GeneratedCall(
        case.method.upper(), [(name, _put_in(name, value, named)) for name, value in pairs], case
    )


def _put_in(name: str, value: str, named: Mapping[str, str]) -> str:
    if name in named:
        return quote(named[name], safe="")
    items = value.replace("%2C", ",").split(",")
    if name == "msgIdList" and len(items) > most_message_ids():
        # The same ID many times over might count once: the documentation does not say.
        return ",".join(str(number) for number in range(1, len(items) + 1))
    return value


def _query(sent: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The query as Schemathesis would send it, in escaped pairs."""
    params = sent.get("params") or {}
    text = urlsplit(sent["url"]).query
    more = params if isinstance(params, str) else urlencode(params, doseq=True)
    # What is not allowed in a URL is escaped; what is escaped already stays as it is.
    joined = quote("&".join(part for part in (text, more) if part), safe="%&=,+;:@/?!$'()*~-._")
    return [(name, value) for name, _, value in (pair.partition("=") for pair in joined.split("&")) if name]
