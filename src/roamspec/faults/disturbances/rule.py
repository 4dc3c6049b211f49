"""One nuisance and when it strikes, as the command line and the control API say it."""

import difflib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from roamspec.errors import ConfigurationError
from roamspec.seeds import SEED_MAX

KINDS: Final[Mapping[str, str]] = {
    "latency": "The answer comes `ms` milliseconds later, up to twice as much with `jitter`.",
    "429": "Over the rate; with `retry_after` seconds in the header of that name, without it none.",
    "401": "The token has expired, although it has not. Strikes once unless `count` says otherwise.",
    "500": "An internal server error; nothing is done.",
    "502": "A gateway that reaches nobody; nothing is done.",
    "503": "A service that is not available; nothing is done.",
    "reset": "The connection is reset before anything is done.",
    "lost-answer": "The call is served, and the connection reset before its answer leaves.",
    "truncated": "The call is served; the second half of the answer's body never comes.",
    "wrong-length": "The call is served; Content-Length promises `bytes` more than come.",
    "slow-body": "The call is served; the body dribbles out within `ms` milliseconds.",
}
_ONCE: Final = frozenset(("401",))
_NUMBER_MAX: Final = 600_000


@dataclass(frozen=True, slots=True)
class DisturbanceRule:
    """`on` is a pattern of operation names. Of the calls that it fits, the first `after` are spared; then
    at most `count` are struck (0: no limit), each with `probability`, drawn from `seed`."""

    kind: str
    on: str = "*"
    after: int = 0
    count: int = 0
    probability: float = 1.0
    seed: int = 0
    ms: int = 250
    jitter: bool = False
    retry_after: int = -1
    bytes: int = 10

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


_DEFAULTS: Final = DisturbanceRule("latency").as_dict()


def read_rule(entry: object, *, where: str) -> DisturbanceRule:
    """From a JSON object; ConfigurationError names what is wrong with it."""
    if not isinstance(entry, dict) or not isinstance(entry.get("kind"), str):
        raise ConfigurationError(f"{where}: each must be an object with a kind: {', '.join(KINDS)}.")
    kind = entry["kind"]
    if kind not in KINDS:
        raise ConfigurationError(f"{where}: there is no nuisance {kind!r}; {_hint(kind, KINDS)}")
    values = {key: value for key, value in entry.items() if key != "kind"}
    for key, value in values.items():
        if key not in _DEFAULTS:
            raise ConfigurationError(f"{where}: {kind} has no {key!r}; {_hint(key, _DEFAULTS)}")
        _check(key, value, f"{where}: {kind}")
    if kind in _ONCE:
        values.setdefault("count", 1)
    return DisturbanceRule(kind, **values)


def parse_rule(text: str, *, where: str) -> DisturbanceRule:
    """Read `KIND` or `KIND:NAME=VALUE,...`, such as `429:count=2,retry-after=1`."""
    kind, _, rest = text.partition(":")
    entry: dict[str, Any] = {"kind": kind.strip()}
    for pair in filter(None, rest.split(",")):
        name, equals, value = pair.partition("=")
        name = name.strip().replace("-", "_")
        if not equals:
            raise ConfigurationError(f"{where}: {pair!r} has no value; write it as NAME=VALUE.")
        entry[name] = _value(name, value.strip())
    return read_rule(entry, where=where)


def _value(name: str, text: str) -> object:
    default = _DEFAULTS.get(name)
    if isinstance(default, bool):
        return {"true": True, "false": False}.get(text.lower(), text)
    if isinstance(default, str):
        return text
    try:
        return float(text) if isinstance(default, float) else int(text)
    except ValueError:
        return text


def _check(key: str, value: object, where: str) -> None:
    default = _DEFAULTS[key]
    if isinstance(default, bool):
        fits, wanted = isinstance(value, bool), "true or false"
    elif isinstance(default, str):
        fits, wanted = isinstance(value, str), "a pattern of operation names"
    elif isinstance(default, float):
        fits = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1
        wanted = "a number from 0 to 1"
    else:
        most = SEED_MAX if key == "seed" else _NUMBER_MAX
        fits = type(value) is int and (-1 if key == "retry_after" else 0) <= value <= most
        wanted = f"a whole number up to {most}"
    if not fits:
        raise ConfigurationError(f"{where}: {key} cannot be {value!r}; it takes {wanted}.")


def _hint(word: str, known: Mapping[str, object]) -> str:
    near = difflib.get_close_matches(word, known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"there is {', '.join(known)}."
