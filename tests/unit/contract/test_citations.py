"""The citations: how they are read, how they are pinned, and whether the page says what is cited."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from roamspec.contract.audit import Mismatch, audit
from roamspec.contract.citations import Citations, Source, digest_of, load_citations
from roamspec.contract.errata import load_errata
from roamspec.contract.requirements import Catalogue
from roamspec.errors import ContractError
from roamspec.sdk.catalogue import client_catalogue

Write = Callable[[str], Path]

PAGE = "ROAMSPEC_PAGE"
"""Names a copy of the text of the page of the five operations, which the repository does not hold."""

A_PAGE = """\
Roaming messages
Clear a user
Purpose
Messages go. Lists follow。 Others stay。
Table
a | `x` | **no** |
b | y | yes |
"""
STATEMENT: dict[str, Any] = {
    "says": "Messages of the user go.",
    "section": "Purpose",
    "at": {"clearUser": {"line": 4, "sentence": 1, "words": digest_of("Messages go. Lists follow")}},
}


def file_of(**statements: Any) -> str:
    document = {
        "pages": {
            "message-delete": {"title": "Roaming messages", "url": "https://host.example/page"},
            "codes": {"title": "Codes", "url": "https://host.example/codes"},
        },
        "headings": {"clearUser": "Clear a user"},
        "statements": statements,
    }
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False)


@pytest.fixture(scope="session")
def citations() -> Citations:
    return load_citations()


@pytest.fixture(scope="session")
def page() -> str:
    """The text of the page, where a copy is at hand."""
    name = os.environ.get(PAGE)
    if not name:
        pytest.skip(f"{PAGE} names no copy of the page of the five operations")
    return Path(name).read_text(encoding="utf-8")


def test_the_page_says_what_is_cited(page: str, citations: Citations, catalogue: Catalogue) -> None:
    errata = [
        (f"erratum {erratum.id}", place)
        for erratum in load_errata(catalogue=catalogue)
        for place in erratum.places
    ]
    assert audit(page, citations, further=errata) == []


def test_the_page_has_the_literal_values_of_what_it_says(page: str, citations: Citations) -> None:
    lines = page.splitlines()
    missing = [
        (statement, literal, source.line)
        for statement, source in citations
        if source.place
        for literal in re.findall(r"`([^`]+)`", source.says)
        if literal not in source.place.text(lines)
    ]
    assert missing == []


def test_a_page_that_changed_makes_citations_fail(page: str, citations: Citations) -> None:
    lines = page.splitlines()
    changed = [line.replace("50", "20").replace("100", "80") for line in lines]
    found = {mismatch.statement for mismatch in audit("\n".join(changed), citations)}
    assert found >= {"message-ids", "row-too-many", "rate"}
    moved = audit("\n".join(["", *lines]), citations)
    assert len(moved) == sum(source.place is not None for _, source in citations)


def test_every_statement_is_cited(citations: Citations, catalogue: Catalogue) -> None:
    cited = {
        source for each in (*catalogue.values(), *client_catalogue().values()) for source in each.sources
    }
    unused = {name for name, source in citations if source not in cited}
    assert unused == set()


@pytest.mark.parametrize(
    ("evidence", "pages"),
    [
        ("documented", {"message_delete"}),
        ("vendor", {"error", "easemob_app_token", "multi_device"}),
    ],
)
def test_evidence_names_where_it_is_said(catalogue: Catalogue, evidence: str, pages: set[str]) -> None:
    """What is documented rests on the page of the five operations, what is vendor's on another one."""
    found = {
        each.source.page.url.rpartition("/")[2].removesuffix(".html")
        for each in (*catalogue.values(), *client_catalogue().values())
        if each.evidence == evidence
    }
    assert found == pages


def test_a_statement_becomes_a_source_for_its_operations(write: Write) -> None:
    everywhere = {"says": "x", "everywhere": {"line": 1, "words": "0" * 16}}
    elsewhere = {"says": "y", "page": "codes", "section": "401"}
    citations = load_citations(write(file_of(one=STATEMENT, all=everywhere, codes=elsewhere)))
    source = citations.of("one", "clearUser")
    assert isinstance(source, Source)
    assert (source.section, source.line) == ("Clear a user / Purpose", 4)
    assert citations.of("one", "clearChatBefore") is None
    assert citations.of("all", "clearChatBefore") == citations.of("all", "clearUser")
    of_codes = citations.of("codes", "clearUser")
    assert of_codes is not None
    assert of_codes.as_dict() == {
        "page": "Codes",
        "url": "https://host.example/codes",
        "section": "401",
        "line": None,
        "says": "y",
    }


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (A_PAGE, None),
        (A_PAGE.replace("Lists follow。 ", "Lists  follow。"), None),
        (A_PAGE.replace("Others stay", "Others go"), None),
        (
            A_PAGE.replace("Messages go", "Messages stay"),
            "line 4 does not contain the cited words, and they appear nowhere else",
        ),
        ("\n" + A_PAGE, "line 4 does not contain the cited words; they are now at line 5"),
        ("Roaming messages\n", "line 4 does not contain the cited words, and they appear nowhere else"),
    ],
)
def test_words_are_pinned(write: Write, text: str, reason: str | None) -> None:
    citations = load_citations(write(file_of(one=STATEMENT)))
    found = audit(text, citations)
    assert found[:1] == ([] if reason is None else [Mismatch("one", reason)])


@pytest.mark.parametrize("heading", ["Clear a user", "Purpose"])
def test_the_section_is_a_heading_above_the_words(write: Write, heading: str) -> None:
    citations = load_citations(write(file_of(one=STATEMENT)))
    assert audit(A_PAGE.replace(f"{heading}\n", "Another\n", 1), citations) == [
        Mismatch("one", f"no heading {heading!r} is above line 4")
    ]


def test_a_digest_is_of_words_and_not_of_their_dress() -> None:
    assert digest_of("a | `x` | **no** |") == digest_of("| a | x | no")
    assert digest_of("a，b") == digest_of("a,b")
    assert digest_of("a b") != digest_of("a c")


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        (
            {"says": "x", "page": "nowhere", "section": "s"},
            r": one: there is no page 'nowhere'; there are message-delete, codes\.",
        ),
        (
            STATEMENT | {"at": {"clearAll": {"line": 1, "words": "0" * 16}}},
            r": one: the page has no heading for an operation 'clearAll'\.",
        ),
        (STATEMENT | {"at": {"clearUser": {"line": 1, "words": "?"}}}, r"\"\?\" does not match"),
        ({"says": "x"}, r"statements/one: "),
        (STATEMENT | {"said": "x"}, r"statements/one: .*'said' was unexpected"),
    ],
)
def test_a_wrong_statement_names_file_entry_and_reason(write: Write, statement: Any, reason: str) -> None:
    path = write(file_of(one=statement))
    with pytest.raises(ContractError, match=reason) as caught:
        load_citations(path)
    assert str(caught.value).startswith(f"{path}: ")
