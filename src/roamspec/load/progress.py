"""How far a load is: one line rewritten on a terminal, a plain line now and then elsewhere."""

import time
from collections.abc import Callable, Mapping
from typing import Any, Final, TextIO

from roamspec.load.plan import LoadPlan
from roamspec.report.terminal import Terminal
from roamspec.report.terminal_text import cut_to, wrap
from roamspec.report.text import visible
from roamspec.report.translation import translation

_REWRITE: Final = "\r\x1b[K"
_PLAIN_EVERY_S: Final = 5.0


class LoadProgress:
    """Writes to `stream`; a stream that cannot be written to any more is left alone."""

    def __init__(
        self,
        stream: TextIO,
        terminal: Terminal,
        plan: LoadPlan,
        *,
        clock: Callable[[], float] = time.monotonic,
        lang: str = "en",
    ) -> None:
        self._stream = stream
        self._terminal = terminal
        self._plan = plan
        self._clock = clock
        self._texts = translation(lang)
        self._shown_at = clock()
        self._rewritten = False

    def begin(self, target: str) -> None:
        """What will be done, before anything is sent."""
        said = self._texts.gettext(
            "roamspec: {rate} calls per second for {seconds} s on {target}, {users} users, seed {seed}"
        ).format(
            rate=f"{self._plan.rate:g}",
            seconds=f"{self._plan.duration_s:g}",
            target=target,
            users=self._plan.users,
            seed=self._plan.seed,
        )
        self._write("".join(f"{line}\n" for line in wrap(visible(said), self._terminal.width)))

    def __call__(self, state: Mapping[str, Any]) -> None:
        """`state` is what a process of the load tells of itself."""
        line = self._line(state)
        if self._terminal.interactive:
            self._rewritten = True
            self._write(_REWRITE + cut_to(line, self._terminal.width - 1))
        elif self._clock() - self._shown_at >= _PLAIN_EVERY_S:
            self._shown_at = self._clock()
            self._write(f"{line}\n")

    def end(self) -> None:
        """Take the line away that would be rewritten."""
        if self._rewritten:
            self._write(_REWRITE)

    def _line(self, state: Mapping[str, Any]) -> str:
        failures = self._texts.ngettext("{number} failure", "{number} failures", state["failures"])
        return self._texts.gettext(
            "roamspec: {elapsed} of {seconds} s, {calls} calls, {rate}/s, p95 {p95} ms, {failed}"
        ).format(
            elapsed=f"{state['elapsed_s']:.0f}",
            seconds=f"{self._plan.duration_s:g}",
            calls=f"{state['calls']:,}",
            rate=f"{state['calls_per_s']:.0f}",
            p95=f"{state['p95_ms']:.0f}",
            failed=failures.format(number=f"{state['failures']:,}"),
        )

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):
            self._terminal = Terminal()
