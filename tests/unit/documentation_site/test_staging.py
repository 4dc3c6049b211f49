"""What MkDocs reads: pages of `docs/`, and the files that they link to, with links that fit the site."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from tools.documentation_site import staging
from tools.documentation_site.staging import place_in_site, stage


@pytest.fixture(autouse=True)
def _no_generated_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "generated_pages", lambda: {"errata.md": "[contract](../contracts/x.yaml)"})
    monkeypatch.setattr(staging, "_FURTHER", ())


def staged(tmp_path: Path, files: Mapping[str, str]) -> Path:
    root = tmp_path / "root"
    for name, text in {"contracts/x.yaml": "x: 1", **files}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    target = tmp_path / "site"
    stage(target, root)
    return target


def test_pages_are_at_the_root_and_what_they_link_to_is_below_repository(tmp_path: Path) -> None:
    others = "[o](other.md) [w](https://example.com) ![p](images/p.png)"
    site = staged(
        tmp_path,
        {
            "docs/index.md": f"[r](../reports/README.md#a) {others}",
            "docs/other.md": "[top](#top)",
            "docs/images/p.png": "png",
            "reports/README.md": "[index](../docs/index.md#b) [x](../contracts/x.yaml)",
            "reports/unrelated.md": "",
        },
    )

    index = (site / "index.md").read_text(encoding="utf-8")
    assert index == f"[r](repository/reports/README.md#a) {others}"
    report = (site / "repository/reports/README.md").read_text(encoding="utf-8")
    assert report == "[index](../../index.md#b) [x](../contracts/x.yaml)"
    assert (site / "repository/contracts/x.yaml").read_text(encoding="utf-8") == "x: 1"
    assert (site / "images/p.png").is_file()
    assert not (site / "repository/reports/unrelated.md").exists()
    assert (site / "errata.md").read_text(encoding="utf-8") == "[contract](repository/contracts/x.yaml)"


def test_a_link_to_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"gone\.md"):
        staged(tmp_path, {"docs/index.md": "[gone](../gone.md)"})


def test_a_folder_gets_a_page_that_lists_its_files(tmp_path: Path) -> None:
    site = staged(
        tmp_path,
        {
            "docs/index.md": "[samples](../reports/sample/)",
            "reports/sample/a.json": "{}",
            "reports/sample/b.md": "[not ours](<https://example.com>)",
        },
    )

    assert (site / "index.md").read_text(encoding="utf-8") == "[samples](repository/reports/sample/index.md)"
    listing = (site / "repository/reports/sample/index.md").read_text(encoding="utf-8")
    assert "- [a.json](a.json)" in listing
    assert "- [b.markdown.txt](b.markdown.txt)" in listing


def test_a_page_shows_a_section_of_another_file(tmp_path: Path) -> None:
    marker = '<!-- figures: README.md "How good" -->'
    site = staged(
        tmp_path,
        {
            "docs/index.md": f"Before\n\n{marker}\n",
            "README.md": "# A\n\n## How good\n\nVery, [see](contracts/x.yaml).\n\n## Next\n",
        },
    )

    text = (site / "index.md").read_text(encoding="utf-8")
    assert text == "Before\n\nVery, [see](repository/contracts/x.yaml).\n"
    with pytest.raises(LookupError, match="has no section 'How good'"):
        staged(tmp_path / "again", {"docs/index.md": marker, "README.md": "# A\n"})


def test_a_bar_in_code_within_a_table_has_no_backslash(tmp_path: Path) -> None:
    site = staged(tmp_path, {"docs/index.md": "| `a\\|<b>` | `c` |\n\n`d\\|e`"})

    text = (site / "index.md").read_text(encoding="utf-8")
    assert text == "| <code>a&#124;&lt;b&gt;</code> | `c` |\n\n`d\\|e`"


def test_places() -> None:
    assert str(place_in_site("docs/sdk.md")) == "sdk.md"
    assert str(place_in_site("examples/README.md")) == "repository/examples/README.md"
