"""The JDK's own HTTP client, which many Java SDKs stand on, judged as it comes."""

import shutil
from pathlib import Path

import pytest
from tests.integration.commands import failing, report_of, roamspec, verdicts

CLIENT = Path(__file__).parents[2] / "subjects" / "JdkClient.java"


@pytest.mark.skipif(shutil.which("javac") is None, reason="no JDK is there")
def test_a_client_that_offers_http_2_conforms(tmp_path: Path) -> None:
    done = roamspec(tmp_path, "sdk", "--report-dir", "report", "--", "java", str(CLIENT))
    report = report_of(tmp_path / "report")
    assert (done.status, failing(report)) == (0, set()), done.out
    assert verdicts(report)["create-token.client-token.request-understood"] == "pass"
    assert "POST /token 200" in done.out
    assert report["requests"] == 6
