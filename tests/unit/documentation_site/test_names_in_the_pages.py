"""Each link, path, requirement, fault and check that a page names exists."""

import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Final

import pytest
from pymdownx.slugs import slugify  # type: ignore[import-untyped]
from tools.documentation_site.staging import generated_pages

from roamspec.contract.load import load_contract
from roamspec.contract.requirements import load_catalogue
from roamspec.faults.registry import known
from roamspec.patterns import Matchable
from roamspec.sdk.catalogue import client_catalogue
from roamspec.suite.checks import checks

ROOT: Final = Path(__file__).parents[3]
PATTERNS: Final = ("README*.md", "docs/*.md", "reports/*.md", "examples/*.md", "examples/*/*.md")
PAGES: Final = sorted(
    path.relative_to(ROOT).as_posix() for pattern in PATTERNS for path in ROOT.glob(pattern)
)
FOLDERS: Final = "benchmarks|cassettes|contracts|docs|examples|src|tests|tools"
NOT_THERE: Final = {
    "tests/sequences",  # a folder of the reader's own
    "cassettes/service",  # the page says that there is none yet
}
MADE_BY_A_PAGE: Final = (".house.", "fifty-one-refused-again", "fifty-one-ids-twice", "refused-only-once")
"""Requirements, faults and checks that the examples of `docs/pytest.md` and `docs/adding-a-check.md` add."""
_FENCED: Final = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_LINK: Final = re.compile(r"\]\((?!\w+:)([^)\s#]*)(?:#([^)\s]+))?\)")
_HEADING: Final = re.compile(r"^#{1,6} (.+?)(?: \{ #(\S+) \})?$", re.MULTILINE)
_PATH: Final = re.compile(rf"(?<![\w/.-])((?:{FOLDERS})/[\w./-]*\w)(?![\w*<{{-])")
_SLUGS: Final = "delete-chat-messages|delete-group-messages|clear-user|clear-chat-before|clear-group-before"
_FULL_ID: Final = re.compile(rf"\b((?:{_SLUGS})\.[\w-]+\.[\w*?-]+)")
_NAMED: Final = re.compile(r"--(req|fault|faults|check)[ =]'?([a-z][\w.*?-]+)")
_SLUG: Final = slugify(case="lower")


made = cache(generated_pages)


@cache
def text_of(page: str) -> str:
    """A page of the repository, or one that the site makes."""
    if page.startswith("docs/") and not (ROOT / page).exists():
        return made()[page.removeprefix("docs/")]
    return (ROOT / page).read_text(encoding="utf-8")


def exists(path: str) -> bool:
    return (ROOT / path).exists() or path.removeprefix("docs/") in made()


def anchors(page: str) -> set[str]:
    """Those of the headings: as the site makes them, and as a forge does."""
    found = set()
    for heading, given in _HEADING.findall(_FENCED.sub("", text_of(page))):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
        found |= {given} if given else {_SLUG(plain, "-")}
    return found


def broken_links(page: str) -> Iterator[str]:
    folder = PurePosixPath(page).parent
    for target, anchor in _LINK.findall(_FENCED.sub("", text_of(page))):
        path = os.path.normpath(folder / target).replace(os.sep, "/") if target else page
        if not exists(path):
            yield f"{target}: there is no such file"
        elif anchor and anchor not in anchors(path):
            yield f"{target}#{anchor}: {path} has no such heading"


@pytest.mark.parametrize("page", PAGES)
def test_every_link_and_anchor_leads_somewhere(page: str) -> None:
    assert list(broken_links(page)) == []


@pytest.mark.parametrize("page", PAGES)
def test_every_path_is_in_the_repository(page: str) -> None:
    named = set(_PATH.findall(text_of(page)))
    here = (ROOT / page).parent

    missing = {name for name in named if not (ROOT / name).exists() and not (here / name).exists()}
    assert missing - NOT_THERE == set()


@pytest.mark.parametrize("page", PAGES)
def test_every_requirement_fault_and_check_exists(page: str) -> None:
    text = text_of(page)
    ids = _FULL_ID.findall(text)

    assert [name for name in ids if not named("req", name) and not named("fault", name)] == []
    assert [f"--{kind} {name}" for kind, name in _NAMED.findall(text) if not named(kind, name)] == []


def named(kind: str, pattern: str) -> bool:
    """Whether a requirement, a fault or a check has this name, or a page makes one of this name."""
    if pattern.isupper() or any(name in pattern for name in MADE_BY_A_PAGE):
        return True
    if kind == "check":
        return pattern in checks()
    return any(each.fits(pattern) for each in _known("fault" if kind.startswith("fault") else "req"))


@cache
def _known(kind: str) -> tuple[Matchable, ...]:
    if kind == "fault":
        return tuple(Matchable(fault.name, fault.operations[0]) for fault in known().values())
    catalogues = load_catalogue(contract=load_contract()), client_catalogue()
    return tuple(
        Matchable(name, one.operation)
        for each in catalogues
        for one in each.values()
        for name in (one.id, one.part_of)
        if name
    )


def test_the_pages_are_found_and_a_slip_is_noticed() -> None:
    assert len(PAGES) > 30
    assert "fault-behind" not in anchors("docs/faults.md")
    assert "faults-behind-conditions" in anchors("docs/faults.md")
    assert "limit.fifty-accepted" in anchors("docs/requirements/limit.md")
    assert not named("req", "limit.fifty-acepted")
    assert named("req", "limit.fifty-accepted")
    assert not named("fault", "effect.nothing-deletd")
    assert _PATH.findall("`tests/unit/none.py` and tests/unit/x/") == ["tests/unit/none.py", "tests/unit/x"]
    assert _LINK.findall("[a](b.md#c) [d](https://e)") == [("b.md", "c")]
