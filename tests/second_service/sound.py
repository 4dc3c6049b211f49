"""Sound services that differ in everything the documentation leaves open, by name."""

from collections.abc import Mapping
from typing import Any

from tests.second_service.traits import Entry, Erase, Notices, Read, Talk, Traits, Web

OTHER_TYPES = ("img", "custom", "loc", "file", "audio", "video", "cmd")
HOUR_S = 3600.0

UNTESTABLE = frozenset({"pull-nobody"})
"""Sound, but nothing can be observed: the run must say so with status 3."""

UNAUTHORIZED: Mapping[str, tuple[str, str]] = {
    "expired": ("unauthorized", "Unable to authenticate due to expired access token"),
    "corrupt": ("auth_bad_access_token", "Unable to authenticate due to corrupt access token"),
    "not-issued": ("auth_bad_access_token", "Unable to authenticate"),
    "illegal": ("unauthorized", "token is illegal."),
    "blank": ("group_authorization", "token is blank!"),
    "upstream": ("expired_token", "Unable to authenticate due to expired access token"),
    "no-permission": ("unauthorized", "Subject does not have permission [applications:delete:/users]"),
}

_LEGACY: Mapping[str, Any] = {"exception": "org.apache.usergrid.rest.exceptions.SecurityException"}
_NEWER: Mapping[str, Any] = {"exception": "EasemobSecurityException", "error_code": 40001}

_WEB = {
    "media-type-with-charset": Web(media_type="application/json;charset=UTF-8"),
    "pretty-bodies": Web(indent=2),
    "chunked-answers": Web(chunked=True),
    "connection-per-answer": Web(close=True),
    "idle-connections-cut": Web(idle_s=1),
    "slow-by-30-ms": Web(slow_s=0.03),
    "gzip-when-asked": Web(gzip=True),
    "content-type-enforced": Web(content_type_required=415),
    "accept-enforced": Web(accept_required=406),
    "both-headers-enforced-400": Web(content_type_required=400, accept_required=400),
    "wrong-method-404": Web(wrong_method=404),
    "wrong-method-500": Web(wrong_method=500),
    "rates-enforced": Web(limits=True),
    "rates-enforced-with-retry-after": Web(limits=True, retry_after=True),
    "deletion-rate-403": Web(limits=True, limit_status=403),
    "framework-errors": Web(bare_errors=True),
    "legacy-exceptions": Web(error_extra=_LEGACY),
    "error-codes": Web(error_extra=_NEWER),
    "no-exception-member": Web(error_extra={}),
    "html-errors": Web(html_errors=True),
    "joint-deletion-rate": Web(limits=True, joint_limit=True),
    "joint-deletion-rate-403": Web(limits=True, joint_limit=True, limit_status=403),
    "rates-by-the-clock": Web(limits=True, fixed_window=True),
    "forty-answers-per-connection": Web(close_every=40),
}

_ENTRY = {
    **{f"unauthorized-{name}": Entry(unauthorized=row) for name, row in UNAUTHORIZED.items()},
    "dotted-tokens": Entry(tokens="dotted"),
    "ttl-in-milliseconds": Entry(ttl_unit_ms=True),
    "ttl-ignored": Entry(ttl_ignored=True),
    "ttl-at-least-a-minute": Entry(shortest_ttl_s=60.0),
    "no-user-grants": Entry(grants=("client_credentials",)),
    "inherit-only": Entry(grants=("client_credentials", "inherit")),
    "password-only": Entry(grants=("client_credentials", "password")),
    "user-token-401": Entry(user_token=401),
    "user-token-403": Entry(user_token=403),
    "one-user-per-call": Entry(users_per_call=1),
    "users-in-arrays": Entry(user_array_only=True),
    "unknown-user-400": Entry(unknown_user=400),
    "tokens-end-early": Entry(longest_ttl_s=4.0),
    "tokens-end-early-untold": Entry(longest_ttl_s=4.0, expiry_announced=False),
    "one-token-at-a-time": Entry(one_token=True),
    "one-token-for-all-apps": Entry(shared_token=True),
    "token-slow": Entry(token_slow_s=1.0),
    "strict-passwords": Entry(strict_passwords=True),
    "sixty-users": Entry(most_users=60),
    "tokens-wear-out": Entry(token_uses=150),
    "users-come-late": Entry(come_s=0.4),
    "tokens-without-end": Entry(ttl_ignored=True, endless=True),
    "orphans-stay": Entry(orphans_stay=True),
}

