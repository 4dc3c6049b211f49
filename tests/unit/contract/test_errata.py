"""The errata: what they hold, and what a wrong entry is notified."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from roamspec.contract.citations import Place
from roamspec.contract.errata import Erratum, load_errata
from roamspec.contract.requirements import Catalogue
from roamspec.errors import ContractError

Write = Callable[[str], Path]

GOOD: dict[str, Any] = {
    "id": "missing-ampersand",
    "where": "line 123",
    "says": "No ampersand.",
    "contradicts": "The request line.",
    "decision": "The request line counts.",
    "at": [{"line": 123, "words": "0123456789abcdef"}],
    "requirements": ["delete-group-messages.notify.*"],
}


def file_of(*entries: object) -> str:
    return yaml.safe_dump({"errata": list(entries)}, allow_unicode=True, sort_keys=False)


# Names that reports and issues may refer to: entries are added, none is renamed or dropped.
KNOWN = {
    "example-lacks-an-ampersand",
    "example-doubles-the-header-names",
    "examples-mix-http-and-https",
    "doubled-particle",
    "heading-of-the-query-table-drifts",
    "error-table-links-are-ambiguous",
    "one-name-for-owner-and-peer",
    "headers-for-a-body-that-is-not-there",
    "missing-parameter-row-for-one-operation",
    "timestamp-is-long-or-number",
    "common-fields-are-never-shown",
    "clear-user-has-no-is-notify",
    "chatrooms-by-time-only",
    "local-copies-go-yet-devices-are-not-told",
    "boundary-included-or-not",
    "javadoc-clears-every-conversation",
    "methods-in-the-limit-tables",
    "wrong-method-has-three-answers",
    "over-rate-status",
    "unauthorized-texts",
    "lookup-before-authentication",
    "import-and-the-conversation-list",
    "fewer-ids-in-a-client-page",
    "comma-list-without-rules",
    "limit-text-and-repeated-ids",
    "unknown-ids-unsaid",
    "ids-of-another-conversation-unsaid",
    "odd-times-unsaid",
    "now-of-which-clock",
    "offline-devices-unsaid",
    "what-empties-a-conversation",
    "owner-unsaid",
    "peer-unsaid",
    "delay-unsaid",
    "one-limit-or-five",
    "sample-time-beyond-retention",
    "title-stands-twice",
    "list-of-operations-is-missing",
    "optional-parameter-in-every-url",
    "one-conversation-or-all-of-them",
    "clearing-a-user-without-a-notice",
    "chatrooms-in-no-list",
    "error-bodies-are-never-shown",
    "may-in-the-error-tables",
    "duration-from-the-sending",
    "app-token-recommended-or-required",
    "ok-is-the-only-value",
    "two-texts-for-a-disabled-service",
    "common-fields-mean-less-elsewhere",
}


def test_every_known_slip_is_there(catalogue: Catalogue) -> None:
    assert {erratum.id for erratum in load_errata(catalogue=catalogue)} >= KNOWN


def test_the_lines_that_a_text_names_are_pinned(catalogue: Catalogue) -> None:
    """Whatever line the text names is among the places, so that a page that moved makes the audit fail."""
    unpinned = {
        (erratum.id, int(number))
        for erratum in load_errata(catalogue=catalogue)
        for text in re.findall(r"lines? (\d+(?:(?:, | and |-| against )\d+)*)", erratum.where)
        for number in re.findall(r"\d+", text)
        if not any(place.line <= int(number) <= place.through for place in erratum.places)
    }
    assert unpinned == set()


def test_an_entry_becomes_a_record(catalogue: Catalogue, write: Write) -> None:
    assert load_errata(write(file_of(GOOD)), catalogue=catalogue) == (
        Erratum(
            id="missing-ampersand",
            where="line 123",
            says="No ampersand.",
            contradicts="The request line.",
            decision="The request line counts.",
            requirements=("delete-group-messages.notify.*",),
            places=(Place(123, 123, None, "0123456789abcdef"),),
        ),
    )


def test_a_slip_may_touch_no_requirement(catalogue: Catalogue, write: Write) -> None:
    (erratum,) = load_errata(write(file_of(GOOD | {"requirements": []})), catalogue=catalogue)
    assert erratum.requirements == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (file_of(GOOD, GOOD), r"missing-ampersand: this id is given twice"),
        (
            file_of(GOOD | {"requirements": ["clear-user.*", "clear-user.gnoe.*"]}),
            r"missing-ampersand: no requirement of the catalogue matches 'clear-user\.gnoe\.\*'",
        ),
        (file_of(GOOD | {"id": "Missing Ampersand"}), r"Missing Ampersand, id: .* does not match"),
        (file_of(GOOD | {"decision": ""}), r"missing-ampersand, decision: \"\" is shorter"),
        (file_of(GOOD | {"requirements": "all"}), r"requirements: \"all\" is not of type \"array\""),
        *(
            (file_of({k: v for k, v in GOOD.items() if k != key}), f'"{key}" is a required property')
            for key in GOOD
            if key != "at"
        ),
        (file_of(GOOD | {"note": "x"}), r"Additional properties are not allowed \('note'"),
        ("errata:\n- id: a\n  id: b\n", r"line 3: the key 'id' is given twice"),
        ("errata: &a [*a\n", r"line \d+: "),
    ],
)
def test_a_wrong_entry_names_file_entry_and_reason(
    catalogue: Catalogue, write: Write, text: str, reason: str
) -> None:
    path = write(text)
    with pytest.raises(ContractError, match=reason) as caught:
        load_errata(path, catalogue=catalogue)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)
