"""Judging what is there, what is deleted and what stayed, in words that a report can show."""

from collections.abc import Callable, Collection, Iterable, Sequence

from roamspec.api.message_bodies import TEXT
from roamspec.suite.context import CheckContext
from roamspec.suite.scripted_comparison import deleted, retained
from roamspec.transport.http_messages import Response
from roamspec.world.conversations import HistoryView, Message, ids_of
from roamspec.world.waiting import wait_until


def check_deleted(
    case: CheckContext, name: str, answer: Response, view: HistoryView, messages: Iterable[Message]
) -> bool:
    """None of `messages` may be in the view any more."""
    if not case.verdicts.wants(name):
        return True
    named = ids_of(messages)
    if answer.ok:
        view = looked_until(case, view, lambda now: not named & now.ids)
    left = named & view.ids
    return case.verdicts.check(
        name,
        answer.ok and not left,
        answer,
        view,
        expected=f"{_count(named)} deleted from the history of {view.user}",
        actual=_outcome(answer, f"{_count(left)} still in the history: {_listed(left)}" if left else "gone"),
        compares=deleted(named),
    )


def check_types_deleted(
    case: CheckContext, answer: Response, view: HistoryView, messages: Sequence[Message]
) -> None:
    """Those of `messages` that are no text are deleted like the others; when texts stayed as well, the type
    is not why."""
    name = "effect.every-type-gone"
    texts = [message for message in messages if message.type == TEXT]
    others = [message for message in messages if message.type != TEXT]
    if not others:
        case.verdicts.inconclusive(
            name, "the target accepts no other messages than text, or its history queries do not return them"
        )
    elif answer.ok and not view.has_none(texts):
        case.verdicts.inconclusive(name, "text messages were not deleted either")
    else:
        check_deleted(case, name, answer, view, others)


def check_retained(
    case: CheckContext,
    name: str,
    answer: Response | None,
    view: HistoryView,
    messages: Iterable[Message],
    *,
    what: str = "",
    before: HistoryView | None = None,
) -> bool:
    """All of `messages` must still be in the view, and say what they said `before`, where that was seen."""
    if not case.verdicts.wants(name):
        return True
    wanted = ids_of(messages)
    view = looked_for(case, view, wanted)
    lost = wanted - view.ids
    altered = wanted & _altered(before, view) if before else frozenset[str]()
    return case.verdicts.check(
        name,
        not lost and not altered,
        answer,
        view,
        expected=f"{_count(wanted)} of {what or _conversation(view)} still in the history of {view.user}",
        actual=_outcome(answer, _change(lost, altered, "all there")),
        compares=retained(wanted) if lost else None,
    )


def check_unchanged(
    case: CheckContext, name: str, answer: Response | None, before: HistoryView, after: HistoryView
) -> bool:
    """A view must show what it showed before."""
    if not case.verdicts.wants(name):
        return True
    after = looked_for(case, after, before.ids)
    lost, altered = before.ids - after.ids, _altered(before, after)
    return case.verdicts.check(
        name,
        not lost and not altered,
        answer,
        after,
        expected=f"{_conversation(before)} as in the earlier history query of {before.user} "
        f"({_count(before.ids)})",
        actual=_outcome(answer, _change(lost, altered, "unchanged")),
        compares=retained(before.ids) if lost else None,
    )


def _altered(before: HistoryView, after: HistoryView) -> frozenset[str]:
    """The messages of both that no longer say what they said, such as those that were recalled."""
    said = {message.id: (message.sender, message.text) for message in before.messages}
    return frozenset(m.id for m in after.messages if said.get(m.id, (m.sender, m.text)) != (m.sender, m.text))


def _change(lost: Collection[str], altered: Collection[str], none: str) -> str:
    if lost:
        return f"{_count(lost)} deleted: {_listed(lost)}"
    return f"{_count(altered)} retained with another text: {_listed(altered)}" if altered else none


def looked_for(case: CheckContext, view: HistoryView, wanted: frozenset[str]) -> HistoryView:
    """The view, looked at until all messages of these IDs are in it, or patience ends: one machine of a
    service may be behind another."""
    return looked_until(case, view, lambda now: wanted <= now.ids)


def looked_until(case: CheckContext, view: HistoryView, holds: Callable[[HistoryView], bool]) -> HistoryView:
    """The view, looked at until it is as it should be or patience ends: services may lag."""
    if view.look is None or holds(view):
        return view
    return wait_until(view.look, holds, case.session, operation=case.operation.name)


def _outcome(answer: Response | None, effect: str) -> str:
    return f"answered {answer.summary(80)}; {effect}" if answer else effect


def _conversation(view: HistoryView) -> str:
    return f"the {view.conversation.kind} {view.conversation.id_for(view.user)}"


def _count(ids: Collection[str]) -> str:
    return f"{len(ids)} message{'' if len(ids) == 1 else 's'}"


def _listed(ids: Collection[str]) -> str:
    return ", ".join(sorted(ids))
