"""Code and output that the pages show, beside commands of roamspec: each is real."""

import re
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from tests.unit.cli.test_documented_commands import DOCUMENTS, Shown, commands_in, parsed

from roamspec.config.options import OPTIONS
from roamspec.contract.operations import Contract
from roamspec.contract.requirements import Catalogue
from roamspec.generative.call_sequence import CallSequence, DeleteStep, SendStep
from roamspec.generative.descriptions import describe
from roamspec.results.waivers import read_waivers

ROOT: Final = Path(__file__).parents[2]
_BLOCK: Final = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_MADE: Final = re.compile(r"(?:`|^(?:\$ )?)make ([a-z]+)(?=[ `\n])", re.MULTILINE)
_NODE: Final = re.compile(r"^(tests/conformance/\w+\.py)::(\w+)", re.MULTILINE)


def blocks(page: str, kind: str) -> list[str]:
    text = (ROOT / page).read_text(encoding="utf-8")
    return [code for language, code in _BLOCK.findall(text) if language == kind]


@pytest.mark.parametrize("number", [0, 1, 2])
def test_checks_of_your_own_are_those_of_the_example(number: int) -> None:
    """Another test runs the example."""
    code = blocks("docs/pytest.md", "python")
    files = [path.read_text(encoding="utf-8") for path in (ROOT / "examples" / "own-checks").glob("*.py")]

    assert len(code) == len(files) == 3
    assert [text for text in files if text.endswith(f"\n\n{code[number]}")]


def test_the_fault_that_is_explained_is_one_of_ours() -> None:
    [code] = blocks("docs/faults.md", "python")

    assert f"\n\n{code}\n\n" in (ROOT / "src/roamspec/faults/limit.py").read_text(encoding="utf-8")


def test_the_contract_is_read_as_the_page_reads_it() -> None:
    [code] = blocks("docs/contract.md", "python")
    names: dict[str, Any] = {}

    exec(compile(code, "docs/contract.md", "exec"), names)  # noqa: S102 - code of the repository

    contract, catalogue = names["contract"], names["catalogue"]
    assert isinstance(contract, Contract)
    assert isinstance(catalogue, Catalogue)
    shown = re.findall(r"rate_per_second  # (\d+);", code)
    assert shown == [str(contract.operation("clear-user").rate_per_second)]
    selected = catalogue.select(["*.limit.*"], ["deleteChatMessages"])
    assert {(one.family, one.operation) for one in selected} == {("limit", "deleteChatMessages")}


def test_the_waivers_that_are_shown_are_read(tmp_path: Path) -> None:
    [code] = blocks("reports/README.md", "toml")
    file = tmp_path / "waivers.toml"
    file.write_text(code, encoding="utf-8")

    [waiver] = read_waivers(file)
    assert waiver.until.isoformat() in code


def test_the_pipelines_that_are_shown_call_roamspec_as_it_is_called() -> None:
    action, gitlab, github = (yaml.safe_load(code) for code in blocks("docs/ci.md", "yaml"))
    given = action[0]["with"]
    inputs = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["inputs"]
    lines = [*gitlab["conformance"]["script"], *gitlab["conformance"]["after_script"]]
    lines += [step["run"] for step in github if "run" in step]

    assert set(given) <= set(inputs)
    lines.append(" ".join(["roamspec", given["command"], *given["arguments"].splitlines()]))
    assert len(lines) == 5
    assert [line for line in lines if parsed(Shown(line, whole=True)) is None] == []


def test_the_checks_that_are_named_as_tests_exist() -> None:
    shown = _NODE.findall((ROOT / "docs/pytest.md").read_text(encoding="utf-8"))

    assert len(shown) == 3
    for file, name in shown:
        assert f"\ndef {name}(" in (ROOT / file).read_text(encoding="utf-8")


def test_the_finding_of_a_sequence_that_is_explained_is_in_the_words_of_a_report() -> None:
    steps = SendStep("m1", "chat ab", "a"), DeleteStep("clearChatBefore", "a", "chat ab", around="m1")
    [code] = [code for code in blocks("docs/generative.md", "") if code.startswith("FAIL")]

    assert f", after: {describe(CallSequence(steps))}\n" in code
    [again] = commands_in(f"```\n{code.partition('run it again: ')[2]}```")
    assert parsed(again) is not None


def test_every_option_of_a_target_is_in_the_table_with_its_variable() -> None:
    page = (ROOT / "docs/target-options.md").read_text(encoding="utf-8")
    table = [line for line in page.splitlines() if line.startswith("| `--")]

    for option in OPTIONS.values():
        [row] = [line for line in table if re.search(rf"`--{option.name}[` ]", line)]
        assert f"`{option.variable}`" in row


def test_every_target_of_make_that_a_page_names_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    pages = [*DOCUMENTS, ROOT / "CONTRIBUTING.md"]
    named = {target for page in pages for target in _MADE.findall(page.read_text(encoding="utf-8"))}

    assert {"conformance", "test", "check", "record"} <= named
    assert named - targets == set()
