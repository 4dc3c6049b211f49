"""Listening, announcing, and ending in time."""

import asyncio
import contextlib
import io
import json
import logging
import os
import shlex
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO, cast

import uvicorn
from starlette.types import ASGIApp

from roamspec.appkey import AppKey
from roamspec.emulator.application import CONTROL_PREFIX, OBSERVER_PREFIX, WINDOW_PREFIX, application
from roamspec.emulator.apps import App
from roamspec.emulator.extension import Extension, JudgeCalls
from roamspec.emulator.hosts import OwnHosts
from roamspec.emulator.http.operations.deletions import STEPS
from roamspec.emulator.http.protocol import listening_for
from roamspec.emulator.options import EmulatorOptions
from roamspec.emulator.service import Service
from roamspec.emulator.settings import AppSettings
from roamspec.emulator.shared.address import store_url
from roamspec.emulator.shared.problems import StoreError, StoreGone
from roamspec.emulator.websocket.protocol import FRAME_BYTES_MAX, device_protocol
from roamspec.emulator.workers import check_workers, serve_with_workers
from roamspec.errors import RoamspecError, UsageError
from roamspec.listening import allow_many_connections, listen, stop_on_signals
from roamspec.output_files import READABLE_BY_OWNER, open_output, write_output

if TYPE_CHECKING:
    from roamspec.emulator.disk.keeper import Keeper
    from roamspec.emulator.shared.opening import SharedStore
    from roamspec.emulator.shared.state import SharedState

_GRACE_S: Final = 1
_KEEP_ALIVE_S: Final = 75
_BACKLOG: Final = 2048


def serve(
    options: EmulatorOptions, extension: Extension | None = None, judge_calls: JudgeCalls | None = None
) -> int:
    """Serve until SIGTERM, SIGHUP or SIGINT; returns 0. `judge_calls` gives the verdicts that the window
    shows.

    UsageError, before anything is served, for a busy port, bad settings or a ready file that cannot be
    written.
    """
    url = _store_url(options)
    check_workers(options.workers, shared=url is not None)
    if options.workers > 1 and options.journal_file is not None:
        raise UsageError("--journal-file is of one process: leave --workers out, or the journal file.")
    if url is not None:
        return _serve_shared(url, options, extension, judge_calls)
    with _keeper(options.data) as keeper:
        service = Service(STEPS, extension, None if keeper is None else keeper.numbers)
        service.judge_calls, service.window_everywhere = judge_calls, options.ui_everywhere
        if keeper is not None:
            keeper.restore(service)
        apps = create_apps(service, options)
        if keeper is not None:
            keeper.save(all_of_it=True)
        listener = _listen(options.host, options.port)
        _warn_when_open(options.host)
        _quieten(logging.getLogger("uvicorn.error"))
        allow_many_connections()
        with _journal_file(options.journal_file) as service.journal.file:
            ready = ready_object(options, listener, apps)
            service.base_url, service.own_hosts = ready["base_url"], OwnHosts.of(options.host)
            server = _Server(service, options, ready, keeper)
            server.run(sockets=[listener])
            service.journal.write_out()
        if keeper is not None and keeper.failure is not None:
            raise keeper.failure
        if server.failure is not None:
            raise server.failure
    return 0


def _store_url(options: EmulatorOptions) -> str | None:
    """None where the state is in memory."""
    url = store_url(options.store)
    if url is not None and options.data is not None:
        raise UsageError(
            "--data keeps the state of one emulator, and --store that of many: leave one of them out."
        )
    return url


def _serve_shared(
    url: str, options: EmulatorOptions, extension: Extension | None, judge_calls: JudgeCalls | None
) -> int:
    from roamspec.emulator.shared.opening import opened

    with opened(url) as store:

        def new_service() -> Service:
            service = Service(STEPS, extension, store.numbers)
            service.judge_calls, service.window_everywhere = judge_calls, options.ui_everywhere
            return service

        apps = store.make_apps(new_service, lambda service: create_apps(service, options))
        listener = _listen(options.host, options.port)
        _warn_when_open(options.host)
        _quieten(logging.getLogger("uvicorn.error"))
        allow_many_connections()
        ready = ready_object(options, listener, apps)

        def serve_one(ready_now: Callable[[], None] | None = None, watched: int | None = None) -> int:
            service = new_service()
            service.base_url, service.own_hosts = ready["base_url"], OwnHosts.of(options.host)
            with _journal_file(options.journal_file) as service.journal.file:
                server = _Server(service, options, ready)
                server.shared, server.when_ready, server.watched = store, ready_now, watched
                server.run(sockets=[listener])
                service.journal.write_out()
            if server.failure is not None:
                raise server.failure
            return 0

        if options.workers == 1:
            return serve_one()
        return serve_with_workers(options.workers, serve_one, partial(_announce, options, ready))


