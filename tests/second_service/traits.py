"""Everything that the documentation leaves to a service, as one record; each field is one freedom."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

NO_FIELDS: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Web:
    """How answers travel; times in seconds."""

    media_type: str = "application/json"
    indent: int | None = None
    chunked: bool = False
    close: bool = False
    """The connection ends with each response."""
    close_every: int = 0
    """It ends with each response whose number is a multiple of this; 0: never."""
    idle_s: int = 30
    """How long an idle connection is kept."""
    slow_s: float = 0.0
    jitter_s: float = 0.0
    """How much later than usual an answer is at most, each by another part of it."""
    gzip: bool = False
    """Only for a client that asks for it."""
    gzip_unasked: bool = False
    """For every client."""
    behind_a_proxy: bool = False
    """Answers carry the headers and cookies of a reverse proxy."""
    content_type_required: int = 0
    """Status for a request without a JSON Content-Type; 0: not looked at."""
    accept_required: int = 0
    wrong_method: int = 405
    limits: bool = False
    """Every rate of the limit table is enforced; for a deletion too."""
    limit_status: int = 429
    joint_limit: bool = False
    """The five deletions share one bucket."""
    fixed_window: bool = False
    """Rates count whole seconds of the clock, not the last second."""
    retry_after: bool = False
    bare_errors: bool = False
    """Errors that the documentation's tables do not list have the body of a framework."""
    html_errors: bool = False
    """They have a page of HTML for a body."""
    error_extra: Mapping[str, Any] = field(default_factory=lambda: {"exception": "ServiceException"})


@dataclass(frozen=True, slots=True)
class Entry:
    """Tokens and users."""

    unauthorized: tuple[str, str] = ("unauthorized", "Unable to authenticate (OAuth)")
    tokens: str = "plain"
    """Form of a token: plain, or dotted (three parts with = and /, as a signed one)."""
    ttl_unit_ms: bool = False
    ttl_ignored: bool = False
    shortest_ttl_s: float = 0.0
    longest_ttl_s: float = 0.0
    """However long a token was asked for; 0: for as long as asked."""
    endless: bool = False
    """Tokens are said never to end; true of those that no `ttl` ends."""
    expiry_announced: bool = True
    """Whether expires_in tells that the token ends early."""
    one_token: bool = False
    """A new token of an app ends the earlier ones."""
    shared_token: bool = False
    """One token opens all the apps of the same credentials."""
    token_slow_s: float = 0.0
    strict_passwords: bool = False
    most_users: int = 0
    """More at a time are rejected with 429; 0: any number."""
    token_uses: int = 0
    """A token is valid for so many calls; 0: for any number."""
    come_s: float = 0.0
    """Until a registered user is known everywhere: one in three each takes all of it, none and half."""
    orphans_stay: bool = False
    """Groups and rooms outlive the user who owns them."""
    grants: tuple[str, ...] = ("client_credentials", "password", "inherit")
    user_token: int = 200
    """For a user's own token on the five calls: 200 for the user's own messages, else the error response."""
    users_per_call: int = 60
    user_array_only: bool = False
    unknown_user: int = 404
    one_user_token: bool = False
    """A new token of a user ends the earlier ones."""
    plain_names: bool = False
    """Names with other characters than a-z, 0-9 and hyphen, or of more than 33, are rejected."""
    users_stay: bool = False
    """Users cannot be removed over REST."""
    leave_s: float = 0.0
    """Until a removed user is removed."""
    chats_leave_too: bool = False
    """With a user, all chats with that user are removed from the others' views."""


@dataclass(frozen=True, slots=True)
class Talk:
    """Groups, rooms, messages and their import."""

    ids: str = "structured"
    """structured, random, short, huge, falling, or even (all IDs a multiple of 2**32)."""
    clock_s: float = 0.0
    step_ms: int = 1
    """Messages sent live are stamped with multiples of it."""
    machines_ms: int = 0
    """Two machines stamp them in turn, whose clocks differ by so much."""
    appear_s: float = 0.0
    """Until a sent message can be pulled."""
    import_rule: str = "free"
    """free, rising, recent (not the past), unstamped (own clock instead), none, chats-only."""
    import_status: int = 400
    import_number: bool = False
    group_number: bool = False
    room_number: bool = False
    rooms: str = "open"
    """open, none, or without-roaming."""
    room_drops: bool = False
    """A room drops what exceeds twenty messages per second."""
    lean_groups: bool = False
    """Answers about groups and rooms carry `data` alone."""
    more_in_answers: bool = False
    """Answers to sends tell more than IDs."""
    types_rejected: frozenset[str] = frozenset()
    types_dropped: frozenset[str] = frozenset()
    """Taken, and not kept for roaming."""
    ids_as_numbers: bool = False
    """So are the IDs of sent messages written."""
    most_groups: int = 0
    """A user is in so many groups at most; 0: in any number."""
    groups_begin_with_a_notice: bool = False
    """Whoever makes a group finds a first message in it."""
    closed_groups: bool = False
    """Nobody joins a group that exists."""
    join_s: float = 0.0
    """Until whoever joins a group sees what is said in it."""
    most_kept: int = 0
    """Messages that a conversation keeps, the newest ones; 0: all."""
    texts_filtered: bool = False
    """Texts are kept with some of their words changed."""
    legacy_send: bool = False
    """Only with useMsgId=true does a send answer with message IDs."""


