"""Runs a recipe for a pipeline as far as a machine without it can: its shell steps, in their order."""

import json
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from tests.integration.commands import COMMAND, environment

ROOT: Final = Path(__file__).parents[2]
RECIPES: Final = ROOT / "examples" / "ci"
INSTALLS: Final = re.compile(r"\bpip(?: --python \S+)? install\b")
"""What a step has that would need a package index."""
_EXPRESSION: Final = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
_LONGEST_S: Final = 300
_ACTIONLINT: Final = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"


class YamlLoader(yaml.SafeLoader):
    """YAML without booleans for `on`, which is a key of every workflow."""


YamlLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_yaml(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), YamlLoader)  # noqa: S506 - a safe one
    return content


@dataclass(frozen=True, slots=True)
class Step:
    """One script; `always`: it runs after a failure too. `conditions` must hold besides."""

    name: str
    script: str
    always: bool = False
    conditions: Sequence[str] = ()
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ran:
    """The first status that was not 0, and all output."""

    status: int
    output: str


@dataclass(frozen=True, slots=True)
class StubbedRun:
    """What `roamspec run` leaves and ends with; `recording` is the text of the one recording of `record`."""

    report: Mapping[str, Any]
    status: int
    recording: str = ""

    def script(self, tools: Path) -> str:
        (tools / "report.json").write_text(json.dumps(self.report, indent=1), encoding="utf-8")
        (tools / "recording.yaml").write_text(self.recording, encoding="utf-8")
        return f"""case "$1" in
  run)
    printf '%s\\0' "$@" >>{tools}/run.log; printf '\\n' >>{tools}/run.log
    mkdir -p reports/latest; cp {tools}/report.json reports/latest/
    {" ".join(COMMAND)} report reports/latest --format junit --output reports/latest/junit.xml
    exit {self.status};;
  record)
    while [ "$1" != --cassettes ]; do shift; done
    mkdir -p "$2"; cp {tools}/recording.yaml "$2/"; exit 0;;
esac
"""


def rehearsed(folder: Path) -> list[list[str]]:
    """The arguments of every `roamspec run` that is stubbed."""
    text = (folder / ".tools" / "run.log").read_text(encoding="utf-8")
    return [line.rstrip("\0").split("\0") for line in text.splitlines()]


