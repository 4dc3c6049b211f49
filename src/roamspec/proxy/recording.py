"""Cassettes of what passed: one for each operation, so that `roamspec drift` can tell what changed.

Secrets are taken out, IDs and times become fixed values, and the secret gate reads each file before it is
written. Texts and names stay: whoever records other people's messages keeps them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from roamspec import __version__
from roamspec.contract.operations import slug_of
from roamspec.errors import UsageError
from roamspec.proxy.traffic import PassedCall, Traffic
from roamspec.recording.cassette import Cassette, Provenance
from roamspec.recording.files import SUFFIX, write_cassette
from roamspec.recording.interactions import (
    KEPT_ANSWER_HEADERS,
    Interaction,
    Received,
    Sent,
    kept_headers,
)
from roamspec.recording.normaliser import Normaliser
from roamspec.sdk.contracted import contract
from roamspec.security.secret_scan import SecretFound

KEPT_OF_AN_OPERATION: Final = 200


@dataclass(slots=True)
class RecordedTraffic:
    """What became of each operation's exchanges: its file, or why it was not written."""

    written: list[Path] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def prove_folder(folder: Path) -> None:
    """UsageError when recordings cannot be put there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".roamspec-{id(folder):x}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise UsageError(f"--record: nothing can be written into {folder} ({error.strerror}).") from error


def record(traffic: Traffic, upstream: str, folder: Path) -> RecordedTraffic:
    """Write the cassettes; those of operations that were not called stay as they are."""
    result = RecordedTraffic()
    secrets = tuple(traffic.redactor.known)
    for cassette in cassettes(traffic.calls, upstream):
        file = folder / f"{cassette.provenance.check.partition(' ')[2]}{SUFFIX}"
        try:
            write_cassette(file, cassette, secrets=secrets)
        except SecretFound as error:
            result.refused.append(str(error))
        except OSError as error:
            result.refused.append(f"{file} cannot be written ({error.strerror}).")
        else:
            result.written.append(file)
    return result


def cassettes(calls: Sequence[PassedCall], upstream: str) -> list[Cassette]:
    """Of the app that was called most, in the order of the operations' first calls."""
    known = [passed for passed in calls if passed.whole and passed.call.operation and passed.call.status]
    app = _main_app(known)
    normaliser = Normaliser()
    by_operation: dict[str, list[Interaction]] = {}
    for passed in known:
        if f"{passed.call.org}/{passed.call.app}" == app:
            kept = by_operation.setdefault(passed.call.operation, [])
            if len(kept) < KEPT_OF_AN_OPERATION:
                kept.append(_interaction(passed, upstream, normaliser))
    return [
        Cassette(_provenance(operation, upstream, app), tuple(interactions))
        for operation, interactions in by_operation.items()
    ]


def _main_app(calls: Iterable[PassedCall]) -> str:
    counts: dict[str, int] = {}
    for passed in calls:
        key = f"{passed.call.org}/{passed.call.app}"
        counts[key] = counts.get(key, 0) + 1
    return max(counts, key=lambda key: counts[key], default="")


def _interaction(passed: PassedCall, upstream: str, normaliser: Normaliser) -> Interaction:
    call, now = passed.call, passed.answered_ms
    sent = Sent(
        call.method,
        normaliser.text(upstream + call.target, now),
        kept_headers(dict(call.headers)),
        normaliser.text(call.body, now),
    )
    headers = {name: value for name, value in call.answer_headers if name in KEPT_ANSWER_HEADERS}
    body = normaliser.answer(call.answer, now, asked=call.body, replayed=sent.body)
    return Interaction(sent, Received(call.status, passed.reason, headers, body))


def _provenance(operation: str, upstream: str, app: str) -> Provenance:
    return Provenance(
        check=f"passed {slug_of(operation)}",
        kind="service",
        recorded_on=datetime.now(UTC).strftime("%Y-%m-%d"),
        version=__version__,
        contract=contract().sha256,
        requirements=(),
        base_url=upstream,
        apps={"main": app},
    )
