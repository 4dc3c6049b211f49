"""A failure's curl lines, pasted into a shell, send what the run sent."""

import asyncio
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.integration.commands import Emulator, environment, report_of, roamspec
from tests.subjects.hostile import standing_before

from roamspec.security.redactor import NOT_A_TOKEN

DELETIONS = re.compile(rb"(?s)DELETE .*/message/roaming/chat/user/[^/]+ HTTP/1\.1\r\n.*")
SELECTION = ("success.request-status-code-ok", "auth.no-token-refused", "auth.malformed-token-refused",
             "auth.wrong-scheme-refused", "auth.cut-token-refused", "auth.foreign-token-refused")  # fmt: skip
ANSWER = b'{"requestStatusCode":"done","timestamp":1710309184114}'
COMPARED = ("authorization", "content-type", "accept")

needs_curl = pytest.mark.skipif(
    shutil.which("curl") is None or shutil.which("bash") is None, reason="needs bash and curl"
)


def sent(head: bytes) -> tuple[str, dict[str, str]]:
    """The request line and the headers that the documentation speaks of."""
    first, *lines = head.decode("ascii").split("\r\n\r\n")[0].split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    return first, {name: headers[name] for name in COMPARED if name in headers}


@dataclass(frozen=True, slots=True)
class Careless:
    """A service that says done to every deletion, whoever calls; `requests` are the deletions it saw."""

    base_url: str
    requests: list[bytes]
    report: dict[str, Any]

    def failures(self) -> dict[str, dict[str, Any]]:
        """The failing requirements, without the operation, and what their checks show."""
        return {
            entry["id"].partition(".")[2]: next(c["failure"] for c in entry["checks"] if c.get("failure"))
            for entry in self.report["requirements"]
            if entry["verdict"] == "fail"
        }


class Remembering:
    """The pattern of what is spoilt: it remembers what it was asked about."""

    def __init__(self) -> None:
        self.requests: list[bytes] = []

    def match(self, request: bytes) -> bool:
        if DELETIONS.match(request):
            self.requests.append(request)
            return True
        return False


@pytest.fixture(scope="module")
def careless(emulator: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Careless]:
    folder = tmp_path_factory.mktemp("evidence")
    remembering = Remembering()

    async def behave(writer: asyncio.StreamWriter, _sound: bytes) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        writer.write(head % len(ANSWER) + ANSWER)
        await writer.drain()

    with standing_before(emulator.ready["base_url"], remembering, behave) as service:
        options = [*emulator.options]
        options[options.index("--base-url") + 1] = service.base_url
        for name in SELECTION:
            options += ["--req", f"delete-chat-messages.{name}"]
        done = roamspec(folder, "run", "--profile", "quick", *options, **emulator.credentials)
        assert done.status == 1, done.out + done.err
        yield Careless(service.base_url, remembering.requests, report_of(folder / "reports/latest"))


def tokens_of(careless: Careless, line: str) -> dict[str, str]:
    """The tokens as they were on the wire, by the variables that the curl lines read; the foreign one is that
    of the call that `line` shows."""
    seen = [sent(request) for request in careless.requests]
    bearers = Counter(
        headers.get("authorization", "").removeprefix("Bearer ")
        for _, headers in seen
        if headers.get("authorization", "").startswith("Bearer ")
    )
    [(main, _)] = bearers.most_common(1)
    cut = next(token for token in bearers if token != main and main.startswith(token))
    found = {"ROAMSPEC_TOKEN": main, "ROAMSPEC_CUT_TOKEN": cut}
    for first, headers in seen:
        scheme, _, token = headers.get("authorization", "").partition(" ")
        ours = scheme != "Bearer" or token.lower().startswith(cut.lower()) or token in ("", NOT_A_TOKEN)
        if not ours and f"{first.split(' ')[1]}'" in line:
            found["ROAMSPEC_NEIGHBOUR_TOKEN"] = token
    return found


@needs_curl
@pytest.mark.parametrize("name", SELECTION)
def test_a_pasted_line_sends_the_same(careless: Careless, name: str, tmp_path: Path) -> None:
    failure = careless.failures()[name]
    ours = list(careless.requests)
    line = next(line for line in failure["reproduce"].splitlines() if "/chat/user/" in line)
    done = subprocess.run(
        ["bash", "-eu", "-c", line],
        cwd=tmp_path,
        env=environment(**tokens_of(careless, line)),
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, ANSWER.decode(), "")
    [pasted] = careless.requests[len(ours) :]
    assert sent(pasted) in [sent(request) for request in ours]
    shown = failure["exchanges"][0]
    assert sent(pasted)[0].startswith(f"{shown['method']} ")


def test_every_failure_says_whose_fault_it_may_be(careless: Careless) -> None:
    assert set(careless.failures()) == set(SELECTION)
    assert all(failure["hint"] for failure in careless.failures().values())


def test_no_token_is_in_the_report(careless: Careless) -> None:
    text = str(careless.report)
    tokens = {sent(request)[1].get("authorization", "").partition(" ")[2] for request in careless.requests}
    assert len(tokens) >= 4
    assert all(token not in text for token in tokens - {"", NOT_A_TOKEN})
