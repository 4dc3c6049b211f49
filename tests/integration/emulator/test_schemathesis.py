"""Schemathesis, driven by our contracts, has nothing to object to; docs/emulator.md says what it looks at."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

from .conftest import started

CONTRACTS = Path(__file__).parents[3] / "contracts"
# The reason for each stands in docs/emulator.md.
LEFT_OUT = {
    "deletion": "positive_data_acceptance,ignored_auth",
    "surrounding": "positive_data_acceptance,ignored_auth,negative_data_rejection",
    "control": "positive_data_acceptance",
}
# A device stream ends only with its connection.
ENDLESS = ("--exclude-operation-id", "watchDevice")
CONFIG = """[parameters]
"path.org_name" = "acme"
"path.app_name" = "parlor"
"path.org" = "acme"
"path.app" = "parlor"
"""


@contextmanager
def run(contract: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Schemathesis on an emulator of its own, with an app token and two users."""
    config = folder / f"{contract}.toml"
    config.write_text(CONFIG)
    with started("--set", "rate_limits=off") as process:
        ready = process.ready
        grant = {"grant_type": "client_credentials"}
        grant |= {key: ready[key] for key in ("client_id", "client_secret")}
        with httpx.Client(base_url=f"{ready['base_url']}/acme/parlor", trust_env=False) as client:
            token = client.post("/token", json=grant).json()["access_token"]
            people = [{"username": name, "password": "1"} for name in ("alice", "bob")]
            client.post("/users", json=people, headers={"Authorization": f"Bearer {token}"})
        command = [
            str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(config), "run",
            str(CONTRACTS / f"{contract}.openapi.yaml"), "--url", ready["base_url"],
            "--header", f"Authorization: Bearer {token}", "--exclude-checks", LEFT_OUT[contract],
            "--phases", "examples,coverage", "--suppress-health-check", "all", "--warnings", "off",
            *(ENDLESS if contract == "control" else ()),
        ]  # fmt: skip
        with subprocess.Popen(
            command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as popen:
            yield popen


def test_all_contracts(tmp_path: Path) -> None:
    with ExitStack() as stack:
        # All at once, which takes less time than one after the other.
        runs = {contract: stack.enter_context(run(contract, tmp_path)) for contract in LEFT_OUT}
        said = {contract: popen.communicate(timeout=180)[0] for contract, popen in runs.items()}
    for contract, popen in runs.items():
        assert popen.returncode == 0, said[contract][-6000:]
        assert " passed" in said[contract]
