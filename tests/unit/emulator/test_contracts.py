"""The contracts describe every route that is served, and every route is served that they describe."""

import re
from pathlib import Path
from typing import Any

import yaml

from roamspec.emulator.http.errors import ROWS
from roamspec.emulator.http.routes import TABLE
from roamspec.emulator.operation_names import OPERATIONS, shared_name

CONTRACTS = Path(__file__).parents[3] / "contracts"
NAMES = ("userId", "username", "groupId", "roomId", "member", "time")


def described() -> dict[str, tuple[str, str]]:
    """Operations of both contracts, with method and path below the app."""
    found = {}
    for name in ("deletion", "surrounding"):
        document = yaml.safe_load((CONTRACTS / f"{name}.openapi.yaml").read_text(encoding="utf-8"))
        for path, item in document["paths"].items():
            for method, operation in item.items():
                if method in ("get", "post", "put", "delete"):
                    below = path.removeprefix("/{org_name}/{app_name}")
                    found[operation["operationId"]] = (method.upper(), without_names(below))
    return found


def without_names(path: str) -> str:
    for name in NAMES:
        path = path.replace(f"{{{name}}}", "{}")
    return path


def test_routes_and_contracts_agree() -> None:
    assert described() == {name: (method, without_names(path)) for method, path, name, _ in TABLE}


def test_settings_know_every_operation() -> None:
    assert set(OPERATIONS) == {shared_name(name) for _, _, name, _ in TABLE}


# Other words for the same error response, which the emulator does not use.
OTHER_WORDS = {
    "username a b is not legal",
    "You have exceeded the limit of the community edition,Please upgrade to the enterprise edition",
    "registration is not open, please contact the app admin",
}


def error_texts(value: Any) -> set[tuple[str, str]]:
    """Type and text of each error response among the examples of a contract."""
    if isinstance(value, list):
        return set().union(*map(error_texts, value))
    if not isinstance(value, dict):
        return set()
    found = set().union(*map(error_texts, value.values()))
    kind, text = value.get("error"), value.get("error_description")
    return found | {(kind, text)} if isinstance(kind, str) and isinstance(text, str) else found


def is_a_row(kind: str, text: str) -> bool:
    return any(
        row.error == kind and re.fullmatch(re.sub(r"\\{\w+\\}", ".+", re.escape(row.description)), text)
        for row in ROWS.values()
    )


def test_every_rejection_in_the_contracts_is_a_row_of_the_error_table() -> None:
    for name in ("deletion", "surrounding"):
        document = yaml.safe_load((CONTRACTS / f"{name}.openapi.yaml").read_text(encoding="utf-8"))
        examples = error_texts(document)
        assert len(examples) >= 3
        missing = {text for kind, text in examples if not is_a_row(kind, text)}
        assert missing <= OTHER_WORDS, name
