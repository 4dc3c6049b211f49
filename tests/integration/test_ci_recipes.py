"""The recipes for pipelines: linted, and run as far as a machine without these pipelines can."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from tests.integration.ci_recipes import (
    RECIPES,
    ROOT,
    Pipeline,
    Step,
    action_steps,
    github_steps,
    gitlab_steps,
    jenkins_steps,
    read_yaml,
)
from tests.integration.commands import Emulator, emulating, report_of

ACTIONLINT: Final = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"
WORKFLOWS: Final = sorted((RECIPES / "github").glob("*.yml"))
GITLAB: Final = sorted((RECIPES / "gitlab").glob("*.gitlab-ci.yml"))
JENKINS: Final = sorted((RECIPES / "jenkins").glob("*.Jenkinsfile"))
READERS: Final = ("drift-watch", "pre-release-gate", "sdk-maintainer", "service-team")
FAULT: Final = "clear-user.success.request-status-code-upper-case"
NARROW: Final = {"ROAMSPEC_REQ": "clear-user.success.*", "ROAMSPEC_PROFILE": "quick", "ROAMSPEC_SEED": "3"}
"""Few requirements: these tests show what a recipe does with a verdict, and not the verdicts."""

needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not on this machine")
pytestmark = needs_bash


def actionlint(*files: Path) -> subprocess.CompletedProcess[str]:
    """Skipped, with the reason, where it cannot be had."""
    if shutil.which("actionlint"):
        command = ["actionlint"]
    elif shutil.which("go"):
        command = ["go", "run", ACTIONLINT]
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


def test_each_reader_has_a_recipe_for_each_pipeline() -> None:
    for files in (WORKFLOWS, GITLAB, JENKINS):
        assert tuple(path.name.partition(".")[0] for path in files) == READERS


def test_actionlint_finds_nothing_in_the_workflows(tmp_path: Path) -> None:
    done = actionlint(*WORKFLOWS)
    assert done.returncode == 0, done.stdout + done.stderr

    broken = tmp_path / "broken.yml"
    broken.write_text(WORKFLOWS[0].read_text(encoding="utf-8").replace("steps:", "stpes:"), encoding="utf-8")
    assert actionlint(broken).returncode == 1


@pytest.mark.parametrize(
    ("schema", "files", "key"),
    [
        ("github-workflows", WORKFLOWS, "runs-on"),
        ("github-actions", [ROOT / "action.yml"], "using"),
        ("gitlab-ci", GITLAB, "script"),
    ],
    ids=["workflows", "action", "gitlab"],
)
def test_the_schemas_of_github_and_gitlab_hold(
    schema: str, files: list[Path], key: str, tmp_path: Path
) -> None:
    assert schema_errors(schema, *files) == ""

    broken = tmp_path / files[0].name
    broken.write_text(files[0].read_text(encoding="utf-8").replace(f"{key}:", f"{key}x:"), encoding="utf-8")
    assert key in schema_errors(schema, broken)


@pytest.mark.parametrize("path", JENKINS, ids=lambda path: path.name)
def test_a_jenkinsfile_has_the_sections_of_a_declarative_pipeline(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    code = re.sub(r"'''.*?'''|//[^\n]*|'[^'\n]*'|\"[^\"\n]*\"", "", text, flags=re.DOTALL)

    assert code.count("{") == code.count("}") > 5
    assert code.count("(") == code.count(")")
    assert code.split()[0] == "pipeline"
    sections = re.findall(r"^  (\w+)", code, re.MULTILINE)
    allowed = ["agent", "triggers", "options", "parameters", "environment", "stages", "post"]
    assert sections == [name for name in allowed if name in sections]
    assert {"agent", "stages", "post"} <= set(sections)


def test_no_value_of_a_pull_request_becomes_part_of_a_script() -> None:
    """A title or a branch may hold shell commands: values reach a script as variables alone."""
    for path in WORKFLOWS:
        assert [step.name for step in github_steps(path) if "${{" in step.script] == []
    assert [step.name for step in action_steps(ROOT / "action.yml") if "${{" in step.script] == []


@pytest.mark.parametrize("path", [*WORKFLOWS, *GITLAB, *JENKINS], ids=lambda path: path.name)
def test_every_recipe_keeps_what_a_killed_run_leaves_and_cleans_up(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert "reports/latest/" in text
    assert "roamspec cleanup" in text or "sdk-maintainer" in path.name
    assert "ROAMSPEC_CLIENT_SECRET: " not in text.replace("ROAMSPEC_CLIENT_SECRET: ${{ secrets.", "")


@pytest.mark.parametrize("path", [*WORKFLOWS, *GITLAB, *JENKINS], ids=lambda path: path.name)
def test_a_run_ends_well_before_its_job(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    job = re.search(r"timeout-minutes: (\d+)|timeout: (\d+) minutes|timeout\(time: (\d+)", text)
    assert job is not None
    minutes = next(int(number) for number in job.groups() if number)
    limits = [int(number) for number in re.findall(r"--timeout (\d+)", text)]

    assert limits
    assert sum(limits) <= minutes * 60 - 120


@pytest.fixture(scope="module")
def sound() -> Iterator[Emulator]:
    with emulating() as running:
        yield running


@pytest.fixture(scope="module")
def broken() -> Iterator[Emulator]:
    with emulating("--fault", FAULT) as running:
        yield running


def values(emulator: Emulator, event: str = "push", ref: str = "refs/heads/main") -> dict[str, str]:
    """What the expressions of the workflows stand for."""
    ready = emulator.ready
    target = {"BASE_URL": ready["base_url"], "ORG": ready["org"], "APP": ready["app"]}
    target["CONFIRM_APP"] = f"{ready['org']}#{ready['app']}"
    return {
        **{f"vars.ROAMSPEC_{name}": value for name, value in target.items()},
        "secrets.ROAMSPEC_CLIENT_ID": ready["client_id"],
        "secrets.ROAMSPEC_CLIENT_SECRET": ready["client_secret"],
        "inputs.base-url": ready["base_url"],
        "inputs.org": ready["org"],
        "inputs.app": ready["app"],
        "inputs.neighbour-app": ready["neighbour_app"],
        "inputs.closed-app": ready["closed_app"],
        "inputs.observer-url": ready["observer_url"],
        "github.event_name": event,
        "github.event_name == 'pull_request' && 'quick' || 'standard'": "quick",
        "github.ref": ref,
        "github.token": "t",
        "github.event.pull_request.number": "7",
    }


def variables(emulator: Emulator) -> dict[str, str]:
    """The same as variables, for GitLab and Jenkins."""
    ready = emulator.ready
    return {
        **emulator.credentials,
        "ROAMSPEC_BASE_URL": ready["base_url"],
        "ROAMSPEC_ORG": ready["org"],
        "ROAMSPEC_APP": ready["app"],
        "ROAMSPEC_NEIGHBOUR_APP": ready["neighbour_app"],
        "ROAMSPEC_CLOSED_APP": ready["closed_app"],
        "ROAMSPEC_OBSERVER_URL": ready["observer_url"],
        "ROAMSPEC_CONFIRM_APP": f"{ready['org']}#{ready['app']}",
    }


def without(steps: Iterator[Step], *names: str) -> list[Step]:
    """The steps without the variables that a test gives itself."""
    return [
        Step(each.name, each.script, each.always, each.conditions, {
            name: value for name, value in each.variables.items() if name not in names
        })
        for each in steps
    ]  # fmt: skip


def steps_of(reader: str, place: str, job: str) -> Iterator[Step]:
    """The scripts of a recipe; `job` is that of GitLab."""
    if place == "github":
        return github_steps(RECIPES / "github" / f"{reader}.yml")
    if place == "gitlab":
        return gitlab_steps(RECIPES / "gitlab" / f"{reader}.gitlab-ci.yml", job)
    return jenkins_steps(RECIPES / "jenkins" / f"{reader}.Jenkinsfile")


def test_github_for_the_service_team_fails_a_pull_request_on_what_it_broke_alone(
    broken: Emulator, tmp_path: Path
) -> None:
    steps = without(github_steps(RECIPES / "github" / "service-team.yml"), "ROAMSPEC_PROFILE")
    main = Pipeline(tmp_path, values(broken), NARROW)
    request = Pipeline(tmp_path, values(broken, "pull_request", "refs/pull/7/merge"), NARROW)

    first = request.run(steps, GITHUB_EVENT_NAME="pull_request")
    on_main = main.run(steps, GITHUB_EVENT_NAME="push")
    second = request.run(steps, GITHUB_EVENT_NAME="pull_request")

    assert (first.status, on_main.status, second.status) == (1, 1, 0), first.output + second.output
    assert json.loads((tmp_path / "reports/latest/roamspec.sarif").read_bytes())["version"] == "2.1.0"
    said = (tmp_path / ".tools" / "gh.log").read_text(encoding="utf-8").splitlines()
    assert said == ["pr comment 7 --body-file reports/latest/comment.md --edit-last --create-if-none"] * 2
    assert report_of(tmp_path / "reports/latest")["totals"]["waived"] > 0


def test_gitlab_for_the_service_team_does_the_same(broken: Emulator, tmp_path: Path) -> None:
    path = RECIPES / "gitlab" / "service-team.gitlab-ci.yml"
    steps = list(gitlab_steps(path, "conformance"))
    pipeline = Pipeline(tmp_path, {}, {**NARROW, **variables(broken), "CI_DEFAULT_BRANCH": "main"})

    on_main = pipeline.run(steps, CI_PIPELINE_SOURCE="push", CI_COMMIT_BRANCH="main")
    request = pipeline.run(steps, CI_PIPELINE_SOURCE="merge_request_event", CI_COMMIT_BRANCH="")
    pages = pipeline.run(list(gitlab_steps(path, "pages")))

    assert (on_main.status, request.status, pages.status) == (1, 0, 0), on_main.output + request.output
    assert (tmp_path / "public" / "index.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert "<svg" in (tmp_path / "public" / "badge.svg").read_text(encoding="utf-8")


def test_jenkins_for_the_service_team_does_the_same(broken: Emulator, tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    steps = without(jenkins_steps(RECIPES / "jenkins" / "service-team.Jenkinsfile"), *variables(broken))
    pipeline = Pipeline(workspace, {}, {**NARROW, **variables(broken)}, interpreter=("bash", "-xe"))

    on_main = pipeline.run(steps, CHANGE_ID="")
    request = pipeline.run(steps, CHANGE_ID="7")

    assert (on_main.status, request.status) == (1, 0), on_main.output + request.output


SDK_TESTS: Final = (
    'base="$ROAMSPEC_BASE_URL/$ROAMSPEC_ORG/$ROAMSPEC_APP"; '
    'given="{\\"grant_type\\":\\"client_credentials\\",\\"client_id\\":\\"$ROAMSPEC_CLIENT_ID\\",'
    '\\"client_secret\\":\\"$ROAMSPEC_CLIENT_SECRET\\"}"; '
    'token=$(curl -sS -H "Content-Type: application/json" -d "$given" "$base/token" | '
    'sed "s/.*access_token\\":\\"//; s/\\".*//"); '
    'curl -sS -X POST -H "Authorization: Bearer $token" "$base/rest/message/roaming/user/u1/delete/all"'
)
"""A suite in shell that clears one user, right."""


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not on this machine")
@pytest.mark.parametrize("place", ["github", "gitlab", "jenkins"])
def test_the_recipes_for_an_sdk_judge_its_calls(place: str, tmp_path: Path) -> None:
    steps = steps_of("sdk-maintainer", place, "contract")
    pipeline = Pipeline(tmp_path, {})

    done = pipeline.run(without(steps, "SDK_TESTS"), SDK_TESTS=SDK_TESTS)

    assert done.status == 0, done.output
    assert report_of(tmp_path / "reports" / "latest")["verdict"] == "conforming"


@pytest.mark.parametrize("place", ["github", "gitlab", "jenkins"])
def test_the_gate_opens_for_a_conforming_release_and_stays_shut_for_a_broken_one(
    place: str, sound: Emulator, broken: Emulator, tmp_path: Path
) -> None:
    statuses = {}
    for emulator in (sound, broken) if place == "github" else (broken,):
        steps = steps_of("pre-release-gate", place, "release gate")
        given: Mapping[str, str] = variables(emulator)
        pipeline = Pipeline(tmp_path, values(emulator), {**NARROW, **given})
        statuses[emulator is sound] = pipeline.run(without(steps, "ROAMSPEC_PROFILE", *given))

    assert {ran.status for good, ran in statuses.items() if good} <= {0}, statuses
    assert statuses[False].status == 1, statuses[False].output
    if place == "github" and shutil.which("jq"):
        scripts = list((tmp_path / "reports" / "latest").glob("clear-user.success.*.sh"))
        assert scripts
        assert all(script.read_text(encoding="utf-8").startswith("#!") for script in scripts)


@pytest.mark.parametrize("place", ["github", "gitlab", "jenkins"])
def test_the_watch_keeps_a_history_and_fails_on_drift(
    place: str, sound: Emulator, broken: Emulator, tmp_path: Path
) -> None:
    nights = []
    for emulator in (sound, broken) if place == "github" else (sound,):
        steps = steps_of("drift-watch", place, "drift watch")
        given = variables(emulator)
        pipeline = Pipeline(tmp_path, values(emulator), {**NARROW, **given})
        nights.append(pipeline.run(without(steps, *given)))

    assert [night.status for night in nights] == [0, 1][: len(nights)], nights[-1].output
    assert len(list((tmp_path / "watch" / "history").glob("*.json"))) == len(nights)
    assert "Trend of" in (tmp_path / "watch" / "trend.html").read_text(encoding="utf-8")
    if place == "github":
        assert "clear-user.success" in (tmp_path / "watch" / "drift.txt").read_text(encoding="utf-8")


def test_the_action_hands_arguments_on_and_tells_the_verdict(tmp_path: Path) -> None:
    inputs: dict[str, Any] = read_yaml(ROOT / "action.yml")["inputs"]
    given = {f"inputs.{name}": str(each.get("default", "")) for name, each in inputs.items()}
    given["inputs.arguments"] = f"--fault\n{FAULT}\n\n--req\nclear-user.*"
    bin_dir = tmp_path / "roamspec" / "bin"
    bin_dir.mkdir(parents=True)
    (bin_dir / "python").symlink_to(sys.executable)
    script = bin_dir / "roamspec"
    script.write_text(f'#!/bin/bash\nexec "{sys.executable}" -m roamspec "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    output = tmp_path / "output"
    pipeline = Pipeline(tmp_path, given, NARROW)

    done = pipeline.run(
        list(action_steps(ROOT / "action.yml")), RUNNER_TEMP=str(tmp_path), GITHUB_OUTPUT=str(output)
    )

    assert done.status == 1, done.output
    assert output.read_text(encoding="utf-8").splitlines() == ["exit-status=1", "verdict=non-conforming"]
