"""A respx router that answers from the emulator in this process."""

import asyncio
import os
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

import httpx
import respx

from roamspec.sdk.fixtures import CONTROL_VARIABLE, Emulator, RoamingApp, RoamingFaults, RoamingJournal
from roamspec.sdk.inprocess import ConnectionCut, InProcess, InProcessResponse

HOST: Final = "roamspec.invalid"
"""No name that anybody can resolve: a call that gets past the router reaches nobody."""

_awaitable: ContextVar[bool] = ContextVar("roamspec_awaitable", default=False)


class RoamingRouter(respx.MockRouter):
    """Answers for one app; further routes may be added, and calls to other hosts are rejected."""

    app: RoamingApp

    @property
    def journal(self) -> RoamingJournal:
        """The calls that the router answered."""
        return self.app.journal

    @property
    def faults(self) -> RoamingFaults:
        """The faults and disturbances of its app."""
        return self.app.faults

    async def async_handler(self, request: httpx.Request) -> httpx.Response:
        """Only here may a response be awaited; a sync client may call while a loop is running."""
        before = _awaitable.set(True)
        try:
            return await super().async_handler(request)
        finally:
            _awaitable.reset(before)

    def handler(self, request: httpx.Request) -> httpx.Response:
        """Answer a request of a client that does not await."""
        before = _awaitable.set(False)
        try:
            return super().handler(request)
        finally:
            _awaitable.reset(before)


@contextmanager
def router(test: str) -> Iterator[RoamingRouter]:
    """A router and an app for one test; below `roamspec sdk` its calls go to that emulator."""
    given = os.environ.get(CONTROL_VARIABLE)
    made = RoamingRouter(assert_all_called=False)
    if given:
        from roamspec.sdk.fixtures import emulator

        with emulator() as running, running.app(test) as app, made:
            made.app = app
            made.route(url__startswith=app.base_url).pass_through()
            yield made
        return
    base_url = f"http://{HOST}"
    with InProcess() as inside, Emulator(base_url, f"ws://{HOST}/websocket", inside).app(test) as app, made:
        made.app = app
        made.route(host=HOST).mock(side_effect=_Answering(inside))
        yield made


class _Answering:
    def __init__(self, inside: InProcess) -> None:
        self._inside = inside

    def __call__(self, request: httpx.Request) -> Any:
        url = request.url
        future = self._inside.begin(
            request.method, url.raw_path, request.headers.raw, request.content, url.scheme
        )
        if _awaitable.get() and _asyncio_runs():
            return self._awaited(asyncio.wrap_future(future), request)
        try:
            return _response(future.result())
        except ConnectionCut as cut:
            raise httpx.RemoteProtocolError(str(cut), request=request) from cut

    async def _awaited(self, answer: Awaitable[InProcessResponse], request: httpx.Request) -> httpx.Response:
        try:
            return _response(await answer)
        except ConnectionCut as cut:
            raise httpx.RemoteProtocolError(str(cut), request=request) from cut


def _response(answer: InProcessResponse) -> httpx.Response:
    return httpx.Response(answer.status, headers=answer.headers, content=answer.body)


def _asyncio_runs() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
