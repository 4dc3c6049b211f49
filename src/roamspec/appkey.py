"""The App Key: an organisation and an app, written ORG#APP or ORG/APP."""

import re
from dataclasses import dataclass
from typing import Self

from roamspec.errors import ConfigurationError

# Org names are not specified by the vendor; app names are lower-case letters, digits and hyphens,
# at most 32. Accepted here is what can stand as one path segment without escaping.
_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True, order=True)
class AppKey:
    """An App Key; `str()` gives the vendor's form `org#app`."""

    org: str
    app: str

    @classmethod
    def parse(cls, text: str, *, where: str) -> Self:
        """Read `ORG/APP` or `ORG#APP`; `where` names the option or variable in the error."""
        org, separator, app = text.replace("#", "/").partition("/")
        if not separator or not _PART.fullmatch(org) or not _PART.fullmatch(app):
            raise ConfigurationError(f"{where}: {text!r} is not an App Key; write it as ORG/APP or ORG#APP.")
        return cls(org, app)

    @property
    def path(self) -> str:
        """`org/app`, as it stands in a URL."""
        return f"{self.org}/{self.app}"

    def __str__(self) -> str:
        return f"{self.org}#{self.app}"
