"""What stood in conversation lists, compared with what is left of the conversations: no reading is added."""

from typing import Final

from roamspec.errors import TargetError
from roamspec.suite.context import CheckContext
from roamspec.suite.history_comparison import Window, expected
from roamspec.world.facts import Facts, Place
from roamspec.world.world import listed_as

NAMED: Final = "list.stays-while-a-message-is-left"
SPARED: Final = "list.other-conversations-stay"
OTHERS: Final = "one-way.others-keep-the-conversation"
COMPARED: Final = (NAMED, SPARED, OTHERS)


def compare_lists(case: CheckContext, facts: Facts, window: Window) -> None:
    """Whatever was listed and has messages left is listed still, whether a check asked for it or not."""
    for world in case.worlds:
        for (app, user), every in list(facts.list_looks.items()):
            looks = [
                each for each in every if each.number > window.began and each.operation == case.operation.name
            ]
            if app != world.app.key or len(looks) < 2:
                continue
            for place, conversation in list(facts.conversations.items()):
                if place.app != app or user not in conversation.members:
                    continue
                entry = listed_as(conversation, user)
                since = [look.number for look in looks[:-1] if entry in look.entries]
                if not since or entry in looks[-1].entries or not _has_messages(facts, place, user):
                    continue
                call = window.responsible_call(facts, since[-1], looks[-1].number, place, user)
                if call is None:
                    continue
                try:
                    there = world.list_when(user, conversation, present=True)
                except TargetError:
                    continue
                name = OTHERS if call.owner != user else NAMED if call.place == place else SPARED
                if case.verdicts.knows(name):
                    case.verdicts.check(
                        name,
                        there,
                        call.answer,
                        world.last_listing,
                        expected=f"the {conversation.kind} {entry.id} still in the conversation list of "
                        f"{user}",
                        actual=f"answered {call.answer.summary(80)}; it is not in the list, although "
                        "messages are left",
                    )


def _has_messages(facts: Facts, place: Place, user: str) -> bool:
    return any(one.state == "there" for one in expected(facts, place, user).values())
