"""The deletion contract, read once: every judgement asks it."""

from functools import cache

from roamspec.contract.load import load_contract
from roamspec.contract.operations import Contract


@cache
def contract() -> Contract:
    """The contract, loaded once."""
    return load_contract()
