"""What is answered for a rejected operation: a row of the error table, in the form that the app's settings
choose."""

from typing import TYPE_CHECKING, Any, Final

from roamspec.contract.limits import most_message_ids
from roamspec.emulator.domain.api_error import ApiError
from roamspec.emulator.http.answers import HttpResponse, as_json
from roamspec.emulator.http.errors import ROWS, SECURITY

if TYPE_CHECKING:
    from roamspec.emulator.http.request import IncomingRequest

_SAME_TEXT: Final = {"oauth": "no-token", "expired": "expired-token"}
_TOKEN_REASONS: Final = frozenset(("no-token", "expired-token", "corrupt-token", "foreign-token"))
_GROUP_TIER: Final = (
    "createGroup", "getGroup", "deleteGroup", "listGroupMembers", "addGroupMembers", "addGroupMember",
    "removeGroupMembers", "createChatroom", "getChatroom", "deleteChatroom", "listChatroomMembers",
    "addChatroomMembers", "addChatroomMember", "removeChatroomMembers",
)  # fmt: skip
# The package of a class, where a recording has the name with it.
_PACKAGES: Final = {
    SECURITY: "com.easemob.im.exceptions.",
    "DuplicateUniquePropertyExistsException": "org.apache.usergrid.persistence.exceptions.",
    "ServiceResourceNotFoundException": "org.apache.usergrid.services.exceptions.",
}
# Operations that have words of their own for a cause.
_OWN_TEXTS: Final = {
    ("no-token", "registerUsers"): "no-token-to-register",
    ("foreign-token", "registerUsers"): "illegal-token",
} | dict.fromkeys((("no-token", operation) for operation in _GROUP_TIER), "blank-token")


def error_response(request: "IncomingRequest", refusal: ApiError) -> HttpResponse:
    """The response for an error response, in the form that the app's settings choose."""
    settings = request.settings
    row = ROWS[_chosen(settings, refusal.reason, request.operation)]
    status = row.status
    if refusal.reason == "pull-not-open":
        status = settings.pull_not_open_status
    elif refusal.reason == "not-a-member":
        status = settings.non_member_removal
    exception = row.exception
    if settings.exception_names == "qualified":
        exception = _PACKAGES.get(exception, "") + exception
    if refusal.reason == "missing-parameter" and settings.missing_parameter_body == "framework":
        body = {"timestamp": request.now, "status": 400, "error": "Bad Request", "path": request.path}
        return HttpResponse(400, as_json(body), "inferred", error_headers(refusal))
    details = {"most_ids": str(most_message_ids())}
    details |= {name: str(value) for name, value in refusal.details.items()}
    body = {
        "error": row.error,
        "exception": exception,
        "timestamp": request.now,
        "duration": request.elapsed_ms(),
        "error_description": row.description.format_map(details)
        if "{" in row.description
        else row.description,
    }
    if settings.error_fields == "short":
        body = {"error": body["error"], "error_description": body["error_description"]}
    elif row.code is not None:
        body["error_code"] = row.code
    if settings.extra_fields:
        body["x_extra"] = {"since": "a newer release"}
    return HttpResponse(status, as_json(body), row.evidence, error_headers(refusal))


def error_headers(refusal: ApiError) -> tuple[tuple[bytes, bytes], ...]:
    """What an error response says in headers, by the name of the detail."""
    return tuple(
        (header, str(refusal.details[name]).encode())
        for name, header in (("allow", b"allow"), ("retry_after", b"retry-after"))
        if name in refusal.details
    )


def _chosen(settings: Any, reason: str, operation: str) -> str:
    if reason in _TOKEN_REASONS:
        by_cause = _OWN_TEXTS.get((reason, operation), reason)
        if by_cause == "no-token-to-register" and not settings.registration_text_comma:
            by_cause = "no-token-to-register-plain"
        return _SAME_TEXT.get(settings.unauthorized_texts, by_cause)
    if reason == "over-rate" and settings.rate_status == 403:
        return "over-rate-403"
    if reason == "wrong-method" and settings.wrong_method != 405:
        return "wrong-method-500" if settings.wrong_method == 500 else "unknown-path"
    if reason == "unknown-path" and settings.unknown_path == 500:
        return "unknown-path-500"
    return reason
