"""The error table: what is answered for each reason, word for word, and where the words are from."""

from dataclasses import dataclass
from typing import Final

from roamspec.emulator.http.answers import Evidence


@dataclass(frozen=True, slots=True)
class ErrorTableRow:
    """One row of the error table; `description` may hold `{gaps}` for the error response's details."""

    status: int
    error: str
    description: str
    exception: str
    evidence: Evidence = "documented"
    code: int | None = None


SECURITY: Final = "EasemobSecurityException"
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
    "no-token": ErrorTableRow(401, "unauthorized", "Unable to authenticate (OAuth)", SECURITY),
    "expired-token": ErrorTableRow(
        401, "unauthorized", "Unable to authenticate due to expired access token", SECURITY
    ),
    "corrupt-token": ErrorTableRow(
        401, "auth_bad_access_token", "Unable to authenticate due to corrupt access token", SECURITY
    ),
    "foreign-token": ErrorTableRow(401, "auth_bad_access_token", "Unable to authenticate", SECURITY),
    "no-permission": ErrorTableRow(
        401,
        "unauthorized",
        "Subject does not have permission [applications:{op}:{uuid}:{path}]",
        "org.apache.shiro.authz.UnauthorizedException",
        "observed",
    ),
    "no-token-to-register": ErrorTableRow(
        401, "unauthorized", "Open registration doesn't allow, so register user need token,", SECURITY
    ),
    "no-token-to-register-plain": ErrorTableRow(
        401, "unauthorized", "Open registration doesn't allow, so register user need token", SECURITY
    ),
    "illegal-token": ErrorTableRow(401, "unauthorized", "token is illegal.", SECURITY),
    "blank-token": ErrorTableRow(
        401, "group_authorization", "token is blank!", _GROUP + "GroupAuthorizationException", "observed"
    ),
    # Tokens
    "no-client-id": ErrorTableRow(400, "illegal_argument", "client_id must be provided.", _ILLEGAL),
    "no-client-secret": ErrorTableRow(400, "illegal_argument", "client_secret must be provided", _ILLEGAL),
    "wrong-client-id": ErrorTableRow(400, "invalid_grant", "client_id does not match", SECURITY),
    "wrong-client-secret": ErrorTableRow(400, "invalid_grant", "client_secret does not match", SECURITY),
    "wrong-password": ErrorTableRow(400, "invalid_grant", "invalid username or password", SECURITY),
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
        403, "forbidden_service_operation", "Service operation not allowed", SECURITY, "inferred"
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
