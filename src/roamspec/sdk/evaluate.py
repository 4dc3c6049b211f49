"""All judgements over all calls of a run."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Final

from roamspec.sdk.calls import EXPECT_HEADER, ObservedCall
from roamspec.sdk.contracted import contract
from roamspec.sdk.finding import ClientFinding, IntendedValues
from roamspec.sdk.rules import OF_EACH_CALL, escaping
from roamspec.sdk.rules.connections import connections
from roamspec.sdk.rules.request import method_and_path
from roamspec.sdk.rules.secrets import no_token_in_url
from roamspec.sdk.rules.tokens import token_requests

UNNAMED: Final = "unnamed calls"
"""The line of calls whose test does not say its name and has no app of its own."""
_REFUSAL: Final = "refusal"
_PULLED: Final = re.compile(r'"msg": *"([^"]+)"')
"""A pulled message in a response that may be cut off."""


@dataclass(frozen=True, slots=True)
class CallerNames:
    """Which test a call belongs to: its header says it, else its app; `labels` names those we made."""

    labels: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def of(self, call: ObservedCall) -> str:
        """The test or the app that a call is attributed to."""
        if call.test:
            return call.test
        if not call.org:
            return UNNAMED
        return self.labels.get((call.org, call.app), f"app {call.org}#{call.app}")


def announce(calls: Iterable[ObservedCall], patterns: Sequence[str]) -> list[ObservedCall]:
    """The calls, those marked that were announced as violations and were indeed rejected."""
    return [
        replace(call, announced=True) if 400 <= call.status < 500 and _is_announced(call, patterns) else call
        for call in calls
    ]


def served_in_spite(calls: Iterable[ObservedCall]) -> int:
    """How many calls announced that they expect an error response, and were accepted."""
    return sum(call.served and _says_refusal(call) for call in calls)


def _says_refusal(call: ObservedCall) -> bool:
    return (call.header(EXPECT_HEADER) or "").strip().lower() == _REFUSAL


def _is_announced(call: ObservedCall, patterns: Sequence[str]) -> bool:
    if _says_refusal(call):
        return True
    names = (call.test, call.target, call.deletion or call.operation, f"{call.deletion}:{error_row(call)}")
    return any(fnmatchcase(name, pattern) for pattern in patterns for name in names if name.strip(":"))


def error_row(call: ObservedCall) -> str:
    """The key of the error row with which one of the five was answered; empty when none fits."""
    if not call.deletion:
        return ""
    rows = contract().operations[call.deletion].error_rows
    return next((row.key for row in rows if call.error == (row.error, row.description)), "")


def judge_calls(
    calls: Sequence[ObservedCall], meant: IntendedValues, callers: CallerNames
) -> list[ClientFinding]:
    """Everything that one run's calls show, and what they leave open."""
    findings = list(connections(calls))
    whole = [call for call in calls if call.method]
    for call in calls:
        findings += escaping.broken_request_line(call)
    for call in whole:
        findings += no_token_in_url(call, meant)
        if call.announced:
            continue
        findings += method_and_path(call)
        if call.deletion:
            for judge in OF_EACH_CALL:
                findings += judge(call, meant)
    of_apps: dict[tuple[str, str], list[ObservedCall]] = {}
    for call in whole:
        of_apps.setdefault((call.org, call.app), []).append(call)
    for of_app in of_apps.values():
        for group in _groups(of_app, callers):
            findings += token_requests(group, of_app)
    findings += _left_open(whole, findings, meant)
    return findings


def _groups(of_app: Sequence[ObservedCall], callers: CallerNames) -> Iterator[list[ObservedCall]]:
    """An app's calls, test by test."""
    groups: dict[str, list[ObservedCall]] = {}
    for call in of_app:
        if not call.of_unknown_app:
            groups.setdefault(callers.of(call), []).append(call)
    yield from groups.values()


def _left_open(
    calls: Sequence[ObservedCall], findings: Iterable[ClientFinding], meant: IntendedValues
) -> Iterator[ClientFinding]:
    """What the calls of an operation could have told, and did not."""
    found = {(finding.operation, finding.name) for finding in findings}
    first = {call.deletion: call for call in reversed(calls) if call.deletion and not call.announced}
    reasons = {
        escaping.OWNER: _no_odd_id(meant.users),
        escaping.CONVERSATION: _no_odd_id(meant.conversations),
        escaping.MESSAGES: "No call contained a message ID of a scenario or of a sent message."
        + (" The file in ROAMSPEC_SCENARIO has some." if meant.messages else ""),
        "client-notify.spelled-as-documented": "isNotify was never sent.",
    }
    for operation, call in first.items():
        parameters = {p.name for p in contract().operations[operation].parameters if p.location == "query"}
        for name, reason in reasons.items():
            fits = (
                name == escaping.OWNER
                or (name == escaping.MESSAGES and "msgIdList" in parameters)
                or (name not in (escaping.OWNER, escaping.MESSAGES) and parameters)
            )
            if fits and (operation, name) not in found:
                yield ClientFinding(operation, name, "inconclusive", (call,), actual=reason)


def _no_odd_id(meant: frozenset[str]) -> str:
    """What to do about it depends on what the tests were given."""
    odd = min((one for one in meant if escaping.needs_escaping(one)), default="")
    if odd:
        return f"No call contained an ID that needs escaping; the scenario provides some, such as {odd!r}."
    return "No call contained an ID that needs escaping; --scenario awkward provides some."


def given_messages(calls: Iterable[ObservedCall]) -> frozenset[str]:
    """Message IDs that the service gave in answer to sends, imports and pulls."""
    given: set[str] = set()
    for call in calls:
        if call.status == 200 and call.operation.startswith(("sendTo", "importTo")):
            given.update(escaping.long_numbers(call.answer))
        elif call.status == 200 and call.operation == "pullMessages":
            # Most tests of an SDK pull nothing, and need not wait for protobuf.
            from roamspec.wire import decode_message

            for text in _PULLED.findall(call.answer):
                # A fault may have spoilt it, which is not the client's affair.
                with suppress(ValueError):
                    given.add(decode_message(text).id)
    return frozenset(given)
