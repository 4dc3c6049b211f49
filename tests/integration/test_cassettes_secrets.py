"""No recording holds a secret, and no recording needs a network."""

import json
import re
import socket
from pathlib import Path

import pytest
from tests.integration.test_cassettes import OPERATIONS, scrub_response

from roamspec.resources import folder

SECRETS = {
    "a token": re.compile(r"YWMt[\w-]+"),
    "a bearer token": re.compile(r"(?i)bearer (?!<redacted:token>)\S+"),
    "other credentials": re.compile(r"(?i)\b(basic|digest) [A-Za-z0-9+/=]{6,}"),
    "a secret field": re.compile(
        r"(?i)\b(access_token|refresh_token|client_id|client_secret|password)[\"']?\s*[:=]\s*"
        r"(?!\s|[\"']?<redacted:)\S+"
    ),
    "credentials in a URL": re.compile(r"(?i)https?://[^/\s\"']*@"),
}


def secrets_in(text: str) -> list[str]:
    """Line and kind of each secret, never the secret itself."""
    return [
        f"line {number}: {kind}"
        for number, line in enumerate(text.splitlines(), 1)
        for kind, pattern in SECRETS.items()
        if pattern.search(line)
    ]


def cassettes() -> list[Path]:
    return sorted(path for path in folder("cassettes").rglob("*") if path.is_file())


def test_no_committed_recording_holds_a_secret() -> None:
    found = {str(path): secrets_in(path.read_text(encoding="utf-8")) for path in cassettes()}
    assert {path: secrets for path, secrets in found.items() if secrets} == {}


def test_every_operation_is_recorded() -> None:
    names = {path.stem for path in cassettes() if path.parent.name == "emulator"}
    assert names == {f"{o.slug}.{what}" for o in OPERATIONS for what in ("success-and-effect", "error-rows")}


@pytest.mark.parametrize(
    "line",
    [
        '    body: \'{"access_token":"YWMtabc-def","expires_in":5}\'',
        '      authorization: ["Bearer abcdef"]',
        "      - Bearer YWMtabc",
        "      - Basic dXNlcjpwYXNz",
        '"client_secret": "s3cret"',
        "password: hunter22",
        "client_id=YXA6abc",
        "    uri: http://user:pass@emulator.test/",
    ],
)
def test_the_gate_sees_a_secret(line: str) -> None:
    [*found] = secrets_in(f"version: 1\n{line}\n")
    assert found
    assert all(text.startswith("line 2: ") for text in found)


@pytest.mark.parametrize(
    "line",
    [
        "      - Bearer <redacted:token>",
        '    body: \'{"client_id":"<redacted:client-id>","client_secret":"<redacted:client-secret>"}\'',
        '{"access_token":"<redacted:token>"}',
        "    uri: http://emulator.test/acme/parlor/token",
    ],
)
def test_the_gate_lets_a_redacted_value_pass(line: str) -> None:
    assert secrets_in(line) == []


def test_scrubbing_leaves_the_rest_as_it_was() -> None:
    answer = b'{"access_token":"YWMt1","user":{"username":"u","password":"p"},"data":[{"msg":"CJ8="}]}'
    headers = {"Content-Type": ["application/json"], "content-length": ["9"], "date": ["now"]}
    scrubbed = scrub_response({"body": {"string": answer}, "headers": headers})
    assert scrubbed["headers"] == {"Content-Type": ["application/json"]}
    assert json.loads(scrubbed["body"]["string"]) == {
        "access_token": "<redacted:token>",
        "user": {"username": "u", "password": "<redacted:password>"},
        "data": [{"msg": "CJ8="}],
    }
    assert scrub_response({"body": {"string": b"<html>"}, "headers": {}})["body"]["string"] == b"<html>"


@pytest.mark.block_network
def test_a_blocked_network_is_blocked() -> None:
    with socket.socket() as outside, pytest.raises(RuntimeError, match="Network is disabled"):
        outside.connect(("127.0.0.1", 9))
