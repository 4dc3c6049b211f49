"""What the contract says of one exchange alone: the request as `sdk` judges it, and the answer."""

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from roamspec.contract.operations import slug_of
from roamspec.sdk.calls import ObservedCall
from roamspec.sdk.catalogue import CONNECTION, client_catalogue, service_catalogue
from roamspec.sdk.evaluate import CallerNames, judge_calls
from roamspec.sdk.finding import ClientFinding, IntendedValues
from roamspec.sdk.rules.answers import judge_answer


def judge_entries(entries: Iterable[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """For each entry of an emulator's journal its verdict, and what is wrong with it.

    `verdict` is `fail` for a blocking requirement, `minor` for another one, `pass` when something was judged
    and holds, `none` when the contract says nothing of it.
    """
    return [_verdict_of(entry) for entry in entries]


def _verdict_of(entry: Mapping[str, Any]) -> dict[str, Any]:
    call = ObservedCall.from_journal(entry)
    request = judge_calls([call], IntendedValues(), CallerNames())
    # The app's clock may have been moved on purpose.
    answer = list(judge_answer(call, (entry["timestamp"], time.time_ns() // 1_000_000)))
    wrong = [_shown(each, "request") for each in request if each.verdict == "fail"]
    wrong += [_shown(each, "answer") for each in answer if each.verdict == "fail"]
    if wrong:
        verdict = "fail" if any(each["decisive"] for each in wrong) else "minor"
    else:
        # That a connection brought HTTP says nothing of its call.
        holding = (e for e in (*request, *answer) if e.verdict == "pass" and e.operation != CONNECTION)
        verdict = "pass" if any(holding) else "none"
    return {"verdict": verdict, "findings": wrong}


def _shown(finding: ClientFinding, side: str) -> dict[str, Any]:
    name = f"{slug_of(finding.operation)}.{finding.name}"
    catalogue = client_catalogue() if side == "request" else service_catalogue()
    requirement = catalogue[name]
    return {
        "side": side,
        "requirement": name,
        "title": requirement.title,
        "decisive": requirement.decisive,
        "expected": finding.expected,
        "actual": finding.actual,
        "hint": finding.hint,
    }
