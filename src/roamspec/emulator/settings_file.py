"""Settings from a file: JSON, TOML or YAML, by its ending."""

import json
import tomllib
from pathlib import Path
from typing import Any

from roamspec.errors import ConfigurationError


def read_settings(path: Path) -> dict[str, Any]:
    """One mapping of setting names to values; ConfigurationError names the file and what is wrong."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise ConfigurationError(f"cannot read the settings file {path}: {reason}.") from error
    try:
        value = _parsed(path.suffix.lower(), text)
    except ValueError as error:
        raise ConfigurationError(f"the settings file {path} cannot be parsed: {error}.") from error
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise ConfigurationError(
            f"the settings file {path} must contain one mapping of setting names to values."
        )
    return value


def _parsed(suffix: str, text: str) -> Any:
    if suffix == ".json":
        return json.loads(text)
    if suffix == ".toml":
        return tomllib.loads(text)
    import yaml

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(" ".join(str(error).split())) from error
