"""Clients that generators make from `contracts/deletion.openapi.yaml`, compiled and run unchanged.

What was generated and compiled is kept in pytest's cache, until the contract, an example or a version
changes.
A tool that is missing, or a package that cannot be had, is a skip with its reason.
"""

import hashlib
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.integration.sdk.test_real_sdks import EXAMPLES, judged, prepared

CONTRACT = EXAMPLES.parent / "contracts" / "deletion.openapi.yaml"
GENERATORS = ("openapi-generator-cli==7.26.0", "openapi-python-client==0.29.1")
NEEDED_BY_CLIENTS = (
    "attrs",
    "httpx",
    "pydantic>=2.11",
    "python-dateutil",
    "typing-extensions",
    "urllib3>=2.7",
)
FIVE = (
    "delete-chat-messages",
    "delete-group-messages",
    "clear-user",
    "clear-chat-before",
    "clear-group-before",
)
NO_CONTENT_TYPE = {f"{name}.client-headers.content-type" for name in FIVE}
"""OpenAPI says to ignore a header parameter of this name, so no generator knows that the call needs it."""
SOURCES = ("*.py", "*.ts", "*.json", "*.go", "*.mod", "*.java", "*.xml")


@pytest.fixture(scope="module")
def workshop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the examples with the generators beside them; the same one as long as nothing changes."""
    sources = [
        file for pattern in SOURCES for file in sorted((EXAMPLES / "generated-clients").rglob(pattern))
    ]
    content = b"".join(file.read_bytes() for file in (CONTRACT, *sources))
    key = hashlib.sha256(content + " ".join((*GENERATORS, *NEEDED_BY_CLIENTS, sys.version)).encode())
    cache = getattr(request.config, "cache", None)
    kept = cache.mkdir("generated-clients") if cache else tmp_path_factory.mktemp("generated-clients")
    place = kept / key.hexdigest()[:16]
    if not (place / "installed").exists():
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(EXAMPLES / "generated-clients", place)
        prepared(place, sys.executable, "-m", "venv", "tools")
        pip = ("tools/bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        prepared(place, *pip, *GENERATORS, *NEEDED_BY_CLIENTS)
        (place / "installed").touch()
    return place


def made(workshop: Path, name: str, tools: tuple[str, ...], *steps: tuple[str, ...]) -> Path:
    """The example's folder, with its client generated and compiled by these steps."""
    for tool in tools:
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not on this machine")
    place = workshop / name
    if not (place / "made").exists():
        for step in steps:
            prepared(place, *step)
        (place / "made").touch()
    return place


def generated(language: str, *more: str) -> tuple[str, ...]:
    return (
        "../tools/bin/openapi-generator-cli", "generate", "-g", language, "-i", str(CONTRACT), "-o", "client",
        *more,
    )  # fmt: skip


def all_five(place: Path, *command: str) -> tuple[int, set[str], dict[str, Any]]:
    """Status, what failed, and the report of a client that must reach all five operations."""
    status, report, wrong, _ = judged(place, *command)
    assert report["sdk"]["command"]["status"] == 0
    assert report["sdk"]["coverage"]["percent"]["operations"] == 100
    return status, wrong, report


def test_python(workshop: Path) -> None:
    place = made(workshop, "python", ("java",), generated("python"))
    command = ("env", "PYTHONPATH=client", "../tools/bin/python", "suite.py")
    status, wrong, _ = all_five(place, *command)
    assert (status, wrong) == (0, NO_CONTENT_TYPE)


def test_typescript(workshop: Path) -> None:
    install = ("npm", "install", "--no-package-lock", "--no-audit", "--no-fund")
    compiled = ("node", "node_modules/typescript/bin/tsc", "-p", ".")
    tools = ("java", "node", "npm")
    place = made(workshop, "typescript", tools, generated("typescript-fetch"), install, compiled)
    status, wrong, _ = all_five(place, "node", "build/suite.js")
    assert (status, wrong) == (0, NO_CONTENT_TYPE)


def test_go(workshop: Path) -> None:
    module = ("--git-host", "example.com", "--git-user-id", "roaming", "--git-repo-id", "client")
    build = ("go", "build", "-o", "suite", ".")
    place = made(workshop, "go", ("java", "go"), generated("go", *module), build)
    status, wrong, _ = all_five(place, "./suite")
    assert (status, wrong) == (0, NO_CONTENT_TYPE)


def test_java(workshop: Path) -> None:
    compiled = ("mvn", "-B", "-q", "compile", "dependency:build-classpath", "-Dmdep.outputFile=classpath")
    own = ("cp", "Suite.java", "client/src/main/java/")
    tools = ("java", "javac", "mvn")
    place = made(workshop, "java", tools, generated("java", "--library", "native"), own, compiled)
    classpath = (place / "classpath").read_text(encoding="utf-8").strip()
    status, wrong, _ = all_five(place, "java", "-cp", f"target/classes:{classpath}", "Suite")
    assert (status, wrong) == (0, NO_CONTENT_TYPE)


def test_openapi_python_client(workshop: Path) -> None:
    make = (
        "../tools/bin/openapi-python-client", "generate", "--meta", "none", "--overwrite",
        "--path", str(CONTRACT), "--output-path", "client/one_way_deletion_of_roaming_messages_client",
    )  # fmt: skip
    place = made(workshop, "openapi-python-client", (), ("mkdir", "-p", "client"), make)
    command = ("env", "PYTHONPATH=client", "../tools/bin/python", "suite.py")
    status, wrong, _ = all_five(place, *command)
    # It knows no list in one value: two IDs become two parameters.
    listed = {
        "delete-group-messages.client-request.ids-separated-by-commas",
        "delete-group-messages.client-request.each-parameter-once",
    }
    assert (status, wrong) == (1, NO_CONTENT_TYPE | listed)
