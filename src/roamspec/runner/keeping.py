"""Leaves standing what a failed check made, so that a person can look at it: the ledger lists it."""

import json

from roamspec.runner.settings import Keep
from roamspec.suite.context import CheckContext


def keep_world(case: CheckContext, keep: Keep) -> None:
    """Keep what the check's failures speak of, or with `all` everything that the run has made so far."""
    if keep == "nothing":
        return
    ledger = case.session.ledger
    if keep == "all":
        for entry in ledger.present():
            ledger.keep(entry)
        return
    failures = [judgement.failure for judgement in case.verdicts.recorded() if judgement.failure]
    texts = [
        text
        for failure in failures
        for each in (*failure.arranged, *failure.exchanges)
        for text in (each["url"], each["request_body"], json.dumps(each["response_body"]))
    ]
    for entry in ledger.present():
        if any(entry.name in text for text in texts):
            ledger.keep(entry)
