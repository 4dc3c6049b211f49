"""What ends by itself: a connection that never logs in, and a login whose token expires."""

import asyncio
from time import monotonic
from typing import Final

from roamspec.emulator.websocket.session import DeviceSession

LOGIN_WITHIN_S: Final = 10.0
_LOOK_EVERY_S: Final = 0.25


class Watch:
    """Looks at all connected devices, for as long as there are any: a timer for each would cost more."""

    def __init__(self) -> None:
        self._since: dict[DeviceSession, float] = {}
        self._task: asyncio.Task[None] | None = None

    def add(self, session: DeviceSession) -> None:
        """Watch a session from now on."""
        self._since[session] = monotonic()
        if self._task is None:
            self._task = asyncio.ensure_future(self._look())

    def remove(self, session: DeviceSession) -> None:
        """No longer watch a session."""
        self._since.pop(session, None)
        if not self._since and self._task is not None:
            self._task.cancel()
            self._task = None

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            late = monotonic() - LOGIN_WITHIN_S
            for session, since in self._since.items():
                login = session.login
                if login is None:
                    if since < late:
                        session.connection.close()
                elif login.expires_ms and login.app.clock.now() >= login.expires_ms:
                    session.connection.close("expired")
