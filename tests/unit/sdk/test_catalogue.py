"""The catalogue of requirements on clients."""

from pathlib import Path

import pytest
import yaml

from roamspec.contract.load import load_contract
from roamspec.contract.requirements import load_catalogue
from roamspec.errors import ContractError
from roamspec.sdk.catalogue import client_catalogue, load_client_catalogue

ENTRY = {
    "id": "client-request.method-and-path",
    "title": "It is called.",
    "operations": ["clearUser"],
    "level": "must",
    "evidence": "documented",
    "cites": ["request-line"],
}


def test_no_id_is_also_one_of_the_service() -> None:
    assert not set(client_catalogue()) & set(load_catalogue(contract=load_contract()))


def test_each_of_the_five_has_its_own() -> None:
    operations = {requirement.operation for requirement in client_catalogue().values()}
    assert set(load_contract().operations) <= operations


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"operations": ["clearAll"]}, "the contract has no operation 'clearAll'"),
        ({"id": "request.x"}, "clear-user.request.x: .* begins with 'client-'"),
    ],
)
def test_a_wrong_entry_is_named(tmp_path: Path, change: dict[str, object], says: str) -> None:
    file = tmp_path / "requirements.yaml"
    file.write_text(yaml.safe_dump({"requirements": [ENTRY | change]}))
    with pytest.raises(ContractError, match=says):
        load_client_catalogue(file)
