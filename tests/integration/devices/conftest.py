"""The observer of examples/, with the SDKs that it needs, installed once for all tests."""

import shutil
import subprocess
from pathlib import Path

import pytest
from tests.integration.sdk.test_real_sdks import EXAMPLES, prepared


@pytest.fixture(scope="package")
def observer_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the example, ready to run; skipped, with the reason, where Node or packages are missing."""
    for tool in ("node", "npm"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not on this machine")
    folder = tmp_path_factory.mktemp("examples")
    for name in ("web-sdk", "observer-web-sdk"):
        shutil.copytree(EXAMPLES / name, folder / name, ignore=shutil.ignore_patterns("node_modules"))
    place = folder / "observer-web-sdk"
    prepared(place, "npm", "ci", "--no-audit", "--no-fund")
    return place


def node(folder: Path, *arguments: str, **environment: str) -> str:
    """What a script printed; it must end well."""
    done = subprocess.run(
        ["node", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    # Node shows the line that failed, which in a packed SDK is the whole SDK.
    assert done.returncode == 0, (done.stdout + done.stderr)[-2000:]
    return done.stdout
