"""What it costs to shorten a failing sequence: our own shrinker compared with that of Hypothesis.

    python benchmarks/shrinking.py [--fault NAME]... [--seed 1] [--most 8000]

Both begin with the same drawn sequence on an emulator with the same fault. Prints for each fault the steps
and the requests of either; ends with 1 when ours needs more requests for all of them, or more steps.
"""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from roamspec.config.target_config import TargetConfig
from roamspec.contract.load import load_contract
from roamspec.generative.call_sequence import CallSequence, Setting
from roamspec.generative.difference import Difference
from roamspec.generative.execution import Performance
from roamspec.generative.exploration_log import ExplorationLog
from roamspec.generative.hypothesis_settings import keep_house
from roamspec.generative.sequence_executor import ExplorationContext, SequenceExecutor
from roamspec.generative.state_machine import explore
from roamspec.generative.strategies import Repertoire
from roamspec.generative.triage import triaged
from roamspec.generative.visibility_probe import assumed
from roamspec.runner.cleanup import clean_up
from roamspec.runner.preflight import Preflight
from roamspec.session.embedded_emulator import EmbeddedEmulator, embedded_config
from roamspec.session.opening import RequestLimits
from roamspec.session.session import Session, open_session
from roamspec.suite.exploration_limits import LIMITS

FAULTS: Final = (
    "delete-chat-messages.request.latest-conversation-meant",
    "delete-group-messages.effect.back-with-the-next-message",
    "clear-chat-before.time.boundary-kept",
    "clear-user.effect.nothing-deleted@second-call",
    "delete-group-messages.effect.nothing-deleted@owner-joined-late",
)


@contextmanager
def opened(fault: str) -> Iterator[Session]:
    with EmbeddedEmulator((fault,)) as emulator:
        session = open_session(
            embedded_config(TargetConfig(), emulator.ready()),
            load_contract(),
            limits=RequestLimits.at_rate(0),
        )
        Preflight(session).run()
        yield session
        clean_up(session)
        session.close()


class Player:
    """Draws with Hypothesis, and counts the requests since the first difference."""

    def __init__(self, session: Session, most: int) -> None:
        self.context = ExplorationContext(session, session.contract, assumed(session))
        self._session = session
        self._most = session.client.requests + most
        self._log = ExplorationLog()

    def draw(self, seed: int, *, shrink: bool) -> tuple[CallSequence, Difference] | None:
        limits, operations = LIMITS["standard"], list(self._session.contract.operations.values())
        return explore(
            self.context.visibility,
            Repertoire.of(operations),
            self._begin,
            seed=seed,
            examples=limits.sequences,
            steps=limits.choices,
            new_in=self._log.coverage.new_in,
            shrink=shrink,
        )

    def _begin(self, *, watched: bool, setting: Setting) -> Performance | None:
        if self._session.client.requests > self._most:
            return None
        return Performance(self.context, self._log, _close, watched=watched, setting=setting)


def _close(_program: CallSequence, executor: SequenceExecutor) -> None:
    executor.close()


def ours(fault: str, seed: int) -> tuple[int, int, int]:
    """Requests until the first difference, requests for shortening it, and the steps that are left."""
    with opened(fault) as session:
        player, began = Player(session, 20_000), session.client.requests
        found = player.draw(seed, shrink=False)
        if found is None:
            raise SystemExit(f"no sequence of seed {seed} shows {fault}.")
        drawn = session.client.requests - began
        finding = triaged(
            player.context, *found, tries=LIMITS["deep"].shrinks, may_send=lambda _requests: True
        )
        return drawn, session.client.requests - began - drawn, len(finding.program)


def of_hypothesis(fault: str, seed: int, most: int) -> tuple[int, int]:
    """Requests until Hypothesis ends, and the steps that are left; 0 for one that was cut off at `most`."""
    with opened(fault) as session:
        player, began = Player(session, most), session.client.requests
        found = player.draw(seed, shrink=True)
        return session.client.requests - began, len(found[0]) if found else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--fault", action="append", default=[])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--most", type=int, default=8_000)
    arguments = parser.parse_args()
    keep_house(None)
    dearer, longer = 0, 0
    for fault in arguments.fault or FAULTS:
        drawn, own, steps = ours(fault, arguments.seed)
        everything, theirs = of_hypothesis(fault, arguments.seed, arguments.most)
        shrinking = everything - drawn
        ending = f"{theirs} steps" if theirs else f"cut off after {arguments.most:,} requests"
        sys.stdout.write(
            f"{fault}: ours {own:,} requests, {steps} steps; Hypothesis {shrinking:,} requests, {ending}\n"
        )
        sys.stdout.flush()
        dearer += own > shrinking
        longer += bool(theirs) and steps > theirs
    return int(bool(dearer or longer))


if __name__ == "__main__":
    sys.exit(main())
