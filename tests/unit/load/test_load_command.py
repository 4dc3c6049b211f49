"""What `roamspec load` is asked to do, and what it refuses before anything is sent."""

import argparse
from pathlib import Path

import pytest

from roamspec.cli import load
from roamspec.cli.load import settings_of
from roamspec.cli.main import main
from roamspec.cli.parser import Parser
from roamspec.errors import ConfigurationError, UsageError

LIVE = ("--base-url", "https://a1.example.com", "--org", "acme", "--app", "parlor")
CONFIRMED = (*LIVE, "--confirm-app", "acme#parlor")


@pytest.fixture(autouse=True)
def somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("ROAMSPEC_RATE", "ROAMSPEC_SEED", "ROAMSPEC_REQ", "ROAMSPEC_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ROAMSPEC_CLIENT_ID", "id")
    monkeypatch.setenv("ROAMSPEC_CLIENT_SECRET", "secret-of-the-client")


def parsed(*words: str) -> argparse.Namespace:
    parser = Parser(prog="roamspec load")
    load.add_arguments(parser)
    return parser.parse(words)


def test_a_load_of_the_embedded_emulator_keeps_to_its_rate_alone() -> None:
    settings = settings_of(parsed())

    assert (settings.plan.rate, settings.plan.duration_s, settings.plan.users) == (100, 30, 10)
    assert (settings.place, settings.within_limits, settings.plan.workers) == ("here", False, 1)


def test_a_live_service_gets_the_documented_rate_and_each_operation_its_limit() -> None:
    settings = settings_of(
        parsed(*CONFIRMED, "--for", "1h", "--neighbour-app", "acme/x", "--confirm-app", "acme/x")
    )

    assert (settings.plan.rate, settings.plan.duration_s, settings.within_limits) == (100, 3600, True)
    assert settings.config.apps == (settings.config.main,)
    assert not settings_of(parsed(*CONFIRMED, "--over-limits")).within_limits


def test_the_rate_comes_from_the_variable_as_it_does_for_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROAMSPEC_RATE", "500")

    assert settings_of(parsed()).plan.rate == 500
    assert settings_of(parsed("--rate", "20", "--workers", "9")).plan.users == 9


def test_a_live_service_must_be_confirmed() -> None:
    with pytest.raises(ConfigurationError, match="--confirm-app acme#parlor"):
        settings_of(parsed(*LIVE))


def test_a_master_and_a_worker_know_their_parts() -> None:
    master = settings_of(
        parsed(*CONFIRMED, "--master", "--expect-workers", "4", "--master-bind-host", "10.0.0.9")
    )
    worker = settings_of(parsed(*CONFIRMED, "--worker", "--master-host", "10.0.0.5", "--master-port", "7"))

    assert (master.place, master.host, master.port, master.plan.share) == ("master", "10.0.0.9", 5557, 0.25)
    assert (worker.place, worker.host, worker.port, worker.most_rate) == ("worker", "10.0.0.5", 7, None)
    assert settings_of(parsed(*CONFIRMED, "--worker", "--rate", "9")).most_rate == 9


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--master",), "--master needs a running service"),
        ((*CONFIRMED, "--master"), "--master needs --expect-workers N"),
        ((*CONFIRMED, "--master", "--worker"), "cannot be combined"),
        (
            (*CONFIRMED, "--master", "--expect-workers", "2", "--workers", "2"),
            "start the workers with --worker",
        ),
        ((*CONFIRMED, "--worker", "--for", "1h"), "--for cannot be combined with --worker"),
        ((*CONFIRMED, "--worker", "--seed", "1"), "--seed cannot be combined with --worker"),
        (("--expect-workers", "2"), "--expect-workers needs --master"),
        (("--master-host", "a"), "--master-host needs --worker"),
        ((*CONFIRMED, "--fault", "effect.nothing-deleted"), "--fault is for the embedded emulator"),
        (("--fault", "effect.nothing-delted"), "did you mean"),
        (("--rate", "0"), "above 0"),
        (("--req", "no-such-thing"), "no-such-thing"),
    ],
)
def test_what_cannot_be_is_refused_with_one_sentence(words: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        settings_of(parsed(*words))


def test_a_selection_is_judged_alone() -> None:
    selected = settings_of(parsed("--req", "clear-user.effect.*")).selected

    assert selected is not None
    assert "clear-user.effect.messages-gone" in selected
    assert all(name.startswith("clear-user.effect.") for name in selected)


def test_without_locust_nothing_is_begun(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("roamspec.load.children.importlib.util.find_spec", lambda _: None)

    assert main(["load"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "python -m pip install 'roamspec[load]'" in said.err
    assert list(Path().iterdir()) == []
