"""`roamspec.toml`: the target options that may stand in a file, which credentials may not."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from roamspec.errors import ConfigurationError
from roamspec.spelling import did_you_mean

FILE_NAME = "roamspec.toml"

_CREDENTIAL_WORDS = ("client-id", "secret", "token", "password", "credential")


def read_toml(path: Path | None, known: Collection[str]) -> Mapping[str, Any]:
    """The file's keys, hyphens for underscores; empty without a file.

    ConfigurationError when the file cannot be read, is no TOML, or has a key that is not in `known`.
    """
    if path is None:
        return {}
    # Every pytest run of everybody who has roamspec loads this module, and few of them read a file.
    import tomllib

    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path} is not UTF-8 (byte {error.start}); save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path} is not valid TOML: {error}.") from error
    found: dict[str, Any] = {}
    for written, value in content.items():
        key = written.replace("_", "-")
        if any(word in key.lower() for word in _CREDENTIAL_WORDS):
            raise ConfigurationError(
                f"{path}: {written!r}: credentials are only read from the environment; remove the key and "
                "set ROAMSPEC_CLIENT_ID and ROAMSPEC_CLIENT_SECRET."
            )
        if key not in known:
            raise ConfigurationError(f"{path}: the key {written!r} is not known; {did_you_mean(key, known)}")
        if key in found:
            raise ConfigurationError(f"{path}: the key {key!r} is given twice; keep one spelling.")
        found[key] = value
    return found
