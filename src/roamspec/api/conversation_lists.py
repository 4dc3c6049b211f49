"""The five forms in which a user's conversation list can be read."""

from collections.abc import Callable, KeysView, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import quote

from roamspec.api.app_client import AppClient, required
from roamspec.errors import SetupFailed
from roamspec.transport.http_messages import Response, segment

ListForm = Literal["sdk-list", "users-plain", "users-page", "user-plain", "sdk-mark"]

LIST_FORMS: Mapping[ListForm, str] = {
    # The form that current clients use comes first; the last one lists marked conversations only and
    # serves no check.
    "sdk-list": "/sdk/user/{user}/user_channels/list?limit=50&cursor={cursor}&sort=desc&need_mark=true",
    "users-page": "/users/{user}/user_channels/page?pageNum={page}&pageSize=20",
    "users-plain": "/users/{user}/user_channels",
    "user-plain": "/user/{user}/user_channels",
}
_MOST_PAGES = 60


@dataclass(frozen=True, slots=True, order=True)
class ListedConversation:
    """One conversation of a list; `kind` is `chat` or `group`, `id` the peer or the group.

    `last_id` is the ID of the message that the list shows of it, empty when it shows none.
    """

    kind: str
    id: str
    last_id: str = field(default="", compare=False)


def read_page(
    app: AppClient,
    form: ListForm,
    user: str,
    *,
    cursor: str = "",
    page: int = 1,
    token: str | None = None,
) -> Response:
    """One page of a user's list, as the service answers it."""
    path = LIST_FORMS[form].format(user=segment(user), cursor=quote(cursor, safe=""), page=page)
    return app.call("GET", path, bucket="lists", token=token)


def read_list(
    app: AppClient,
    form: ListForm,
    user: str,
    *,
    token: str | None = None,
    on_page: Callable[[Response], None] = lambda _: None,
) -> KeysView[ListedConversation]:
    """A user's conversations in the order of the list, over all pages; SetupFailed when it cannot be read.

    `on_page` hears every response.
    """
    what = f"reading the conversation list of {user}"
    found: dict[ListedConversation, None] = {}
    cursor = ""
    for page in range(1, _MOST_PAGES + 1):
        answer = read_page(app, form, user, cursor=cursor, page=page, token=token)
        on_page(answer)
        data = required(answer, what).get("data")
        items = data.get("channel_infos") if isinstance(data, dict) else None
        if not isinstance(data, dict) or not isinstance(items, list):
            raise SetupFailed(f"{what}: the response has no data.channel_infos.")
        new = [each for each in (listed(item, app) for item in items) if each not in found]
        found |= dict.fromkeys(new)
        cursor = str(data.get("cursor") or "")
        # A page may be shorter than what was asked for; only an empty one is surely beyond the last.
        paged = form == "users-page" or (form == "sdk-list" and cursor not in ("", "undefined", "null"))
        if not paged or not new:
            return found.keys()
    raise SetupFailed(f"{what}: the list does not end after {_MOST_PAGES} pages.")


def listed(item: Any, app: AppClient) -> ListedConversation:
    """One item of a list, in whichever of the known forms it is written."""
    if not isinstance(item, dict):
        raise SetupFailed("reading a conversation list: an item is not an object.")
    channel = str(item.get("channel_id") or "")
    name, _, domain = channel.partition("@")
    name = name.removeprefix(f"{app.key}_")
    identifier = str(item.get("session_to") or name).partition("@")[0]
    kind = str(item.get("session_type") or ("group" if domain.startswith("conference.") else "chat"))
    shown = item.get("meta")
    last = shown.get("id") if isinstance(shown, dict) else None
    last_id = str(last) if isinstance(last, str | int) else ""
    return ListedConversation("chat" if kind == "chat" else "group", identifier, last_id)
