"""From options and environment to what connections are opened with: certificates and proxies."""

import ssl
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from roamspec.config.options import GivenValue, OptionSources
from roamspec.errors import ConfigurationError
from roamspec.transport.network_settings import Network
from roamspec.transport.proxies import Proxies
from roamspec.transport.trust import USUAL, Trust

KEY_PASSWORD: Final = "ROAMSPEC_CLIENT_KEY_PASSWORD"  # noqa: S105 - the name of a variable
_CA_FILE, _CA_FOLDER, _CA_BUNDLE = "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"


def resolve_network(sources: OptionSources, environ: Mapping[str, str], urls: Sequence[str]) -> Network:
    """What connections to `urls` are opened with.

    ConfigurationError names the option or variable at fault. What comes from variables that other tools read
    too is looked at only if a URL needs it.
    """
    given = sources.text("ca-file")
    authorities = _option(given) if given else _usual(environ)
    network = Network(
        _with_certificate(authorities, sources, environ), Proxies.of(environ), sources.flag("ignore-proxy")
    )
    proxies = [proxy for proxy in map(network.proxy_for, urls) if proxy]
    if any(url.startswith("https:") for url in (*urls, *(proxy.url for proxy in proxies))):
        _require_readable(network.trust)
    return network


def _option(given: GivenValue) -> Trust:
    path = _file(given)
    trust = Trust(ca_file=path, source=given.where, by_option=True)
    _require_readable(trust)
    return trust


def _usual(environ: Mapping[str, str]) -> Trust:
    """As OpenSSL reads its two variables, else as requests reads its one."""
    file, folder, bundle = (environ.get(name) or None for name in (_CA_FILE, _CA_FOLDER, _CA_BUNDLE))
    if file or folder:
        named = [name for name, value in ((_CA_FILE, file), (_CA_FOLDER, folder)) if value]
        return Trust(file, folder, " and ".join(named))
    if bundle:
        is_folder = Path(bundle).is_dir()
        return Trust(None if is_folder else bundle, bundle if is_folder else None, _CA_BUNDLE)
    return Trust()


def _with_certificate(authorities: Trust, sources: OptionSources, environ: Mapping[str, str]) -> Trust:
    certificate, key = sources.text("client-cert"), sources.text("client-key")
    if certificate is None:
        if key is not None:
            raise ConfigurationError(f"{key.where} needs its certificate; give --client-cert FILE.")
        return authorities
    cert_file = _file(certificate)
    key_file = _file(key) if key else None
    password = environ.get(KEY_PASSWORD) or None
    try:
        # Alone, so that an error is one of these files.
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_cert_chain(cert_file, key_file, lambda: password or "")
    except OSError as error:
        which = f"{certificate.where} and {key.where}" if key else certificate.where
        raise ConfigurationError(
            f"{which}: no certificate with its key in PEM form was found ({_said(error)}); give the key with "
            f"--client-key FILE, and the password of an encrypted one in {KEY_PASSWORD}."
        ) from error
    return replace(authorities, client_cert=cert_file, client_key=key_file, key_password=password)


def _file(given: GivenValue) -> str:
    path = Path(given.value).expanduser()
    try:
        with path.open("rb"):
            pass
    except OSError as error:
        raise ConfigurationError(f"{given.where}: {path} cannot be read ({error.strerror}).") from error
    return str(path)


def _require_readable(trust: Trust) -> None:
    try:
        count = len(trust.context.get_ca_certs())
    except OSError as error:
        raise ConfigurationError(_useless(trust, _said(error))) from error
    if trust.ca_file and not count:
        raise ConfigurationError(_useless(trust, "there is none"))
    if trust.ca_folder and not Path(trust.ca_folder).is_dir():
        raise ConfigurationError(_useless(trust, "there is no such folder"))


def _useless(trust: Trust, why: str) -> str:
    where = trust.source if trust.source != USUAL else "the usual place"
    return (
        f"{where}: no certificates in PEM form can be read from {trust.ca_file or trust.ca_folder} ({why}); "
        "name a file that holds those of the authorities to trust."
    )


def _said(error: OSError) -> str:
    if isinstance(error, ssl.SSLError):
        return error.reason or "it is not a PEM file"
    return error.strerror or type(error).__name__
