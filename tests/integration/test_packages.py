"""What people install: the wheel and the sdist, each built once, and used where no checkout is."""

from pathlib import Path

import pytest
from tests.integration.commands import report_of
from tests.integration.packages import (
    Built,
    Environment,
    build,
    carried,
    expected,
    install,
    lend_dependencies,
    python_of,
)

SUPPORTED = ("3.11", "3.12", "3.13", "3.14")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(tmp_path_factory.mktemp("built"))


@pytest.fixture(scope="module")
def installed(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    environment = install(built.wheel, tmp_path_factory.mktemp("installed") / "environment")
    lend_dependencies(environment)
    return environment


def test_the_wheel_carries_the_sources_and_their_data_and_nothing_else(built: Built) -> None:
    found, wanted = carried(built.wheel), expected(built.unpacked)

    assert sorted(found) == sorted(wanted)
    assert [name for name in wanted if found[name] != wanted[name]] == []
    for carries in (
        "roamspec/_data/contracts/requirements.yaml",
        "roamspec/_data/cassettes/emulator/clear-user.success.status-200.yaml",
        "roamspec/conformance/test_limit.py",
        "roamspec/report/html/templates/report.html.j2",
        "roamspec/emulator/window/assets/window.html",
        "roamspec/language/locale/zh/LC_MESSAGES/roamspec.mo",
        "roamspec/runner/run.ini",
        "roamspec/py.typed",
    ):
        assert carries in found


def test_the_sdist_builds_the_same_wheel(built: Built) -> None:
    assert built.again.name == built.wheel.name
    assert built.again.read_bytes() == built.wheel.read_bytes()


def test_the_sdist_holds_what_its_own_tests_need(built: Built) -> None:
    for name in (
        "LICENSE",
        "Makefile",
        "conftest.py",
        "requirements.lock",
        "tests/unit",
        "examples",
        "tools",
    ):
        assert (built.unpacked / name).exists(), name
    assert not (built.unpacked / ".venv").exists()


def test_an_installed_wheel_sees_no_checkout(installed: Environment, tmp_path: Path) -> None:
    code = "import roamspec.plugin as p, roamspec.resources as r; print(p.__file__, r.folder('contracts'))"
    done = installed.call(tmp_path, "python", "-c", code)

    assert done.status == 0, done.err
    for place in map(Path, done.out.split()):
        assert place.is_relative_to(installed.folder)


def test_an_installed_wheel_judges_in_an_empty_folder(installed: Environment, tmp_path: Path) -> None:
    done = installed.call(tmp_path, "roamspec", "run", "--profile", "quick", "--req", "limit", "--seed", "5")

    assert done.status == 0, done.out + done.err
    report = report_of(tmp_path / "reports" / "latest")
    assert report["verdict"] == "conforming"
    assert report["totals"]["fail"] == 0
    assert report["totals"]["pass"] > 10
    assert [path.name for path in tmp_path.iterdir()] == ["reports"]
    assert (tmp_path / "reports" / "latest" / "report.html").is_file()


def test_an_installed_wheel_replays_its_own_recordings(installed: Environment, tmp_path: Path) -> None:
    done = installed.call(tmp_path, "roamspec", "replay")

    assert done.status == 0, done.out + done.err
    assert report_of(tmp_path / "reports" / "latest")["target"]["kind"] == "cassette"


def test_an_installed_wheel_speaks_chinese(installed: Environment, tmp_path: Path) -> None:
    done = installed.call(tmp_path, "roamspec", "requirements", "clear-user.success.*", "--lang", "zh")

    assert done.status == 0, done.err
    assert "clear-user.success.status-200" in done.out
    assert any("\u4e00" <= character <= "\u9fff" for character in done.out)


def test_pytest_finds_the_checks_of_an_installed_wheel(installed: Environment, tmp_path: Path) -> None:
    options = ("--collect-only", "-q", "-p", "no:cacheprovider")
    done = installed.call(tmp_path, "python", "-m", "pytest", "--pyargs", "roamspec.conformance", *options)

    assert done.status == 0, done.out + done.err
    assert "test_limit.py" in done.out


@pytest.mark.parametrize("version", SUPPORTED)
def test_each_supported_python_installs_the_wheel_and_gives_help(
    version: str, built: Built, tmp_path: Path
) -> None:
    """Without its dependencies, which not every machine has for each Python: help needs none."""
    python = python_of(version)
    if python is None:
        pytest.skip(f"Python {version} is not on this machine")

    environment = install(built.wheel, tmp_path / "environment", python, compiled=False)
    help_ = environment.call(tmp_path, "roamspec", "--help")
    compiled = environment.call(tmp_path, "python", "-W", "error", "-m", "compileall", "-q", str(tmp_path))

    assert help_.status == 0, help_.err
    assert "run the conformance checks" in help_.out
    assert (compiled.status, compiled.out + compiled.err) == (0, "")
