"""The licences of what is locked: all known, all permitted, all on the page."""

import pytest
from tools.licences.__main__ import PAGE, complaints, page
from tools.licences.licence import licence_of, permitted, said_elsewhere
from tools.licences.locked import Package, locked_packages, node_packages, python_names


@pytest.fixture(scope="module")
def packages() -> list[Package]:
    return locked_packages()


def test_every_licence_is_known_and_permitted(packages: list[Package]) -> None:
    assert complaints(packages) == []


def test_the_page_lists_them(packages: list[Package]) -> None:
    assert PAGE.read_text(encoding="utf-8") == page(packages), "run `make licences`"


def test_what_is_installed_with_roamspec_is_told_from_what_developers_need(packages: list[Package]) -> None:
    uses = {each.name: each.use for each in packages}

    # An extra of a dependency, what a dependency brings along, and what only Windows needs.
    assert {uses[name] for name in ("httpx", "uvloop", "anyio", "colorama")} == {"run"}
    assert {uses[name] for name in ("ruff", "mypy", "grpcio")} == {"develop"}
    assert {uses[name] for name in ("locust", "gevent", "pyzmq")} == {"run a load"}


def test_what_is_said_elsewhere_is_locked(packages: list[Package]) -> None:
    assert said_elsewhere() <= {each.name for each in packages}


@pytest.mark.parametrize(
    ("expression", "is_permitted"),
    [
        ("MIT", True),
        ("Apache-2.0 OR GPL-3.0-only", True),
        ("Apache-2.0 AND GPL-3.0-only", False),
        ("MIT AND (GPL-3.0-only OR BSD-3-Clause)", True),
        ("MIT AND (GPL-3.0-only OR (AGPL-3.0-only AND ISC))", False),
        ("GPL-2.0-only WITH Classpath-exception-2.0", False),
        ("LGPL-3.0-or-later", False),
        ("", False),
    ],
)
def test_an_expression_must_leave_a_choice_of_permitted_licences(expression: str, is_permitted: bool) -> None:
    assert permitted(expression) == is_permitted


@pytest.mark.parametrize(
    ("expression", "text", "classifiers", "licence"),
    [
        ("mit or apache-2.0", "GPL", (), "MIT OR Apache-2.0"),
        ("", "3-Clause BSD License", (), "BSD-3-Clause"),
        ("", "Copyright, and the whole text", ("License :: OSI Approved :: MIT License",), "MIT"),
        (
            "",
            "",
            ("License :: OSI Approved :: MIT License", "License :: OSI Approved :: Apache Software License"),
            "Apache-2.0 AND MIT",
        ),
        ("", "", ("License :: OSI Approved :: MIT License", "License :: Other/Proprietary License"), ""),
        ("", "", ("License :: OSI Approved :: BSD License",), ""),
        ("", "", ("Programming Language :: Python",), ""),
    ],
)
def test_metadata_of_every_age_are_understood(
    expression: str, text: str, classifiers: tuple[str, ...], licence: str
) -> None:
    assert licence_of("some-package", expression, text, classifiers) == licence


def test_a_licence_that_cannot_be_used_is_told() -> None:
    found = complaints(
        [Package("a", "GPL-3.0-only", "run"), Package("b", "", "develop"), Package("c", "MIT", "run")]
    )

    assert found == [
        "a: its licence GPL-3.0-only is not permitted.",
        "b: its licence is told nowhere and is not permitted.",
    ]


def test_lock_files_are_read() -> None:
    assert python_names("Jinja2==3.1 \\\n    --hash=sha256:00\nty_x==1 ; python_version < '4'\n") == {
        "jinja2",
        "ty-x",
    }
    lock = '{"packages": {"": {"license": "X"}, "node_modules/a/node_modules/@b/c": {"license": "isc"}}}'
    assert list(node_packages(lock, "lint contracts")) == [Package("@b/c", "ISC", "lint contracts")]
