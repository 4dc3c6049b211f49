"""What connections are opened with: through which proxy, and with which certificates."""

from dataclasses import dataclass, field

from roamspec.transport.proxies import Proxies, Proxy
from roamspec.transport.trust import Trust


@dataclass(frozen=True, slots=True)
class Network:
    """What every connection of a run is opened with; the default calls directly and trusts as usual.

    `ignores_proxies` says that a person chose so.
    """

    trust: Trust = field(default_factory=Trust)
    proxies: Proxies = field(default_factory=Proxies)
    ignores_proxies: bool = False

    @property
    def options(self) -> list[str]:
        """The options that give the same again, beside what stands in the environment."""
        trust, words = self.trust, []
        for option, value in (
            ("--ca-file", trust.ca_file if trust.by_option else None),
            ("--client-cert", trust.client_cert),
            ("--client-key", trust.client_key),
        ):
            words += [option, value] if value else []
        return words + (["--ignore-proxy"] if self.ignores_proxies else [])

    def proxy_for(self, url: str) -> Proxy | None:
        """The proxy for a URL; None for a direct connection."""
        return None if self.ignores_proxies else self.proxies.proxy_for(url)
