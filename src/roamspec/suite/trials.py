"""Calls that must be refused, or must at least do no harm, tried one after the other on one scene."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from roamspec.client.messages import Answer
from roamspec.suite.case import Case
from roamspec.suite.scene import Scene, drafts, scene_of, set_scene
from roamspec.suite.silence import await_notice, grace
from roamspec.world.conversations import View, ids_of
from roamspec.world.devices import Device


def nothing(_: Scene) -> frozenset[str]:
    """What most trials may delete."""
    return frozenset()


def everything_named(scene: Scene) -> frozenset[str]:
    """All messages of the conversation that the calls name."""
    return ids_of(scene.messages)


@dataclass(frozen=True, slots=True)
class Trial:
    """One call, and the names of what it may refute.

    `send` makes the call on a scene. `judge` looks at the answer. `deletes_nothing` and
    `notifies_nobody` name requirements about the effect; `may_go` is what may be gone after a success.
    """

    send: Callable[[Scene], Answer]
    judge: Callable[[Answer], object]
    deletes_nothing: str
    notifies_nobody: str = ""
    may_go: Callable[[Scene], frozenset[str]] = nothing


class Bench:
    """A scene of the owner's with a conversation that the calls name and one that they do not.

    Trials that must delete nothing are made in a row, with one look before and one after; only when
    something is gone then are they repeated one by one, to see whose doing it was. The same holds for
    notices: only what was heard is looked into.
    """

    MESSAGES = 3

    def __init__(self, case: Case, *, devices: bool = False) -> None:
        self.case = case
        self.world = case.world()
        self.scene = set_scene(self.world, case.subject, self.MESSAGES)
        others = self.scene.others[::-1]
        self.bystander = scene_of(self.world, case.subject, self.scene.owner, others, 1)
        self.devices: list[Device] = []
        if devices and case.has("devices"):
            self.devices = [self.world.device(user, "d1") for user in (self.scene.owner, self.scene.peer)]

    def run(self, trials: Sequence[Trial]) -> None:
        """Try all, then tell whether any of the refused ones was announced to a device."""
        spotless = [trial for trial in trials if trial.may_go is nothing]
        before = self._look()
        answers = [(trial, self._send(trial)) for trial in spotless]
        after = self._look_later()
        if _lost(before, after):
            self._attribute(spotless)
        else:
            for trial, answer in answers:
                self._judge_effect(trial, answer, before, after)
        silent = [(trial, answer) for trial, answer in answers if trial.notifies_nobody and not answer.ok]
        if self.devices and silent:
            self._judge_silence(silent)
        for trial in trials:
            if trial not in spotless:
                self._alone(trial)

    def _send(self, trial: Trial) -> Answer:
        answer = trial.send(self.scene)
        trial.judge(answer)
        return answer

    def _attribute(self, trials: Sequence[Trial]) -> None:
        """Something went that must not: one by one, to see after which call."""
        lost = [self._alone(trial) for trial in trials]
        if not any(lost):
            for trial in trials:
                reason = "messages went missing after a row of calls, but not again after each alone"
                self.case.judge.cannot(trial.deletes_nothing, reason)

    def _alone(self, trial: Trial) -> bool:
        """One trial with a look before and after; whether something went that must not."""
        before = self._refilled()
        answer = self._send(trial)
        return not self._judge_effect(trial, answer, before, self._look_later())

    def _look(self) -> tuple[View, View]:
        return self.scene.view(), self.bystander.view()

    def _look_later(self) -> tuple[View, View]:
        """A look that a deletion which lags, as far as one was seen to lag, would have reached."""
        lag = self.case.session.patience.lag_s
        if lag:
            self.case.session.sleep(1.5 * lag)
        return self._look()

    def _judge_effect(
        self, trial: Trial, answer: Answer, before: tuple[View, View], after: tuple[View, View]
    ) -> bool:
        allowed = trial.may_go(self.scene) if answer.ok else frozenset()
        lost = _lost(before, after) - allowed
        return self.case.judge.that(
            trial.deletes_nothing,
            not lost,
            answer,
            *after,
            expected="no message deleted" + (" beyond those named" if allowed else ""),
            actual=f"answered {answer.summary(80)}; {len(lost)} messages gone",
        )

    def _refilled(self) -> tuple[View, View]:
        """Put back what a trial deleted, so that the next one has something to spare."""
        seen = self._look()
        scenes = (self.scene, self.bystander)
        if all(ids_of(scene.messages) <= view.ids for scene, view in zip(scenes, seen, strict=True)):
            return seen
        self.scene = self._filled_again(self.scene, seen[0], self.MESSAGES)
        self.bystander = self._filled_again(self.bystander, seen[1], 1)
        return self._look()

    @staticmethod
    def _filled_again(scene: Scene, seen: View, count: int) -> Scene:
        left = [message for message in scene.messages if message.id in seen.ids]
        new = drafts((scene.owner, scene.peer), count - len(left))
        left += scene.world.fill(scene.conversation, new) if new else []
        return replace(scene, messages=tuple(sorted(left, key=lambda message: message.time_ms)))

    def _judge_silence(self, refused: Sequence[tuple[Trial, Answer]]) -> None:
        if self.case.subject.notifies:
            self._announce_aside()
        grace(self.case)
        heard = self._heard()
        if heard:
            for trial, _ in refused:
                self._judge_heard_alone(trial)
        else:
            for trial, answer in refused:
                self._judge_heard(trial, answer, heard)

    def _announce_aside(self) -> None:
        """A notice that must come, after everything that must not."""
        aside = self.bystander
        aside.delete(aside.messages, notify="true")
        await_notice(self.case, self.devices[0], aside.conversation.id_for(aside.owner))

    def _heard(self) -> int:
        """How many notices about the conversation that the calls name, to its owner or to the peer."""
        conversation = self.scene.conversation
        names = {conversation.id_for(user) for user in (self.scene.owner, self.scene.peer)}
        return sum(event.conversation_id in names for device in self.devices for event in device.events)

    def _judge_heard_alone(self, trial: Trial) -> None:
        self._refilled()
        heard_before = self._heard()
        answer = trial.send(self.scene)
        grace(self.case)
        grace(self.case)
        self._judge_heard(trial, answer, self._heard() - heard_before)

    def _judge_heard(self, trial: Trial, answer: Answer, notices: int) -> None:
        self.case.judge.that(
            trial.notifies_nobody,
            answer.ok or not notices,
            answer,
            expected="no device told of a refused call",
            actual=f"answered {answer.summary(80)}; {notices} notices",
        )


def _lost(before: tuple[View, View], after: tuple[View, View]) -> frozenset[str]:
    """The IDs that were seen before and are not any more."""
    return frozenset().union(*(seen.ids - now.ids for seen, now in zip(before, after, strict=True)))
