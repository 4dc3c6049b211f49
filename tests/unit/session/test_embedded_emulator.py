"""The embedded emulator: there when it says so, and gone when the run is over."""

import http.client
import os
import signal
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from roamspec.config.target_config import TargetConfig
from roamspec.errors import SuiteError
from roamspec.session import embedded_emulator
from roamspec.session.embedded_emulator import EmbeddedEmulator, embedded_config


def status_of(base_url: str) -> int:
    parts = urlsplit(base_url)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=5)
    try:
        connection.request("POST", "/acme/parlor/token", body="{}")
        return connection.getresponse().status
    finally:
        connection.close()


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_it_serves_while_the_run_lasts() -> None:
    with EmbeddedEmulator() as emulator:
        ready = emulator.ready()
        assert 400 <= status_of(ready["base_url"]) < 500
        assert is_alive(ready["pid"])
    assert not is_alive(ready["pid"])
    with pytest.raises(ConnectionRefusedError):
        status_of(ready["base_url"])


def test_a_configuration_made_of_its_announcement() -> None:
    ready = {
        "base_url": "http://127.0.0.1:1",
        "observer_url": "http://127.0.0.1:1/_emulator/observer",
        "org": "acme",
        "app": "parlor",
        "neighbour_app": "acme/next",
        "closed_app": "acme/closed",
        "client_id": "an-id",
        "client_secret": "a-secret",
    }

    config = embedded_config(TargetConfig(rate=7, exclusive=True), ready)

    assert (config.base_url, config.observer_url) == (ready["base_url"], ready["observer_url"])
    assert [str(app.key) for app in config.apps] == ["acme#parlor", "acme#next", "acme#closed"]
    assert {app.credentials.client_secret for app in config.apps} == {"a-secret"}
    assert (config.rate, config.exclusive) == (7, True)


@pytest.fixture
def interpreter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stands in for Python: whatever the shell script does."""
    script = tmp_path / "python"
    script.touch(mode=0o755)
    monkeypatch.setattr(sys, "executable", str(script))
    return script


def test_an_emulator_that_does_not_start_says_why(interpreter: Path) -> None:
    interpreter.write_text("#!/bin/sh\necho first >&2\necho 'no room left' >&2\nexit 1\n", encoding="utf-8")
    with EmbeddedEmulator() as emulator, pytest.raises(SuiteError, match=r"did not start: no room left\.$"):
        emulator.ready()


def test_an_emulator_that_says_nothing(interpreter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    interpreter.write_text("#!/bin/sh\nexec sleep 60\n", encoding="utf-8")
    monkeypatch.setattr(embedded_emulator, "_START_TIMEOUT_S", 0.05)
    with EmbeddedEmulator() as emulator, pytest.raises(SuiteError, match="it printed nothing"):
        emulator.ready()


def test_an_emulator_that_does_not_stop_is_killed(interpreter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ready = "{\"pid\": '$$'}"
    interpreter.write_text(
        f"#!/bin/sh\ntrap '' TERM\necho '{ready}'\nwhile :; do sleep 0.01; done\n", encoding="utf-8"
    )
    monkeypatch.setattr(embedded_emulator, "_STOP_TIMEOUT_S", 0.05)
    with EmbeddedEmulator() as emulator:
        pid = emulator.ready()["pid"]
        assert is_alive(pid)
    assert not is_alive(pid)


def test_it_is_asked_to_end_once(interpreter: Path, tmp_path: Path) -> None:
    """A second signal, when it handles none any more, would cut short what it writes last."""
    first, last = tmp_path / "first", tmp_path / "last"
    interpreter.write_text(
        f"#!/bin/sh\ntrap 'trap - TERM; touch {first}; sleep 0.2; touch {last}; exit' TERM\necho '{{}}'\n"
        "while :; do sleep 0.01; done\n",
        encoding="utf-8",
    )
    with EmbeddedEmulator() as emulator:
        emulator.ready()
        emulator.stop()
        while not first.exists():
            time.sleep(0.01)
    assert last.exists()


def test_on_windows_the_end_of_its_input_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A signal would kill it there, and lose what it writes last."""
    emulator = EmbeddedEmulator()
    emulator.ready()
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(emulator._process, "terminate", lambda: pytest.fail("it was killed"))
    emulator.stop()
    assert emulator._process.wait(30) == 0
    emulator.close()


def test_it_serves_without_uvloop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows has none."""
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.modules['uvloop'] = None\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with EmbeddedEmulator() as emulator:
        assert 400 <= status_of(emulator.ready()["base_url"]) < 500


def test_options_of_the_person_do_not_reach_it(interpreter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROAMSPEC_APP_TOKEN", "a-secret")
    interpreter.write_text(
        '#!/bin/sh\nprintf \'{"token": "%s", "words": "%s"}\\n\' "$ROAMSPEC_APP_TOKEN" "$*"\n',
        encoding="utf-8",
    )
    with EmbeddedEmulator(["a.fault", "another"]) as emulator:
        assert emulator.ready() == {
            "token": "",
            "words": "-P -m roamspec.faults --exit-with-parent --set rate_limits=off --fault a.fault "
            "--fault another",
        }


def test_it_ends_with_the_process_that_started_it() -> None:
    """Even a killed run leaves no emulator behind: its standard input ends."""
    emulator = EmbeddedEmulator()
    process = emulator._process
    emulator.ready()
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(10) in (0, -signal.SIGTERM)
    emulator.close()
