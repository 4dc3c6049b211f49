"""`docs/first-run.md`: the commands of the page give the results that it shows."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.commands import Done, roamspec

DOCS = Path(__file__).parents[2] / "docs"
GAP = "…"
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def shown_with_a_command(page: str) -> tuple[str, str]:
    """The command that runs with a fault, and the output below it."""
    blocks = _BLOCK.findall((DOCS / page).read_text(encoding="utf-8"))
    [place] = [number for number, (_, code) in enumerate(blocks) if "--fault" in code and "run " in code[:20]]
    return blocks[place][1].strip(), blocks[place + 1][1]


def pieces(shown: str) -> Iterator[str]:
    """What stands between the gaps, without numbers, names of users and the way that lines are broken."""
    for piece in shown.split(f"{GAP}\n"):
        yield normalised(piece)


def normalised(text: str) -> str:
    text = re.sub(r"\b(?:rs|x)[\w.-]{10,}", "USER", text)
    return " ".join(re.sub(r"\d[\d.,]*", "N", text).split())


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Done:
    command, _ = shown_with_a_command("first-run.md")
    words = command.split()
    assert words[0] == "roamspec"
    return roamspec(tmp_path_factory.mktemp("first-run"), *words[1:])


def test_the_command_fails_as_the_page_says(done: Done) -> None:
    assert done.status == 1, done.out + done.err


@pytest.mark.parametrize("page", ["first-run.md", "first-run.zh.md"])
def test_the_output_is_the_one_shown(done: Done, page: str) -> None:
    command, shown = shown_with_a_command(page)
    out = normalised(done.out)

    assert command == shown_with_a_command("first-run.md")[0]
    place = 0
    for piece in pieces(shown):
        assert piece in out[place:], f"{piece!r} is not in {out[place:]!r}"
        place = out.index(piece, place) + len(piece)


@pytest.mark.parametrize("page", ["reading-a-verdict.md", "reading-a-verdict.zh.md"])
def test_the_failure_that_is_explained_is_the_same(done: Done, page: str) -> None:
    blocks = _BLOCK.findall((DOCS / page).read_text(encoding="utf-8"))
    [shown] = [code for _, code in blocks if "FAIL" in code]
    out = normalised(done.out)

    assert [piece for piece in pieces(shown) if piece not in out] == []
