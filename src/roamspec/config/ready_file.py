"""The file in which `roamspec emulate --ready-file` says where it listens, and with which credentials."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from roamspec.config.credentials import CredentialVariables
from roamspec.errors import ConfigurationError

_OPTIONS: Final = ("base-url", "org", "app", "neighbour-app", "closed-app", "observer-url")
_NEEDED: Final = ("base_url", "org", "app", "client_id", "client_secret")


@dataclass(frozen=True, slots=True)
class ReadyFile:
    """`options` are the target options that the file decides, by name."""

    options: Mapping[str, str]
    client_id: str
    client_secret: str

    def environ(self, outer: Mapping[str, str]) -> dict[str, str]:
        """`outer` with the credentials of the file, which open all of its apps, instead of its own."""
        every = [CredentialVariables.of(app) for app in ("", "neighbour", "closed")]
        foreign = {name for one in every for name in (one.client_id, one.client_secret, one.app_token)}
        main = every[0]
        kept = {name: value for name, value in outer.items() if name not in foreign}
        return kept | {main.client_id: self.client_id, main.client_secret: self.client_secret}


def read_ready_file(path: Path, *, where: str) -> ReadyFile:
    """ConfigurationError, which names `where` the file was given, for one that cannot be used."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(
            f"{where}: {path} cannot be read ({error.strerror}); `roamspec emulate --ready-file {path}` "
            "writes it."
        ) from error
    except ValueError as error:
        raise ConfigurationError(f"{where}: {path} does not hold JSON; {_WRITE_AGAIN}") from error
    values: dict[str, Any] = content if isinstance(content, dict) else {}
    wrong = [name for name in _NEEDED if not isinstance(values.get(name), str) or not values[name]]
    if wrong:
        raise ConfigurationError(f"{where}: {path} does not say {', '.join(wrong)}; {_WRITE_AGAIN}")
    given = {name: values.get(name.replace("-", "_")) for name in _OPTIONS}
    options = {name: value for name, value in given.items() if isinstance(value, str) and value}
    return ReadyFile(options, values["client_id"], values["client_secret"])


_WRITE_AGAIN: Final = "name a file that `roamspec emulate --ready-file` has written."
