"""What passed is kept for the verdict, as long as it is neither too many nor too large."""

import pytest

from roamspec.proxy import traffic as traffic_module
from roamspec.proxy.passed import PassedBody, PassedExchange
from roamspec.proxy.traffic import Traffic


def exchange(body: bytes) -> PassedExchange:
    target = b"/o/a/messages/users"
    return PassedExchange(b"POST", target, (), 0, body=PassedBody(bytearray(body)), status=200)


@pytest.mark.parametrize(
    ("limit", "value"), [("EXCHANGES_MAX", 3), ("BYTES_MAX", 40_000)], ids=["number", "size"]
)
def test_what_is_beyond_a_limit_is_counted_and_not_kept(
    monkeypatch: pytest.MonkeyPatch, limit: str, value: int
) -> None:
    monkeypatch.setattr(traffic_module, limit, value)
    traffic = Traffic()
    for _ in range(5):
        traffic.add(exchange(b"x" * 10_000))
    assert (traffic.seen, len(traffic.calls), traffic.left_out) == (5, 3, 2)