def _script(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/bash\n{text}", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A folder in which recipes run. `values` are what expressions of GitHub stand for. Where there is a
    `stubbed_run`, `roamspec run` and `record` only leave its report, write down their arguments, and
    end as it says."""

    folder: Path
    values: Mapping[str, str]
    variables: Mapping[str, str] = field(default_factory=dict)
    stubbed_run: "StubbedRun | None" = None
    interpreter: Sequence[str] = ("bash", "-e")

    def run(self, steps: Sequence[Step], **variables: str) -> Ran:
        """Run the steps that their conditions let run, as a runner does: after a failure only what is always
        run."""
        status, output = 0, ""
        for step in steps:
            if (status and not step.always) or not all(map(self._holds, step.conditions)):
                continue
            given = {name: self.text(value) for name, value in step.variables.items()}
            done = subprocess.run(
                [*self.interpreter, "-c", step.script],
                cwd=self.folder,
                env=environment(**self._tools(), **self.variables, **given, **variables),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=_LONGEST_S,
                check=False,
            )
            output += f"--- {step.name}\n{done.stdout}"
            status = status or done.returncode
        return Ran(status, output)

    def text(self, value: str) -> str:
        """`value` with every expression replaced; a KeyError for one that this pipeline does not know."""
        return _EXPRESSION.sub(lambda found: self.values[found[1]], str(value))

    def _holds(self, condition: str) -> bool:
        if found := re.fullmatch(r"hashFiles\('([^']+)'\) != ''", condition):
            return any(self.folder.glob(found[1]))
        if found := re.fullmatch(r"([\w.-]+) == '([^']*)'", condition):
            return self.values[found[1]] == found[2]
        raise AssertionError(f"these tests cannot tell whether {condition!r} holds")

    def _tools(self) -> dict[str, str]:
        """PATH with `roamspec`, and with a `gh` that only writes down what it is asked."""
        tools = self.folder / ".tools"
        tools.mkdir(exist_ok=True)
        words = " ".join(f'"{word}"' for word in COMMAND)
        real = f'exec {words} "$@"\n'
        _script(tools / "gh", f'printf "%s\\n" "$*" >>"{tools}/gh.log"\n')
        _script(tools / "roamspec", (self.stubbed_run.script(tools) if self.stubbed_run else "") + real)
        return {
            "PATH": f"{tools}:{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(self.folder),
        }


def github_steps(path: Path) -> Iterator[Step]:
    """The scripts of every job of a workflow."""
    for job in read_yaml(path)["jobs"].values():
        for step in job["steps"]:
            if "run" in step and not INSTALLS.search(step["run"]):
                yield _github_step(step, job.get("env", {}))


def action_steps(path: Path) -> Iterator[Step]:
    """The scripts of a composite action."""
    for step in read_yaml(path)["runs"]["steps"]:
        if "run" in step and "--require-hashes" not in step["run"]:
            yield _github_step(step, {})


def _github_step(step: Mapping[str, Any], variables: Mapping[str, str]) -> Step:
    parts = [part.strip() for part in str(step.get("if", "")).split("&&") if part.strip()]
    conditions = [part for part in parts if part != "always()"]
    merged = {**variables, **step.get("env", {})}
    return Step(step.get("name", "?"), step["run"], "always()" in parts, conditions, merged)


def gitlab_steps(path: Path, job: str) -> Iterator[Step]:
    """`script`, `after_script` of one job, with the variables of the file and of the job."""
    content = read_yaml(path)
    of = content[job]
    variables = {**content.get("variables", {}), **of.get("variables", {})}
    variables = {name: value for name, value in variables.items() if "$" not in str(value)}
    yield Step("script", "\n".join(of["script"]), False, (), variables)
    if "after_script" in of:
        yield Step("after_script", "\n".join(of["after_script"]), True, (), variables)


def jenkins_steps(path: Path) -> Iterator[Step]:
    """Every `sh` step, with the environment of the pipeline; those below `post` run always."""
    text = path.read_text(encoding="utf-8")
    block = re.search(r"^  environment \{\n(.*?)^  \}", text, re.MULTILINE | re.DOTALL)
    assert block is not None
    variables = dict(re.findall(r"^\s+(\w+) = '([^']*)'", block[1], re.MULTILINE))
    post = text.index("\n  post {")
    for found in re.finditer(r"\bsh '''\n(.*?)'''", text, re.DOTALL):
        if not INSTALLS.search(found[1]):
            yield Step("sh", found[1], found.start() > post, (), variables)


def actionlint(*files: Path) -> subprocess.CompletedProcess[str]:
    """Skipped, with the reason, where it cannot be had."""
    if shutil.which("actionlint"):
        command = ["actionlint"]
    elif shutil.which("go"):
        command = ["go", "run", _ACTIONLINT]
    else:
        pytest.skip("neither actionlint nor Go is on this machine")
    done = subprocess.run(
        [*command, "-shellcheck=", *map(str, files)], capture_output=True, text=True, timeout=300, check=False
    )
    if command[0] == "go" and ("dial tcp" in done.stderr or "disabled by GOPROXY" in done.stderr):
        pytest.skip(f"actionlint cannot be had: {done.stderr.strip().splitlines()[-1]}")
    return done


def schema_errors(schema: str, *files: Path) -> str:
    words = ["--builtin-schema", f"vendor.{schema}"]
    words += ["--data-transform", "gitlab-ci"] if schema == "gitlab-ci" else []
    command = [sys.executable, "-m", "check_jsonschema", *words, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr
