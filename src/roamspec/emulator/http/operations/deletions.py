"""The five deletions over HTTP: every call runs through the same named steps.

    authenticate  admit  parse  limits  resolve  select  apply  notify  answer

A call that fits the path, but not the method or the App Key, meets `unrouted` instead. An app holds
the steps of each operation; a fault replaces one of them there, so that a conforming emulator pays nothing
for the faults it could have.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from roamspec.emulator.domain import deletion as domain
from roamspec.emulator.domain.api_error import ApiError
from roamspec.emulator.domain.deletion import KINDS, Deletion
from roamspec.emulator.http.answers import HttpResponse, as_json, envelope
from roamspec.emulator.http.authentication import caller
from roamspec.emulator.http.request import IncomingRequest
from roamspec.emulator.limits import monotonic_ms

_LONGEST: Final = 2**63
_TRUE: Final = frozenset(("true", "1", "yes", "on"))
_FALSE: Final = frozenset(("false", "0", "no", "off"))


@dataclass(frozen=True, slots=True)
class DeletionSteps:
    """The named points of one deletion operation, in the order in which they run."""

    authenticate: Callable[[IncomingRequest], None]
    admit: Callable[[IncomingRequest], None]
    parse: Callable[[IncomingRequest], Deletion]
    limits: Callable[[Deletion], None]
    resolve: Callable[[Deletion], None]
    select: Callable[[Deletion], None]
    apply: Callable[[Deletion], None]
    notify: Callable[[Deletion], None]
    answer: Callable[[IncomingRequest, Deletion], HttpResponse]
    unrouted: Callable[[IncomingRequest, ApiError], HttpResponse]


def run(operation: str) -> Callable[[IncomingRequest], HttpResponse]:
    """The handler of one of the five, for the service's own path and for the clients'."""

    def handle(request: IncomingRequest) -> HttpResponse:
        request.deletion = operation
        steps: DeletionSteps = request.app.steps[operation]
        steps.authenticate(request)
        steps.admit(request)
        deletion = steps.parse(request)
        steps.limits(deletion)
        steps.resolve(deletion)
        steps.select(deletion)
        steps.apply(deletion)
        steps.notify(deletion)
        return steps.answer(request, deletion)

    return handle


delete_chat_messages: Final = run("deleteChatMessages")
delete_group_messages: Final = run("deleteGroupMessages")
clear_user: Final = run("clearUser")
clear_chat_before: Final = run("clearChatBefore")
clear_group_before: Final = run("clearGroupBefore")


def authenticate(request: IncomingRequest) -> None:
    """An app token; on the client paths also the owner's own, elsewhere only if the settings say so."""
    settings = request.settings
    if settings.owner_before_token and request.app.store.user(request.user()) is None:
        raise ApiError("unknown-owner")
    token = caller(request)
    if token.user is None:
        return
    own = token.user == request.user()
    if not own or not (request.client_path or settings.owner_calls_on_rest == "served"):
        raise ApiError("no-permission", op="delete", uuid=request.app.uuid, path=f"/users/{request.user()}")


def admit(request: IncomingRequest) -> None:
    """Within the rate, and the service open."""
    settings = request.settings
    limited = settings.rate_limits != "off" or settings.operation_rates
    if limited and not request.app.limits.admits(request.deletion, "", settings, monotonic_ms()):
        raise ApiError("over-rate")
    if not settings.message_roaming:
        raise ApiError("not-open")


def parse(request: IncomingRequest) -> Deletion:
    """Path and query; rejected when a required parameter is missing or a value cannot be."""
    kind = KINDS[request.deletion]
    query = request.query
    deletion = Deletion(request.app.context(request.now), kind, request.user())
    if kind.target_parameter:
        deletion.target = _required(query, kind.target_parameter).lower()
    if kind.by == "ids":
        deletion.ids = _ids(deletion, _required(query, "msgIdList"))
    elif kind.by == "time":
        deletion.time_ms = _time(deletion, _required(query, "delTime"))
    else:
        deletion.time_ms = request.now
    wished = _notify(deletion, query.get("isNotify", ""))
    deletion.notify = wished and (kind.by != "all" or request.settings.clear_user_notifies)
    if request.client_path:
        deletion.acting_device = query.get("resource")
    return deletion


def answer(request: IncomingRequest, deletion: Deletion) -> HttpResponse:
    """The response of a deletion: `requestStatusCode` and `timestamp`, and what the
    settings add."""
    settings = request.settings
    if not (settings.deletion_envelope or settings.extra_fields):
        body = b'{"requestStatusCode":"ok","timestamp":%d}' % deletion.context.now
        return HttpResponse(200, body, "documented")
    fields: dict[str, object] = {"requestStatusCode": "ok", "timestamp": deletion.context.now}
    if settings.deletion_envelope:
        org_and_app = f"/{request.raw['org']}/{request.raw['app']}"
        fields = envelope(request, path=request.path.removeprefix(org_and_app), **fields)
    if settings.extra_fields:
        fields["x_extra"] = {"since": "a newer release"}
    return HttpResponse(200, as_json(fields), "documented")


def unrouted(request: IncomingRequest, refusal: ApiError) -> HttpResponse:  # noqa: ARG001 - what a fault needs
    """A method that the path does not have, or an App Key that nobody has."""
    raise refusal


SOUND: Final = DeletionSteps(
    authenticate,
    admit,
    parse,
    domain.limits,
    domain.resolve,
    domain.select,
    domain.apply,
    domain.notify,
    answer,
    unrouted,
)

STEPS: Final = dict.fromkeys(KINDS, SOUND)
"""The sound steps of each operation."""


def _required(query: dict[str, str], parameter: str) -> str:
    value = query.get(parameter, "").strip(" ")
    if not value:
        raise ApiError("missing-parameter")
    return value


def _ids(deletion: Deletion, text: str) -> list[str]:
    ids = text.split(",")
    if " " in text:
        ids = [item.strip(" ") for item in ids]
    if "" in ids:
        ids = [item for item in ids if item]
        if not ids:
            raise ApiError("missing-parameter")
    if deletion.context.settings.impossible_ids == "refused" and not all(
        item.isascii() and item.isdigit() for item in ids
    ):
        raise ApiError("impossible-value")
    return ids


def _time(deletion: Deletion, text: str) -> int:
    digits = text.removeprefix("-")
    if digits.isascii() and digits.isdigit() and len(digits) < 20 and -_LONGEST <= int(text) < _LONGEST:
        return int(text)
    if deletion.context.settings.impossible_values == "refused":
        raise ApiError("impossible-value")
    return -_LONGEST


def _notify(deletion: Deletion, text: str) -> bool:
    if text == "true":
        return True
    word = text.strip(" ").lower()
    if not word or word in _TRUE:
        return True
    if word in _FALSE:
        return False
    if deletion.context.settings.impossible_values == "refused":
        raise ApiError("impossible-value")
    return True
