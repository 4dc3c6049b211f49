"""A report for people who read Chinese: the same facts, and no line that is too wide."""

import re
from collections.abc import Callable
from typing import Any, Final

import pytest
from tests.unit.report.sample_reports import failure, item, report

from roamspec.contract.load import load_contract
from roamspec.contract.requirements import load_catalogue
from roamspec.report.comparison import compare
from roamspec.report.comparison_text import comparison_text
from roamspec.report.console import summary
from roamspec.report.exchange_text import shown
from roamspec.report.formats import FORMATS, rendered
from roamspec.report.localised import localised
from roamspec.report.terminal_text import width_of
from roamspec.report.translation import translation

ENGLISH: Final = re.compile(r"[a-z]{3,} [a-z]{2,} [a-z]{2,}")
TITLE: Final = "A request with 51 IDs returns HTTP `400`."
TITLE_ZH: Final = "传入 51 个 ID 的请求返回 HTTP `400`。"


@pytest.fixture
def sample() -> dict[str, Any]:
    """A failure, an open requirement and one that passed, said as a run says them."""
    says = (
        "`isNotify` is optional: whether, after the deletion, it is synchronised to all online devices of "
        "the owner; `true` by default, or `false`."
    )
    failing = failure(
        expected="a status of 400 or more",
        actual="no complete response (timed out)",
        hint="Likely cause: the service. Its response differs from the documentation.",
    )
    check = {"id": "limit.rows[clearUser]", "outcome": "fail", "duration_s": 0.1, "failure": failing}
    source = item(0, "pass")["source"] | {"says": says}
    items = [
        item(2, "fail", title=TITLE, source=source, checks=[check], run_again="roamspec run --req x"),
        item(3, "inconclusive", reason="no observer of online devices is given (--observer-url)"),
        item(4, "pass", title=TITLE),
    ]
    return report(items, because=["1 blocking requirement failed."], notes=["The run was interrupted."])


Render = Callable[[dict[str, Any]], str]
RENDERERS: Final[dict[str, Render]] = {
    "console": lambda of: summary(of, path="report.json", lang="zh"),
    "comparison": lambda of: comparison_text(compare(report([]), of), lang="zh"),
    "exchanges": lambda of: shown(of["requirements"][0], translation("zh")),
    "html": lambda of: rendered(of, "html", lang="zh").decode(),
    "markdown": lambda of: rendered(of, "markdown", lang="zh").decode(),
}


@pytest.mark.parametrize("name", RENDERERS)
def test_every_rendering_has_the_finding_in_chinese(name: str, sample: dict[str, Any]) -> None:
    text = re.sub(r"</?code>|\s|\\", "", RENDERERS[name](sample)).replace("`", "")

    assert "传入51个ID的请求返回HTTP400。" in text
    assert "400及以上的状态码" in text
    assert "没有完整的响应" in text


@pytest.mark.parametrize("name", ["console", "comparison", "exchanges", "markdown"])
def test_nothing_is_left_in_english(name: str, sample: dict[str, Any]) -> None:
    text = RENDERERS[name](sample).replace("roamspec reproduce report.json", "")

    assert ENGLISH.findall(re.sub(r"`[^`\n]*`", "", text)) == []


@pytest.mark.parametrize("name", ["console", "comparison"])
@pytest.mark.parametrize("width", [80, 100])
def test_no_line_is_wider_than_the_terminal(name: str, width: int, sample: dict[str, Any]) -> None:
    render = {
        "console": lambda: summary(sample, path="report.json", width=width, lang="zh"),
        "comparison": lambda: comparison_text(compare(report([]), sample), width=width, lang="zh"),
    }
    lines = render[name]().splitlines()

    assert [line for line in lines if width_of(line) > width and "roamspec r" not in line] == []


def test_the_columns_of_the_summary_are_even(sample: dict[str, Any]) -> None:
    lines = summary(sample, path="report.json", lang="zh").splitlines()
    head = next(number for number, line in enumerate(lines) if "通过" in line)
    table = lines[head : lines.index("", head)]

    assert len(table) > 3
    assert len({width_of(line) for line in table}) == 1


def test_the_page_says_its_language(sample: dict[str, Any]) -> None:
    assert '<html lang="zh">' in rendered(sample, "html", lang="zh").decode()
    assert '<html lang="en">' in rendered(sample, "html").decode()


@pytest.mark.parametrize("name", ["junit", "sarif", "badge"])
def test_formats_for_programs_stay_english(name: str, sample: dict[str, Any]) -> None:
    assert name in FORMATS
    assert rendered(sample, name, lang="zh") == rendered(sample, name, lang="en")


def test_the_title_that_a_report_has_is_taken(sample: dict[str, Any]) -> None:
    sample["requirements"][0]["title_zh"] = "自己的要求。"

    assert localised(sample, translation("zh"))["requirements"][0]["title"] == "自己的要求。"


def test_english_is_the_report_itself(sample: dict[str, Any]) -> None:
    assert localised(sample, translation("en")) is sample


def test_what_a_service_answered_is_not_translated(sample: dict[str, Any]) -> None:
    said = localised(sample, translation("zh"))

    for before, after in zip(sample["requirements"], said["requirements"], strict=True):
        for one, other in zip(before["checks"], after["checks"], strict=True):
            assert one.get("failure", {}).get("exchanges") == other.get("failure", {}).get("exchanges")
        assert (before["verdict"], before["id"]) == (after["verdict"], after["id"])


def test_every_requirement_of_the_catalogue_has_a_chinese_title() -> None:
    texts = translation("zh")

    for requirement in load_catalogue(contract=load_contract()).values():
        assert texts.gettext(requirement.title) != requirement.title, requirement.id
        assert texts.sentence(requirement.source.says) != requirement.source.says, requirement.id
        assert not requirement.step or texts.sentence(requirement.step) != requirement.step
