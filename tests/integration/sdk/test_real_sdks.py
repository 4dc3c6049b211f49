"""SDKs that others publish, unmodified, each by the lines of its folder in examples/.

What cannot be had on this machine is skipped with the response that its package manager gave.
"""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.integration.commands import environment, failing, report_of, roamspec, verdicts

from roamspec.report.terminal_text import width_of
from roamspec.resources import folder

EXAMPLES = folder("contracts").parent / "examples"
_LONGEST_S = 240
UNESCAPED_PEERS = {
    "clear-chat-before.client-escaping.conversation-arrives-as-meant",
    "clear-chat-before.client-request.required-parameters",
    "clear-chat-before.client-unknown.no-unknown-parameters",
}
"""The Web SDK puts the other user's ID into the URL as it is."""
_ADDRESS = re.compile(r"https?://[^/\s)]+")


def copied(name: str, tmp_path: Path, *tools: str) -> Path:
    """The example's folder, elsewhere, so that nothing is installed into the checkout."""
    for tool in tools:
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not on this machine")
    return shutil.copytree(EXAMPLES / name, tmp_path / name)


def prepared(place: Path, *command: str) -> str:
    """Run a package manager or a compiler; skipped, with what it said, when it does not succeed."""
    try:
        done = subprocess.run(
            command,
            cwd=place,
            env=environment(),
            capture_output=True,
            text=True,
            timeout=_LONGEST_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        pytest.skip(f"{' '.join(command)}: no answer within {_LONGEST_S} s")
    if done.returncode:
        lines = _ADDRESS.sub("", done.stdout + done.stderr).strip().splitlines()
        said = next(
            (line for line in lines if re.search(r"(?i)could ?n.t|cannot|not |403|404", line)), lines[-1]
        )
        pytest.skip(f"{' '.join(command)}: {said.strip()[:200]}")
    return done.stdout


def judged(place: Path, *command: str) -> tuple[int, dict[str, Any], set[str], str]:
    """Status, report, the requirements that failed, and the summary."""
    options = ("--scenario", "awkward", "--timeout", "60", "--seed", "7", "--report-dir", "report")
    done = roamspec(place, "sdk", *options, "--", *command)
    assert done.status in (0, 1, 3), done.out + done.err
    summary = "roamspec 0" + done.out.partition("roamspec 0")[2]
    # A word of a curl line stays whole, to work when pasted.
    assert all(width_of(line) <= 80 or "http://" in line for line in summary.splitlines())
    found = report_of(place / "report")
    assert found["target"]["kind"] == "sdk"
    return done.status, found, failing(found), summary


def with_fixed_values(summary: str) -> str:
    """Without what differs from run to run."""
    for pattern, fixed in (
        (r"(?<=127\.0\.0\.1:)\d+", "40123"),
        (r"(?<=org-)[0-9a-f]{12}|(?<=app-)[0-9a-f]{12}", "0f3b5d7a9c1e"),
        (r"(?<=delTime=)\d{13}", "1710309184114"),
        (r"\d+\.\d s$", "1.2 s"),
        (r"(?<=revision )\d+", "2"),
    ):
        summary = re.sub(pattern, fixed, summary, flags=re.MULTILINE)
    return summary


def documented_summary() -> str:
    """The sample in the documentation."""
    text = (EXAMPLES.parent / "docs" / "sdk.md").read_text(encoding="utf-8")
    return next(block for block in text.split("```\n") if block.startswith("roamspec 0"))


def never(report: dict[str, Any]) -> set[str]:
    """`operation name` of everything that was not exercised."""
    items = report["sdk"]["coverage"]["items"]
    return {f"{item['operation']} {item['name']}" for item in items if not item["covered"]}


@pytest.fixture(scope="module")
def web_sdk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = copied("web-sdk", tmp_path_factory.mktemp("npm"), "node", "npm")
    prepared(place, "npm", "install", "--no-package-lock", "--no-audit", "--no-fund")
    return place


def test_curl(tmp_path: Path) -> None:
    place = copied("curl", tmp_path, "bash", "curl", "seq", "paste")
    status, report, wrong, _ = judged(place, "bash", "suite.sh")
    assert (status, wrong) == (0, set())
    assert report["sdk"]["coverage"]["percent"]["operations"] == 100
    assert report["sdk"]["announced_refusals"] == 2
    assert "deleteChatMessages too-many-ids" not in never(report)


def test_web_sdk(web_sdk: Path) -> None:
    status, report, wrong, summary = judged(web_sdk, "node", "suite.mjs")
    assert status == 1
    # The sample in the documentation is what this prints.
    assert with_fixed_values(summary) == with_fixed_values(documented_summary())
    assert wrong == UNESCAPED_PEERS
    assert report["sdk"]["coverage"]["percent"]["operations"] == 100
    assert "clearChatBefore isNotify in query" in never(report)


@pytest.mark.parametrize("tried", ["agora-chat", "wx", "uni"])
def test_the_sister_of_the_web_sdk_and_its_mini_programs(web_sdk: Path, tried: str) -> None:
    status, report, wrong, _ = judged(web_sdk, "node", "suite.mjs", ".", tried)
    assert report["sdk"]["command"]["status"] == 0
    assert report["sdk"]["coverage"]["percent"]["operations"] == 100
    assert (status, wrong) == (1, UNESCAPED_PEERS)


def test_java_server_sdk(tmp_path: Path) -> None:
    place = copied("java-server-sdk", tmp_path, "java", "mvn")
    prepared(place, "mvn", "-B", "-q", "compile", "dependency:build-classpath", "-Dmdep.outputFile=classpath")
    classpath = (place / "classpath").read_text(encoding="utf-8").strip()
    status, report, wrong, _ = judged(place, "java", "-cp", f"target/classes:{classpath}", "Suite")
    # Version 0.6.6 was made before the five operations: there is nothing of them to judge.
    assert (status, wrong) == (3, set())
    assert report["because"][0] == "The command called none of the five operations."
    found = verdicts(report)
    assert found["create-token.client-token.request-understood"] == "pass"
    assert found["connection.client-http.speaks-http"] == "pass"


def test_go_sdk(tmp_path: Path) -> None:
    place = copied("go-sdk", tmp_path, "go")
    prepared(place, "go", "get", "github.com/Easemob-Community/easemob-go-sdk")
    prepared(place, "go", "build", "-o", "suite", ".")
    _, report, wrong, _ = judged(place, "./suite")
    assert "delete-chat-messages.client-headers.accept" in wrong
    assert report["sdk"]["coverage"]["percent"]["operations"] == 100
