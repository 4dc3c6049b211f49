"""The recipes for pipelines: linted, and run as far as a machine without these pipelines can."""

import argparse
import json
import re
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pytest
from tests.integration.ci_recipes import (
    RECIPES,
    ROOT,
    Pipeline,
    Step,
    StubbedRun,
    action_steps,
    actionlint,
    github_steps,
    gitlab_steps,
    jenkins_steps,
    read_yaml,
    rehearsed,
    schema_errors,
)
from tests.integration.commands import Emulator, emulating, report_of
from tests.unit.report.sample_reports import item, report

from roamspec.cli.parser import Parser
from roamspec.cli.run import add_arguments

WORKFLOWS: Final = sorted((RECIPES / "github").glob("*.yml"))
GITLAB: Final = sorted((RECIPES / "gitlab").glob("*.gitlab-ci.yml"))
JENKINS: Final = sorted((RECIPES / "jenkins").glob("*.Jenkinsfile"))
READERS: Final = ("drift-watch", "pre-release-gate", "sdk-maintainer", "service-team")
FAULT: Final = "clear-user.success.request-status-code-upper-case"
NARROW: Final = {"ROAMSPEC_REQ": "clear-user.success.*", "ROAMSPEC_PROFILE": "quick", "ROAMSPEC_SEED": "3"}
"""Few requirements: these tests show what a recipe does with a verdict, and not the verdicts."""

needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not on this machine")
pytestmark = needs_bash


def test_each_reader_has_a_recipe_for_each_pipeline() -> None:
    for files, others in ((WORKFLOWS, ("sharded-run",)), (GITLAB, ()), (JENKINS, ())):
        names = {path.name.partition(".")[0] for path in files}
        assert names == {*READERS, *others}


def test_the_verdict_is_that_of_every_job_of_the_matrix() -> None:
    jobs = read_yaml(RECIPES / "github" / "sharded-run.yml")["jobs"]
    shard, verdict = jobs["shard"], jobs["verdict"]
    numbers = shard["strategy"]["matrix"]["shard"]
    given = [shard["env"]["ROAMSPEC_SHARD"].replace("${{ matrix.shard }}", str(each)) for each in numbers]
    uploads = {
        step["with"]["name"]: step["with"] for step in shard["steps"] if "upload" in step.get("uses", "")
    }
    (download,) = [step["with"] for step in verdict["steps"] if "download" in step.get("uses", "")]

    assert given == [f"{number}/{len(numbers)}" for number in range(1, len(numbers) + 1)]
    assert verdict["needs"] == "shard"
    assert uploads["shard-${{ matrix.shard }}"]["path"] == "reports/latest/"
    assert (download["pattern"], download["path"]) == ("shard-*", "shards")
    assert any(step.get("run", "").startswith("roamspec merge shards/* ") for step in verdict["steps"])


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
def broken() -> Iterator[Emulator]:
    with emulating("--fault", FAULT) as running:
        yield running


def values(ready: Mapping[str, Any], event: str = "push", ref: str = "refs/heads/main") -> dict[str, str]:
    """What the expressions of the workflows stand for."""
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


