"""Calls that must be refused, or must at least do no harm, tried one after the other on one scene."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from roamspec.client.messages import Answer
from roamspec.suite.case import Case
from roamspec.suite.scene import Scene, drafts, set_scene, talk
from roamspec.suite.silence import await_notice, grace
from roamspec.world.conversations import View, ids_of
from roamspec.world.devices import Device


@dataclass(frozen=True, slots=True)
class Trial:
    """One call, and the names of what it may refute.

    `send` makes the call on a scene. `judge` looks at the answer. `deletes_nothing` and
    `notifies_nobody` name requirements about the effect; `may_go` is what may be gone after a success.
    """

    send: Callable[[Scene], Answer]
    judge: Callable[[Answer], object]
    deletes_nothing: str = ""
    notifies_nobody: str = ""
    may_go: Callable[[Scene], frozenset[str]] = lambda _: frozenset()


class Bench:
    """A scene of the owner's with a conversation that the calls name and one that they do not."""

    MESSAGES = 3

    def __init__(self, case: Case, *, devices: bool = False) -> None:
        self.case = case
        self.world = case.world()
        self.scene = set_scene(self.world, case.subject, self.MESSAGES)
        self.bystander, self._aside = talk(
            self.world, case.subject.kind, self.scene.owner, self.scene.others[::-1], 1
        )
        self.devices: list[Device] = []
        if devices and case.has("devices"):
            self.devices = [self.world.device(user, "d1") for user in (self.scene.owner, self.scene.peer)]

    def run(self, trials: Sequence[Trial]) -> None:
        """Try all, then tell whether any of the refused ones was announced to a device."""
        refused: list[tuple[Trial, Answer]] = []
        before = self._look()
        for trial in trials:
            answer = trial.send(self.scene)
            trial.judge(answer)
            after = self._look_later()
            if trial.deletes_nothing:
                self._judge_effect(trial, answer, before, after)
            before = self._refilled(after)
            if trial.notifies_nobody and not answer.ok:
                refused.append((trial, answer))
        if self.devices and refused:
            self._judge_silence(refused)

    def _look(self) -> tuple[View, View]:
        owner = self.scene.owner
        return self.scene.view(), self.world.view(owner, self.bystander)

    def _look_later(self) -> tuple[View, View]:
        """A look that a deletion which lags, as far as one was seen to lag, would have reached."""
        lag = self.case.session.patience.lag_s
        if lag:
            self.case.session.sleep(1.5 * lag)
        return self._look()

    def _judge_effect(
        self, trial: Trial, answer: Answer, before: tuple[View, View], after: tuple[View, View]
    ) -> None:
        allowed = trial.may_go(self.scene) if answer.ok else frozenset()
        for seen, now in zip(before, after, strict=True):
            lost = seen.ids - now.ids - allowed
            where = f"the {seen.conversation.kind} {seen.conversation.id_for(seen.user)}"
            self.case.judge.that(
                trial.deletes_nothing,
                not lost,
                answer,
                now,
                expected=f"nothing deleted from {where}" + (" beyond what was named" if allowed else ""),
                actual=f"answered {answer.summary(80)}; {len(lost)} messages gone",
            )

    def _refilled(self, seen: tuple[View, View]) -> tuple[View, View]:
        """Put back what a trial deleted, so that the next one has something to spare."""
        scene = self.scene
        if ids_of(scene.messages) <= seen[0].ids and ids_of(self._aside) <= seen[1].ids:
            return seen
        senders = (scene.owner, scene.peer)
        messages = self.world.fill(scene.conversation, drafts(senders, self.MESSAGES))
        self._aside = self.world.fill(self.bystander, drafts((scene.owner,), 1))
        self.scene = replace(scene, messages=tuple(messages))
        return self._look()

    def _judge_silence(self, refused: Sequence[tuple[Trial, Answer]]) -> None:
        case = self.case
        if case.subject.notifies:
            self._announce_aside()
        grace(case)
        if self._heard_of_others():
            # Something was told; again, one by one, to see which call it was.
            for trial, _ in refused:
                self._judge_alone(trial)
            return
        for trial, answer in refused:
            self._judge_heard(trial, answer, 0)

    def _announce_aside(self) -> None:
        """A notice that must come, after everything that must not."""
        owner = self.scene.owner
        self.case.subject.delete(self.world.app, owner, self.bystander, self._aside, notify="true")
        await_notice(self.case, self.devices[0], self.bystander.id_for(owner))

    def _heard_of_others(self) -> bool:
        """Whether a device was told of anything but the call that was meant to be told."""
        aside = self.bystander.id_for(self.scene.owner)
        return any(e.conversation_id != aside for device in self.devices for e in device.events)

    def _judge_alone(self, trial: Trial) -> None:
        self._refilled(self._look())
        heard_before = sum(len(device.events) for device in self.devices)
        answer = trial.send(self.scene)
        grace(self.case)
        grace(self.case)
        heard = sum(len(device.events) for device in self.devices) - heard_before
        self._judge_heard(trial, answer, heard)

    def _judge_heard(self, trial: Trial, answer: Answer, notices: int) -> None:
        self.case.judge.that(
            trial.notifies_nobody,
            not notices,
            answer,
            expected="no device told of a refused call",
            actual=f"answered {answer.summary(80)}; {notices} notices",
        )


def everything_named(scene: Scene) -> frozenset[str]:
    """All messages of the conversation that the calls name."""
    return ids_of(scene.messages)
