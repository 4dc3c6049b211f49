"""Where texts for people stand: Python files, templates, and the files of `contracts/`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml
from babel.messages.extract import extract_from_file
from tools.catalogues.templates import Text, texts_of

ROOT: Final = Path(__file__).resolve().parents[2]
_PACKAGE: Final = "src/roamspec"

WIRE: Final = ("emulator", "faults", "wire", "selftest")
"""Packages whose texts go over the wire, or are for developers of roamspec: only what is marked counts."""
OF_COMMANDS: Final = ("emulator/options.py",)
"""Files of these packages that a command takes its options from."""
NOT_FOR_PEOPLE: Final = (
    "contract/audit.py",
    "contract/errata.py",
    "contract/limits.py",
    "contract/load.py",
    "contract/references.py",
    "generative/call_sequence.py",
    "generative/flaws.py",
    "generative/schemathesis_cases/checks.py",
    "language/translation.py",
    "language/sentences.py",
    "pytest_options.py",
    "report/badge.py",
    "report/shell_script.py",
    "suite/marks.py",
)
"""Files whose texts are names, formats, or for those who develop roamspec."""


@dataclass(frozen=True, slots=True)
class Source:
    """A text and the file that it stands in, from the root of the repository."""

    text: Text
    file: str


def all_texts(root: Path = ROOT) -> Iterator[Source]:
    """Every text that a catalogue has to have, file by file; a text of several files comes several times."""
    yield from _of_contracts(root)
    for base in (root / _PACKAGE, root / "tests/conformance"):
        for path in sorted(base.rglob("*.py")):
            if not path.name.endswith("_pb2.py"):
                everything = _is_for_people(path.relative_to(base).as_posix())
                for text in texts_of(path.read_text(encoding="utf-8"), everything=everything):
                    yield Source(text, path.relative_to(root).as_posix())
    for path in sorted((root / _PACKAGE).rglob("*.j2")):
        for line, message, _, _ in extract_from_file("jinja2.ext:babel_extract", path):
            found = message if isinstance(message, tuple) else (message,)
            plural = found[1] if len(found) > 1 else ""
            yield Source(Text(found[0], line, plural, marked=True), path.relative_to(root).as_posix())


def _is_for_people(path: str) -> bool:
    if path in OF_COMMANDS:
        return True
    return path.partition("/")[0] not in WIRE and not path.startswith(NOT_FOR_PEOPLE)


_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "requirements.yaml": ("title", "step", "unchecked"),
    "client-requirements.yaml": ("title", "step", "unchecked"),
    "citations.yaml": ("says",),
    "revisions.yaml": ("summary", "because"),
}


def _of_contracts(root: Path) -> Iterator[Source]:
    for name, keys in _KEYS.items():
        path = root / "contracts" / name
        held = yaml.safe_load(path.read_text(encoding="utf-8"))
        for number, value in enumerate(_values(held, keys)):
            yield Source(Text(" ".join(value.split()), number, marked=True), f"contracts/{name}")


def _values(held: Any, keys: tuple[str, ...]) -> Iterator[str]:
    match held:
        case dict():
            for key, value in held.items():
                if key in keys and isinstance(value, str):
                    yield value
                else:
                    yield from _values(value, keys)
        case list():
            for item in held:
                yield from _values(item, keys)
