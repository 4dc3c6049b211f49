"""What a page's words and facts mean for the requirements that rest on them."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from tests.unit.documentation.revisions import (
    CHAT_BY_ID,
    FORMS,
    ONE_CHINESE,
    TODAY,
    Form,
    Revision,
    written,
)

from roamspec.contract.citations import Citations, Place, digest_of, load_citations
from roamspec.contract.errata import Erratum, load_errata
from roamspec.contract.load import load_contract
from roamspec.contract.requirements import Catalogue
from roamspec.documentation.examination import Examination, NotThisPage, examine
from roamspec.documentation.page import read_page

SENTENCE = "Others keep theirs."
OTHERS = "Messages are deleted from the server. Others keep theirs."


def cited(text: str) -> Citations:
    """The project's statements, drawn around other words: all around `text`."""
    citations = load_citations()
    pinned = {
        name: {
            operation: replace(source, place=Place(1, 1, None, digest_of(text)) if source.place else None)
            for operation, source in sources.items()
        }
        for name, sources in citations.by_id.items()
    }
    return replace(citations, by_id=pinned)


def catalogue_of(citations: Citations, catalogue: Catalogue) -> Catalogue:
    """The catalogue, resting on these citations instead of the project's."""
    ours = load_citations()
    moved = {
        source: citations.by_id[name][operation]
        for name, sources in ours.by_id.items()
        for operation, source in sources.items()
    }
    by_id = {
        name: replace(each, sources=tuple(moved[source] for source in each.sources))
        for name, each in catalogue.items()
    }
    return replace(catalogue, by_id=by_id)


def examined(
    revision: Revision,
    form: Form,
    catalogue: Catalogue,
    words: str = OTHERS,
    errata: tuple[Erratum, ...] = (),
) -> Examination:
    citations = cited(words)
    requirements = catalogue_of(citations, catalogue).values()
    return examine(read_page(written(revision, form)), load_contract(), citations, errata, requirements)


each_form = pytest.mark.parametrize("form", FORMS)


@each_form
def test_a_page_that_says_the_same_changes_nothing(form: Form, catalogue: Catalogue) -> None:
    found = examined(TODAY, form, catalogue)
    assert {each.standing for each in found.looked} == {"stands"}
    assert not found.changed
    assert found.touched == []


@each_form
def test_removed_words_touch_what_rests_on_them(form: Form, catalogue: Catalogue) -> None:
    found = examined(TODAY, form, catalogue, words="Words that no page has.")
    assert found.changed
    assert found.differences == []
    resting = {each.id for each in catalogue.values() if any(one.place for one in each.sources)}
    assert set(found.touched) == resting
    rate = next(
        each for each in found.changed_passages if (each.name, each.operation) == ("rate", "clearUser")
    )
    assert all(each.startswith("clear-user.") for each in found.by_passage[rate.name, rate.operation])


@each_form
def test_words_of_other_operations_belong_to_other_pages(form: Form, catalogue: Catalogue) -> None:
    found = examined(ONE_CHINESE, form, catalogue, words="Words that no page has.")
    standing = {(each.operation, each.standing) for each in found.looked}
    assert standing == {
        ("deleteChatMessages", "changed"),
        (None, "not on this page"),
        *((each, "not on this page") for each in load_contract().operations if each != "deleteChatMessages"),
    }


@each_form
def test_a_fact_that_changes_touches_what_rests_on_its_statement(form: Form, catalogue: Catalogue) -> None:
    sections = (replace(CHAT_BY_ID, default="false"), *TODAY.sections[1:])
    found = examined(replace(TODAY, sections=sections), form, catalogue)
    assert [(each.fact, each.aspect) for each in found.differences] == [("query/isNotify", "default")]
    assert found.touched
    assert all(each.startswith("delete-chat-messages.") for each in found.touched)
    assert any(".notify." in each for each in found.touched)


def test_each_fact_is_of_a_statement_that_requirements_rest_on(catalogue: Catalogue) -> None:
    citations = load_citations()
    for fact, names in citations.facts.items():
        sources = {id(each): each for name in names for each in citations.by_id[name].values()}
        assert any(one in each.sources for one in sources.values() for each in catalogue.values()), fact


def test_every_fact_that_is_compared_is_of_a_statement(catalogue: Catalogue) -> None:
    found = examined(TODAY, "Markdown", catalogue)
    known = load_citations().facts
    assert {each.fact for each in found.findings} <= known.keys()


def test_a_slip_that_is_mended_touches_the_requirements_of_its_erratum(catalogue: Catalogue) -> None:
    erratum = Erratum(
        "slip", "somewhere", "A slip.", "", "", ("clear-user.*",), (Place(1, 1, None, digest_of("no words")),)
    )
    found = examined(TODAY, "HTML", catalogue, errata=(erratum,))
    assert [each.name for each in found.changed_passages] == ["erratum slip"]
    assert set(found.touched) == {each for each in catalogue if each.startswith("clear-user.")}


def test_a_known_slip_in_a_sample_is_no_difference(catalogue: Catalogue) -> None:
    doubled = (("Content-Type", "Content-Type: application/json"),)
    sections = (replace(CHAT_BY_ID, sample_headers=doubled), *TODAY.sections[1:])
    revision = replace(TODAY, sections=sections)
    line = "-H 'Content-Type: Content-Type: application/json'"
    erratum = Erratum("slip", "", "Doubled.", "", "", (), (Place(1, 1, None, digest_of(line)),))
    assert not examined(revision, "Markdown", catalogue, errata=(erratum,)).changed
    assert examined(revision, "Markdown", catalogue).changed


@pytest.mark.parametrize("text", ["", "hello\n", "<html><body><p>hello</p></body></html>", "## hello\n"])
def test_another_page_is_none_of_this(text: str, catalogue: Catalogue) -> None:
    with pytest.raises(NotThisPage, match="no request line of the five operations"):
        examine(read_page(text), load_contract(), load_citations(), (), catalogue.values())


def test_the_page_itself_has_not_changed(catalogue: Catalogue) -> None:
    place = os.environ.get("ROAMSPEC_PAGE")
    if not place:
        pytest.skip("ROAMSPEC_PAGE names no copy of the page of the five operations")
    page = read_page(Path(place).read_text(encoding="utf-8"))
    errata = load_errata(catalogue=catalogue)
    found = examine(page, load_contract(), load_citations(), errata, catalogue.values())
    assert len(found.operations) == 5
    assert found.differences == []
    assert found.changed_passages == []