_TALK = {
    **{f"ids-{form}": Talk(ids=form) for form in ("random", "short", "huge", "falling", "even")},
    "clock-hours-behind": Talk(clock_s=-5 * HOUR_S),
    "clock-hours-ahead": Talk(clock_s=7 * HOUR_S),
    "messages-in-whole-seconds": Talk(step_ms=1000),
    "whole-seconds-no-import": Talk(step_ms=1000, import_rule="none"),
    "messages-appear-late": Talk(appear_s=0.6),
    "import-rising": Talk(import_rule="rising"),
    "import-rising-403": Talk(import_rule="rising", import_status=403),
    "import-recent-only": Talk(import_rule="recent"),
    "import-unstamped": Talk(import_rule="unstamped"),
    "import-none": Talk(import_rule="none"),
    "import-chats-only": Talk(import_rule="chats-only"),
    "import-number": Talk(import_number=True),
    "circles-as-numbers": Talk(group_number=True, room_number=True),
    "rooms-none": Talk(rooms="none"),
    "rooms-without-roaming": Talk(rooms="without-roaming"),
    "rooms-drop": Talk(room_drops=True),
    "lean-circles": Talk(lean_groups=True),
    "ids-on-request": Talk(legacy_send=True),
    "messages-in-tenths": Talk(step_ms=100),
    "tenths-no-import": Talk(step_ms=100, import_rule="none"),
    "messages-of-two-clocks": Talk(machines_ms=30, import_rule="none"),
    "clock-a-day-behind": Talk(clock_s=-24 * HOUR_S),
    "clock-ten-minutes-ahead": Talk(clock_s=HOUR_S / 6),
    "some-types-refused": Talk(types_rejected=frozenset({"cmd", "custom", "img"})),
    "some-types-not-kept": Talk(types_dropped=frozenset({"cmd", "img"})),
    "texts-only": Talk(types_rejected=frozenset(OTHER_TYPES), import_rule="none"),
    "more-in-answers": Talk(more_in_answers=True),
    "ids-as-numbers": Talk(ids_as_numbers=True),
}

_READ = {
    "pages-of-three": Read(page=3),
    "pull-at-most-twenty": Read(largest_pull=20, page=20),
    "pull-with-user-token-only": Read(pull_by=("user",)),
    "pull-with-app-token-only": Read(pull_by=("app",)),
    "pull-nobody": Read(pull_by=()),
    "first-cursor-empty": Read(first_cursor=("",)),
    "first-cursor-minus-one": Read(first_cursor=(-1, "-1")),
    "last-key-null": Read(last_key=None),
    "last-key-empty": Read(last_key=""),
    "last-key-absent": Read(key_absent=True, page=4),
    "empty-last-page": Read(empty_last_page=True, page=7),
    "opaque-cursor": Read(cursor="opaque", page=5),
    "pull-in-id-order": Read(order="id"),
    "pull-oldest-first": Read(order="oldest-first", page=6),
    "outsiders-refused": Read(outsiders=403),
    "lists-none": Read(lists=()),
    **{f"list-form-{form}-only": Read(lists=(form,)) for form in (1, 2, 3, 4)},
    "lists-of-old-items": Read(lists=(2,), list_form="old"),
    "lists-page-of-two": Read(lists=(4,), list_page=2),
    "list-pages-of-two": Read(lists=(3,), list_page=2),
    "list-payload-base64": Read(list_meta="base64"),
    "pulls-from-two-machines": Read(behind_s=0.5),
    "lists-lag": Read(list_lag_s=1.6),
    "lists-lag-three-seconds": Read(list_lag_s=3.0),
    "lists-leave-late": Read(list_leave_s=3.5),
    "list-pages-from-zero": Read(lists=(3,), page_from=0),
    "first-cursor-null": Read(first_cursor=(None,)),
    "cursor-inclusive": Read(includes_start=True, page=5),
    "pages-with-holes": Read(holes=True, page=4),
    "pages-with-holes-to-the-end": Read(holes=True, page=6, empty_last_page=True),
    "pull-at-most-ten": Read(largest_pull=10, page=10),
    "lists-five-per-minute": Read(list_per_minute=5),
    "lists-five-per-minute-form-1": Read(list_per_minute=5, lists=(1,)),
    "lists-by-import-only": Read(rest_lists=False, import_lists=True),
    "lists-by-both": Read(rest_lists=True, import_lists=True),
    "lists-by-neither": Read(rest_lists=False, import_lists=False),
    "lists-hide-plain-newest": Read(rest_lists=False, import_lists=True, list_only_with_own_newest=True),
    "rooms-in-lists": Read(rooms_listed=True),
    "lists-with-user-token-only": Read(list_by=("user",)),
}

