"""The emulator of one job: one process for all its fault runs, with fresh apps for each of them."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Final, Self
from uuid import uuid4

from roamspec.appkey import AppKey
from roamspec.config.target_config import AppConfig, Credentials, TargetConfig
from roamspec.errors import SuiteError
from roamspec.selftest.fault_run import Occasion
from roamspec.session.embedded_emulator import EmbeddedEmulator

_TIMEOUT_S: Final = 30


class WarmEmulator:
    """Starts the emulator; `apps` makes what one run of the suite needs, and takes it away again."""

    def __init__(self) -> None:
        self._emulator = EmbeddedEmulator()
        ready = self._emulator.ready()
        self._control: str = ready["control_url"]
        self._base_url: str = ready["base_url"]
        self._observer_url: str = ready["observer_url"]

    @contextmanager
    def apps(self, faults: Sequence[str], settings: Mapping[str, Any]) -> Iterator[TargetConfig]:
        """A main app, its neighbour and a closed one, all of them broken or set in the same way."""
        org = f"selftest-{uuid4().hex[:12]}"
        made: list[AppKey] = []
        try:
            configs = []
            for name in ("main", "neighbour", "closed"):
                key = AppKey(org, name)
                changed = {**settings, "message_roaming": False} if name == "closed" else dict(settings)
                body = {"org": org, "app": name, "settings": changed, "faults": list(faults)}
                answer = self._call("POST", "/apps", body)
                made.append(key)
                credentials = Credentials(
                    client_id=answer["client_id"], client_secret=answer["client_secret"]
                )
                configs.append(AppConfig(key, credentials))
            main, neighbour, closed = configs
            yield TargetConfig(
                base_url=self._base_url,
                main=main,
                neighbour=neighbour,
                closed=closed,
                observer_url=self._observer_url,
                rate=0.0,
            )
        finally:
            for key in made:
                self._call("DELETE", f"/apps/{key.path}")

    def occasions(self, config: TargetConfig) -> dict[str, Occasion]:
        """What became of the faults behind conditions in a run's apps, by name."""
        found: dict[str, Occasion] = {}
        for app in (config.main, config.neighbour, config.closed):
            if app is None:
                continue
            for each in self._call("GET", f"/apps/{app.key.path}/faults").get("conditional", ()):
                before = found.get(each["name"], Occasion())
                counts = (each[name] + getattr(before, name) for name in ("calls", "met", "shown"))
                found[each["name"]] = Occasion(*counts)
        return found

    def close(self) -> None:
        """End the emulator's process."""
        self._emulator.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _call(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._control + path, data, method=method)  # noqa: S310 - http
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as response:  # noqa: S310
                answer = json.load(response)
        except urllib.error.HTTPError as error:
            raise SuiteError(f"The emulator rejects {method} {path}: {error.read().decode()}") from error
        except OSError as error:
            raise SuiteError(f"The emulator cannot be reached for {method} {path}: {error}.") from error
        assert isinstance(answer, dict)
        return answer
