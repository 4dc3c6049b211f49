"""The users of a load at work on an emulator, sound and broken, in this process and one after the other."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.integration.commands import Emulator, OtherPeople, emulating, still_there

from roamspec.config.target_config import TargetConfig, resolve
from roamspec.load.mix import MIX, Step
from roamspec.load.plan import LoadPlan
from roamspec.load.site import LoadSite
from roamspec.load.tally import Tally
from roamspec.load.task import LoadTask
from roamspec.session.preflight_result import PreflightResult
from roamspec.session.waiting import WaitPolicy

UNLIMITED = ("--set", "rate_limits=off")


def config_of(emulator: Emulator) -> TargetConfig:
    ready = emulator.ready
    options = {name: ready[name] for name in ("base_url", "org", "app")}
    return resolve(options, emulator.credentials, None)


@pytest.fixture(autouse=True)
def more_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Errors come more often than people make them, so that each of them comes within few steps."""
    monkeypatch.setitem(MIX, Step("reject"), 40)


def tally_of(emulator: Emulator, folder: Path, *, steps: int, seed: int = 3) -> Tally:
    """Let two users take so many steps each; afterwards nothing of theirs is left."""
    plan = LoadPlan(rate=100_000, duration_s=60, users=2, seed=seed, sample_every=3)
    work = LoadTask(
        role="alone",
        config=config_of(emulator),
        found=PreflightResult(waits={"patience": WaitPolicy(haste=20)}),
        mark="rs0123456789",
        report_dir=folder,
        embedded=False,
        within_limits=False,
    )
    calls: list[str] = []
    site = LoadSite(work, plan, 0, report=lambda name, *_: calls.append(name), lost=lambda *_: None)
    users = [site.user(), site.user()]
    for _ in range(steps):
        for user in users:
            user.step()
    site.stop()
    tally = site.close()
    assert sum(counts.latencies.calls for counts in tally.calls.values()) == len(calls)
    return tally


@contextmanager
def broken(*faults: str) -> Iterator[Emulator]:
    with emulating(*UNLIMITED, *(word for fault in faults for word in ("--fault", fault))) as running:
        yield running


def failed(tally: Tally) -> set[str]:
    return {name for name, counts in tally.judged.items() if counts.failed}


def test_on_a_sound_service_everything_is_judged_and_nothing_fails(tmp_path: Path) -> None:
    with broken() as emulator:
        others = OtherPeople(emulator)
        before = others.everything()
        tally = tally_of(emulator, tmp_path, steps=70)

        assert others.everything() == before
        assert still_there(emulator, others) == []
    assert (tally.ending, tally.setup_failure, failed(tally)) == ("complete", "", set())
    assert {name: counts.failed for name, counts in tally.calls.items() if counts.failed} == {}
    assert set(tally.read_back) == {
        "deleteChatMessages",
        "deleteGroupMessages",
        "clearUser",
        "clearChatBefore",
        "clearGroupBefore",
    }
    for name in (
        "delete-chat-messages.success.timestamp-in-milliseconds",
        "delete-chat-messages.limit.fifty-one-error-text",
        "delete-group-messages.effect.only-named-messages-gone",
        "clear-chat-before.missing.del-time-refused",
        "clear-group-before.time.later-messages-stay",
        "clear-group-before.one-way.others-keep-what-they-sent",
        "clear-user.all.groups-cleared",
        "clear-user.auth.no-token-refused",
    ):
        assert tally.judged[name].passed > 0, name
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("fault", "requirement", "steps"),
    [
        ("effect.nothing-deleted", "clear-user.effect.messages-gone", 6),
        ("one-way.everybodys-copies-deleted", "clear-user.one-way.others-keep-what-they-received", 6),
        ("missing.user-id-error-text-explains", "delete-chat-messages.missing.user-id-error-text", 70),
        ("limit.of-51", "delete-group-messages.limit.fifty-one-refused", 70),
    ],
)
def test_a_broken_service_is_told_with_the_requirement_and_the_operation(
    fault: str, requirement: str, steps: int, tmp_path: Path
) -> None:
    with broken(fault) as emulator:
        tally = tally_of(emulator, tmp_path, steps=steps)

    assert requirement in failed(tally)
    family = requirement.split(".")[1]
    assert {name.split(".")[1] for name in failed(tally)} <= {family, "effect", "all", "one-way", "time"}
    first = tally.judged[requirement].first
    assert first is not None
    assert first.failure is not None
    assert first.failure.exchanges
    assert "curl" in first.failure.reproduce


def test_a_service_that_goes_away_ends_the_load_and_leaves_a_ledger_behind(tmp_path: Path) -> None:
    reasons: list[tuple[str, str]] = []
    with broken() as emulator:
        config = config_of(emulator)
        work = LoadTask("alone", config, PreflightResult(), "rs0123456789", tmp_path, False, False)
        plan = LoadPlan(rate=100_000, duration_s=60, users=1, seed=3)
        site = LoadSite(work, plan, 0, report=lambda *_: None, lost=lambda *why: reasons.append(why))
        user = site.user()
        user.step()
    user.step()
    site.stop()
    tally = site.close()

    assert [ending for ending, _ in reasons] == ["target-lost"] == [tally.ending]
    assert config.base_url is not None
    assert config.base_url in tally.detail
    (ledger,) = tmp_path.iterdir()
    assert ledger.name.startswith("ledger-rs0123456789gw0")
