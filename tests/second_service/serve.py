"""Starts one service.

`python -m tests.second_service.serve --variant NAME [--fault NAME] [--ready-file F]`
"""

import argparse
import json
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvicorn
from tests.second_service import broken, identity, sound
from tests.second_service.service import CLOSED, MAIN, NEIGHBOUR, Service


class Announced(uvicorn.Server):
    """Tells where it listens once it accepts connections, and lets its streams go at the end."""

    def __init__(
        self,
        config: uvicorn.Config,
        service: Service,
        ready_file: Path | None,
        told: Callable[[dict[str, Any]], None],
    ) -> None:
        super().__init__(config)
        self.service, self.ready_file, self.told = service, ready_file, told

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        addresses = _ready(self.servers[0].sockets[0].getsockname()[1], self.service)
        self.told(addresses)
        ready = json.dumps(addresses)
        if self.ready_file is not None:
            draft = self.ready_file.with_suffix(".part")
            draft.write_text(ready, encoding="utf-8")
            draft.replace(self.ready_file)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.service.ending.set()
        await super().shutdown(sockets)


def _ready(port: int, service: Service) -> dict[str, Any]:
    """A service without an observer announces none."""
    base = f"http://127.0.0.1:{port}"
    return {
        "base_url": base,
        "observer_url": f"{base}/observer" if service.traits.notices.observer else None,
        "org": service.traits.org,
        "app": MAIN,
        "neighbour_app": f"{service.traits.org}/{NEIGHBOUR}",
        "closed_app": f"{service.traits.org}/{CLOSED}",
        "client_id": identity.CLIENT_ID,
        "client_secret": identity.CLIENT_SECRET,
        "pid": os.getpid(),
    }


def announced(
    service: Service,
    *,
    port: int = 0,
    ready_file: Path | None = None,
    told: Callable[[dict[str, Any]], None] = lambda _: None,
) -> Announced:
    """A server for the service; `told` hears the ready object once it listens."""
    config = uvicorn.Config(
        service,
        host="127.0.0.1",
        port=port,
        log_level="error",
        access_log=False,
        server_header=False,
        timeout_keep_alive=service.traits.web.idle_s,
        timeout_graceful_shutdown=1,
    )
    return Announced(config, service, ready_file, told)


def _print(ready: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(ready) + "\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--variant", default="plain", choices=sorted(sound.variants()))
    parser.add_argument("--fault", choices=sorted(broken.faults()))
    parser.add_argument("--ready-file", type=Path)
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()
    fault = broken.faults()[options.fault] if options.fault else None
    service = Service(sound.variants()[options.variant], {fault.operation: fault.hooks} if fault else {})
    announced(service, port=options.port, ready_file=options.ready_file, told=_print).run()


if __name__ == "__main__":
    main()