@contextlib.contextmanager
def _keeper(folder: Path | None) -> Iterator["Keeper | None"]:
    """What keeps the state in a folder; loaded when there is one."""
    if folder is None:
        yield None
        return
    from roamspec.emulator.disk.database import Database
    from roamspec.emulator.disk.keeper import Keeper

    with contextlib.closing(Database(folder)) as database:
        yield Keeper(database)


def create_apps(service: Service, options: EmulatorOptions) -> tuple[App, App, App]:
    """The open app, its neighbour and the closed one, all with the same credentials.

    An app that the service has already stays, and takes the settings that the options name.
    """
    key = AppKey.parse(f"{options.org}/{options.app}", where="--org and --app")
    main = _create_app(service, options, key)
    credentials = {"client_id": main.client_id, "client_secret": main.client_secret}
    neighbour = _create_app(service, options, AppKey(key.org, f"{key.app}-neighbour"), **credentials)
    closed_key = AppKey(key.org, f"{key.app}-closed")
    is_new = service.find(closed_key.org, closed_key.app) is None
    closed = _create_app(service, options, closed_key, **credentials)
    if is_new:
        closed.configure(closed.settings.with_changes({"message_roaming": False}, where="closed app"))
    apps = (main, neighbour, closed)
    for app in apps:
        if options.faults:
            service.extension.switch_on(app, options.faults)
    # One schedule for all three: its rules count calls wherever they come.
    schedule = service.extension.schedule(options.nuisances, where="--disturbance")
    if schedule is not None:
        for app in apps:
            app.nuisances = schedule
    return apps


def _create_app(service: Service, options: EmulatorOptions, key: AppKey, **credentials: str) -> App:
    app = service.find(key.org, key.app)
    if app is None:
        return service.create(key, _settings(options, AppSettings()), **credentials)
    app.configure(_settings(options, app.settings))
    return app


def ready_object(
    options: EmulatorOptions, listener: socket.socket, apps: tuple[App, App, App]
) -> dict[str, Any]:
    """What `--ready-file` and the first line say: addresses, apps and credentials (`docs/emulator.md`)."""
    main, neighbour, closed = apps
    host, port = listener.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104 - an address nobody can connect to
        host = "127.0.0.1" if host == "0.0.0.0" else "::1"  # noqa: S104
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return {
        "base_url": f"http://{place}",
        "ws_url": f"ws://{place}/websocket",
        "observer_url": f"http://{place}{OBSERVER_PREFIX}",
        "control_url": f"http://{place}{CONTROL_PREFIX}",
        "org": options.org,
        "app": options.app,
        "neighbour_app": neighbour.key.path,
        "closed_app": closed.key.path,
        "client_id": main.client_id,
        "client_secret": main.client_secret,
        "pid": os.getpid(),
    }


def shell_lines(ready: Mapping[str, Any]) -> str:
    """The ready object as lines that a POSIX shell can read, in the variables that `roamspec run` reads."""
    values = {f"ROAMSPEC_{name.upper()}": str(value) for name, value in ready.items() if name != "pid"}
    return "".join(f"export {name}={shlex.quote(value)}\n" for name, value in values.items())


def _settings(options: EmulatorOptions, settings: AppSettings) -> AppSettings:
    """These settings, with the changes that the options name."""
    if options.settings_file is not None:
        from roamspec.emulator.settings_file import read_settings

        settings = settings.with_changes(
            read_settings(options.settings_file), where=str(options.settings_file)
        )
    return settings.with_changes(options.settings, where="settings")


def _listen(host: str, port: int) -> socket.socket:
    listener = listen(host, port)
    listener.listen(_BACKLOG)
    listener.set_inheritable(True)
    return listener


@contextlib.contextmanager
def _journal_file(path: Path | None) -> Iterator[TextIO | None]:
    """Open for writing until the end; what it holds is redacted like everything that the journal shows."""
    if path is None:
        yield None
        return
    try:
        file = io.TextIOWrapper(open_output(path), encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"cannot write the journal file {path}: {error.strerror}.") from error
    with file:
        yield file


def _warn_when_open(host: str) -> None:
    if host not in ("127.0.0.1", "::1", "localhost"):
        sys.stderr.write(
            f"WARNING: the emulator listens on {host}. Everybody who can reach this machine can read and "
            "change everything in it, without a password, through its control API.\n"
        )


def _quieten(logger: logging.Logger) -> None:
    """Rejected requests are the caller's affair; what reaches the log is a fault of the emulator."""
    logger.setLevel(logging.ERROR)
    # At the end, callers that never sent the rest of their bodies are answered and left.
    logger.addFilter(lambda record: not str(record.msg).startswith("Cancel "))


