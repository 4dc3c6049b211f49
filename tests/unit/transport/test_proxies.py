"""Which proxy a URL is called through, as curl and others read the same variables."""

import pytest

from roamspec.errors import ConfigurationError
from roamspec.transport.network_settings import Network
from roamspec.transport.proxies import Proxies

BOTH = {"HTTP_PROXY": "http://plain.test:1", "HTTPS_PROXY": "http://secure.test:2"}


def proxy_for(url: str, environ: dict[str, str]) -> str | None:
    found = Proxies.of(environ).proxy_for(url)
    return found.url if found else None


@pytest.mark.parametrize(
    ("environ", "url", "proxy"),
    [
        ({}, "https://im.example.com", None),
        (BOTH, "https://im.example.com", "http://secure.test:2"),
        (BOTH, "http://im.example.com", "http://plain.test:1"),
        ({"ALL_PROXY": "http://all.test"}, "https://im.example.com", "http://all.test"),
        ({**BOTH, "ALL_PROXY": "http://all.test"}, "https://im.example.com", "http://secure.test:2"),
        ({**BOTH, "https_proxy": "http://lower.test"}, "https://im.example.com", "http://lower.test"),
        ({**BOTH, "https_proxy": ""}, "https://im.example.com", "http://secure.test:2"),
        ({"HTTPS_PROXY": "proxy.test:3128"}, "https://im.example.com", "http://proxy.test:3128"),
        ({"HTTPS_PROXY": "https://proxy.test"}, "https://im.example.com", "https://proxy.test"),
        (
            {"HTTPS_PROXY": "http://[2001:db8::1]:3128/"},
            "https://im.example.com",
            "http://[2001:db8::1]:3128",
        ),
    ],
)
def test_the_variable_for_a_url(environ: dict[str, str], url: str, proxy: str | None) -> None:
    assert proxy_for(url, environ) == proxy


@pytest.mark.parametrize(
    "url", ["http://localhost:1", "https://127.0.0.1", "https://127.9.9.9:1", "http://[::1]:8080/x"]
)
def test_loopback_never_goes_through_a_proxy(url: str) -> None:
    assert proxy_for(url, {**BOTH, "ALL_PROXY": "http://all.test"}) is None


@pytest.mark.parametrize(
    ("exempt", "url", "direct"),
    [
        ("*", "https://im.example.com", True),
        ("im.example.com", "https://im.example.com", True),
        ("IM.example.com", "https://im.EXAMPLE.com", True),
        ("example.com", "https://im.example.com", True),
        (".example.com", "https://im.example.com", True),
        ("*.example.com", "https://im.example.com", True),
        ("a.test, .example.com", "https://im.example.com", True),
        ("a.test .example.com", "https://im.example.com", True),
        ("ample.com", "https://im.example.com", False),
        ("com.example", "https://im.example.com", False),
        (",", "https://im.example.com", False),
        ("im.example.com:443", "https://im.example.com", True),
        ("im.example.com:8443", "https://im.example.com:8443", True),
        ("im.example.com:8443", "https://im.example.com", False),
        ("10.0.0.0/8", "https://10.1.2.3", True),
        ("10.0.0.0/8", "https://11.1.2.3", False),
        ("10.1.2.3", "https://10.1.2.3", True),
        ("2001:db8::/32", "https://[2001:db8::5]", True),
        ("[2001:db8::5]:443", "https://[2001:db8::5]", True),
        ("[2001:db8::5]:444", "https://[2001:db8::5]", False),
    ],
)
def test_who_is_exempt(exempt: str, url: str, direct: bool) -> None:
    assert (proxy_for(url, {**BOTH, "NO_PROXY": exempt}) is None) is direct


def test_proxies_can_be_ignored() -> None:
    proxies = Proxies.of(BOTH)
    assert Network(proxies=proxies).proxy_for("https://im.example.com")
    assert Network(proxies=proxies, ignores_proxies=True).proxy_for("https://im.example.com") is None


def test_user_and_password_are_decoded_and_not_shown() -> None:
    found = Proxies.of({"HTTPS_PROXY": "http://me%40corp:p%3Ass@proxy.test"}).proxy_for("https://im.test")
    assert found is not None
    assert found.auth == (b"me@corp", b"p:ss")
    assert str(found) == "the proxy http://proxy.test (HTTPS_PROXY)"
    assert "p:ss" not in repr(found)


@pytest.mark.parametrize(
    "value", ["socks5://p.test", "http://", "ftp://p.test", "http://p.test:port", "http://[::1"]
)
def test_what_names_no_proxy(value: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^HTTPS_PROXY does not contain the address of"):
        proxy_for("https://im.example.com", {"HTTPS_PROXY": value})
