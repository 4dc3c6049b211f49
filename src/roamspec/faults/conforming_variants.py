"""Services that keep every requirement, each unusual in one way or in several: a suite must find none
wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class ConformingVariant:
    """Settings of an app, and the freedom of a service that they stand for."""

    settings: Mapping[str, Any]
    sentence: str


CONFORMING: Final[Mapping[str, ConformingVariant]] = {
    "envelope": ConformingVariant(
        {"deletion_envelope": True}, "Successful deletions also have the common response fields."
    ),
    "extra-fields": ConformingVariant({"extra_fields": True}, "Every object has an undocumented field."),
    "short-errors": ConformingVariant({"error_fields": "short"}, "Errors have only type and text."),
    "framework-errors": ConformingVariant(
        {"missing_parameter_body": "framework"}, "A missing parameter gets a framework's default error body."
    ),
    "unauthorized-oauth": ConformingVariant({"unauthorized_texts": "oauth"}, "Every 401 has the same text."),
    "unauthorized-expired": ConformingVariant(
        {"unauthorized_texts": "expired"}, "Every 401 reports an expired token."
    ),
    "unknown-owner-accepted": ConformingVariant(
        {"unknown_owner": 200}, "Calls for unknown owners are answered with 200."
    ),
    "owner-before-token": ConformingVariant(
        {"owner_before_token": True},
        "Calls for unknown owners are answered with 404 before the token is checked.",
    ),
    "owner-calls-served": ConformingVariant(
        {"owner_calls_on_rest": "served"}, "Owners may delete their own messages with their own token."
    ),
    "wrong-method-404": ConformingVariant({"wrong_method": 404}, "A wrong method is answered with 404."),
    "wrong-method-500": ConformingVariant({"wrong_method": 500}, "A wrong method is answered with 500."),
    "unknown-path-500": ConformingVariant({"unknown_path": 500}, "An unknown path is answered with 500."),
    "clock-ahead": ConformingVariant(
        {"clock_offset_ms": 400 * 86_400_000}, "The clock is more than a year ahead."
    ),
    "clock-behind": ConformingVariant(
        {"clock_offset_ms": -3 * 3_600_000}, "The clock is three hours behind."
    ),
    "clock-a-little-off": ConformingVariant(
        {"clock_offset_ms": 1_700}, "The clock is off by less than two seconds."
    ),
    "lists-lag": ConformingVariant({"list_lag_ms": 700}, "Conversation lists are delayed."),
    "lists-lag-long": ConformingVariant({"list_lag_ms": 2_500}, "Conversation lists are delayed for long."),
    "rest-messages-unlisted": ConformingVariant(
        {"rest_messages_create_conversations": False}, "Messages sent over REST create no list entry."
    ),
    "imports-listed": ConformingVariant(
        {"rest_messages_create_conversations": False, "imported_messages_create_conversations": True},
        "Imported messages create list entries; messages sent over REST do not.",
    ),
    "nothing-unlisted": ConformingVariant(
        {"imported_messages_create_conversations": True, "rooms_in_lists": True},
        "All messages create list entries, also in chatrooms.",
    ),
    "imports-refused": ConformingVariant({"imports": "refused"}, "Messages cannot be imported."),
    "imports-dated-strictly": ConformingVariant(
        {"import_timestamps": "increasing"}, "An imported message must be later than those before it."
    ),
    "list-user": ConformingVariant({"list_forms": ["user"]}, "One form of the conversation list: `/user/`."),
    "list-users": ConformingVariant(
        {"list_forms": ["users"]}, "One form of the conversation list: `/users/`."
    ),
    "list-pages": ConformingVariant(
        {"list_forms": ["users-page"]}, "One form of the list, with page numbers."
    ),
    "list-cursor": ConformingVariant({"list_forms": ["sdk-list"]}, "One form of the list, with a cursor."),
    "list-mark": ConformingVariant(
        {"list_forms": ["sdk-mark"]}, "One form of the list, by the clients' marks."
    ),
    "no-lists": ConformingVariant({"list_forms": []}, "No form of the conversation list."),
    "small-pages": ConformingVariant(
        {"pull_page_cap": 3, "list_page_max": 2}, "Pages have fewer items than requested."
    ),
    "small-lists": ConformingVariant(
        {"conversation_capacity": 100}, "A list has at most a hundred conversations."
    ),
    "small-messages": ConformingVariant({"message_bytes_max": 3_072}, "Messages have at most 3 KB."),
    "small-bodies": ConformingVariant({"body_bytes_max": 1 << 16}, "Bodies have at most 64 KB."),
    "short-tokens": ConformingVariant({"token_ttl_s": 3_600}, "Tokens live for an hour."),
    "small-pull-limit": ConformingVariant(
        {"pull_page_max": 20}, "A history query may request at most twenty messages."
    ),
    "last-page-null": ConformingVariant({"last_page_cursor": "null"}, "The last page has a null cursor."),
    "last-page-empty": ConformingVariant({"last_page_cursor": "empty"}, "The last page has an empty cursor."),
    "random-ids": ConformingVariant({"message_ids": "random"}, "Message IDs follow no order."),
    "closing-connections": ConformingVariant(
        {"close_connections": True}, "Each response closes its connection."
    ),
    "chunked-answers": ConformingVariant(
        {"chunked_answers": True}, "Responses are chunked, without a Content-Length."
    ),
    "charset": ConformingVariant(
        {"json_media_type": "application/json;charset=UTF-8"}, "The media type names its charset."
    ),
    "headers-required": ConformingVariant(
        {"require_headers": True}, "Content-Type and Accept are required, as documented."
    ),
    "documented-rates": ConformingVariant(
        {"rate_limits": "documented"}, "All documented rates are enforced."
    ),
    "rates-above-the-documented": ConformingVariant(
        {
            "operation_rates": {
                "deleteChatMessages": 101,
                "deleteGroupMessages": 150,
                "clearUser": 101,
                "clearChatBefore": 120,
                "clearGroupBefore": 400,
            }
        },
        "The five have limits of their own, none below the documented one.",
    ),
    "slow-sending": ConformingVariant(
        {"operation_rates": {"sendToUsers": 40, "sendToGroups": 10, "pullMessages": 60}},
        "Rates around the five are lower than the documented ones.",
    ),
    "hundred-users": ConformingVariant(
        {"registered_users_max": 100}, "A hundred users may be registered, as on the smallest plan."
    ),
    "no-rates": ConformingVariant({"rate_limits": "off"}, "No rate is enforced."),
    "rate-403": ConformingVariant({"rate_status": 403}, "Above the rate limit, the response is 403."),
    "lists-five-a-minute": ConformingVariant(
        {"list_reads_per_minute": 5}, "A user's list may be read five times a minute."
    ),
    "impossible-values-ignored": ConformingVariant(
        {"impossible_values": "ignored"}, "An impossible value is accepted without effect."
    ),
    "impossible-ids-refused": ConformingVariant(
        {"impossible_ids": "refused"}, "A message ID that is not a number is rejected."
    ),
    "duplicates-count-once": ConformingVariant(
        {"duplicate_ids_count": False}, "The same ID twice counts once towards the limit of fifty."
    ),
    "clearing-notifies": ConformingVariant(
        {"clear_user_notifies": True}, "Clearing a user notifies the user's own devices."
    ),
    "silent-without-effect": ConformingVariant(
        {"notify_without_effect": False}, "A deletion that finds nothing notifies nobody."
    ),
    "no-rooms": ConformingVariant({"chatroom_roaming": False}, "Messages of chatrooms are not kept."),
    "no-rooms-by-id": ConformingVariant(
        {"rooms_by_message_id": False}, "A chatroom's messages cannot be deleted by ID."
    ),
    "pull-closed-403": ConformingVariant(
        {"pull_not_open_status": 403}, "A history query with message roaming disabled is answered with 403."
    ),
    "short-retention": ConformingVariant({"retention_days": 3}, "Messages are kept for three days."),
    "unknown-user-400": ConformingVariant(
        {"unknown_user_deletion": 400}, "Deleting a user who does not exist is answered with 400."
    ),
    "other-surroundings": ConformingVariant(
        {
            "history_export_days": 7,
            "history_export_lag_hours": 1,
            "history_export_zone": "utc",
            "group_application_name": False,
            "non_member_removal": 400,
            "registration_text_comma": False,
            "exception_names": "qualified",
            "form_type_at_token": False,
        },
        "The operations around the deletions respond as in other recordings.",
    ),
    "devices-of-other-clients": ConformingVariant(
        {"device_delivery": "announced", "conversation_deletion_notifies": True, "devices_per_platform": 4},
        "Devices fetch announced notifications, and are also notified of deleted conversations.",
    ),
    "everything-at-once": ConformingVariant(
        {
            "deletion_envelope": True,
            "extra_fields": True,
            "unauthorized_texts": "oauth",
            "unknown_owner": 200,
            "owner_calls_on_rest": "served",
            "wrong_method": 404,
            "clock_offset_ms": -86_400_000,
            "list_lag_ms": 400,
            "import_timestamps": "increasing",
            "pull_page_cap": 7,
            "message_ids": "random",
            "last_page_cursor": "null",
            "chunked_answers": True,
            "json_media_type": "application/json;charset=UTF-8",
            "require_headers": True,
            "impossible_values": "ignored",
            "clear_user_notifies": True,
            "notify_without_effect": False,
        },
        "Unusual in many ways at once.",
    ),
}
