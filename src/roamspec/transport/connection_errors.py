"""Why a connection could not be opened, in a sentence that says what to do."""

import ssl
from collections.abc import Iterator
from typing import Final

import httpcore
import httpx

from roamspec.transport.network_settings import Network
from roamspec.transport.trust import USUAL

_NOT_NOW: Final = (9, 10)
_ANOTHER_NAME: Final = (62, 64)
"""Numbers of OpenSSL for a certificate that is not valid yet, or any more, and for one of another host."""
_NO_TLS: Final = (
    "WRONG_VERSION_NUMBER",
    "HTTP_REQUEST",
    "RECORD_LAYER_FAILURE",
    "UNEXPECTED_EOF",
)
_TURNS_US_AWAY: Final = ("CERTIFICATE_REQUIRED", "UNKNOWN_CA", "BAD_CERTIFICATE", "CERTIFICATE_UNKNOWN")
PROXY_REFUSES: Final = 407


def refused_without_certificate(error: BaseException, url: str, network: Network) -> str | None:
    """The sentence when the other side ended the connection for want of a client certificate; else None.

    In TLS 1.3 that comes only after the first request.
    """
    cause = _tls_error(error)
    reason = cause.reason or "" if cause else ""
    if not any(part in reason for part in _TURNS_US_AWAY):
        return None
    given = network.trust.client_cert
    which = f"does not accept the client certificate {given}" if given else "wants a client certificate"
    return (
        f"{url} {which} ({reason}); give the one that it knows with --client-cert FILE "
        "(ROAMSPEC_CLIENT_CERT) and --client-key FILE."
    )


def _tls(error: BaseException, url: str, network: Network) -> str | None:
    """The sentence when it is TLS that keeps us from talking to `url`; None when it is something else."""
    cause = _tls_error(error)
    if cause is None:
        return None
    if isinstance(cause, ssl.SSLCertVerificationError):
        return _certificate(cause, url, network)
    by_certificate = refused_without_certificate(error, url, network)
    if by_certificate:
        return by_certificate
    reason = cause.reason or str(cause)
    if any(part in reason for part in _NO_TLS):
        return f"{url} does not speak TLS ({reason}); check whether the address begins with http://."
    return (
        f"{url} and this machine cannot agree on a TLS connection ({reason}); check the address, and whether "
        "a client certificate is needed (--client-cert)."
    )


def _tls_error(error: BaseException) -> ssl.SSLError | None:
    return next((each for each in _chain(error) if isinstance(each, ssl.SSLError)), None)


def _certificate(error: ssl.SSLCertVerificationError, url: str, network: Network) -> str:
    why = error.verify_message.rstrip(".")
    if error.verify_code in _ANOTHER_NAME:
        return f"{url} presents a certificate of another host ({why}); check the host of the address."
    if error.verify_code in _NOT_NOW:
        return (
            f"{url} presents a certificate that is not valid now ({why}); have it renewed, and check "
            "the clock."
        )
    source = network.trust.source
    looked = "" if source == USUAL else f", judged by {source}"
    return (
        f"{url} presents a certificate that is not trusted ({why}{looked}); give the certificate of the "
        "authority that issued it, as a PEM file, with --ca-file FILE (ROAMSPEC_CA_FILE)."
    )


def unreachable(error: BaseException, said: str, url: str, network: Network) -> str:
    """The sentence for a connection to `url` that was not made; `said` is the error in a few words."""
    by_tls = _tls(error, url, network)
    if by_tls:
        return by_tls
    proxy = network.proxy_for(url)
    if proxy is None:
        return f"{url} cannot be reached ({said}); check the address and that it is running."
    if isinstance(error, httpx.ProxyError | httpcore.ProxyError):
        return refused_by_proxy(said, url, network)
    return (
        f"{url} cannot be reached through {proxy} ({said}); check both addresses, or call without a proxy: "
        "--ignore-proxy, or the host in NO_PROXY."
    )


def refused_by_proxy(said: str, url: str, network: Network) -> str:
    """The sentence for a proxy that opens no connection to `url`."""
    return (
        f"{url} cannot be called: {network.proxy_for(url)} lets no calls through ({said}); check the "
        "user and password in that variable and what the proxy allows, or call without it: --ignore-proxy, "
        "or the host in NO_PROXY."
    )


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__
