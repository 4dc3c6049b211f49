"""Cassettes as files: read with suspicion, written in one step, and never before the gate agreed."""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import jsonschema_rs
import yaml

from roamspec.errors import UsageError
from roamspec.recording.cassette import FORMAT, Cassette
from roamspec.report.files import write_atomically
from roamspec.resources import folder
from roamspec.security.secret_scan import SecretScan
from roamspec.shortening import shortened

SUFFIX: Final = ".yaml"
LARGEST_BYTES: Final = 4 * 1024 * 1024
_DEEPEST: Final = 30
_AGAIN: Final = "record it again, or take it out of the folder"


class _Dumper(yaml.CSafeDumper):
    """Plain YAML without anchors, a text with line breaks as a block."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


def read_folder(place: Path) -> dict[Path, Cassette]:
    """Every cassette of a folder, by file; UsageError names the file, the place in it and the reason."""
    if not place.is_dir():
        raise UsageError(f"{place} is not a folder of recordings.")
    files = sorted(place.glob(f"*{SUFFIX}"))
    if not files:
        below = sorted(file.parent.name for file in place.glob(f"*/*{SUFFIX}"))
        hint = f"; give one of its folders ({', '.join(dict.fromkeys(below))})" if below else ""
        raise UsageError(f"{place} has no recordings (*{SUFFIX}){hint}.")
    return {file: read_cassette(file) for file in files}


def read_cassette(file: Path) -> Cassette:
    """One cassette; UsageError for whatever roamspec has not written itself. Nothing in it is executed."""
    document = _document(file)
    ours = document.get("roamspec")
    if not isinstance(ours, dict):
        raise UsageError(
            f"{file}: it was not recorded by roamspec (the key 'roamspec' is missing); {_AGAIN}."
        )
    if ours.get("format") != FORMAT:
        raise UsageError(
            f"{file}: its format is {ours.get('format')!r}, and this version of roamspec reads {FORMAT}; "
            f"{_AGAIN}."
        )
    error = next(_validator().iter_errors(document), None)
    if error is not None:
        where = "/".join(map(str, error.instance_path)) or "the whole"
        raise UsageError(f"{file}: at {where}: {_short(error.message)}; {_AGAIN}.")
    cassette = Cassette.of_document(document)
    if cassette.documented and len(cassette.documented) != len(cassette.interactions):
        raise UsageError(f"{file}: at roamspec/documented: it does not have one entry for each interaction.")
    return cassette


def _document(file: Path) -> dict[str, Any]:
    try:
        size = file.stat().st_size
        if size > LARGEST_BYTES:
            raise UsageError(f"{file}: {size} bytes, and more than {LARGEST_BYTES} are not read; {_AGAIN}.")
        text = file.read_bytes().decode("utf-8")
    except OSError as error:
        raise UsageError(f"{file} cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{file}: at byte {error.start}: it is not UTF-8; {_AGAIN}.") from error
    try:
        _refuse_tricks(file, text)
        document = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}" if error.problem_mark else "somewhere"
        raise UsageError(f"{file}: at {line}: {_short(error.problem or 'no YAML')}; {_AGAIN}.") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise UsageError(f"{file}: it is not YAML ({_short(str(error))}); {_AGAIN}.") from error
    if not isinstance(document, dict):
        raise UsageError(f"{file}: it is not a cassette, but {type(document).__name__}; {_AGAIN}.")
    return document


def _refuse_tricks(file: Path, text: str) -> None:
    """Tags, aliases and deep nesting, none of which roamspec writes.

    A tag asks for an object, a few lines of aliases can stand for more than a memory holds, and the parser
    is written in C and calls itself, so that too many brackets would end the process.
    """
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        trick = ""
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            trick = "an anchor or an alias"
        elif isinstance(event, yaml.NodeEvent) and getattr(event, "tag", None):
            trick = f"the tag {_short(event.tag, 60)}"  # type: ignore[attr-defined]
        elif isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            trick = "deep nesting" if depth > _DEEPEST else ""
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if trick:
            line = event.start_mark.line + 1 if event.start_mark else 0
            raise UsageError(
                f"{file}: at line {line}: {trick}, which a recording must not contain; {_AGAIN}."
            )


@cache
def _validator() -> jsonschema_rs.Validator:
    text = (folder("contracts") / "cassette.schema.json").read_text(encoding="utf-8")
    return jsonschema_rs.validator_for(json.loads(text))


def _short(text: str, most: int = 160) -> str:
    return shortened(" ".join(text.split()), most)


def text_of(cassette: Cassette) -> str:
    """The content of the file."""
    document = cassette.to_document()
    return yaml.dump(
        document,
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=1_000_000,
        default_flow_style=None,
    )


def write_cassette(file: Path, cassette: Cassette, *, secrets: Sequence[str]) -> None:
    """Write in one step what the gate lets pass; SecretFound, and the file is as before, otherwise."""
    text = text_of(cassette)
    SecretScan(secrets).require_clean(file, text)
    write_atomically(file, text.encode("utf-8"))
