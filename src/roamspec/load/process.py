"""A process of a load. It alone imports Locust, which changes Python's own modules for the whole process.

It gets its task on standard input, and writes lines of JSON on standard output. The end of its input tells it
to stop: it then removes what was made.
"""

import locust  # isort: skip - before everything else, so that what is imported later waits as gevent does

import json
import os
import pickle
import sys
import time
from collections.abc import Callable
from typing import Any, Final

import gevent
from gevent.event import Event
from locust import runners
from locust.env import Environment

from roamspec.load.plan import LoadPlan
from roamspec.load.site import LoadSite
from roamspec.load.tally import LoadEnding, Tally, merged
from roamspec.load.task import LoadTask

_PLAN, _STOP, _RESULT, _LOST = "roamspec-plan", "roamspec-stop", "roamspec-result", "roamspec-lost"
_SPAWNED_PER_S: Final = 100
_STOP_S: Final = 60
"""How long users may take to end their calls."""
_PROGRESS_EVERY_S: Final = 1.0
_WORKERS_COME_WITHIN_S: Final = 120.0
_RESULTS_COME_WITHIN_S: Final = 900.0
"""A clean-up that keeps to a low rate takes long."""
_FAILURES: Final = "roamspec_failures"


class LoadProcess:
    """Plays one role until the load has ended."""

    def __init__(self, task: LoadTask, tell: Callable[[dict[str, Any]], None]) -> None:
        self._task = task
        self._tell = tell
        self._stop = Event()
        self._ending: tuple[LoadEnding, str] = ("complete", "")
        self._site: LoadSite | None = None
        self._failures: dict[str, int] = {}
        self._results: list[Tally] = []
        self._asked_to_stop = False
        self.env = Environment(user_classes=[self._user_class()], stop_timeout=_STOP_S)

    def _user_class(self) -> type:
        process = self

        class VirtualUser(locust.User):
            wait_time = locust.constant(0)

            def on_start(self) -> None:
                assert process._site is not None
                self.one = process._site.user()

            @locust.task
            def step(self) -> None:
                self.one.step()
                gevent.sleep(0)

        return VirtualUser

    def interrupt(self) -> None:
        """Somebody wants the load to end now."""
        if self._task.role == "worker" and self._site is None:
            # Locust tries to reach the master for minutes, and listens to nobody meanwhile.
            self._tell({"tally": Tally(ending="interrupted").as_dict()})
            os._exit(0)
        self._end("interrupted", "")

    def _end(self, ending: LoadEnding, detail: str) -> None:
        if self._ending[0] == "complete":
            self._ending = ending, detail
        self._stop.set()

    def _open(self, plan: LoadPlan, number: int) -> LoadSite:
        self._site = LoadSite(self._task, plan, number, report=self._called, lost=self._end)
        return self._site

    def _called(self, name: str, ms: float, failed: bool) -> None:
        self.env.events.request.fire(
            request_type="",
            name=name,
            response_time=ms,
            response_length=0,
            exception=RuntimeError("failed") if failed else None,
            context={},
        )

    # --- one process

    def alone(self) -> Tally:
        """The whole load in this process."""
        plan = self._task.plan
        assert plan is not None
        site = self._open(plan, 0)
        runner = self.env.create_local_runner()
        runner.start(plan.users, spawn_rate=min(plan.users, _SPAWNED_PER_S))
        self._await_end(plan, lambda: site.tally.failures)
        site.stop()
        runner.stop()
        tally = self._closed()
        runner.quit()
        return self._ended(tally)

    def _closed(self) -> Tally:
        """What was counted, once everything that was made is removed."""
        if self._site is None:
            return Tally()
        try:
            return self._site.close()
        except Exception as error:  # noqa: BLE001 - what was counted must not be lost
            self._end("suite-error", _failed(error))
            return self._site.tally

    def _ended(self, tally: Tally) -> Tally:
        if tally.ending == "complete":
            tally.ending, tally.detail = self._ending
        return tally

    def _await_end(self, plan: LoadPlan, failures: Callable[[], int]) -> None:
        """Until the time is over or something ends the load; tells how far it is."""
        began = time.monotonic()
        while not self._stop.is_set() and (left := plan.duration_s - (time.monotonic() - began)) > 0:
            self._stop.wait(min(_PROGRESS_EVERY_S, left))
            total = self.env.stats.total
            self._tell(
                {
                    "elapsed_s": time.monotonic() - began,
                    "calls": total.num_requests,
                    "calls_per_s": total.current_rps,
                    "p95_ms": total.get_current_response_time_percentile(0.95) or 0,
                    "failures": failures(),
                }
            )

    # --- several

    def master(self) -> Tally:
        """Starts the workers' users and adds up what they count; makes no call of its own."""
        task, plan = self._task, self._task.plan
        assert plan is not None
        runner = self.env.create_master_runner(task.host, task.port)
        self.env.events.worker_report.add_listener(self._worker_reported)
        runner.register_message(_RESULT, self._worker_ended)
        runner.register_message(_LOST, lambda msg, **_: self._end(*msg.data))
        self._tell({"port": runner.server.port})
        if not self._all_came(runner, plan.workers):
            runner.quit()
            return self._ended(Tally())
        runner.send_message(_PLAN, plan.as_dict())
        runner.start(plan.users, spawn_rate=min(plan.users, _SPAWNED_PER_S))
        self._await_end(plan, lambda: sum(self._failures.values()))
        # Not by Locust's own message, after which a worker sleeps as long as its users may take to end.
        self._asked_to_stop = True
        runner.send_message(_STOP)
        self._await_results(plan.workers)
        runner.quit()
        if len(self._results) < plan.workers:
            missing = plan.workers - len(self._results)
            self._end("suite-error", f"{missing} of {plan.workers} workers gave no result.")
        return self._ended(merged(self._results))

    def _all_came(self, runner: Any, number: int) -> bool:
        until = time.monotonic() + _WORKERS_COME_WITHIN_S
        while len(runner.clients.ready) < number and not self._stop.is_set():
            if time.monotonic() > until:
                came = len(runner.clients.ready)
                self._end("suite-error", f"Only {came} of {number} workers came; start the others.")
            self._stop.wait(0.05)
        return not self._stop.is_set()

    def _await_results(self, number: int) -> None:
        until = time.monotonic() + _RESULTS_COME_WITHIN_S
        while len(self._results) < number and time.monotonic() < until:
            clients = self.env.runner.clients
            if len(clients.missing) == len(clients.all):
                return
            gevent.sleep(0.1)

    def _worker_reported(self, client_id: str, data: dict[str, Any]) -> None:
        self._failures[client_id] = data.get(_FAILURES, 0)

    def _worker_ended(self, msg: Any, **_: Any) -> None:
        self._results.append(Tally.from_dict(msg.data))
        if not self._asked_to_stop:
            self._end("suite-error", "A worker ended before the load did.")

    def worker(self) -> Tally:
        """Makes a part of the load, as its master says."""
        task, done = self._task, Event()
        try:
            runner = self.env.create_worker_runner(task.host, task.port)
        except ConnectionError:
            sentence = f"No master answers at {task.host}:{task.port}; start it first."
            return Tally(ending="suite-error", detail=sentence)

        def begin(msg: Any, **_: Any) -> None:
            try:
                self._open(LoadPlan.from_dict(msg.data), runner.worker_index)
            except Exception as error:  # noqa: BLE001 - Locust would write it down and go on
                self._end("suite-error", _failed(error))

        def report(data: dict[str, Any], **_: Any) -> None:
            if self._site is not None:
                data[_FAILURES] = self._site.tally.failures

        def stopping(**_: Any) -> None:
            if self._site is not None:
                self._site.stop()

        def stopped(**_: Any) -> None:
            if not done.is_set():
                done.set()
                tally = self._ended(self._closed())
                runner.send_message(_RESULT, tally.as_dict())
                self._results.append(tally)

        runner.register_message(_PLAN, begin)
        runner.register_message(_STOP, lambda **_: runner.stop(), concurrent=True)
        self.env.events.report_to_master.add_listener(report)
        self.env.events.test_stopping.add_listener(stopping)
        self.env.events.test_stop.add_listener(stopped)
        lost = gevent.spawn(self._tell_master_of_loss, runner)
        runner.greenlet.join()
        lost.kill()
        if self._site is None and self._ending[0] == "complete":
            return Tally(ending="suite-error", detail="The master ended before the load began.")
        stopped()
        return self._results[0]

    def _tell_master_of_loss(self, runner: Any) -> None:
        self._stop.wait()
        runner.send_message(_LOST, list(self._ending))


def _failed(error: Exception) -> str:
    return f"The load itself failed ({type(error).__name__}: {error})."


def main() -> None:
    """Read a pickled task from standard input, run its users, and write lines of JSON to standard output."""
    # A machine that is busy is not one that is gone: seconds without a word from a worker.
    runners.HEARTBEAT_LIVENESS = 30
    # What a library prints must not come between our lines.
    lines = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def tell(line: dict[str, Any]) -> None:
        lines.write(json.dumps(line) + "\n")
        lines.flush()

    task: LoadTask = pickle.load(sys.stdin.buffer)  # noqa: S301 - of the process that started this one
    process = LoadProcess(task, tell)
    waiting = gevent.get_hub().threadpool.spawn(sys.stdin.buffer.read)
    waiting.rawlink(lambda _: process.interrupt())
    tally = {"alone": process.alone, "master": process.master, "worker": process.worker}[task.role]()
    tell({"tally": tally.as_dict()})
    lines.close()
    # The thread that reads the input would be waited for.
    os._exit(0)


if __name__ == "__main__":
    main()
