"""`python -m tools.release.audit`: asks pip-audit for known vulnerabilities of what requirements.lock pins.

Status 1 for a known vulnerability. Where no index of advisories can be reached, it says so and ends with 0;
with `--required` it ends with 1 then, and also when some packages could not be looked up.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

LOCK: Final = Path(__file__).parents[2] / "requirements.lock"


@dataclass(frozen=True, slots=True)
class Audit:
    """`known`: a line for each vulnerability; `unknown`: packages that could not be looked up."""

    audited: int
    known: Sequence[str]
    unknown: Sequence[str]

    def status(self, *, required: bool) -> int:
        return 1 if self.known or (required and (self.unknown or not self.audited)) else 0

    def lines(self) -> list[str]:
        if not self.audited:
            return ["Skipped: no index of advisories is reachable from here."]
        told = [f"{len(self.known)} known vulnerabilities in {self.audited} packages."]
        told += [f"Not looked up: {', '.join(self.unknown)}."] if self.unknown else []
        return [*self.known, *told]


def audit_of(report: Mapping[str, Any]) -> Audit:
    """What the JSON of pip-audit says."""
    packages = report["dependencies"]
    audited = [each for each in packages if "skip_reason" not in each]
    known = [
        f"{each['name']} {each['version']}: {found['id']}"
        + (f", fixed in {', '.join(found['fix_versions'])}" if found["fix_versions"] else "")
        for each in audited
        for found in each["vulns"]
    ]
    return Audit(len(audited), known, [each["name"] for each in packages if "skip_reason" in each])


def run_audit(pip_audit: str) -> Audit:
    """Nothing is audited when pip-audit itself does not come to an end, such as without a network."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "audit.json"
        words = [pip_audit, "--disable-pip", "--require-hashes", "--progress-spinner", "off"]
        words += ["--requirement", str(LOCK), "--format", "json", "--output", str(file)]
        done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603 - our own tool
        if file.is_file() and file.stat().st_size:
            return audit_of(json.loads(file.read_text(encoding="utf-8")))
        sys.stderr.write(done.stderr)
        return Audit(0, [], [])


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.release.audit", description=__doc__)
    parser.add_argument("--pip-audit", default="pip-audit", metavar="PROGRAM", help="where pip-audit is")
    parser.add_argument("--required", action="store_true", help="fail unless every package was looked up")
    arguments = parser.parse_args(argv)
    audit = run_audit(arguments.pip_audit)
    sys.stdout.write("".join(f"{line}\n" for line in audit.lines()))
    return audit.status(required=arguments.required)


if __name__ == "__main__":
    sys.exit(main())
