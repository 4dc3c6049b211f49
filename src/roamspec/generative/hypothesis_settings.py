"""How Hypothesis is run here: from a seed, without a word, and without leaving files behind."""

import os
from pathlib import Path
from typing import Final

import hypothesis
from hypothesis import HealthCheck, Phase, Verbosity
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.database import (
    DirectoryBasedExampleDatabase,
    ExampleDatabase,
    MultiplexedDatabase,
    ReadOnlyDatabase,
)

from roamspec.temporary import temporary_place

PHASES: Final = (Phase.explicit, Phase.reuse, Phase.generate)
"""Shrinking is our own (`roamspec.generative.shrinking`); `benchmarks/shrinking.py` compares the costs."""


def quiet(
    examples: int, *, steps: int = 1, database: ExampleDatabase | None = None, shrink: bool = False
) -> hypothesis.settings:
    """Settings under which the same seed draws the same, however slow the target is."""
    return hypothesis.settings(
        max_examples=examples,
        stateful_step_count=steps,
        database=database,
        phases=(*PHASES, Phase.shrink) if shrink else PHASES,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
        print_blob=False,
        # Otherwise they come from a profile, which pipelines, plugins and variables choose.
        derandomize=False,
        report_multiple_bugs=True,
        backend="hypothesis",
    )


def examples_in(local: Path | None, shared: Path | None) -> ExampleDatabase | None:
    """Hypothesis's own memory of what failed: a local folder, which is written to, and a shared one, which
    is only read, as somebody else writes it. None when there is neither."""
    databases: list[ExampleDatabase] = []
    if local is not None:
        databases.append(DirectoryBasedExampleDatabase(local))
    if shared is not None:
        databases.append(ReadOnlyDatabase(DirectoryBasedExampleDatabase(shared)))
    return MultiplexedDatabase(*databases) if databases else None


def keep_house(folder: Path | None) -> None:
    """Let Hypothesis keep its own caches in `folder`, or else where temporary files go, never in the
    folder from which roamspec is called."""
    set_hypothesis_home_dir(folder or temporary_place("roamspec-hypothesis") or Path(os.devnull))
