"""The pages on requirements say what the catalogue, the checks and the bank of faults say."""

import re
from collections.abc import Mapping
from dataclasses import replace

import pytest
from tools.documentation_site.families import CLIENTS, SERVICE
from tools.documentation_site.requirement_pages import Material, requirement_pages

from roamspec.contract.citations import Page, Place, Source
from roamspec.contract.errata import Erratum
from roamspec.contract.load import load_contract
from roamspec.contract.requirements import Catalogue, Requirement, load_catalogue
from roamspec.faults.registry import Fault
from roamspec.language.translation import translation
from roamspec.sdk.catalogue import client_catalogue

PAGE = Page("Deleting", "https://docs.example.com/deleting.html")


def requirement(operation: str, slug: str, name: str, **changes: object) -> Requirement:
    source = Source(PAGE, f"{operation} / errors", "At most 50 IDs.", Place(7, 7, None, "0" * 16))
    made = Requirement(
        id=f"{slug}.limit.{name}",
        operation=operation,
        title="A request with 51 IDs returns HTTP `400`.",
        level="must",
        evidence="documented",
        sources=(source,),
        capabilities=("pull",),
        family="limit",
        unchecked="",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


CHAT = requirement("deleteChatMessages", "delete-chat-messages", "fifty-one-refused")
GROUP = requirement("deleteGroupMessages", "delete-group-messages", "fifty-one-refused")


def fault(name: str, operation: str, refutes: str) -> Fault:
    return Fault(name, (operation,), (refutes,), f"{name} is wrong.", "limits", lambda step: step)


def material(*requirements: Requirement, faults: int = 1) -> Material:
    bank = [
        fault(f"{one.id.split('.')[0]}.limit.of-{number}", one.operation, one.id)
        for one in requirements
        for number in range(faults)
    ]
    erratum = Erratum("slip", "line 7", "51", "50", "50 counts.", ("*.limit.fifty-one-*",))
    checks = {"limit.fifty-and-fifty-one": ("limit.fifty-one-refused",), "time.other": ("time.other",)}
    return Material(requirements, (), checks, bank, (erratum,), 3)


def page(of: Material, lang: str = "en") -> str:
    name = "requirements/limit.md" if lang == "en" else f"requirements/limit.{lang}.md"
    return requirement_pages(of, translation(lang))[name]


def test_an_entry_has_title_operations_citation_check_fault_and_erratum() -> None:
    text = page(material(CHAT, GROUP))

    assert "## `limit.fifty-one-refused` { #limit.fifty-one-refused }" in text
    assert text.count("**A request with 51 IDs returns HTTP `400`.**") == 1
    assert "- operations: `deleteChatMessages`, `deleteGroupMessages`" in text
    assert "- level and evidence: must, documented, blocking" in text
    assert "- the target must offer: `pull`" in text
    assert "At most 50 IDs. ([Deleting](https://docs.example.com/deleting.html): " in text
    assert "deleteChatMessages / errors, line 7; deleteGroupMessages / errors, line 7)" in text
    assert "Judged by: `limit.fifty-and-fifty-one`" in text
    assert "- `limit.of-0`: delete-chat-messages.limit.of-0 is wrong." in text
    assert "[slip](../errata.md#slip)" in text
    assert "time.other" not in text


def test_titles_that_differ_between_operations_are_all_shown() -> None:
    text = page(material(CHAT, replace(GROUP, title="Another title.", level="should")))

    assert "**A request with 51 IDs returns HTTP `400`.**" in text
    assert "**Another title.**" in text
    assert "should, documented, non-blocking" in text


def test_a_fault_of_one_operation_names_it_and_many_faults_are_folded() -> None:
    of = material(CHAT, GROUP)
    only = replace(of, faults=(fault("delete-chat-messages.limit.of-9", CHAT.operation, CHAT.id),))

    assert "is wrong. (`deleteChatMessages`)" in page(only)
    assert '??? note "5 ' not in page(of)
    folded = page(material(CHAT, faults=5))
    assert '??? note "Broken by 5 seeded faults"' in folded
    assert "    - `limit.of-4`: " in folded


def test_what_no_check_judges_has_its_reason() -> None:
    text = page(replace(material(replace(CHAT, unchecked="It cannot be seen.")), checks={}))

    assert "No check judges it: It cannot be seen." in text
    assert "Judged by" not in text


def test_the_chinese_page_has_chinese_words() -> None:
    text = page(material(CHAT), "zh")

    assert "# 要求：limit" in text
    assert "判定它的检查项：`limit.fifty-and-fifty-one`" in text
    assert "**传入 51 个 ID 的请求返回 HTTP `400`。**" in text


@pytest.fixture(scope="module")
def catalogues() -> Mapping[str, Catalogue]:
    return {"service": load_catalogue(contract=load_contract()), "clients": client_catalogue()}


@pytest.mark.parametrize(("whose", "about"), [("service", SERVICE), ("clients", CLIENTS)])
def test_every_family_has_its_sentence_and_no_other(
    catalogues: Mapping[str, Catalogue], whose: str, about: Mapping[str, object]
) -> None:
    assert set(about) == {each.family for each in catalogues[whose].values()}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_requirement_has_an_entry_under_its_own_anchor(
    catalogues: Mapping[str, Catalogue], lang: str
) -> None:
    service, clients = (list(each.values()) for each in catalogues.values())
    pages = requirement_pages(Material(service, clients, {}, (), (), 3), translation(lang))

    anchors = set(re.findall(r"^## .* \{ #(\S+) \}$", "\n".join(pages.values()), re.MULTILINE))
    expected = {each.id.partition(".")[2] for each in (*service, *clients)}
    assert anchors - {"service", "clients"} == expected
