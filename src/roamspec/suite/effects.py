"""Judging what is there, what is gone and what stayed, in words that a report can show."""

from collections.abc import Callable, Collection, Iterable, Sequence

from roamspec.client.contents import TEXT
from roamspec.client.messages import Answer
from roamspec.suite.case import Case
from roamspec.suite.scripted_comparison import deleted, retained
from roamspec.world.conversations import Message, View, ids_of
from roamspec.world.waiting import wait_until


def judge_gone(case: Case, name: str, answer: Answer, view: View, messages: Iterable[Message]) -> bool:
    """None of `messages` may be in the view any more."""
    if not case.judge.wants(name):
        return True
    named = ids_of(messages)
    if answer.ok:
        view = looked_until(case, view, lambda now: not named & now.ids)
    left = named & view.ids
    return case.judge.that(
        name,
        answer.ok and not left,
        answer,
        view,
        expected=f"{_count(named)} gone from what {view.user} pulls",
        actual=_outcome(answer, f"{_count(left)} still pulled: {_listed(left)}" if left else "gone"),
        compares=deleted(named),
    )


def judge_types_gone(case: Case, answer: Answer, view: View, messages: Sequence[Message]) -> None:
    """Those of `messages` that are no text are gone like the others; when texts stayed as well, the type is
    not why."""
    name = "effect.every-type-gone"
    texts = [message for message in messages if message.type == TEXT]
    others = [message for message in messages if message.type != TEXT]
    if not others:
        case.judge.cannot(name, "the target takes no messages but text, or does not let them be pulled")
    elif answer.ok and not view.has_none(texts):
        case.judge.cannot(name, "texts were not deleted either")
    else:
        judge_gone(case, name, answer, view, others)


def judge_kept(
    case: Case,
    name: str,
    answer: Answer | None,
    view: View,
    messages: Iterable[Message],
    *,
    what: str = "",
    before: View | None = None,
) -> bool:
    """All of `messages` must still be in the view, and say what they said `before`, where that was seen."""
    if not case.judge.wants(name):
        return True
    wanted = ids_of(messages)
    view = looked_for(case, view, wanted)
    lost = wanted - view.ids
    altered = wanted & _altered(before, view) if before else frozenset[str]()
    return case.judge.that(
        name,
        not lost and not altered,
        answer,
        view,
        expected=f"{_count(wanted)} of {what or _conversation(view)} still pulled by {view.user}",
        actual=_outcome(answer, _change(lost, altered, "all there")),
        compares=retained(wanted) if lost else None,
    )


def judge_unchanged(case: Case, name: str, answer: Answer | None, before: View, after: View) -> bool:
    """A view must show what it showed before."""
    if not case.judge.wants(name):
        return True
    after = looked_for(case, after, before.ids)
    lost, altered = before.ids - after.ids, _altered(before, after)
    return case.judge.that(
        name,
        not lost and not altered,
        answer,
        after,
        expected=f"{_conversation(before)} as {before.user} pulled it before ({_count(before.ids)})",
        actual=_outcome(answer, _change(lost, altered, "unchanged")),
        compares=retained(before.ids) if lost else None,
    )


def _altered(before: View, after: View) -> frozenset[str]:
    """The messages of both that no longer say what they said, such as those that were recalled."""
    said = {message.id: (message.sender, message.text) for message in before.messages}
    return frozenset(m.id for m in after.messages if said.get(m.id, (m.sender, m.text)) != (m.sender, m.text))


def _change(lost: Collection[str], altered: Collection[str], none: str) -> str:
    if lost:
        return f"{_count(lost)} gone: {_listed(lost)}"
    return f"{_count(altered)} there with another text: {_listed(altered)}" if altered else none


def looked_for(case: Case, view: View, wanted: frozenset[str]) -> View:
    """The view, looked at until all messages of these IDs are in it, or patience ends: one machine of a
    service may be behind another."""
    return looked_until(case, view, lambda now: wanted <= now.ids)


def looked_until(case: Case, view: View, holds: Callable[[View], bool]) -> View:
    """The view, looked at until it is as it should be or patience ends: services may lag."""
    if view.look is None or holds(view):
        return view
    return wait_until(view.look, holds, case.session, operation=case.operation.name)


def _outcome(answer: Answer | None, effect: str) -> str:
    return f"answered {answer.summary(80)}; {effect}" if answer else effect


def _conversation(view: View) -> str:
    return f"the {view.conversation.kind} {view.conversation.id_for(view.user)}"


def _count(ids: Collection[str]) -> str:
    return f"{len(ids)} message{'' if len(ids) == 1 else 's'}"


def _listed(ids: Collection[str]) -> str:
    return ", ".join(sorted(ids))