_ERASE = {
    "common-envelope": Erase(envelope=True),
    "further-fields": Erase(extra={"data": {"deleted": 1}, "trace": ["a", 1, None], "message": "success"}),
    "float-timestamps": Erase(float_time=True),
    "two-clocks": Erase(skew_ms=40),
    "answers-in-whole-seconds": Erase(step_ms=1000),
    "answers-five-minutes-off": Erase(clock_s=300.0),
    "repeated-id-400": Erase(repeats=400),
    "outsider-403": Erase(outsider=403),
    "outsider-404": Erase(outsider=404),
    "unknown-owner-403": Erase(unknown_owner=403),
    "missing-422": Erase(missing=422),
    "settling": Erase(settle_s=0.8),
    "unknown-owner-200": Erase(unknown_owner=200),
    "unknown-owner-400": Erase(unknown_owner=400),
    "unknown-partner-404": Erase(unknown_partner=404),
    "unknown-partner-400": Erase(unknown_partner=400),
    "unknown-id-400": Erase(unknown_id=400),
    "unknown-id-404": Erase(unknown_id=404),
    "lenient-values": Erase(odd_id=200, odd_notify=200, odd_time=200),
    "strict-values": Erase(empty_item=400, zero_time=400),
    "future-time-refused": Erase(future_time=400),
    "missing-row-bare": Erase(missing_bare=True),
    "repeats-do-not-count": Erase(repeats_count=False),
    "rooms-by-id-refused": Erase(rooms_by_id=400),
    "unknown-app-401": Erase(app_unknown=401),
    "owner-before-token": Erase(
        order=("owner", "auth", "open", "missing", "limit", "values", "partner"),
    ),
    "open-before-token": Erase(order=("open", "auth", "owner", "missing", "values", "limit", "partner")),
    "parameters-first": Erase(order=("missing", "limit", "values", "auth", "open", "owner", "partner")),
    "unknown-parameters-refused": Erase(strict_query=True),
    "no-sdk-alias": Erase(sdk_alias=False),
}

_NOTICES = {
    "observer-none": Notices(observer=False),
    "notices-without-content": Notices(what=False),
    "notices-one-by-one": Notices(one_by_one=True),
    "notices-late": Notices(late_s=0.8),
    "notices-only-of-what-went": Notices(only_if_something_went=True, all_named=False),
    "notices-of-clearing": Notices(clear_user=True),
    "notices-call-rooms-rooms": Notices(room_type="chatroom"),
    "notices-among-chatter": Notices(chatter=True),
    "notices-crlf": Notices(crlf=True),
    "notices-with-numbers": Notices(numbers=True),
    "notices-twice": Notices(twice=True),
    "notices-of-emptied-conversations": Notices(more=True),
    "notices-two-seconds-late": Notices(late_s=2.0),
    "streams-cut": Notices(cut_s=1.0),
    "devices-come-slowly": Notices(ready_s=0.3),
    "notices-on-several-lines": Notices(lines=True),
}

