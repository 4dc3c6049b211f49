"""What a service lists is its choice: a conversation that nobody listed is missed by nobody."""

from pathlib import Path

from tests.integration.commands import emulating, failing, report_of, roamspec


def test_imported_messages_that_no_list_shows_are_no_failure(tmp_path: Path) -> None:
    with emulating("--set", "rate_limits=off", "--set", "import_timestamps=increasing") as service:
        options = ("--profile", "quick", "--req", "*.one-way.*", "--req", "*.notify.*", *service.options)
        done = roamspec(tmp_path, "run", *options, **service.credentials)

    assert failing(report_of(tmp_path / "reports/latest")) == set()
    assert done.status == 0, done.out + done.err
