"""The target options, and which of their three sources wins: command line, environment, `roamspec.toml`."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from roamspec.config.ready_file import ReadyFile, read_ready_file
from roamspec.config.toml_file import read_toml
from roamspec.errors import ConfigurationError
from roamspec.language.choice import KEY as LANGUAGE_KEY
from roamspec.spelling import nearest

Kind = Literal["text", "texts", "flag", "number"]


@dataclass(frozen=True, slots=True)
class TargetOption:
    """One option: `name` as the key of the file and, after `--`, on the command line."""

    name: str
    kind: Kind
    metavar: str
    help: str

    @property
    def variable(self) -> str:
        """The environment variable of the same meaning."""
        return "ROAMSPEC_" + self.name.upper().replace("-", "_")

    @property
    def attribute(self) -> str:
        """Its name in the mapping of command-line options."""
        return self.name.replace("-", "_")


OPTIONS: Final[Mapping[str, TargetOption]] = {
    option.name: option
    for option in (
        TargetOption("base-url", "text", "URL", "a running service; without it the embedded emulator"),
        TargetOption(
            "ready-file",
            "text",
            "FILE",
            "all addresses, apps and credentials from the file of `roamspec emulate --ready-file`",
        ),
        TargetOption("org", "text", "ORG", "organisation of the App Key under test"),
        TargetOption("app", "text", "APP", "app of the App Key under test"),
        TargetOption("neighbour-app", "text", "ORG/APP", "a second app, for tenancy checks"),
        TargetOption("closed-app", "text", "ORG/APP", "an app with message roaming disabled"),
        TargetOption("observer-url", "text", "URL", "the address of an observer of online devices"),
        TargetOption(
            "confirm-app",
            "texts",
            "ORG#APP",
            "an app that the run may write to, once per app; required unless the target is on this machine",
        ),
        TargetOption("rate", "number", "N", "calls per second at most to each operation"),
        TargetOption("deadline", "number", "S", "seconds to wait for a complete response (default: 15)"),
        TargetOption(
            "ca-file",
            "text",
            "FILE",
            "the certificate authorities (PEM) to trust, instead of the default ones",
        ),
        TargetOption("client-cert", "text", "FILE", "the client certificate (PEM)"),
        TargetOption("client-key", "text", "FILE", "its key (PEM), if it is not in the certificate's file"),
        TargetOption("ignore-proxy", "flag", "", "call directly, ignoring HTTPS_PROXY and HTTP_PROXY"),
        TargetOption("allow-burst", "flag", "", "the run may exceed the documented rates for a moment"),
        TargetOption("exclusive", "flag", "", "nobody else calls this app during the run"),
        TargetOption(
            "require",
            "texts",
            "CAPABILITY",
            "end with 3 unless the target supports this, such as devices, lists or import; may be repeated",
        ),
    )
}

RUN_OPTIONS: Final[Mapping[str, TargetOption]] = {
    option.name: option
    for option in (
        TargetOption(
            "shard", "text", "I/N", "run part I of N on this machine; `roamspec merge` gives the verdict"
        ),
        TargetOption(
            "durations",
            "text",
            "REPORT",
            "with --shard: divide by the durations in an earlier report.json or event log",
        ),
    )
}
"""What a run takes besides, from the same three sources."""
_EVERY: Final = {**OPTIONS, **RUN_OPTIONS}

_TRUE: Final = ("1", "true", "yes", "on")
_FALSE: Final = ("0", "false", "no", "off")


@dataclass(frozen=True, slots=True)
class GivenValue:
    """A value and where it stands, as a person would look for it; a lower `rank` wins."""

    value: Any
    where: str
    rank: float


class OptionSources:
    """The three sources, asked in order of precedence.

    A ready file that one of them names stands before that source; before it stands the command line alone, or
    what wins over the source.
    """

    def __init__(self, options: Mapping[str, Any], environ: Mapping[str, str], file: Path | None) -> None:
        self._options = options
        self._environ = environ
        self._file = file
        self._keys = read_toml(file, (*_EVERY, LANGUAGE_KEY))
        reject_misspelt(environ)
        self._ready: ReadyFile | None = None
        self._ready_where, self._ready_rank = "", 0.0
        self._take_ready_file()

    def _take_ready_file(self) -> None:
        named, address = self.text("ready-file"), self.text("base-url")
        # Who says where the target is says it more closely than a file of a farther source.
        if named is None or (address and address.rank < named.rank):
            return
        ready = read_ready_file(Path(named.value), where=named.where)
        if address and address.rank == named.rank == 0 and address.value != ready.options["base-url"]:
            raise ConfigurationError(
                f"{address.where} says {address.value}, and {named.where} {named.value} says "
                f"{ready.options['base-url']}; leave one of them out."
            )
        self._ready = ready
        self._ready_where, self._ready_rank = f"{named.where} {named.value}", max(named.rank, 1) - 0.5

    @property
    def credentials(self) -> Mapping[str, str]:
        """The variables to read credentials from."""
        return self._ready.environ(self._environ) if self._ready else self._environ

    def text(self, name: str) -> GivenValue | None:
        """An option of kind `text`, without white space around it."""
        return next(self._given(_EVERY[name]), None)

    def texts(self, name: str) -> Sequence[GivenValue]:
        """Every value of an option of kind `texts`, all from the source that wins."""
        given = next(self._given(_EVERY[name]), None)
        return [GivenValue(text, given.where, given.rank) for text in given.value] if given else []

    def flag(self, name: str) -> bool:
        """Whether an option without a value is switched on, by the first source that has it."""
        given = next(self._given(_EVERY[name]), None)
        return bool(given and given.value)

    def number(self, name: str) -> float | None:
        """A finite number above zero."""
        given = next(self._given(_EVERY[name]), None)
        if given is None:
            return None
        if not (math.isfinite(given.value) and given.value > 0):
            raise ConfigurationError(f"{given.where}: {given.value:g} is not valid; give a number above 0.")
        return float(given.value)

    def _given(self, option: TargetOption) -> Iterator[GivenValue]:
        if self._ready is None or option.name not in self._ready.options:
            return self._of_sources(option)
        value = self._ready.options[option.name]
        ready = GivenValue(value, f"{self._ready_where}: {option.attribute}", self._ready_rank)
        return iter(sorted([*self._of_sources(option), ready], key=lambda given: given.rank))

    def _of_sources(self, option: TargetOption) -> Iterator[GivenValue]:
        written = self._options.get(option.attribute)
        # A flag that is not on the command line is False there, and an option that may be repeated is empty.
        if not (written is None or written is False or written == []):
            yield GivenValue(_from_text(option, written, f"--{option.name}"), f"--{option.name}", 0)
        variable = self._environ.get(option.variable)
        if variable is not None and (variable.strip() or option.name == "base-url"):
            yield GivenValue(_from_text(option, variable, option.variable), option.variable, 1)
        if option.name in self._keys:
            where = f"{self._file}: {option.name}"
            yield GivenValue(_from_key(option, self._keys[option.name], where), where, 2)


def _from_text(option: TargetOption, written: Any, where: str) -> Any:
    if option.kind == "text":
        return str(written).strip()
    if option.kind == "texts":
        parts = [written] if isinstance(written, str) else written
        return [text for part in parts for text in part.replace(",", " ").split()]
    if option.kind == "number":
        try:
            return float(written)
        except ValueError:
            raise ConfigurationError(f"{where}: {written!r} is not a number.") from None
    word = str(written).strip().lower()
    if word not in _TRUE + _FALSE:
        raise ConfigurationError(f"{where}: {written!r} is neither yes nor no; write true or false.")
    return word in _TRUE


def _from_key(option: TargetOption, value: Any, where: str) -> Any:
    match option.kind, value:
        case "text", str():
            return value.strip()
        case "texts", str():
            return [value]
        case "texts", list() if all(isinstance(item, str) for item in value):
            return value
        case "flag", bool():
            return value
        case "number", int() | float() if not isinstance(value, bool):
            return float(value)
    wanted = {
        "text": "text in quotes",
        "texts": "a list of texts",
        "flag": "true or false",
        "number": "a number",
    }
    raise ConfigurationError(f"{where}: {value!r} is not valid; write {wanted[option.kind]}.")


def reject_misspelt(environ: Mapping[str, str]) -> None:
    """ConfigurationError for a variable that is nearly one of ours.

    Overlooked, `ROAMSPEC_BASEURL` would give the verdict on the emulator for one on a service.
    """
    suffixes = {option.variable.removeprefix("ROAMSPEC_") for option in _EVERY.values()}
    for variable in sorted(environ):
        suffix = variable.removeprefix("ROAMSPEC_")
        if suffix == variable or suffix in suffixes:
            continue
        found = nearest(suffix, suffixes, cutoff=0.85)
        if found:
            raise ConfigurationError(f"{variable} is not known; did you mean ROAMSPEC_{found}?")
