"""How a run ends that is interrupted or breaks among the checks, in a process of its own."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

RUN = """
    import sys
    from roamspec.interruption import Interruption
    from roamspec.results.events import CheckStarted, RunFinished, RunStarted
    from roamspec.runner import run
    from roamspec.runner.settings import RunSettings
    from roamspec.config.target_config import TargetConfig

    def stop(error):
        raise error

    event, error = {"CheckStarted": CheckStarted, "RunStarted": RunStarted}[sys.argv[1]], eval(sys.argv[2])
    if isinstance(error, KeyboardInterrupt):  # which may come at an instruction that belongs to no line
        stop.__code__ = stop.__code__.replace(co_linetable=b"")

    def listen(said):
        if isinstance(said, event):
            stop(error)
        if isinstance(said, RunFinished):
            print(said.ending, "|", said.detail)

    settings = RunSettings(TargetConfig(), "quick", requirements=("delete-chat-messages.success.status-200",))
    run(settings, [listen])
"""


@pytest.mark.parametrize("event", ["RunStarted", "CheckStarted"])
@pytest.mark.parametrize(
    ("error", "ending"),
    [
        ("KeyboardInterrupt()", "interrupted | The run was interrupted (Ctrl-C)."),
        ("Interruption('The run was ended by SIGTERM.')", "interrupted | The run was ended by SIGTERM."),
        ("LookupError('a mistake')", "suite-error | LookupError: a mistake"),
    ],
)
def test_the_ending_is_described_by_its_cause_alone(
    event: str, error: str, ending: str, tmp_path: Path
) -> None:
    command = [sys.executable, "-c", textwrap.dedent(RUN), event, error]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.splitlines() == [ending], done.stderr
    assert done.stderr == ""