_MIXED = {
    "plain": Traits(),
    "poorest": Traits(
        web=Web(limits=True, bare_errors=True, close=True),
        entry=Entry(grants=("client_credentials",), ttl_ignored=True, users_per_call=1),
        talk=Talk(import_rule="none", rooms="none", ids="random"),
        read=Read(lists=(), page=3),
        notices=Notices(observer=False),
    ),
    "strictest": Traits(
        web=Web(limits=True, content_type_required=415, accept_required=406),
        entry=Entry(user_token=401),
        talk=Talk(import_rule="rising", clock_s=-HOUR_S),
        read=Read(first_cursor=("",), outsiders=403, largest_pull=20, list_per_minute=5),
        erase=Erase(unknown_id=400, unknown_partner=404, empty_item=400, zero_time=400, future_time=400),
    ),
    "laxest": Traits(
        entry=Entry(user_token=200),
        erase=Erase(unknown_owner=200, odd_id=200, odd_notify=200, odd_time=200, missing=422),
        notices=Notices(clear_user=True, chatter=True),
    ),
    "everything-late": Traits(
        web=Web(slow_s=0.01),
        talk=Talk(appear_s=0.5),
        read=Read(list_lag_s=1.2, page=10),
        erase=Erase(settle_s=0.5),
        notices=Notices(late_s=0.5),
    ),
    "late-now-and-then": Traits(
        read=Read(list_lag_s=1.5), erase=Erase(settle_s=1.2), notices=Notices(late_s=1.0), lags="now-and-then"
    ),
    "ever-later": Traits(
        read=Read(list_lag_s=1.5), erase=Erase(settle_s=1.0), notices=Notices(late_s=1.0), lags="growing"
    ),
    "settling-with-poor-lists": Traits(read=Read(lists=(1,), list_lag_s=1.0), erase=Erase(settle_s=0.6)),
    "user-token-pull-and-rates": Traits(web=Web(limits=True), read=Read(pull_by=("user",))),
    "slow-and-late": Traits(
        web=Web(slow_s=0.04),
        read=Read(list_lag_s=3.0, lists=(1,), list_per_minute=5),
        erase=Erase(settle_s=1.0),
        notices=Notices(late_s=1.0),
    ),
    "hard-to-read": Traits(
        web=Web(html_errors=True, close=True),
        entry=Entry(one_token=True),
        talk=Talk(step_ms=100, ids="random"),
        read=Read(page=4, holes=True, includes_start=True, list_leave_s=1.0),
    ),
    "live-messages-only": Traits(talk=Talk(import_rule="none"), read=Read(order="id")),
    "own-tokens-that-end-early": Traits(
        entry=Entry(longest_ttl_s=3.0, expiry_announced=False),
        read=Read(pull_by=("user",), list_by=("user",)),
    ),
    "own-lists-and-worn-tokens": Traits(
        web=Web(limits=True, fixed_window=True),
        entry=Entry(token_uses=90, one_token=True),
        read=Read(list_by=("user",), list_per_minute=5, lists=(4,)),
    ),
    "free-edition": Traits(
        web=Web(limits=True, joint_limit=True, close_every=25),
        entry=Entry(most_users=100, user_token=403),
        talk=Talk(rooms="none", import_rule="recent", import_status=403, most_groups=100),
        read=Read(largest_pull=20, list_per_minute=5, lists=(1,)),
    ),
    "late-and-limited": Traits(
        web=Web(limits=True, joint_limit=True, limit_status=403, close=True),
        entry=Entry(users_per_call=1, come_s=0.2),
        talk=Talk(appear_s=0.4, import_rule="rising", group_number=True),
        read=Read(list_lag_s=1.5, list_per_minute=5, lists=(4,)),
        erase=Erase(settle_s=0.4),
        notices=Notices(late_s=0.8, lines=True),
    ),
    "whole-seconds-long-ago": Traits(
        entry=Entry(orphans_stay=True, unknown_user=400),
        talk=Talk(step_ms=1000, clock_s=-30 * HOUR_S, import_rule="recent", ids="falling"),
        read=Read(order="oldest-first", page=4, includes_start=True),
        erase=Erase(step_ms=1000, unknown_owner=400, repeats_count=False, missing=422),
    ),
    "many-machines": Traits(
        web=Web(slow_s=0.01, close_every=7),
        talk=Talk(machines_ms=30, import_rule="none", ids="random"),
        read=Read(holes=True, page=5, list_leave_s=0.8),
        erase=Erase(skew_ms=40, envelope=True),
        notices=Notices(twice=True, one_by_one=True, more=True),
    ),
    "strange-orders": Traits(
        web=Web(html_errors=True, wrong_method=500, chunked=True),
        entry=Entry(user_token=403, grants=("client_credentials", "inherit"), token_uses=200),
        read=Read(outsiders=403, first_cursor=(None,), key_absent=True, page=3, rooms_listed=True),
        erase=Erase(
            order=("owner", "missing", "open", "auth", "limit", "values", "partner"),
            outsider=404,
            rooms_by_id=400,
            repeats=400,
            unknown_id=404,
        ),
        notices=Notices(only_if_something_went=True, all_named=False, chatter=True, crlf=True, lines=True),
    ),
}


def variants() -> dict[str, Traits]:
    """Every conforming variant by name."""
    return {
        **_MIXED,
        **{name: Traits(web=web) for name, web in _WEB.items()},
        **{name: Traits(entry=entry) for name, entry in _ENTRY.items()},
        **{name: Traits(talk=talk) for name, talk in _TALK.items()},
        **{name: Traits(read=read) for name, read in _READ.items()},
        **{name: Traits(erase=erase) for name, erase in _ERASE.items()},
        **{name: Traits(notices=notices) for name, notices in _NOTICES.items()},
    }
