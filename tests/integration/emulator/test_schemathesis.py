"""Schemathesis, driven by our contracts, has nothing to object to; docs/emulator.md says what it looks at."""

import subprocess
import sys
from pathlib import Path

import httpx

from .conftest import started

CONTRACTS = Path(__file__).parents[3] / "contracts"
# The reason for each stands in docs/emulator.md.
LEFT_OUT = {
    "deletion": "positive_data_acceptance,ignored_auth",
    "surrounding": "positive_data_acceptance,ignored_auth,negative_data_rejection",
}


def test_both_contracts(tmp_path: Path) -> None:
    config = tmp_path / "schemathesis.toml"
    config.write_text('[parameters]\n"path.org_name" = "acme"\n"path.app_name" = "parlor"\n')
    with started("--set", "rate_limits=off") as process:
        ready = process.ready
        grant = {"grant_type": "client_credentials"}
        grant |= {key: ready[key] for key in ("client_id", "client_secret")}
        with httpx.Client(base_url=f"{ready['base_url']}/acme/parlor", trust_env=False) as client:
            token = client.post("/token", json=grant).json()["access_token"]
            people = [{"username": name, "password": "1"} for name in ("alice", "bob")]
            client.post("/users", json=people, headers={"Authorization": f"Bearer {token}"})
        # Both at once, which takes half the time.
        runs = {
            contract: subprocess.Popen(
                [
                    str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(config), "run",
                    str(CONTRACTS / f"{contract}.openapi.yaml"), "--url", ready["base_url"],
                    "--header", f"Authorization: Bearer {token}", "--exclude-checks", excluded,
                    "--phases", "examples,coverage", "--suppress-health-check", "all", "--warnings", "off",
                ],
                cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            )
            for contract, excluded in LEFT_OUT.items()
        }  # fmt: skip
        said = {contract: run.communicate(timeout=120)[0] for contract, run in runs.items()}
    for contract, run in runs.items():
        assert run.returncode == 0, said[contract][-6000:]
        assert " passed" in said[contract]
