"""Curl lines that do the same when pasted into a shell."""

import shlex
import subprocess
from typing import Any

import pytest

from roamspec.transport.curl import TOKEN_VARIABLE, curl, curl_lines
from roamspec.transport.exchange import Exchange

URL = (
    "http://service.test/acme/parlor/rest/message/roaming/chat/user/u1?userId=u2&msgIdList=1,2&isNotify=true"
)
BODIES = [
    "",
    '{"msg":"plain"}',
    'it\'s "quoted" `id` $(id) $HOME \\ !',
    "two\nlines\tand a tab",
    "漫游 ü",
    "@/etc/hostname",
]


def exchange(**changes: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "method": "DELETE",
        "url": URL,
        "request_headers": (
            ("Content-Type", "application/json"),
            ("Authorization", "Bearer <redacted:token>"),
            ("User-Agent", "roamspec/0"),
            ("Content-Length", "3"),
        ),
    }
    return Exchange(**{**fields, **changes}).as_dict()


def arguments_seen(line: str) -> list[str]:
    """What curl would be called with, asked from a real shell."""
    script = f"curl() {{ printf '%s\\0' \"$@\"; }}\n{line}\n"
    done = subprocess.run(
        ["sh", "-c", script], env={TOKEN_VARIABLE: "the token"}, capture_output=True, check=True, text=True
    )
    assert done.stderr == ""
    return done.stdout.split("\0")[:-1]


@pytest.mark.parametrize("body", BODIES)
def test_a_shell_hands_over_exactly_the_request(body: str) -> None:
    line = curl(exchange(request_body=body))

    subprocess.run(["sh", "-n", "-c", line], check=True)
    sent = ["-sS", "-X", "DELETE", URL, "-H", "Content-Type: application/json"]
    sent += ["-H", "Authorization: Bearer the token"]
    if body:
        sent += ["--data-raw", body]
    assert arguments_seen(line) == sent


def test_the_token_is_read_from_the_environment() -> None:
    line = curl(exchange())

    assert f'"Authorization: Bearer ${TOKEN_VARIABLE}"' in line
    assert "redacted" not in line
    assert shlex.split(line)[0] == "curl"


def test_each_kind_of_token_has_a_variable() -> None:
    line = curl(exchange(request_headers=(("Authorization", "Bearer <redacted:neighbour-token>"),)))
    assert '"Authorization: Bearer $ROAMSPEC_NEIGHBOUR_TOKEN"' in line


def test_without_credentials_none_are_added() -> None:
    assert "Authorization" not in curl(exchange(request_headers=()))


def test_a_header_cannot_break_out() -> None:
    line = curl(exchange(request_headers=(("X-Odd", "a' ; echo $HOME"),)))
    assert arguments_seen(line)[-1] == "X-Odd: a' ; echo $HOME"


def test_one_line_for_each_exchange() -> None:
    lines = curl_lines([exchange(), exchange(method="POST")]).splitlines()
    assert [line.split()[3] for line in lines] == ["DELETE", "POST"]
