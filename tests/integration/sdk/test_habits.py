"""For each requirement on clients, a small client that breaks it and is caught, and one that keeps it."""

from dataclasses import replace

import pytest
from tests.integration.sdk.conftest import EmulatorForClients, by_verdict, meant_of
from tests.subjects.sdk_client import ALL, CONDUCT_HABITS, HABITS, Client, use, use_once

from roamspec.contract.operations import slug_of
from roamspec.sdk.calls import ObservedCall
from roamspec.sdk.catalogue import client_catalogue
from roamspec.sdk.disturbance_runs import DisturbanceRun, disturbance_runs
from roamspec.sdk.evaluate import CallerNames, judge_calls
from roamspec.sdk.finding import ClientFinding
from roamspec.sdk.rules.resilience import DisturbedCalls

FIVE = ("deleteChatMessages", "deleteGroupMessages", "clearUser", "clearChatBefore", "clearGroupBefore")
DISTURBANCE_RUNS = {
    disturbance_run.name.removeprefix("disturbance: "): disturbance_run
    for disturbance_run in disturbance_runs(7)
}
STRUCK_BY = {
    "waits-when-over-rate": "rate limit exceeded",
    "honours-retry-after": "rate limit exceeded",
    "waits-when-unavailable": "errors",
    "stops-when-unavailable": "errors",
    "renews-when-unauthorized": "expired token",
    "keeps-refusals": "message roaming disabled",
    "repeats-only-what-is-safe": "lost responses",
}


def broken(habits: dict[str, tuple[str, str]], habit: str) -> set[str]:
    operation, name = habits[habit]
    return {f"{slug_of(one)}.{name}" for one in (FIVE if operation == ALL else (operation,))}


def judge(emulator_for_clients: EmulatorForClients, habit: str) -> list[ClientFinding]:
    app, scenario = emulator_for_clients.app()
    calls = emulator_for_clients.calls(lambda: use(Client(app, habit), scenario))
    return judge_calls(calls, meant_of(scenario, app, calls), CallerNames({(app["org"], app["app"]): "all"}))


def test_a_good_client_passes_everything(emulator_for_clients: EmulatorForClients) -> None:
    findings = judge(emulator_for_clients, "")
    assert by_verdict(findings, "fail") == set()
    judged = {name for name, r in client_catalogue().items() if r.family != "client-conduct"}
    assert by_verdict(findings, "pass") == judged


@pytest.mark.parametrize("habit", HABITS)
def test_a_bad_habit_is_detected(emulator_for_clients: EmulatorForClients, habit: str) -> None:
    assert broken(dict(HABITS), habit) <= by_verdict(judge(emulator_for_clients, habit), "fail")


def test_every_requirement_has_a_habit_that_breaks_it() -> None:
    names = {name.partition(".")[2] for name in client_catalogue()}
    shown = {name for habits in (HABITS, CONDUCT_HABITS) for _, name in habits.values()}
    # A caller that leaves before it is answered needs a service that takes its time: see below.
    assert names - shown == {"client-http.waits-for-the-answer"}


def test_a_caller_that_does_not_wait_is_detected(emulator_for_clients: EmulatorForClients) -> None:
    app, scenario = emulator_for_clients.app(
        DisturbanceRun("slow", lambda _: (), [{"kind": "latency", "ms": 200}])
    )
    client = Client(app)
    path = f"/{app['org']}/{app['app']}/users/roamspec-peer"

    def leave_and_come_back() -> None:
        client.send_bytes(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode(), wait=False)
        client.clear_user("roamspec-owner")

    calls = emulator_for_clients.calls(leave_and_come_back)
    findings = judge_calls(calls, meant_of(scenario, app, calls), CallerNames())
    assert by_verdict(findings, "fail") == {"connection.client-http.waits-for-the-answer"}


def conduct(
    emulator_for_clients: EmulatorForClients, disturbance_run: DisturbanceRun, habit: str
) -> list[ClientFinding]:
    app, scenario = emulator_for_clients.app()
    plain = emulator_for_clients.calls(lambda: use_once(Client(app), scenario))
    struck, same = emulator_for_clients.app(disturbance_run)
    calls = emulator_for_clients.calls(lambda: use_once(Client(struck, habit), same))
    return list(disturbance_run.judge(DisturbedCalls(calls, plain)))


def disturbance_run_of(name: str) -> DisturbanceRun:
    wanted = STRUCK_BY[name.partition(".")[2]]
    return next(
        disturbance_run for title, disturbance_run in DISTURBANCE_RUNS.items() if title.startswith(wanted)
    )


@pytest.mark.parametrize("habit", CONDUCT_HABITS)
def test_bad_resilience_is_detected(emulator_for_clients: EmulatorForClients, habit: str) -> None:
    findings = conduct(emulator_for_clients, disturbance_run_of(CONDUCT_HABITS[habit][1]), habit)
    assert broken(dict(CONDUCT_HABITS), habit) <= by_verdict(findings, "fail")


@pytest.mark.parametrize("title", DISTURBANCE_RUNS)
def test_good_resilience_passes(emulator_for_clients: EmulatorForClients, title: str) -> None:
    disturbance_run = DISTURBANCE_RUNS[title]
    if title == "rate limit exceeded":
        # It waits for whole seconds: once is enough.
        disturbance_run = replace(
            disturbance_run, rules=[{"kind": "429", "on": "clearUser", "count": 1, "retry_after": 1}]
        )
    findings = conduct(emulator_for_clients, disturbance_run, "")
    assert by_verdict(findings, "fail") == set()
    assert by_verdict(findings, "pass")


def test_a_client_that_was_given_its_token_need_not_renew_it(
    emulator_for_clients: EmulatorForClients,
) -> None:
    disturbance_run = DISTURBANCE_RUNS["expired token"]
    app, scenario = emulator_for_clients.app()
    plain = emulator_for_clients.calls(lambda: use_once(Client(app, _token=app["app_token"]), scenario))
    struck, same = emulator_for_clients.app(disturbance_run)
    client = Client(struck, "keeps-its-token", _token=struck["app_token"])
    calls = emulator_for_clients.calls(lambda: use_once(client, same))
    findings = list(disturbance_run.judge(DisturbedCalls(calls, plain)))
    assert {finding.verdict for finding in findings} == {"inconclusive"}


def test_tests_that_repeat_themselves_do_not_fail(emulator_for_clients: EmulatorForClients) -> None:
    disturbance_run = DISTURBANCE_RUNS["message roaming disabled"]
    app, scenario = emulator_for_clients.app(disturbance_run)

    def twice() -> None:
        use_once(Client(app), scenario)
        use_once(Client(app), scenario)

    calls: list[ObservedCall] = emulator_for_clients.calls(twice)
    verdicts = {f.verdict for f in disturbance_run.judge(DisturbedCalls(calls, calls))}
    assert verdicts == {"inconclusive"}