def variables(ready: Mapping[str, Any]) -> dict[str, str]:
    """The same as variables, for GitLab and Jenkins."""
    return {
        "ROAMSPEC_CLIENT_ID": ready["client_id"],
        "ROAMSPEC_CLIENT_SECRET": ready["client_secret"],
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
    """The whole recipe, on an emulator with a fault that the main branch has as well."""
    steps = without(github_steps(RECIPES / "github" / "service-team.yml"), "ROAMSPEC_PROFILE")
    main = Pipeline(tmp_path, values(broken.ready), NARROW)
    request = Pipeline(tmp_path, values(broken.ready, "pull_request", "refs/pull/7/merge"), NARROW)

    on_main = main.run(steps, GITHUB_EVENT_NAME="push")
    on_request = request.run(steps, GITHUB_EVENT_NAME="pull_request")

    assert (on_main.status, on_request.status) == (1, 0), on_main.output + on_request.output
    assert json.loads((tmp_path / "reports/latest/roamspec.sarif").read_bytes())["version"] == "2.1.0"
    said = (tmp_path / ".tools" / "gh.log").read_text(encoding="utf-8").splitlines()
    assert said == ["pr comment 7 --body-file reports/latest/comment.md --edit-last --create-if-none"]
    assert report_of(tmp_path / "reports/latest")["totals"]["waived"] > 0


READY: Final[dict[str, Any]] = {
    "base_url": "http://127.0.0.1:9",
    "observer_url": "http://127.0.0.1:9/_emulator/observe",
    "org": "acme",
    "app": "parlor",
    "neighbour_app": "acme/neighbour",
    "closed_app": "acme/closed",
    "client_id": "an-id",
    "client_secret": "a-secret",
}
FAILING: Final = report([item(0, "fail"), item(1, "pass")], started_at="2026-01-02T00:00:00Z")
PASSING: Final = report([item(0, "pass"), item(1, "pass")], started_at="2026-01-01T00:00:00Z")


def options_of(arguments: Sequence[str]) -> argparse.Namespace:
    """The arguments of `roamspec run`, as the command reads them."""
    parser = Parser(prog="roamspec run")
    add_arguments(parser)
    return parser.parse(arguments[1:])


def test_gitlab_and_jenkins_for_the_service_team_use_the_report_of_the_main_branch(tmp_path: Path) -> None:
    path = RECIPES / "gitlab" / "service-team.gitlab-ci.yml"
    known = {**variables(READY), "CI_DEFAULT_BRANCH": "main"}
    gitlab = Pipeline(tmp_path / "gitlab", {}, known, StubbedRun(FAILING, 1))
    jenkins = Pipeline(tmp_path / "jenkins", {}, variables(READY), StubbedRun(FAILING, 1), ("bash", "-xe"))
    for pipeline in (gitlab, jenkins):
        pipeline.folder.mkdir()
    steps = list(gitlab_steps(path, "conformance"))
    gitlab.run(steps, CI_PIPELINE_SOURCE="push", CI_COMMIT_BRANCH="main")
    ran = gitlab.run(steps, CI_PIPELINE_SOURCE="merge_request_event", CI_COMMIT_BRANCH="")
    stages = without(jenkins_steps(RECIPES / "jenkins" / "service-team.Jenkinsfile"), *known)
    jenkins.run(stages, CHANGE_ID="")
    jenkins.run(stages, CHANGE_ID="7")

    assert ran.status == 1, ran.output
    for pipeline in (gitlab, jenkins):
        on_main, on_change = map(options_of, rehearsed(pipeline.folder))
        assert on_main.baseline is None
        assert (pipeline.folder / on_change.baseline).resolve().exists()
    (tmp_path / "gitlab" / "reports" / "latest" / "report.html").write_text(
        "<!doctype html>", encoding="utf-8"
    )
    pages = gitlab.run(list(gitlab_steps(path, "pages")))
    assert pages.status == 0, pages.output
    assert "<svg" in (tmp_path / "gitlab" / "public" / "badge.svg").read_text(encoding="utf-8")


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
@pytest.mark.parametrize(("found", "status"), [(PASSING, 0), (FAILING, 1)], ids=["conforming", "broken"])
def test_the_gate_opens_for_a_conforming_release_alone(
    place: str, found: dict[str, Any], status: int, tmp_path: Path
) -> None:
    (tmp_path / "waivers.toml").touch()
    pipeline = Pipeline(tmp_path, values(READY), variables(READY), StubbedRun(found, status))

    ran = pipeline.run(without(steps_of("pre-release-gate", place, "release gate"), *variables(READY)))

    assert ran.status == status, ran.output
    (options,) = map(options_of, rehearsed(tmp_path))
    assert options.strict
    assert options.exclusive
    assert options.waivers == Path("waivers.toml")
    assert options.confirm_app == ["acme/parlor", "acme/neighbour", "acme/closed"]


@pytest.mark.parametrize("place", ["github", "gitlab", "jenkins"])
def test_the_watch_keeps_a_history_and_fails_on_drift(place: str, tmp_path: Path) -> None:
    steps = without(steps_of("drift-watch", place, "drift watch"), *variables(READY))
    recording = (ROOT / "cassettes/emulator/clear-user.success.status-200.yaml").read_text(encoding="utf-8")
    drifted = recording.replace("requestStatusCode", "requestStatus")
    statuses = []
    for night, text in enumerate((recording, recording, drifted), 1):
        started_at = f"2026-01-0{night}T00:00:00Z"
        stubbed_run = StubbedRun(PASSING | {"started_at": started_at}, 0, text)
        pipeline = Pipeline(tmp_path, values(READY), variables(READY), stubbed_run)
        ran = pipeline.run(steps)
        statuses.append(ran.status)
        for file in (tmp_path / "watch" / "history").glob("20*.json"):
            file.rename(file.with_name(f"night-{night}.json"))

    assert drifted != recording
    assert statuses == [0, 0, 1], ran.output
    assert "requestStatusCode" in (tmp_path / "watch" / "drift.txt").read_text(encoding="utf-8")
    assert "Trend of 3 runs" in (tmp_path / "watch" / "trend.html").read_text(encoding="utf-8")


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
