"""Every flaw of a call leads to requirements that exist, and to bytes that have that flaw."""

from urllib.parse import unquote

import pytest

from roamspec.contract.load import load_contract
from roamspec.contract.operations import Contract
from roamspec.contract.requirements import load_catalogue
from roamspec.generative import flaws, response_checks
from roamspec.generative.call_sender import encoded
from roamspec.generative.call_sequence import MISSING, TOO_MANY, DeleteStep
from roamspec.generative.requirement_mapping import NAMES
from roamspec.generative.symbol_binding import query_of
from roamspec.suite.operation_under_test import OperationUnderTest
from roamspec.world.conversations import Conversation

CATALOGUE = load_catalogue(contract=load_contract())
CHAT = Conversation("chat", ("ann", "ben"))
PEOPLE = {"a": "ann", "b": "ben"}


def test_every_flaw_of_every_operation_names_requirements_of_that_operation(contract: Contract) -> None:
    for operation in contract.operations.values():
        subject = OperationUnderTest(operation)
        for flaw in flaws.every(subject):
            found = flaws.named(flaw, subject.kind)
            for name in (found.refused, found.deletes_nothing, found.notifies_nobody):
                assert f"{operation.slug}.{name}" in CATALOGUE, flaw
                assert name in (*NAMES, *response_checks.NAMES), flaw


def query(contract: Contract, operation: str, **step: object) -> dict[str, str]:
    made = DeleteStep(operation, "a", "chat ab", **step)  # type: ignore[arg-type]
    subject = OperationUnderTest(contract.operation(operation))
    return dict(query_of(subject, made, CHAT, PEOPLE, {"m1": "9017", "m2": "9018"}, {"m1": 5000}, "nobody"))


@pytest.mark.parametrize(
    ("flaw", "count"), [(TOO_MANY, 51), (flaws.FAR_TOO_MANY, 200), (flaws.WORDS_AS_IDS, 2), ("", 1)]
)
def test_lists_of_ids(contract: Contract, flaw: str, count: int) -> None:
    sent = query(contract, "deleteChatMessages", picks=("m1",), flaw=flaw)["msgIdList"]
    assert len(set(sent.split(","))) == count
    assert ("9017" in sent.split(",")) is (flaw != flaws.WORDS_AS_IDS)


@pytest.mark.parametrize(
    ("flaw", "time"),
    [("", "5000"), (flaws.NEGATIVE, "-1"), (flaws.NO_TIME, ""), ("delTime is no number", "yesterday")],
)
def test_times(contract: Contract, flaw: str, time: str) -> None:
    assert query(contract, "clearChatBefore", around="m1", flaw=flaw)["delTime"] == time


def test_what_is_missing_or_unknown(contract: Contract) -> None:
    picks = ("m1",)
    assert query(contract, "deleteChatMessages", picks=picks, flaw=flaws.NO_PARAMETERS) == {}
    assert "userId" not in query(contract, "deleteChatMessages", picks=picks, flaw=f"{MISSING}userId")
    assert query(contract, "deleteChatMessages", picks=picks, flaw=flaws.UNKNOWN_TARGET)["userId"] == "nobody"


def test_forms_change_the_order_and_the_spelling_alone(contract: Contract) -> None:
    plain = query(contract, "deleteChatMessages", picks=("m1", "m2"))
    turned = query(contract, "deleteChatMessages", picks=("m1", "m2"), forms=("reordered", "reversed"))
    assert plain == {"userId": "ben", "msgIdList": "9017,9018"}
    assert list(turned.items()) == [("msgIdList", "9018,9017"), ("userId", "ben")]
    again = query(contract, "deleteChatMessages", picks=("m1", "m2"), forms=("repeated",))
    assert again["msgIdList"] == "9017,9018,9017"
    assert encoded("17,1 8") == "%317%2C%31%208"
    assert unquote(encoded("17,1 8")) == "17,1 8"
