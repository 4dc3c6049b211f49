"""What the command is notified: addresses and credentials, in its environment and as placeholders."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from roamspec.appkey import AppKey

_NAMES: Final = (
    "base_url", "ws_url", "org", "app", "app_key", "client_id", "client_secret", "app_token",
    "control_url", "observer_url", "scenario", "closed_app", "closed_client_id", "closed_client_secret",
    "closed_app_token",
)  # fmt: skip
SECRET: Final = ("client_secret", "app_token", "closed_client_secret", "closed_app_token")
"""What no report may show."""
_PLACEHOLDER: Final = re.compile("{(" + "|".join(_NAMES) + ")}")
_LOOPBACK: Final = "127.0.0.1,localhost,::1"


def values(
    ready: Mapping[str, Any], app: Mapping[str, Any], closed: Mapping[str, Any], scenario_file: str
) -> dict[str, str]:
    """By the names of the placeholders; `ready` is the emulator's, the apps are its control API's."""
    found = {
        **{name: ready[name] for name in ("base_url", "ws_url", "control_url", "observer_url")},
        **{name: app[name] for name in ("org", "app", "client_id", "client_secret", "app_token")},
        "app_key": str(AppKey(app["org"], app["app"])),
        "scenario": scenario_file,
        "closed_app": AppKey(closed["org"], closed["app"]).path,
        **{f"closed_{name}": closed[name] for name in ("client_id", "client_secret", "app_token")},
    }
    assert set(found) == set(_NAMES)
    return found


def filled(words: Sequence[str], values: Mapping[str, str]) -> list[str]:
    """The arguments with placeholders such as `{base_url}` replaced; other braces stay as they are."""
    return [_PLACEHOLDER.sub(lambda match: values[match[1]], word) for word in words]


def environment(outer: Mapping[str, str], values: Mapping[str, str]) -> dict[str, str]:
    """The command's variables: the outer ones but for roamspec's own, and no proxy before the emulator."""
    kept = {name: value for name, value in outer.items() if not name.startswith("ROAMSPEC_")}
    given = {f"ROAMSPEC_{name.upper()}": value for name, value in values.items()}
    host = urlsplit(values["base_url"]).hostname or ""
    for name in ("no_proxy", "NO_PROXY"):
        direct = _LOOPBACK if host in _LOOPBACK.split(",") else f"{_LOOPBACK},{host}"
        kept[name] = ",".join(filter(None, (kept.get(name, ""), direct)))
    return kept | given
