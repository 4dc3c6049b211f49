"""Users, groups and chatrooms: made, read, changed, deleted."""

import re
from collections.abc import Iterable
from typing import Any, Final, Literal
from uuid import uuid4

from roamspec.emulator.domain.api_error import ApiError
from roamspec.emulator.domain.context import Context
from roamspec.emulator.domain.records import Account, ConversationKey, Group

_NAME: Final = re.compile(r"[a-z0-9_.-]+")
NAME_BYTES_MAX: Final = 64


def legal_name(name: str) -> str:
    """The name as it is kept: upper case is folded. Rejected when it breaks the rules."""
    name = name.lower()
    if len(name.encode()) > NAME_BYTES_MAX:
        raise ApiError("user-name-too-long")
    if not _NAME.fullmatch(name):
        raise ApiError("user-name-illegal", name=name)
    return name


def check_free(context: Context, name: str) -> None:
    """Rejected when a user has that name."""
    if context.store.user(name) is not None:
        raise ApiError("user-exists", name=name, uuid="null")


def known_group(context: Context, group_id: str) -> Group:
    """A group or chatroom."""
    group = context.store.group(group_id)
    if group is None:
        raise ApiError("unknown-group", id=group_id)
    return group


def register(context: Context, name: str, password: str, nickname: str | None) -> Account:
    """Rejected when the name breaks the rules; the caller has seen that it is free."""
    name = legal_name(name)
    account = Account(name, str(uuid4()), password, nickname, context.now)
    context.store.add_user(account)
    return account


def existing_user(context: Context, name: str) -> Account:
    """The account of this name; ApiError `unknown-user` when there is none."""
    account = context.store.user(name)
    if account is None:
        raise ApiError("unknown-user")
    return account


def delete_user(context: Context, name: str) -> Account:
    """With the user go the user's views, memberships, and groups and chatrooms owned."""
    account = existing_user(context, name)
    for group in context.store.groups_of(name):
        if group.owner == name:
            delete_group(context, group)
    context.store.remove_user(name)
    context.lists.forget(name)
    return account


def create_group(
    context: Context,
    kind: Literal["group", "room"],
    owner: str,
    members: Iterable[str],
    attributes: dict[str, Any],
    wanted_id: str | None,
) -> Group:
    """The owner and all members must exist; a wanted ID must be free."""
    names = dict.fromkeys((owner, *members))
    for name in names:
        if context.store.user(name) is None:
            raise ApiError("unknown-member", name=name)
    if wanted_id is not None and context.store.group(wanted_id) is not None:
        raise ApiError("group-exists", id=wanted_id)
    group = Group(wanted_id or context.ids.group(context.now), kind, owner, names, attributes, context.now)
    context.store.add_group(group)
    return group


def existing_group(
    context: Context, kind: Literal["group", "room"], group_id: str, *, refusal: str = "unknown-group"
) -> Group:
    """`refusal` is the reason that is given when there is none."""
    group = context.store.group(group_id)
    if group is None or group.kind != kind:
        raise ApiError(refusal, id=group_id)
    return group


def delete_group(context: Context, group: Group) -> None:
    """Its messages and its entry in each member's list go with it."""
    context.store.remove_group(group.id)
    conversation = ConversationKey("group", group.id)
    for name in group.members:
        context.store.drop_view(name, conversation)
        if context.settings.list_lag_ms:
            context.lists.record(name, conversation, None, context.now)


def add_members(context: Context, group: Group, names: Iterable[str]) -> list[str]:
    """Returns those who were not members before; nobody is added when one does not exist."""
    wanted = list(dict.fromkeys(names))
    for name in wanted:
        if context.store.user(name) is None:
            raise ApiError("unknown-member", name=name)
    new = [name for name in wanted if name not in group.members]
    for name in new:
        context.store.join(group, name)
    return new


def check_removable(group: Group, name: str) -> None:
    """Rejected for the owner, and for somebody who is not a member."""
    if name == group.owner:
        raise ApiError("owner-stays")
    if name not in group.members:
        raise ApiError("not-a-member", name=name)


def remove_member(context: Context, group: Group, name: str) -> None:
    """Who leaves keeps the messages received so far."""
    context.store.leave(group, name)
