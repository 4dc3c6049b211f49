"""uvicorn's part of a WebSocket, loaded with the first device: most processes never see one."""

import asyncio
from functools import cache
from typing import Any, Final

ABORT: Final = "roamspec.abort"
"""In the scope: cuts the connection, whatever is still to be written."""
WRITE_NOW: Final = "roamspec.write-now"
"""In the scope: takes a whole WebSocket frame; False where it has to wait, or can no longer be written."""
FRAME_BYTES_MAX: Final = 256 << 10
"""Bytes of one message of a device; a larger one ends the connection with 1009."""


def device_protocol(**options: Any) -> asyncio.Protocol:
    """Stands in the place of uvicorn's protocol class."""
    protocol: asyncio.Protocol = _protocol_class()(**options)
    return protocol


@cache
def _protocol_class() -> Any:
    from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

    class DeviceProtocol(WebSocketsSansIOProtocol):
        def handle_connect(self, event: Any) -> None:
            super().handle_connect(event)
            scope: Any = getattr(self, "scope", None)
            if scope is not None:
                # The application starts later, in a task of its own.
                scope[ABORT] = self.transport.abort
                scope[WRITE_NOW] = self.write_now

        def write_now(self, frame: bytes) -> bool:
            ready = self.handshake_complete and not self.close_sent and self.writable.is_set()
            if not ready or self.transport.is_closing():
                return False
            self.transport.write(frame)
            return True

        async def send(self, message: Any) -> None:
            await super().send(message)
            if message["type"] == "websocket.http.response.body":
                # uvicorn takes a response without a handshake for none at all, and complains.
                self.handshake_complete = True

    return DeviceProtocol