def _write_ready(path: Path, text: str, cancelled: Callable[[], bool]) -> None:
    """It holds credentials, so only the owner reads it."""
    try:
        write_output(path, text.encode(), mode=READABLE_BY_OWNER, cancelled=cancelled)
    except OSError as error:
        raise UsageError(f"cannot write the ready file {path}: {error.strerror}.") from error


class _Server(uvicorn.Server):
    """uvicorn, which tells when it is ready and ends device streams before it waits for requests."""

    def __init__(
        self,
        service: Service,
        options: EmulatorOptions,
        ready: dict[str, Any],
        keeper: "Keeper | None" = None,
    ) -> None:
        super().__init__(
            uvicorn.Config(
                _written_first(application(service), keeper, self._stop),
                # uvloop, except where there is none: on Windows.
                loop="auto",
                http=listening_for(service),
                ws=cast(Any, device_protocol),
                ws_max_size=FRAME_BYTES_MAX,
                ws_per_message_deflate=False,
                lifespan="off",
                log_config=None,
                access_log=False,
                proxy_headers=False,
                # Given, so that variables of the environment do not count.
                workers=1,
                forwarded_allow_ips="",
                server_header=False,
                backlog=_BACKLOG,
                timeout_keep_alive=_KEEP_ALIVE_S,
                timeout_graceful_shutdown=_GRACE_S,
            )
        )
        self._service = service
        self._options = options
        self._ready = ready
        self._state: SharedState | None = None
        self.failure: RoamspecError | None = None
        self.shared: SharedStore | None = None
        # Of one worker among several: called when it is ready; open for as long as somebody watches over it.
        self.when_ready: Callable[[], None] | None = None
        self.watched: int | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        loop = asyncio.get_running_loop()
        if self.shared is not None:
            self._service.shared = self._state = self.shared.state(self._service)
            try:
                await self._state.open()
            except StoreGone as error:
                self.failure = StoreError(f"the store ceased to answer: {error}; start the emulator again.")
                self._stop()
        await super().startup(sockets)
        stop_on_signals(self._stop)
        if self.watched is not None:
            threading.Thread(
                target=_await_end_of_input, args=(loop, self._stop, self.watched), daemon=True
            ).start()
        if self._options.exit_with_parent:
            threading.Thread(target=_await_end_of_input, args=(loop, self._stop), daemon=True).start()
        if self.failure is not None:
            return
        if self.when_ready is not None:
            self.when_ready()
            return
        try:
            await self._announce()
        except UsageError as error:
            # Raised once the loop is closed in good order.
            self.failure = error
            self._stop()

    async def _announce(self) -> None:
        if self._options.ready_file is None:
            _announce(self._options, self._ready, _never)
        else:
            # A pipe waits for its reader; meanwhile requests and signals are heeded.
            await asyncio.to_thread(_announce, self._options, self._ready, lambda: self.should_exit)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets)
        if self._state is not None:
            await self._state.close()

    def _stop(self) -> None:
        self._service.close()
        self.should_exit = True

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """The loop's own handlers, set in `startup`, end the process with status 0."""
        yield


def _written_first(app: ASGIApp, keeper: "Keeper | None", stop: Callable[[], None]) -> ASGIApp:
    """The application itself, where nothing keeps its state."""
    if keeper is None:
        return app
    from roamspec.emulator.disk.write_first import WriteFirst

    keeper.stop = stop
    return WriteFirst(app, keeper, CONTROL_PREFIX)


def _announce(options: EmulatorOptions, ready: Mapping[str, Any], stopping: Callable[[], bool]) -> None:
    """Tell that callers are served. UsageError for a ready file that cannot be written."""
    line = json.dumps(ready) + "\n"
    if options.ready_file is not None:
        _write_ready(options.ready_file, line, stopping)
    if options.announce:
        sys.stdout.write(shell_lines(ready) if options.print_env else line)
        sys.stdout.flush()
    window = f"{ready['base_url']}{WINDOW_PREFIX}"
    if options.announce_ui:
        sys.stderr.write(f"roamspec: the emulator's window is {window}\n")
        sys.stderr.flush()
    if options.open_ui:
        # A browser may take its time to start, and a text browser never comes back.
        threading.Thread(target=_open_browser, args=(window,), daemon=True).start()


def _never() -> bool:
    return False


def _open_browser(url: str) -> None:
    import webbrowser

    if not webbrowser.open(url):
        sys.stderr.write(f"roamspec: no browser could be started; open {url} yourself.\n")


def _await_end_of_input(loop: asyncio.AbstractEventLoop, stop: Any, descriptor: int = 0) -> None:
    while os.read(descriptor, 65536):
        pass
    loop.call_soon_threadsafe(stop)
