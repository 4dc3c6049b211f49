"""Which addresses can be used, and which of them are this machine."""

import pytest

from roamspec.config.addresses import base_address, is_loopback
from roamspec.errors import ConfigurationError


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("https://IM.Example.com/", "https://im.example.com"),
        ("HTTPS://im.example.com", "https://im.example.com"),
        ("https://im.example.com/gateway/v1/", "https://im.example.com/gateway/v1"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
        ("http://localhost:", "http://localhost"),
    ],
)
def test_an_address_is_written_one_way(written: str, address: str) -> None:
    assert base_address(written, where="--base-url") == address


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", "it is empty"),
        ("im.example.com", "there is no scheme"),
        ("localhost:8080", "there is no scheme"),
        ("ftp://im.example.com", "the scheme 'ftp'"),
        ("file:///etc/passwd", "the scheme 'file'"),
        ("https://", "the address has no host"),
        ("https:///path", "the address has no host"),
        ("https://:443", "the address has no host"),
        ("https://anna:hunter22@im.example.com", "the address contains credentials"),
        ("https://hunter22@im.example.com", "the address contains credentials"),
        ("https://im.example.com?token=hunter22", "the address contains a query"),
        ("https://im.example.com/?", "the address contains a query"),
        ("https://im.example.com/#hunter22", "the address contains a query or a fragment"),
        ("https://im.example.com/a/../b", "the path contains an empty segment or dots"),
        ("https://im.example.com//a", "the path contains an empty segment or dots"),
        ("https://im.example.com/hunter 22", "a space"),
        ("https://im.example.com\n.evil.example", "a control character"),
        ("https:\\\\im.example.com", "a backslash"),
        ("https://im.example.com:99999", "this is not an address"),
        ("https://im.example.com:http", "this is not an address"),
        ("https://im.example.com:0", "port 0"),
        ("https://[::1", "this is not an address"),
    ],
)
def test_an_address_that_will_not_do_is_rejected_and_not_repeated(written: str, reason: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        base_address(written, where="ROAMSPEC_BASE_URL")

    sentence = str(caught.value)
    assert sentence.startswith("ROAMSPEC_BASE_URL: ")
    assert reason in sentence
    assert "hunter" not in sentence


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:80", "127.0.0.1", "127.0.0.1:8080", "127.255.0.3", "[::1]", "[::1]:1"]
)
def test_this_machine(host: str) -> None:
    assert is_loopback(f"http://{host}/path")


@pytest.mark.parametrize(
    "host",
    [
        "im.example.com",
        "localhost.example.com",
        "127.0.0.1.example.com",
        "example.com/127.0.0.1",
        "128.0.0.1",
        "0.0.0.0",  # noqa: S104 - it must count as another machine
        "127.1",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "2130706433",
        "10.0.0.1",
        "[::]",
        "[::2]",
        "[::ffff:127.0.0.1]",
        "[fe80::1]",
        "１２７.0.0.1",
    ],
)
def test_another_machine_or_a_doubt(host: str) -> None:
    assert not is_loopback(f"http://{host}")
