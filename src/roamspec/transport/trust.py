"""Whom a connection trusts, and which certificate it shows itself."""

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import ssl

USUAL: Final = "this machine's certificate authorities"


@dataclass(frozen=True, slots=True)
class Trust:
    """Certificates for TLS connections: every file in PEM form, None for what is not given.

    `ca_file` and `ca_folder` replace the usual certificate authorities; `source` names what gave them, an
    option of ours (`by_option`) or a variable that other tools read too.
    `client_key` is needed where `client_cert` does not hold the key, `key_password` where it is encrypted.
    """

    ca_file: str | None = None
    ca_folder: str | None = None
    source: str = USUAL
    by_option: bool = False
    client_cert: str | None = None
    client_key: str | None = None
    key_password: str | None = field(default=None, repr=False)

    @property
    def context(self) -> "ssl.SSLContext":
        """The context for connections, read once in a process.

        Raises OSError (ssl.SSLError is one) for a file that cannot be read or holds no certificate.
        """
        return _context(self)


@cache
def _context(trust: Trust) -> "ssl.SSLContext":
    # A command that calls nobody does not need them.
    import ssl

    import httpx

    if trust.ca_file or trust.ca_folder:
        context = ssl.create_default_context(cafile=trust.ca_file, capath=trust.ca_folder)
    else:
        context = httpx.create_ssl_context(trust_env=False)
        # Companies install their own authorities on their machines.
        context.load_default_certs()
    if trust.client_cert:
        # Without a password of ours OpenSSL would ask at the terminal.
        context.load_cert_chain(trust.client_cert, trust.client_key, lambda: trust.key_password or "")
    return context
