"""The forms of a page become the same lines."""

import pytest

from roamspec.documentation.page import read_page
from roamspec.documentation.samples import sample_requests, sample_responses
from roamspec.documentation.tables import default_in, most_in, rate_in, says_required


def test_html_becomes_one_line_for_each_block() -> None:
    page = read_page(
        "<html><body><nav>menu</nav><main><h2>One <a class='header-anchor'>#</a></h2>"
        "<p>a <code>b</code>, c<br>d</p><ul><li>e</li><li>f <ul><li>g</li></ul></li></ul>"
        "<div class='language-x'><pre><span>h\n  i</span></pre><div class='line-numbers'>1 2</div></div>"
        "<table><tr><th>j</th><th>k</th></tr><tr><td>l<br>m</td><td>n | o</td></tr></table>"
        "<script>no</script><!-- no --></main><footer>no</footer></body></html>"
    )
    assert page.lines == (
        "One", "a b, c", "d", "e", "f", "g", "h", "  i", "j | k |", "--- | --- |", "l m | n / o |",
    )  # fmt: skip
    assert page.headings == {0: 2}


def test_markdown_becomes_the_same_lines_without_front_matter() -> None:
    page = read_page("---\ntitle: x\n---\n\n## One {#one}\n\na `b`\n\n| j | k |\n| :--- | --- |\n| l | n |\n")
    assert page.lines == ("One", "a b", "j | k |", "--- | --- |", "l | n |")
    assert page.form == "Markdown"


def test_plain_text_stays_as_it_is_but_for_the_ends_of_lines() -> None:
    assert read_page("\ufeffa\r\n# <b>\rc").lines == ("a", "# <b>", "c")


@pytest.mark.parametrize(
    ("text", "default"),
    [
        ("(默认) true :是- false :否", True),
        ("`false` (default)", False),
        ("The default value is `20`.", 20),
        ("x", None),
    ],
)
def test_defaults(text: str, default: object) -> None:
    assert default_in(text) == default


@pytest.mark.parametrize(
    ("text", "most"), [("每次最多可传入 50 个消息 ID", 50), ("at most 20 IDs", 20), ("50 IDs", None)]
)
def test_limits(text: str, most: int | None) -> None:
    assert most_in(text) == most


@pytest.mark.parametrize(
    ("line", "rate"),
    [
        ("调用频率上限:100 次/秒/App Key", 100),
        ("100/s/App Key", 100),
        ("80 calls per second", 80),
        ("5 次/分钟", None),
    ],
)
def test_rates(line: str, rate: int | None) -> None:
    assert rate_in(line) == rate


@pytest.mark.parametrize(
    ("cell", "required"), [("是", True), ("Yes", True), ("否", False), ("Optional", False), ("-", None)]
)
def test_required_flags(cell: str, required: bool | None) -> None:
    assert says_required(cell) is required


def test_samples_of_requests() -> None:
    lines = list(
        enumerate(["curl -X POST 'https://h/a?b=1&c=2' \\", "-H 'D: e'", "x", "curl 'open", "curl -v"])
    )
    (request,) = sample_requests(lines)
    assert (request.method, request.path, request.keys, request.headers) == (
        "POST", "/a", ("b", "c"), {"D": "e"},
    )  # fmt: skip
    assert (request.line, request.last_line) == (1, 2)


def test_samples_of_responses() -> None:
    lines = list(enumerate(["{", '"a": 1', "}", "{ no", '{"b": {}}']))
    assert list(sample_responses(lines)) == [{"a": 1}, {"b": {}}]
