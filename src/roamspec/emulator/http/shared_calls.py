"""Calls on a state that several workers have in common: computed as often as it takes, answered once."""

from collections.abc import Callable
from typing import Final
from urllib.parse import unquote

from roamspec.emulator.apps import App
from roamspec.emulator.domain.api_error import ApiError
from roamspec.emulator.http.answers import HttpResponse
from roamspec.emulator.http.error_responses import error_response
from roamspec.emulator.http.request import IncomingRequest
from roamspec.emulator.shared.problems import AppGone, StoreGone
from roamspec.emulator.shared.protocol import Sharing

_ALONE: Final = frozenset(
    (
        "deleteUser", "deleteGroup", "deleteChatroom", "addGroupMembers", "addGroupMember",
        "addChatroomMembers", "addChatroomMember", "removeGroupMembers", "removeChatroomMembers",
    )
)  # fmt: skip
"""What cannot be taken back without a trace: who is a member stands in an order."""


async def found_app(shared: Sharing, request: IncomingRequest) -> App | None:
    """The app of the request, which this worker did not know; the request takes it up."""
    org, name = request.raw["org"], request.raw["app"]
    try:
        app = await shared.find(org, name)
        if app is None and "%" in org + name:
            app = await shared.find(unquote(org), unquote(name))
    except StoreGone as error:
        raise ApiError("stopping") from error
    if app is not None:
        request.take_up(app)
    return app


async def answer_of(
    shared: Sharing,
    request: IncomingRequest,
    handle: Callable[[IncomingRequest], HttpResponse],
    *,
    disturbed: bool = False,
) -> HttpResponse | None:
    """The response; None when the app has disturbances, which decide what happens to the call first: with
    `disturbed` they have.

    ApiError when the app is gone, or the store.
    """

    def compute() -> HttpResponse | None:
        request.take_up(request.app)
        if request.app.nuisances is not None and not disturbed:
            return None
        try:
            return handle(request)
        except ApiError as refusal:
            return error_response(request, refusal)

    while True:
        try:
            return await shared.run(request.app, compute, alone=request.operation in _ALONE)
        except StoreGone as error:
            raise ApiError("stopping") from error
        except AppGone:
            # It may have been made anew.
            if await found_app(shared, request) is None:
                org, name = request.raw["org"], request.raw["app"]
                raise ApiError("unknown-app", org=org, app=name, uri=request.path.removeprefix("/")) from None
