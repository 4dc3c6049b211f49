"""The catalogue that pages are compared with."""

import pytest

from roamspec.contract.load import load_contract
from roamspec.contract.requirements import Catalogue, load_catalogue


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue(contract=load_contract())
