"""`make docs`: the site builds without a warning, in both languages, and loads nothing from elsewhere."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest
from tests.integration.commands import Done, environment

ROOT = Path(__file__).parents[2]
LONGEST_BUILD_S = 600
LOADED = re.compile(
    r'<(?:script|img|iframe)[^>]* src="([^"]+)'
    r'|<link[^>]* rel="(?:stylesheet|preconnect|icon)"[^>]* href="([^"]+)'
)
TRANSLATED = ("index", "first-run", "guide-service-team", "reading-a-verdict", "requirements/limit", "errata")
LINKED = re.compile(r'<a [^>]*href="(?!\w+:|#)([^"#]+)')


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("documentation") / "site"
    done = build(ROOT, target)
    assert done.status == 0, done.err
    assert "WARNING" not in done.err
    return target


def build(root: Path, target: Path) -> Done:
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(target)],
        cwd=root,
        env=environment(NO_MKDOCS_2_WARNING="1"),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=LONGEST_BUILD_S,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def test_each_page_is_there_in_both_languages(site: Path) -> None:
    for name in TRANSLATED:
        english, chinese = text_of(site / f"{name}.html"), text_of(site / "zh" / f"{name}.html")
        assert '<html lang="en"' in english
        assert '<html lang="zh"' in chinese
        assert 'hreflang="zh"' in english
        assert re.search("[\u4e00-\u9fff]{8}", chinese)
    assert "五分钟完成第一次运行" in text_of(site / "zh/first-run.html")
    assert 'id="limit.fifty-one-refused"' in text_of(site / "requirements/limit.html")


def test_a_page_without_a_translation_is_shown_in_english(site: Path) -> None:
    assert "Nothing imports upwards" in text_of(site / "zh/architecture.html")


def test_no_page_loads_anything_from_a_network(site: Path) -> None:
    pages = [page for page in site.rglob("*.html") if "sample" not in page.parts]
    found = [(page.name, pair) for page in pages for pair in LOADED.findall(text_of(page))]
    loaded = {(page, one) for page, pair in found for one in pair if one and not one.startswith("data:")}

    assert len(pages) > 100
    assert len(loaded) > 200
    assert [each for each in loaded if re.match(r"\w+:|//", each[1])] == []


def test_every_link_leads_to_a_file_of_the_site(site: Path) -> None:
    pages = [page for page in site.rglob("*.html") if page.name != "404.html" and "sample" not in page.parts]
    links = {(page.parent, link) for page in pages for link in LINKED.findall(text_of(page))}

    assert len(links) > 1000
    assert [link for folder, link in links if not (folder / unquote(link)).exists()] == []


def test_the_figures_of_the_readme_are_shown(site: Path) -> None:
    shown = text_of(site / "quality.html")

    assert "roamspec selftest --profile quick --jobs 4" in shown
    assert "faults detected" in shown


def test_a_link_that_leads_nowhere_fails_the_build(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    for name in ("contracts", "docs", "examples", "reports", "tools"):
        (root / name).symlink_to(ROOT / name)
    (root / "docs").unlink()
    shutil.copytree(ROOT / "docs", root / "docs")
    for name in ("mkdocs.yml", "README.md", "CHANGELOG.md"):
        shutil.copyfile(ROOT / name, root / name)
    configuration = root / "mkdocs.yml"
    one_language = text_of(configuration).replace("- locale: zh\n", "- locale: zh\n          build: false\n")
    assert "build: false" in one_language
    configuration.write_text(one_language, encoding="utf-8")
    page = root / "docs" / "index.md"
    page.write_text(text_of(page) + "\n[nowhere](first-run.md#nowhere)\n", encoding="utf-8")

    done = build(root, tmp_path / "site")

    assert done.status == 1
    assert "does not contain an anchor '#nowhere'" in done.err