@dataclass(frozen=True, slots=True)
class Read:
    """Pulling and conversation lists."""

    page: int = 50
    largest_pull: int = 0
    """A pull_number above it is rejected; 0: cut down silently."""
    pull_by: tuple[str, ...] = ("app", "user")
    first_cursor: tuple[Any, ...] = ("", -1, "-1", None)
    last_key: Any = "undefined"
    key_absent: bool = False
    empty_last_page: bool = False
    """is_last only comes with an empty page."""
    cursor: str = "id"
    """id, or opaque."""
    includes_start: bool = False
    """A page begins with the message that the cursor names."""
    holes: bool = False
    """What was deleted still takes its place in a page, so that pages may be short or empty."""
    order: str = "time"
    """time, id, or oldest-first within each page whatever the direction."""
    behind_s: float = 0.0
    """Two machines answer pulls in turn; one shows what there was to see so long ago."""
    ties: str = "kept"
    """Messages of the same time: kept in one order, or shuffled within each page."""
    received_step_ms: int = 1
    """The steps in which times are shown to others than the sender."""
    outsiders: int = 200
    """Answer to a pull of a group by somebody who is not in it."""
    list_by: tuple[str, ...] = ("app", "user")
    lists: tuple[int, ...] = (1, 2, 3, 4)
    list_page: int = 50
    list_lag_s: float = 0.0
    list_leave_s: float = 0.0
    """How much later than it comes a conversation goes."""
    list_behind_s: float = 0.0
    """Two machines answer in turn; one shows what there was to see so long ago."""
    list_cache_s: float = 0.0
    """How long a list that was read once is answered again."""
    list_most: int = 0
    """Conversations in a list at most, the newest ones; 0: any number."""
    list_order: str = "newest-first"
    """newest-first, oldest-first, or any: another one at each reading."""
    list_per_minute: int = 0
    list_form: str = "full"
    """full, or old: channel_id in place of session_to."""
    list_meta: str = "json"
    rest_lists: bool = True
    import_lists: bool = False
    list_only_with_own_newest: bool = False
    """A conversation whose newest message creates none is left out of the list."""
    rooms_listed: bool = False
    page_from: int = 1
    """The number of the first page in the form with page numbers."""


@dataclass(frozen=True, slots=True)
class Erase:
    """The five deletions."""

    order: tuple[str, ...] = ("auth", "open", "missing", "limit", "values", "owner", "partner")
    extra: Mapping[str, Any] = field(default_factory=dict)
    envelope: bool = False
    inner_paths: bool = False
    """The envelope has the URL behind a gateway, and a path without IDs."""
    float_time: bool = False
    step_ms: int = 1
    """The steps in which responses count the time."""
    clock_s: float = 0.0
    """How far the clock of responses is from that of messages."""
    skew_ms: int = 0
    """Answers come from two machines whose clocks differ by so much."""
    settle_s: float = 0.0
    """Until a deletion shows in pulls."""
    unknown_owner: int = 404
    unknown_partner: int = 200
    unknown_id: int = 200
    odd_id: int = 400
    empty_item: int = 200
    odd_notify: int = 400
    odd_time: int = 400
    zero_time: int = 200
    future_time: int = 200
    missing: int = 400
    missing_bare: bool = False
    hides_what_is_older: bool = False
    """What is imported later and dated before a time up to which messages were cleared is hidden as well."""
    repeats_count: bool = True
    repeats: int = 200
    """Answer to the same ID twice in a call."""
    outsider: int = 200
    """Answer to a call for a group that the owner is not in."""
    rooms_by_id: int = 200
    app_unknown: int = 404
    strict_query: bool = False
    """Parameters that the documentation does not know are rejected."""
    sdk_alias: bool = True


@dataclass(frozen=True, slots=True)
class Notices:
    """What an online device hears."""

    observer: bool = True
    what: bool = True
    """message_ids and del_time are notified."""
    one_by_one: bool = False
    late_s: float = 0.0
    twice: bool = False
    """At least once means twice."""
    batch_s: float = 0.0
    """Notifications of one device are collected for so long, and those of one conversation made one."""
    most_devices: int = 0
    """Devices of a user that are online at most, the newest ones; 0: any number."""
    more: bool = False
    """The owner's devices are also told that a conversation was emptied, in a notice of its own."""
    cut_s: float = 0.0
    """Streams end after so long; 0: never."""
    ready_s: float = 0.0
    only_if_something_went: bool = False
    clear_user: bool = False
    """delete/all tells the owner's devices."""
    room_type: str = "group"
    chatter: bool = False
    """Further events and comments on the stream."""
    all_named: bool = True
    """Every ID of the call is notified, else only those that existed."""
    crlf: bool = False
    numbers: bool = False
    """Notifications have message IDs as JSON numbers."""
    lines: bool = False
    """An event's data takes several lines, and the stream comes in small pieces."""


@dataclass(frozen=True, slots=True)
class Traits:
    org: str = "wildlife"
    web: Web = Web()
    entry: Entry = Entry()
    talk: Talk = Talk()
    read: Read = Read()
    erase: Erase = Erase()
    notices: Notices = Notices()
    lags: str = "steadily"
    """How deletions, lists and notifications lag: steadily, now-and-then (one in nine, the others not at
    all), or growing (from nothing, over the first hundred of them)."""
