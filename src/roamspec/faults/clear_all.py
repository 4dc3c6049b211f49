"""Faults of clearing a user: which conversations it reaches."""

from collections.abc import Callable, Sequence

from roamspec.emulator.domain.deletion import Deletion
from roamspec.emulator.store.protocol import StoredView
from roamspec.faults.registry import Wrapper, fault
from roamspec.faults.side_effects import is_room
from roamspec.faults.step_mutators import afterwards

_CLEAR = ("clearUser",)


def _reaching(chosen: Callable[[Deletion, Sequence[StoredView]], Sequence[StoredView]]) -> Wrapper:
    """Only some of the owner's conversations are found."""

    def narrow(deletion: Deletion) -> None:
        deletion.views = list(chosen(deletion, deletion.views))

    return afterwards(narrow)


def _is_group(deletion: Deletion, view: StoredView) -> bool:
    return view.conversation.type == "group" and not is_room(deletion, view.conversation)


for name, chosen, refuted, sentence in (
    (
        "chats-left",
        lambda _, views: [v for v in views if v.conversation.type != "chat"],
        ("all.chats-cleared",),
        "Chats are not cleared.",
    ),
    (
        "groups-left",
        lambda d, views: [v for v in views if not _is_group(d, v)],
        ("all.groups-cleared",),
        "Groups are not cleared.",
    ),
    (
        "rooms-left",
        lambda d, views: [v for v in views if not is_room(d, v.conversation)],
        ("all.rooms-cleared",),
        "Chatrooms are not cleared.",
    ),
    (
        "owned-groups-left",
        lambda d, views: [v for v in views if not (_is_group(d, v) and _owns(d, v))],
        ("all.groups-cleared",),
        "Groups that the user owns are not cleared.",
    ),
    (
        "first-twenty-conversations",
        lambda _, views: views[:20],
        ("all.more-than-one-page-of-conversations",),
        "Only the first page of conversations is cleared: twenty of them.",
    ),
    (
        "latest-twenty-conversations",
        lambda _, views: _latest(views)[:20],
        ("all.more-than-one-page-of-conversations",),
        "Only the first page of the list is cleared: the twenty latest conversations.",
    ),
    (
        "first-ten-conversations",
        lambda _, views: views[:10],
        ("all.more-than-one-page-of-conversations",),
        "Only the first ten conversations are cleared.",
    ),
    (
        "one-conversation",
        lambda _, views: views[:1],
        ("all.more-than-one-page-of-conversations",),
        "Only one conversation is cleared.",
    ),
    (
        "listed-conversations-only",
        lambda _, views: [v for v in views if v.listed],
        ("all.rooms-cleared",),
        "Only conversations in the list are cleared; chatrooms are not in the list.",
    ),
    (
        "one-group",
        lambda d, views: [
            v
            for v in views
            if v.conversation.type == "chat" or v is _first_group(d, views) or is_room(d, v.conversation)
        ],
        ("all.groups-cleared",),
        "Of several groups, only the first is cleared.",
    ),
    (
        "all-but-the-last-conversation",
        lambda _, views: views[:-1] if len(views) > 1 else views,
        ("all.chats-cleared",),
        "The last conversation is not cleared.",
    ),
):
    fault(f"all.{name}", at="resolve", operations=_CLEAR, refutes=refuted, sentence=sentence)(
        _reaching(chosen)
    )


def _owns(deletion: Deletion, view: StoredView) -> bool:
    group = deletion.context.store.group(view.conversation.id)
    return group is not None and group.owner == deletion.owner


def _first_group(deletion: Deletion, views: Sequence[StoredView]) -> StoredView | None:
    return next((view for view in views if _is_group(deletion, view)), None)


def _latest(views: Sequence[StoredView]) -> list[StoredView]:
    return sorted(views, key=lambda view: getattr(view.newest(), "time_ms", 0), reverse=True)
