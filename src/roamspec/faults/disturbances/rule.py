"""One disturbance and when it applies, as the command line and the control API say it."""

import difflib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from roamspec.errors import ConfigurationError
from roamspec.seeds import SEED_MAX

KINDS: Final[Mapping[str, str]] = {
    "latency": "The response is `ms` milliseconds later; with `jitter` up to twice as much.",
    "429": "The rate limit is exceeded; with `retry_after` the header Retry-After has that number of "
    "seconds.",
    "401": "The token is rejected as expired, although it has not expired. Happens once, unless `count` "
    "says otherwise.",
    "500": "An internal server error; the call has no effect.",
    "502": "A gateway error; the call does not reach the service.",
    "503": "The service is unavailable; the call has no effect.",
    "reset": "The connection is reset; the call has no effect.",
    "lost-answer": "The call takes effect, and the connection is reset before the response is sent.",
    "truncated": "The call takes effect; the second half of the response body never arrives.",
    "wrong-length": "The call takes effect; Content-Length announces `bytes` more than are sent.",
    "slow-body": "The call takes effect; the body is sent in small pieces over `ms` milliseconds.",
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
        """The rule as the control API shows and reads it."""
        return asdict(self)


_DEFAULTS: Final = DisturbanceRule("latency").as_dict()


def read_rule(entry: object, *, where: str) -> DisturbanceRule:
    """From a JSON object; ConfigurationError names what is wrong with it."""
    if not isinstance(entry, dict) or not isinstance(entry.get("kind"), str):
        raise ConfigurationError(f"{where}: each must be an object with a kind: {', '.join(KINDS)}.")
    kind = entry["kind"]
    if kind not in KINDS:
        raise ConfigurationError(f"{where}: there is no disturbance {kind!r}; {_hint(kind, KINDS)}")
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
            raise ConfigurationError(f"{where}: {pair!r} has no value; write NAME=VALUE.")
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
        raise ConfigurationError(f"{where}: {key} cannot be {value!r}; it must be {wanted}.")


def _hint(word: str, known: Mapping[str, object]) -> str:
    near = difflib.get_close_matches(word, known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"there is {', '.join(known)}."
