"""The tools that `peers.py` compares: how each is called, and what it reports of which operation.

Each tool gets the contract in the form that it reads. Schemathesis reads it as it is. Specmatic and Dredd
read OpenAPI 3.0, do not tell a parameter of the path from one of the query by the same name, and try one
example of each: theirs is a copy without references, with the status 200 alone, in which the owner has
another name.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from roamspec.contract.references import dereferenced

Report = set[tuple[str, str]]
"""What failed: the operation as `METHOD path`, with the placeholders of the contract, and what of it."""

_HEADING = re.compile(r"_+ ((?:GET|PUT|POST|PATCH|DELETE) \S+) _+$")
_FAILURE = re.compile(r"- (ST\d+) ")
_SCENARIO = re.compile(r"Scenario: ([A-Z]+) (\S+) -> \d+(.*)")
_TYPED = re.compile(r"\((\w+):\w+\)")
_TIMEOUT_S = 600
OLD_TIME_MS = 1659014868000


@dataclass(frozen=True)
class Case:
    """One emulator that a tool is shown: `contract` has the names that exist there filled in."""

    base_url: str
    token: str
    contract: dict[str, Any]
    folder: Path


@dataclass(frozen=True)
class Tool:
    """`failures` runs the tool once; SystemExit when it does not come to a result."""

    name: str
    failures: Callable[[Case], Report]


def schemathesis(case: Case) -> Report:
    """With its default checks and a fixed seed."""
    path = _written(case, case.contract)
    done = _run(
        case,
        [
            str(Path(sys.executable).with_name("schemathesis")), "--config-file", os.devnull, "--no-color",
            "run", str(path), "--url", case.base_url, "--seed", "1",
            "-H", f"Authorization: Bearer {case.token}", "--suppress-health-check", "all",
        ],
        expected=(0, 1),
    )  # fmt: skip
    failures: Report = set()
    operation = ""
    for line in done.splitlines():
        if heading := _HEADING.match(line):
            operation = heading[1]
        elif failure := _FAILURE.match(line):
            failures.add((operation, failure[1]))
    return failures


def specmatic(command: str) -> Callable[[Case], Report]:
    """Its contract tests; they are listed in a JUnit report."""

    def failures(case: Case) -> Report:
        path, reports = _written(case, plain_contract(case.contract)), case.folder / "specmatic"
        words = [command, "test", "--testBaseURL", case.base_url, "--junitReportDir", str(reports), str(path)]
        said = _run(case, words, expected=(0, 1), environ={"SPECMATIC_OAUTH2_TOKEN": case.token})
        found: Report = set()
        cases = [each for file in reports.glob("*.xml") for each in _test_cases(file)]
        if not cases:
            raise SystemExit(f"specmatic made no tests:\n{said[-3000:]}")
        for each in cases:
            scenario = _SCENARIO.search(each.attrib["name"])
            if scenario and each.find("failure") is not None:
                path_of = _TYPED.sub(r"{\1}", scenario[2])
                found.add((_as_in_contract(f"{scenario[1]} {path_of}"), _without_names(case, scenario[3])))
        return found

    return failures


def dredd(command: str) -> Callable[[Case], Report]:
    """One request for each operation, compared with the example of the contract."""

    def failures(case: Case) -> Report:
        contract = plain_contract(case.contract)
        path, report = _written(case, contract), case.folder / "dredd.xml"
        words = [
            command, str(path), case.base_url, "--header", f"Authorization: Bearer {case.token}",
            "--reporter", "xunit", "--output", str(report), "--loglevel", "error",
        ]  # fmt: skip
        said = _run(case, words, expected=(0, 1))
        if not report.exists():
            raise SystemExit(f"dredd made no report:\n{said[-3000:]}")
        operations = {re.sub(r"\{\w+\}", "[^/]+", template): template for template in contract["paths"]}
        found: Report = set()
        for each in _test_cases(report):
            if each.find("failure") is not None or each.find("error") is not None:
                method, _, target = each.attrib["name"].split(" ", 2)
                where = target.partition("?")[0]
                template = next(operations[one] for one in operations if re.fullmatch(one, where))
                found.add((_as_in_contract(f"{method} {template}"), "response"))
        return found

    return failures


def plain_contract(contract: Mapping[str, Any]) -> dict[str, Any]:
    """The contract for tools that read OpenAPI 3.0 and one example of each parameter."""
    document = _walked(dereferenced(json.loads(json.dumps(contract)), path=Path("the contract")))
    document["openapi"] = "3.0.3"
    document["info"] = {"title": "One-way deletions", "version": "1"}
    document["servers"] = [{"url": "http://127.0.0.1"}]
    document["components"] = {"securitySchemes": document["components"]["securitySchemes"]}
    paths = {}
    for template, item in document["paths"].items():
        shared = item.pop("parameters", [])
        for operation in item.values():
            operation["parameters"] = [_plain_parameter(each) for each in (*shared, *operation["parameters"])]
            success = operation["responses"]["200"]
            media = success["content"]["application/json"]
            media["example"] = next(iter(media.pop("examples").values()))["value"]
            operation["responses"] = {"200": success}
        paths[_owner_renamed(template)] = item
    document["paths"] = paths
    return document


def _walked(node: Any) -> Any:
    """Without what OpenAPI 3.0 does not have: extensions are left out too."""
    if isinstance(node, list):
        return [_walked(each) for each in node]
    if not isinstance(node, dict):
        return node
    found = {key: _walked(value) for key, value in node.items() if not key.startswith("x-")}
    if "const" in found:
        found["enum"] = [found.pop("const")]
    if isinstance(found.get("type"), list):
        found["type"] = found["type"][0]
    return found


def _plain_parameter(parameter: dict[str, Any]) -> dict[str, Any]:
    plain = {key: value for key, value in parameter.items() if key not in ("style", "explode")}
    if (plain["in"], plain["name"]) == ("path", "userId"):
        plain["name"] = "ownerId"
    schema = plain["schema"]
    if schema["type"] == "array":
        schema = plain["schema"] = {"type": "string", "enum": schema["items"]["enum"][:1]}
    if "enum" in schema:
        plain["example"] = schema["enum"][0]
    elif schema["type"] == "integer":
        plain["example"] = OLD_TIME_MS
    return plain


def _owner_renamed(template: str) -> str:
    return template.replace("/user/{userId}", "/user/{ownerId}")


def _as_in_contract(operation: str) -> str:
    return operation.replace("/user/{ownerId}", "/user/{userId}")


def _without_names(case: Case, text: str) -> str:
    """What differs from one emulator to the next is no part of what failed."""
    return re.sub(r"'[^']*'", "…", text).replace(case.base_url, "").strip()


def _written(case: Case, contract: Mapping[str, Any]) -> Path:
    path = case.folder / "contract.json"
    path.write_text(json.dumps(contract), encoding="utf-8")
    return path


def _test_cases(file: Path) -> list[ElementTree.Element]:
    return list(ElementTree.parse(file).getroot().iter("testcase"))  # noqa: S314 - a file of our own tool


def _run(
    case: Case, words: list[str], *, expected: tuple[int, ...], environ: Mapping[str, str] | None = None
) -> str:
    done = subprocess.run(  # noqa: S603 - the tools that are compared
        words,
        capture_output=True,
        text=True,
        cwd=case.folder,
        env={**os.environ, **(environ or {})},
        check=False,
        timeout=_TIMEOUT_S,
    )
    said = done.stdout + done.stderr
    if done.returncode not in expected:
        raise SystemExit(f"{words[0]} ends with {done.returncode}:\n{said[-3000:]}")
    return said
