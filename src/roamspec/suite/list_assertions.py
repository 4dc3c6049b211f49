"""Judging what stands in conversation lists: one reading of a list tells of several conversations."""

from collections.abc import Mapping

from roamspec.errors import SetupFailed
from roamspec.suite.context import CheckContext
from roamspec.suite.scripted_comparison import in_list
from roamspec.transport.http_messages import Response
from roamspec.world.conversations import Conversation
from roamspec.world.world import World


def require_listed(world: World, user: str, *conversations: Conversation) -> None:
    """A conversation can only be seen to leave when it was seen to be there: SetupFailed otherwise."""
    found = world.lists_when(user, dict.fromkeys(conversations, True))
    for conversation, there in found.items():
        if not there:
            raise SetupFailed(
                f"a {conversation.kind} with messages does not appear in the conversation list of {user}"
            )


def check_listed(
    case: CheckContext,
    world: World,
    user: str,
    answer: Response,
    expected: Mapping[Conversation, tuple[str, bool]],
    *,
    full: bool = False,
) -> None:
    """Judge one reading of a list: each conversation under its name, there or not.

    A call that was no success is not what took a conversation away, and is not the cause when one stays
    where it shall stay: that it is no success is judged elsewhere. `full` says that a conversation which
    should leave the list was seen to have messages left: then it is not waited for.
    """
    wanted = {each: present for each, (_, present) in expected.items()}
    found = world.lists_when(user, wanted, waits=answer.ok and not full)
    for conversation, (name, present) in expected.items():
        there = found[conversation]
        identifier = conversation.id_for(user)
        case.verdicts.check(
            name,
            there == present and (answer.ok or present),
            answer,
            world.last_listing,
            expected=f"{conversation.kind} {identifier} {'in' if present else 'not in'} the list of {user}",
            actual=f"answered {answer.summary(80)}; it is {'there' if there else 'not there'}",
            compares=in_list(conversation.kind, identifier, present=present),
        )
