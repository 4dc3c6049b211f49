"""`roamspec proxy`: stands between an SDK and a real service, and judges both sides of what passes."""

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from roamspec.cli.acceptance import accepted_failures
from roamspec.cli.conclusion import Conclusion, conclude
from roamspec.cli.language import texts
from roamspec.cli.output import complain, say
from roamspec.cli.parser import Parser
from roamspec.cli.report_files import ReportFiles
from roamspec.cli.report_options import add_acceptance_options, add_judging_options, add_report_options
from roamspec.cli.target_options import add_network_options, resolve_network_to
from roamspec.errors import SuiteError, UsageError
from roamspec.output_files import READABLE_BY_OWNER, write_output
from roamspec.results.events import rfc3339

if TYPE_CHECKING:
    import socket

    from roamspec.proxy.judgement import ProxyRun
    from roamspec.proxy.traffic import Traffic
    from roamspec.proxy.upstream import Upstream

DESCRIPTION = """\
Passes all traffic between an SDK and a service on unchanged, until it is
stopped (Ctrl-C or SIGTERM). Then it checks the requests of the SDK as
`roamspec sdk` does, and the responses of the service against the contract. It
sends no requests of its own, and checks no effects. One line of JSON on
standard output has its address.

exit status:
  0  both sides conform
  1  one side does not conform
  2  usage error; nothing was passed on
  3  none of the five operations was called, or the service was never reached
  4  a recording was rejected by the secret scan, or a file cannot be written"""


def add_arguments(parser: Parser) -> None:
    parser.add_argument("--upstream", metavar="URL", help="the service: https://HOST[:PORT][/PATH]")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: loopback only)")
    parser.add_argument("--port", type=int, default=0, help="port to listen on (default: a free one)")
    parser.add_argument(
        "--ready-file", type=Path, metavar="F", help="write the line of JSON to this file too"
    )
    parser.add_argument(
        "--record",
        type=Path,
        metavar="DIR",
        help="keep cassettes of what passed there, one for each operation, for `roamspec drift`",
    )
    add_network_options(parser)
    add_judging_options(parser)
    add_acceptance_options(parser)
    add_report_options(parser)


@dataclass(frozen=True, slots=True)
class _Prepared:
    upstream: "Upstream"
    listener: "socket.socket"
    run: "ProxyRun"
    files: ReportFiles
    folder: Path | None


def execute(arguments: argparse.Namespace) -> int:
    prepared = _prepared(arguments)
    from roamspec.proxy.server import serve
    from roamspec.proxy.traffic import Traffic

    _warn_when_open(arguments.host, prepared.run.upstream)
    traffic, began = Traffic(), time.monotonic()
    serve(
        prepared.listener,
        prepared.upstream,
        traffic.add,
        lambda: _announce(prepared.run, arguments.ready_file),
    )
    refused = _recorded(prepared, traffic)
    return _concluded(prepared, traffic, time.monotonic() - began, refused).publish(refused)


def _prepared(arguments: argparse.Namespace) -> _Prepared:
    """Everything that can be wrong beforehand is found before anything passes."""
    if not arguments.upstream:
        raise UsageError("proxy: name the service, as in: roamspec proxy --upstream https://a1.example.com.")
    from roamspec.listening import listen
    from roamspec.proxy.judgement import ProxyRun, catalogue
    from roamspec.proxy.recording import prove_folder
    from roamspec.proxy.upstream import Upstream

    upstream = Upstream.of(arguments.upstream)
    upstream = replace(upstream, network=resolve_network_to(arguments.upstream, arguments))
    known = catalogue()
    selected = _selected(arguments.req)
    accepted = accepted_failures(arguments.waivers, arguments.baseline, known)
    files = ReportFiles.prepare(arguments.report_dir, arguments.junit)
    if arguments.record is not None:
        prove_folder(arguments.record)
    listener = listen(arguments.host, arguments.port)
    files.clear()
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - nobody can connect to these
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    run = ProxyRun(
        f"http://{place}",
        upstream.url,
        rfc3339(datetime.now(UTC)),
        arguments.strict,
        selected,
        accepted,
    )
    return _Prepared(upstream, listener, run, files, arguments.record)


def _selected(patterns: Sequence[str]) -> frozenset[str] | None:
    from roamspec.proxy.judgement import catalogue

    if not patterns:
        return None
    return frozenset(each.id for each in catalogue().select(patterns))


def _warn_when_open(host: str, upstream: str) -> None:
    if host not in ("127.0.0.1", "::1", "localhost"):
        complain(
            f"the proxy listens on {host}: whoever can reach this machine can call {upstream} through it, "
            "with credentials of their own."
        )


def _announce(run: "ProxyRun", ready_file: Path | None) -> None:
    line = json.dumps({"base_url": run.base_url, "upstream": run.upstream, "pid": os.getpid()}) + "\n"
    if ready_file is not None:
        try:
            write_output(ready_file, line.encode(), mode=READABLE_BY_OWNER)
        except OSError as error:
            raise UsageError(f"cannot write the ready file {ready_file}: {error.strerror}.") from error
    say(line)
    sys.stdout.flush()


def _recorded(prepared: _Prepared, traffic: "Traffic") -> list[str]:
    """What could not be recorded, and why."""
    if prepared.folder is None:
        return []
    from roamspec.proxy.recording import record

    result = record(traffic, prepared.run.upstream, prepared.folder)
    counted = f"{prepared.folder}: {len(result.written)} recordings written, {len(result.refused)} refused\n"
    say(texts().sentence(counted))
    return result.refused


def _concluded(
    prepared: _Prepared, traffic: "Traffic", duration_s: float, refused: Sequence[str]
) -> Conclusion:
    from roamspec.proxy.judgement import report_of

    report = report_of(prepared.run, traffic, duration_s, date.today())
    if refused:
        report |= {
            "verdict": "incomplete",
            "exit_status": SuiteError.exit_status,
            "because": [*refused, *report["because"]],
        }
    return conclude(report, replace(prepared.files, secrets=tuple(traffic.redactor.known)))
