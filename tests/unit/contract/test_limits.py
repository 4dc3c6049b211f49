"""The limits stand in the contracts, and whoever needs them reads them there."""

from roamspec.contract.limits import calls_per_second, most_message_ids
from roamspec.contract.operations import Contract
from roamspec.transport.rate_limiter import RateLimiter


def test_the_limit_of_message_ids_is_that_of_both_operations(contract: Contract) -> None:
    limits = {name: operation.most_ids for name, operation in contract.operations.items()}
    assert limits == {
        "deleteChatMessages": 50,
        "deleteGroupMessages": 50,
        "clearUser": None,
        "clearChatBefore": None,
        "clearGroupBefore": None,
    }
    assert most_message_ids() == 50


def test_rates_are_those_of_the_contracts(contract: Contract) -> None:
    for name, operation in contract.operations.items():
        assert calls_per_second(name) == operation.rate_per_second
        assert RateLimiter(None).limit(name) == operation.rate_per_second * 0.8
    assert {name: calls_per_second(name) for name in ("createToken", "sendToGroups", "nothing")} == {
        "createToken": 300,
        "sendToGroups": 20,
        "nothing": 100,
    }
