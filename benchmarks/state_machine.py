"""What a call costs in drawn sequences, compared with a bare `http.client` request to the same emulator.

    python benchmarks/state_machine.py [--rounds 5]

Both are measured in turn, several times, in one session, and the best of each are compared, as others on
the same machine only ever add: passing runs, drawing, comparing, setting up and cleaning included. The bare
requests repeat the mixture of calls that the sequences make: sends, imports, deletions, pulls and lists, with
the bodies they have.
"""

import argparse
import http.client
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from roamspec.config.target_config import TargetConfig
from roamspec.contract.load import load_contract
from roamspec.generative.sequences import Sequences
from roamspec.runner.cleanup import clean_up
from roamspec.runner.preflight import Preflight
from roamspec.session.embedded_emulator import EmbeddedEmulator, embedded_config
from roamspec.session.opening import RequestLimits
from roamspec.session.session import Session, open_session
from roamspec.suite.exploration_limits import ExplorationEffort, ExplorationLimits
from roamspec.transport.exchange import Exchange
from roamspec.transport.http_client import TargetClient
from roamspec.transport.http_messages import Request, Response

LIMITS = ExplorationLimits(30, 12, requests=1200, seconds=60.0, shrinks=0, shrinking_requests=0)
AT_MOST = 4.0
Bare = tuple[str, str, bytes, dict[str, str]]


@contextmanager
def opened() -> Iterator[Session]:
    with EmbeddedEmulator() as emulator:
        session = open_session(
            embedded_config(TargetConfig(), emulator.ready()),
            load_contract(),
            limits=RequestLimits.at_rate(0),
        )
        Preflight(session).run()
        yield session
        clean_up(session)
        session.close()


@contextmanager
def overheard(client: TargetClient) -> Iterator[list[Bare]]:
    """Every request that the client sends, as bare as it can be.

    Removals are put off until both have been measured: calls for users who are gone cost less.
    """
    heard: list[Bare] = []
    send = client.send

    def listening(request: Request) -> Response:
        if request.method == "DELETE" and "/message/" not in request.target:
            exchange = Exchange(request.method, request.target)
            return Response(None, {}, b"", 0.0, exchange, "put off")
        heard.append((request.method, request.target, request.content() or b"", request.all_headers()))
        return send(request)

    client.send = listening  # type: ignore[method-assign]
    try:
        yield heard
    finally:
        client.send = send  # type: ignore[method-assign]


def sequences(session: Session, seed: int) -> tuple[float, float, int]:
    """Seconds in all, seconds slept of these, and requests of one passing exploration."""
    slept = [0.0]
    sleep, before, began = session.sleep, session.client.requests, time.perf_counter()

    def counting(seconds: float) -> None:
        asleep = time.perf_counter()
        sleep(seconds)
        slept[0] += time.perf_counter() - asleep

    session.sleep = counting
    findings = Sequences(session, ExplorationEffort(seed=seed), LIMITS).explore()
    session.sleep = sleep
    if findings:
        raise SystemExit(f"the emulator is not sound: {findings[0].difference}")
    return time.perf_counter() - began, slept[0], session.client.requests - before


def bare(base_url: str, requests: list[Bare]) -> float:
    """Seconds for the same requests over one connection; what they do the second time does not matter."""
    parts = urlsplit(base_url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
    began = time.perf_counter()
    for method, target, body, headers in requests:
        connection.request(method, target, body, headers)
        connection.getresponse().read()
    spent = time.perf_counter() - began
    connection.close()
    return spent


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    per_call, awake, per_bare = [], [], []
    with opened() as session:
        sequences(session, 0)  # whatever is loaded and built once is loaded and built now
        for seed in range(1, rounds + 1):
            with overheard(session.client) as heard:
                spent, slept, count = sequences(session, seed)
            per_bare.append(bare(session.client.base_url, heard) / len(heard))
            clean_up(session)
            session.user_pool.clear()
            per_call.append(spent / count)
            awake.append((spent - slept) / count)
    ratio = min(per_call) / min(per_bare)
    result = {
        "ms_per_call": round(1000 * min(per_call), 3),
        "ms_per_bare_request": round(1000 * min(per_bare), 3),
        "ratio": round(ratio, 2),
        "ratio_without_sleeping": round(min(awake) / min(per_bare), 2),
        "at_most": AT_MOST,
    }
    sys.stdout.write(json.dumps(result) + "\n")
    return 0 if ratio <= AT_MOST else 1


if __name__ == "__main__":
    sys.exit(main())
