"""The error table: what is answered for each reason, word for word, and where the words are from."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from roamspec.contract.limits import most_message_ids
from roamspec.emulator.domain.api_error import ApiError
from roamspec.emulator.http.answers import Evidence, HttpResponse, as_json

if TYPE_CHECKING:
    from roamspec.emulator.http.request import IncomingRequest


@dataclass(frozen=True, slots=True)
class ErrorTableRow:
    """One row of the error table; `description` may hold `{gaps}` for the error response's details."""

    status: int
    error: str
    description: str
    exception: str
    evidence: Evidence = "documented"
    code: int | None = None


_SECURITY = "EasemobSecurityException"
_ILLEGAL = "java.lang.IllegalArgumentException"
_USER = "UserNotFoundException"
_SEND = "MessageSendException"
_GROUP = "com.easemob.group.exception."

ROWS: Final[dict[str, ErrorTableRow]] = {
    # The five deletions
    "not-open": ErrorTableRow(
        400, "service open exception", "this appKey not open message roaming", "ServiceOpenException"
    ),
    "too-many-ids": ErrorTableRow(
        400, "param exception", "delete msg list limit can not greater than {most_ids}", "ParamException"
    ),
    "missing-parameter": ErrorTableRow(400, "Bad Request", "Bad Request", "BadRequestException"),
    "impossible-value": ErrorTableRow(400, "Bad Request", "Bad Request", "BadRequestException", "inferred"),
    "unknown-owner": ErrorTableRow(404, "service_resource_not_found", "Service resource not found", _USER),
    # Authentication
    "no-token": ErrorTableRow(401, "unauthorized", "Unable to authenticate (OAuth)", _SECURITY),
    "expired-token": ErrorTableRow(
        401, "unauthorized", "Unable to authenticate due to expired access token", _SECURITY
    ),
    "corrupt-token": ErrorTableRow(
        401, "auth_bad_access_token", "Unable to authenticate due to corrupt access token", _SECURITY
    ),
    "foreign-token": ErrorTableRow(401, "auth_bad_access_token", "Unable to authenticate", _SECURITY),
    "no-permission": ErrorTableRow(
        401,
        "unauthorized",
        "Subject does not have permission [applications:{op}:{uuid}:{path}]",
        "org.apache.shiro.authz.UnauthorizedException",
        "observed",
    ),
    "no-token-to-register": ErrorTableRow(
        401, "unauthorized", "Open registration doesn't allow, so register user need token,", _SECURITY
    ),
    "no-token-to-register-plain": ErrorTableRow(
        401, "unauthorized", "Open registration doesn't allow, so register user need token", _SECURITY
    ),
    "illegal-token": ErrorTableRow(401, "unauthorized", "token is illegal.", _SECURITY),
    "blank-token": ErrorTableRow(
        401, "group_authorization", "token is blank!", _GROUP + "GroupAuthorizationException", "observed"
    ),
    # Tokens
    "no-client-id": ErrorTableRow(400, "illegal_argument", "client_id must be provided.", _ILLEGAL),
    "no-client-secret": ErrorTableRow(400, "illegal_argument", "client_secret must be provided", _ILLEGAL),
    "wrong-client-id": ErrorTableRow(400, "invalid_grant", "client_id does not match", _SECURITY),
    "wrong-client-secret": ErrorTableRow(400, "invalid_grant", "client_secret does not match", _SECURITY),
    "wrong-password": ErrorTableRow(400, "invalid_grant", "invalid username or password", _SECURITY),
    "bad-grant": ErrorTableRow(400, "illegal_argument", "this is an invalid request.", _ILLEGAL, "inferred"),
    # Any request
    "unknown-app": ErrorTableRow(
        404,
        "organization_application_not_found",
        "Could not find application for {org}/{app} from URI: {uri}",
        "OrganizationApplicationNotFoundException",
    ),
    "unknown-path": ErrorTableRow(
        404, "service_resource_not_found", "Service resource not found", "ServiceResourceNotFoundException"
    ),
    "unknown-path-500": ErrorTableRow(
        500, "web_application", "javax.ws.rs.WebApplicationException", "javax.ws.rs.WebApplicationException"
    ),
    "wrong-method": ErrorTableRow(
        405, "method_not_allowed", "Method Not Allowed", "HttpRequestMethodNotSupportedException"
    ),
    "wrong-method-500": ErrorTableRow(
        500,
        "unsupported_service_operation",
        "Service operation not supported",
        "UnsupportedOperationException",
    ),
    "bad-encoding": ErrorTableRow(
        400, "illegal_argument", "this is an invalid request.", _ILLEGAL, "inferred"
    ),
    "bad-json": ErrorTableRow(
        400, "invalid_request_body", "Request body is invalid. Please check body is correct.", _ILLEGAL
    ),
    "timeout": ErrorTableRow(408, "request_timeout", "Request Timeout", "RequestTimeoutException"),
    "stopping": ErrorTableRow(
        503, "service_unavailable", "Service Unavailable", "ServiceUnavailableException", "inferred"
    ),
    "body-too-large": ErrorTableRow(
        413, "Request Entity Too Large", "Request Entity Too Large", "RequestEntityTooLargeException"
    ),
    "wrong-media-type": ErrorTableRow(
        415, "web_application", "Unsupported Media Type", "javax.ws.rs.WebApplicationException"
    ),
    "not-acceptable": ErrorTableRow(
        406, "web_application", "Not Acceptable", "javax.ws.rs.WebApplicationException", "inferred"
    ),
    "over-rate": ErrorTableRow(
        429, "reach_limit", "This request has reached api limit", "LimitRequestException"
    ),
    "over-rate-403": ErrorTableRow(
        403, "reach_limit", "This request has reached api limit", "LimitRequestException"
    ),
    # Users
    "no-user-name": ErrorTableRow(
        400, "illegal_argument", "Entity user requires a property named username", _ILLEGAL, "observed"
    ),
    "no-password": ErrorTableRow(400, "illegal_argument", "password or pin must provided", _ILLEGAL),
    "password-too-long": ErrorTableRow(
        400, "illegal_argument", "this is an invalid request.", _ILLEGAL, "inferred"
    ),
    "users-full": ErrorTableRow(
        429,
        "resource_limited",
        "You have exceeded the limit of the Free edition. Please upgrade to higher edition.",
        "ResourceLimitedException",
    ),
    "user-name-too-long": ErrorTableRow(400, "illegal_argument", "USERNAME_TOO_LONG", _ILLEGAL),
    "user-name-illegal": ErrorTableRow(400, "illegal_argument", "username [{name}] is not legal", _ILLEGAL),
    "nickname-too-long": ErrorTableRow(400, "illegal_argument", "NICKNAME_TOO_LONG", _ILLEGAL),
    "too-many-users": ErrorTableRow(
        400, "illegal_argument", "this is an invalid request.", _ILLEGAL, "inferred"
    ),
    "user-exists": ErrorTableRow(
        400,
        "duplicate_unique_property_exists",
        "Application {uuid} Entity user requires that property named username be unique, "
        "value of {name} exists",
        "DuplicateUniquePropertyExistsException",
    ),
    "unknown-user": ErrorTableRow(404, "service_resource_not_found", "Service resource not found", _USER),
    "unknown-user-deletion": ErrorTableRow(
        400, "management", "User with id null does not exist in app {app}", "ManagementException"
    ),
    # Groups and chatrooms
    "group-parameter": ErrorTableRow(
        400, "invalid_parameter", "{text}", _GROUP + "InvalidParameterException"
    ),
    "group-value": ErrorTableRow(
        400, "invalid_parameter", "{text}", _GROUP + "InvalidParameterException", "inferred"
    ),
    "room-without-name": ErrorTableRow(
        400,
        "invalid_parameter",
        "chatroom must contain title/name field!",
        _GROUP + "InvalidParameterException",
        "observed",
    ),
    "group-exists": ErrorTableRow(
        400, "illegal_argument", "group ID {id} already exists!", _GROUP + "InvalidParameterException"
    ),
    "unknown-member": ErrorTableRow(
        404, "resource_not_found", "username {name} doesn't exist!", _GROUP + "ResourceNotFoundException"
    ),
    "unknown-group": ErrorTableRow(
        404,
        "resource_not_found",
        "grpID {id} does not exist!",
        _GROUP + "ResourceNotFoundException",
        "observed",
    ),
    "unknown-group-details": ErrorTableRow(
        404,
        "service_resource_not_found",
        "do not find this group:{id}",
        _GROUP + "ServiceResourceNotFoundException",
        "observed",
    ),
    "owner-stays": ErrorTableRow(
        403, "forbidden_op", "forbidden operation on group owner!", _GROUP + "ForbiddenOpException"
    ),
    "not-a-member": ErrorTableRow(
        403,
        "forbidden_op",
        "users [{name}] are not members of this group!",
        _GROUP + "ForbiddenOpException",
    ),
    "too-many-groups": ErrorTableRow(
        400,
        "invalid_parameter",
        "at most {most} IDs in one call",
        _GROUP + "InvalidParameterException",
        "inferred",
    ),
    "over-members": ErrorTableRow(
        403,
        "exceed_limit",
        "member size is greater than maxusers",
        _GROUP + "ForbiddenOpException",
        "inferred",
    ),
    # Messages
    "message-parameter": ErrorTableRow(400, "message_send_error", "{text}", _SEND, code=14001),
    "message-value": ErrorTableRow(400, "message_send_error", "{text}", _SEND, "inferred", 14001),
    "over-volume": ErrorTableRow(403, "message_send_error", "message send reach limit", _SEND),
    "message-too-large": ErrorTableRow(400, "message_send_error", "message is too large", _SEND, code=14007),
    "import-parameter": ErrorTableRow(400, "illegal_argument", "{text}", _ILLEGAL),
    "import-timestamp": ErrorTableRow(400, "illegal_argument", "{text}", _ILLEGAL, "inferred"),
    "import-refused": ErrorTableRow(
        403, "forbidden_service_operation", "Service operation not allowed", _SECURITY, "inferred"
    ),
    "bad-hour": ErrorTableRow(
        400, "illegal_argument", "illegal arguments: appkey: {key}, time: {hour}", _ILLEGAL
    ),
    "hour-not-stored": ErrorTableRow(
        400,
        "illegal_argument",
        "illegal arguments: appkey: {key}, time: {hour}, maybe chat message history is expired or unstored",
        _ILLEGAL,
    ),
    "hour-without-messages": ErrorTableRow(
        404,
        "storage_object_not_found",
        "Failed to find chat message history download url for appkey: {key}, time: {hour}",
        "StorageObjectNotFoundException",
    ),
    # Pulling and conversations
    "pull-not-open": ErrorTableRow(
        400,
        "function_not_open_error",
        "messageroaming function not open",
        "FunctionNotOpenException",
        "observed",
        15001,
    ),
    "page-too-large": ErrorTableRow(
        400, "illegal_argument", "pull number cannot be greater than {most}", _ILLEGAL, "observed"
    ),
    "bad-cursor": ErrorTableRow(400, "illegal_argument", "start is not a cursor", _ILLEGAL, "inferred"),
    "conversation-parameter": ErrorTableRow(400, "illegal_argument", "{text}", _ILLEGAL),
    "query-value": ErrorTableRow(400, "illegal_argument", "{text}", _ILLEGAL, "inferred"),
}

_SAME_TEXT: Final = {"oauth": "no-token", "expired": "expired-token"}
_TOKEN_REASONS: Final = frozenset(("no-token", "expired-token", "corrupt-token", "foreign-token"))
_GROUP_TIER: Final = (
    "createGroup", "getGroup", "deleteGroup", "listGroupMembers", "addGroupMembers", "addGroupMember",
    "removeGroupMembers", "createChatroom", "getChatroom", "deleteChatroom", "listChatroomMembers",
    "addChatroomMembers", "addChatroomMember", "removeChatroomMembers",
)  # fmt: skip
# The package of a class, where a recording has the name with it.
_PACKAGES: Final = {
    _SECURITY: "com.easemob.im.exceptions.",
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
