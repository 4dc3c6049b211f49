"""One process's part of a load: its session on the target, its users, and what it counts."""

import contextlib
import itertools
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from roamspec.contract.load import load_contract
from roamspec.contract.requirements import load_catalogue
from roamspec.errors import CredentialsRefused, SetupFailed, TargetError, Unreachable
from roamspec.load.household import Household
from roamspec.load.judging import LoadJudge
from roamspec.load.mix import Step, dice_of, rejections, steps
from roamspec.load.pacing import LoadPacer, LoadStopped
from roamspec.load.plan import LoadPlan
from roamspec.load.tally import LoadEnding, Tally
from roamspec.load.task import LoadTask
from roamspec.runner.cleanup import begin_ledger, clean_up
from roamspec.session.names import NameSource
from roamspec.session.opening import RequestLimits, RunIdentity
from roamspec.session.session import Session, open_session
from roamspec.transport.exchange import Exchange
from roamspec.transport.rate_limiter import ARRANGING_BUCKETS
from roamspec.transport.trace import Trace

_IDS_KEPT: Final = 200
Report = Callable[[str, float, bool], None]
"""Hears of each call: its operation, the milliseconds that the answer took, and whether it failed."""
Lost = Callable[[LoadEnding, str], None]
"""Hears why the load cannot go on."""


class _Forgetful(Trace):
    """Keeps nothing: a load may last for hours."""

    def __call__(self, exchange: Exchange) -> None:
        pass


class LoadSite:
    """Opened with the plan of the load; `close` removes what was made and gives the tally."""

    def __init__(self, task: LoadTask, plan: LoadPlan, number: int, *, report: Report, lost: Lost) -> None:
        """`number` tells the workers of one load apart."""
        self._task = task
        self._plan = plan
        self._number = number
        self._report = report
        self._lost = lost
        self._users = itertools.count()
        self._began = time.monotonic()
        self.tally = Tally()
        self.own_ids: deque[str] = deque(maxlen=_IDS_KEPT)
        rate = plan.rate * plan.share
        self.pacer = LoadPacer(
            min(rate, task.most_rate or rate), share=plan.share, within_limits=task.within_limits
        )
        self.session = self._opened()
        contract = load_contract()
        self.rejections = rejections(dice_of(plan.seed, number, -1), contract.operations.values())
        """The same for all users of this process, so that each comes in its turn."""
        self.judge = LoadJudge(self.session, contract, load_catalogue(contract=contract), self.tally)

    def _opened(self) -> Session:
        task, names = self._task, NameSource(self._task.own_mark)
        session = open_session(
            # A call of a burst would not be paced.
            replace(task.config, allow_burst=False),
            load_contract(),
            identity=RunIdentity(
                names, begin_ledger(task.report_dir, names, task.config, embedded=task.embedded)
            ),
            limits=RequestLimits(self.pacer),
            found=task.found,
        )
        session.client.trace = _Forgetful()
        session.client.recorder = self._heard
        return session

    def _heard(self, exchange: Exchange) -> None:
        bucket, status = self.pacer.bucket, exchange.status
        counts = self.tally.of(bucket)
        ms = (time.monotonic() - self.pacer.sent_at) * 1000
        counts.latencies.add(ms)
        throttled = status == 429
        counts.throttled += throttled
        # The answers of the five are judged by what they should be; others have to be successes.
        failed = bucket in ARRANGING_BUCKETS and status != 200 and not throttled
        counts.failed += failed
        self._report(ARRANGING_BUCKETS.get(bucket, bucket), ms, failed)

    def user(self) -> "SiteUser":
        """A further user of this process."""
        return SiteUser(self, self._plan.seed, self._number, next(self._users))

    @property
    def sample_every(self) -> int:
        """Of so many deletions, one is read back."""
        return self._plan.sample_every

    def guarded(self, act: Callable[[], None]) -> None:
        """Let a user do something; whatever ends it is written down."""
        try:
            act()
        except LoadStopped:
            pass
        except SetupFailed as error:
            self.tally.note_setup_failure(str(error))
        except (Unreachable, CredentialsRefused, TargetError) as error:
            self.end("target-lost", str(error))
        except Exception as error:  # noqa: BLE001 - Locust would write it down and go on
            self.end("suite-error", f"The load itself failed ({type(error).__name__}: {error}).")

    def end(self, ending: LoadEnding, detail: str) -> None:
        """The load cannot go on; the first reason counts."""
        if self.tally.ending == "complete":
            self.tally.ending, self.tally.detail = ending, self.session.client.redactor.text(detail)
            self._lost(ending, self.tally.detail)

    def stop(self) -> None:
        """Let no further call of the users pass."""
        if not self.pacer.stopping:
            self.pacer.stopping = True
            self.tally.measured_s = time.monotonic() - self._began

    def close(self) -> Tally:
        """Remove what the users left; afterwards nothing is sent any more.

        What cannot be removed stays in the ledger, and the command that started the process tries once more.
        """
        self.pacer.stopping = False
        session, tally = self.session, self.tally
        session.client.recorder = None
        try:
            if tally.ending != "target-lost":
                clean_up(session)
        finally:
            tally.requests = session.client.requests
            tally.notes += session.notes
            session.close()
        return tally


class SiteUser:
    """One user: takes one step after the other, and begins anew with other people where that is a step."""

    def __init__(self, site: LoadSite, seed: int, worker: int, number: int) -> None:
        self._site = site
        # What is drawn within a step depends on the times of messages; which steps there are does not.
        self._steps = steps(dice_of(seed, worker, number))
        self._dice = dice_of(seed, worker, number)
        self._household: Household | None = None
        self._deletions: Counter[str] = Counter()

    def step(self) -> None:
        """The next thing that the user does; raises nothing."""
        self._site.guarded(self._next)

    def _next(self) -> None:
        site = self._site
        household = self._household
        if household is None:
            household = self._household = Household(
                site.session, site.judge, site.tally, self._dice, site.own_ids
            )
        try:
            self._take(next(self._steps), household)
        except SetupFailed:
            # Nobody knows what is there now.
            self._household = None
            with contextlib.suppress(SetupFailed):
                household.close()
            raise

    def _take(self, step: Step, household: Household) -> None:
        match step.action:
            case "send-chat":
                household.say(self._dice.choice([household.chat, household.other_chat]))
            case "send-group":
                household.say(household.group)
            case "pull":
                household.pull(self._dice.choice([household.chat, household.other_chat, household.group]))
            case "list":
                household.read_list()
            case "delete":
                household.delete(step.operation, read_back=self._is_sample(step.operation))
            case "reject":
                household.reject(next(self._site.rejections), read_back=self._is_sample("reject"))
            case "new-users":
                self._household = None
                household.close()

    def _is_sample(self, what: str) -> bool:
        """Whether it is the first of its kind by this user, or one of every so many."""
        number = self._deletions[what]
        self._deletions[what] += 1
        return number % self._site.sample_every == 0
