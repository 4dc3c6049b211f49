"""What a report says of the thing that was tested, as far as it is the same from run to run."""

import shlex
from collections.abc import Mapping, Sequence
from typing import Any


def target_name(report: Mapping[str, Any]) -> str:
    """Kind, address and App Key. The embedded emulator has another port each time: it has no address here."""
    target = report["target"]
    address = target["base_url"] if target["kind"] == "service" else ""
    return f"{target['kind']} {address} {target['app_key']}".replace("  ", " ").strip()


def seeded_faults(report: Mapping[str, Any]) -> tuple[str, ...]:
    """The faults that the run's emulator was started with, as the lines that run again have them."""
    lines = (item["run_again"] for item in report["requirements"] if item.get("run_again"))
    return faults_of(next(lines, ""))


def faults_of(run_again: str) -> tuple[str, ...]:
    """The values of `--fault` in a line of `run_again`; none in a line that is no command line."""
    try:
        words = shlex.split(run_again)
    except ValueError:
        return ()
    return tuple(_values("--fault", words))


def _values(option: str, words: Sequence[str]) -> list[str]:
    return [words[place + 1] for place, word in enumerate(words[:-1]) if word == option]
