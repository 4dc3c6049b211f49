"""How far the run is: one line rewritten on a terminal, a plain line now and then elsewhere."""

import time
from collections.abc import Callable
from typing import Final, TextIO

from roamspec.report.live_failures import LiveFailures
from roamspec.report.terminal import Terminal
from roamspec.report.terminal_text import cut_to, styled
from roamspec.report.text import visible
from roamspec.report.translation import translation
from roamspec.results.events import CheckFinished, CheckStarted, Event, RunFinished, RunStarted

_REWRITE: Final = "\r\x1b[K"
_PLAIN_EVERY_S: Final = 5.0
_REDRAW_EVERY_S: Final = 0.1


class Progress:
    """A listener that writes to `stream`; `failures` is asked for the number of requirements failed so far,
    `counts` whether a failure of a requirement is told as it happens."""

    def __init__(
        self,
        stream: TextIO,
        terminal: Terminal,
        *,
        failures: Callable[[], int],
        counts: Callable[[str], bool] = lambda _: False,
        clock: Callable[[], float] = time.monotonic,
        lang: str = "en",
    ) -> None:
        self._stream = stream
        self._terminal = terminal
        self._failures = failures
        self._live = LiveFailures(counts, lang=lang)
        self._clock = clock
        self._texts = translation(lang)
        self._began = clock()
        self._shown_at = self._began
        self._planned: int | None = None
        self._finished = 0

    def __call__(self, event: Event, /) -> None:
        """Show what an event changes."""
        match event:
            case RunStarted():
                self._start(event)
            case CheckStarted():
                if self._terminal.interactive and self._due(_REDRAW_EVERY_S):
                    self._rewrite(event.check)
                elif not self._terminal.interactive and self._finished and self._due(_PLAIN_EVERY_S):
                    self._write(f"{self._state()}\n")
            case CheckFinished():
                self._finished += 1
                self._tell_failures(event)
                if self._terminal.interactive:
                    if self._due(_REDRAW_EVERY_S):
                        self._rewrite(event.check)
                elif self._due(_PLAIN_EVERY_S):
                    self._write(f"{self._state()}\n")
            case RunFinished() if self._planned is not None:
                self._write(_REWRITE if self._terminal.interactive else f"{self._state()}\n")

    def _start(self, started: RunStarted) -> None:
        self._began = self._shown_at = self._clock()
        self._planned = started.planned_checks
        self._live.start(started)
        target, _ = started.target, self._texts.gettext
        checks = self._texts.ngettext("{number} check", "{number} checks", started.planned_checks)
        said = _(
            "roamspec: {checks} on {kind} {base_url} ({app_key}), profile {profile}, seed {seed}"
        ).format(
            checks=checks.format(number=started.planned_checks),
            kind=_(target.kind),
            base_url=target.base_url,
            app_key=target.app_key,
            profile=started.profile,
            seed=started.seed,
        )
        self._write(visible(f"{said}\n"))

    def _tell_failures(self, finished: CheckFinished) -> None:
        lines = list(self._live.lines(finished))
        if not lines:
            return
        if self._terminal.colour:
            # A failure begins a line in every language; what belongs to it is indented.
            lines = [
                line if line.startswith(" ") else styled(line, "bold red", colour=True) for line in lines
            ]
        clear = _REWRITE if self._terminal.interactive else ""
        self._write(clear + "".join(f"{line}\n" for line in lines))

    def _due(self, seconds: float) -> bool:
        now = self._clock()
        if now - self._shown_at < seconds:
            return False
        self._shown_at = now
        return True

    def _state(self) -> str:
        failures = self._failures()
        failed = self._texts.ngettext("{number} failure", "{number} failures", failures)
        elapsed = self._clock() - self._began
        said = self._texts.gettext("roamspec: check {finished}/{planned}, {failed}, {elapsed} s").format(
            finished=self._finished,
            planned=self._planned,
            failed=failed.format(number=failures),
            elapsed=f"{elapsed:.0f}",
        )
        return said + self._left(elapsed)

    def _left(self, elapsed_s: float) -> str:
        """How long the others take, if they take as long as those that are finished."""
        left = (self._planned or 0) - self._finished
        if left <= 0 or not self._finished:
            return ""
        return self._texts.gettext(", about {seconds} s left").format(
            seconds=f"{elapsed_s / self._finished * left:.0f}"
        )

    def _rewrite(self, check: str) -> None:
        line = f"{self._state()}  {visible(check).replace(chr(10), ' ')}"
        self._write(_REWRITE + cut_to(line, self._terminal.width - 1))

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
