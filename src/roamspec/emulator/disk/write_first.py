"""Holds every response back until what it tells of is written."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from roamspec.emulator.disk.database import DataError
from roamspec.emulator.disk.keeper import Keeper
from roamspec.emulator.http.answers import as_json
from roamspec.emulator.http.errors import ROWS
from roamspec.emulator.websocket.protocol import WRITE_NOW


class WriteFirst:
    """An application whose changes a keeper writes before anything is sent.

    What cannot be written is answered with 503.
    """

    __slots__ = ("_app", "_control_prefix", "_keeper")

    def __init__(self, app: ASGIApp, keeper: Keeper, control_prefix: str) -> None:
        self._app = app
        self._keeper = keeper
        self._control_prefix = control_prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and save before its response leaves; a response whose content cannot be saved
        becomes an error."""
        keeper, refused = self._keeper, False
        controls = scope["path"].startswith(self._control_prefix) and scope.get("method") != "GET"

        async def send_written(message: Message) -> None:
            nonlocal refused
            if refused:
                return
            try:
                keeper.save(all_of_it=controls)
            except DataError:
                if scope["type"] != "http" or message["type"] != "http.response.start":
                    raise
                refused = True
                await _refuse(send)
                return
            await send(message)

        try:
            if scope["type"] == "websocket":
                # Frames that go to a device past `send` would leave before what they tell of is written.
                scope = {name: value for name, value in scope.items() if name != WRITE_NOW}
            await self._app(scope, receive, send_written)
            # What nobody is told of, because a disturbance ended the connection, has happened all the same.
            keeper.save(all_of_it=controls)
        except DataError:
            # Why is said once, when the emulator ends.
            return


async def _refuse(send: Send) -> None:
    row = ROWS["stopping"]
    body = as_json({"error": row.error, "exception": row.exception, "error_description": row.description})
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": row.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
