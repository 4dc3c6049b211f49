"""One licence: what metadata say of it, as an SPDX expression, and whether roamspec may use what has it."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

PERMITTED: Final = frozenset(
    {
        "0BSD",
        "Apache-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "BlueOak-1.0.0",
        "ISC",
        "MIT",
        "MIT-0",
        "MPL-2.0",
        "PSF-2.0",
        "Unlicense",
        "ZPL-2.1",
    }
)
"""Software under these can be used by software under Apache-2.0; docs/licences.md says why MPL-2.0 can."""
_OTHER_WORDS: Final = {
    "3-clause bsd license": "BSD-3-Clause",
    "apache 2.0": "Apache-2.0",
    "bsd 2-clause license": "BSD-2-Clause",
    "mit license": "MIT",
}
_CLASSIFIERS: Final = {
    "Apache Software License": "Apache-2.0",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
"""Those that name one licence: `BSD License` does not tell which."""
_SAID_ELSEWHERE: Final = {
    "async-timeout": "Apache-2.0",
    "bidict": "MPL-2.0",
    "blinker": "MIT",
    "brotli": "MIT",
    "colorama": "BSD-3-Clause",
    "configargparse": "MIT",
    "flask": "BSD-3-Clause",
    "flask-cors": "MIT",
    "flask-login": "MIT",
    "gevent": "MIT",
    "geventhttpclient": "MIT",
    "itsdangerous": "BSD-3-Clause",
    "jinja2": "BSD-3-Clause",
    "locust": "MIT",
    "msgpack": "Apache-2.0",
    "psutil": "BSD-3-Clause",
    "python-engineio": "MIT",
    "python-socketio": "MIT",
    "pywin32": "PSF-2.0",
    "pyzmq": "BSD-3-Clause",
    "reserved": "MIT",
    "simple-websocket": "MIT",
    "websocket-client": "Apache-2.0",
    "wsproto": "MIT",
    "zope-event": "ZPL-2.1",
    "zope-interface": "ZPL-2.1",
}
"""What a package says in its file LICENSE, where its metadata say nothing definite or are not here.

Only Windows has some of them, and only an environment with Locust has others.
"""


def said_elsewhere() -> frozenset[str]:
    """The packages whose metadata do not tell."""
    return frozenset(_SAID_ELSEWHERE)


def licence_of(name: str, expression: str, text: str, classifiers: Sequence[str]) -> str:
    """An SPDX expression; empty when nothing tells.

    `expression`, `text` and `classifiers` are the metadata `License-Expression`, `License` and `Classifier`.
    Several classifiers count as all of their licences: they do not say that one may choose.
    """
    for said in (expression, _OTHER_WORDS.get(text.strip().lower(), text)):
        if found := _canonical(said):
            return found
    licences = [each.rpartition(" :: ")[2] for each in classifiers if each.startswith("License ::")]
    if licences and all(each in _CLASSIFIERS for each in licences):
        return " AND ".join(sorted({_CLASSIFIERS[each] for each in licences}))
    return _SAID_ELSEWHERE.get(name, "")


def permitted(expression: str, among: frozenset[str] = PERMITTED) -> bool:
    """Whether an SPDX expression leaves a choice of permitted licences alone."""
    values: Mapping[bool, str] = {True: "yes", False: "no"}
    flat = expression
    while "(" in flat:
        flat = re.sub(r"\(([^()]*)\)", lambda inner: values[_flat(inner[1], among)], flat)
    return _flat(flat, among)


def _flat(expression: str, among: frozenset[str]) -> bool:
    return any(
        all(each.strip() in among or each.strip() == "yes" for each in choice.split(" AND "))
        for choice in expression.split(" OR ")
    )


def _canonical(text: str) -> str:
    try:
        return str(canonicalize_license_expression(text)) if text else ""
    except InvalidLicenseExpression:
        return ""
