"""What is generated from the contract, and what the documentation says of each call."""

from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from roamspec.api.deletions import Query
from roamspec.contract.load import load_contract
from roamspec.contract.operations import Contract
from roamspec.contract.requirements import load_catalogue
from roamspec.generative.hypothesis_settings import keep_house
from roamspec.generative.schemathesis_cases import answers, expectations
from roamspec.generative.schemathesis_cases.checks import NOT_USED, USED, used
from roamspec.generative.schemathesis_cases.expectations import expectation_of
from roamspec.generative.schemathesis_cases.generation import GeneratedCall, covering, fuzz
from roamspec.generative.schemathesis_cases.selection import alone_shown
from roamspec.transport.exchange import Exchange
from roamspec.transport.http_messages import Response

ROOT = Path(__file__).resolve().parents[3]
USUAL = {"delTime": "1710309184114"}
PEOPLE = {"userId": "the peer", "groupId": "4711"}
IDS_51 = ",".join(map(str, range(51)))
ENCODED_51 = IDS_51.replace(",", "%2C")
ONE_60_TIMES = ",".join("7" * 60)


@pytest.fixture(autouse=True)
def house(tmp_path: Path) -> None:
    keep_house(tmp_path)


def covered(contract: Contract, name: str) -> list[GeneratedCall]:
    return list(covering(contract, contract.operation(name), PEOPLE, USUAL))


def test_the_checks_are_an_explicit_list_and_none_sends_by_itself() -> None:
    assert {check.__name__ for check in used(of_success=True)} == set(USED)
    assert {check.__name__ for check in used(of_success=False)} == {"not_a_server_error"}
    assert "ignored_auth" in NOT_USED
    assert not set(USED) & set(NOT_USED)
    assert all(USED.values())
    assert all(NOT_USED.values())


def test_the_reason_for_each_stands_in_the_documents() -> None:
    document = (ROOT / "docs/generative.md").read_text(encoding="utf-8")

    for name, reason in USED.items():
        assert f"| `{name}` | used | {reason} |" in document
    for name, reason in NOT_USED.items():
        assert f"| `{name}` | left out | {reason} |" in document


def test_generated_peers_and_groups_are_replaced(contract: Contract) -> None:
    for name in contract.operations:
        for call in covered(contract, name):
            for parameter, value in call.query:
                assert value == quote(PEOPLE.get(parameter, ""), safe="") or parameter not in PEOPLE


def test_no_two_calls_are_the_same_on_the_wire(contract: Contract) -> None:
    calls = [(call.method, tuple(call.query)) for call in covered(contract, "deleteChatMessages")]

    assert len(calls) == len(set(calls)) >= 20


@pytest.mark.parametrize(
    ("operation", "requirements"),
    [
        ("deleteChatMessages", {"missing.user-id-refused", "limit.fifty-one-refused"}),
        ("deleteGroupMessages", {"missing.group-id-refused", "limit.fifty-one-refused"}),
        ("clearUser", {"method.other-methods-refused", "request.documented-url-served"}),
        ("clearChatBefore", {"missing.del-time-refused", "value.del-time-huge-harmless"}),
        ("clearGroupBefore", {"missing.group-id-refused", "value.del-time-negative-harmless"}),
    ],
)
def test_covering_reaches_what_the_document_makes_an_error(
    contract: Contract, operation: str, requirements: set[str]
) -> None:
    described = contract.operation(operation)
    found = {expectation_of(described, c.method, c.query).requirement for c in covered(contract, operation)}

    assert requirements <= found


def test_what_other_checks_call_is_not_called_again(contract: Contract) -> None:
    for name, described in contract.operations.items():
        chosen = list(alone_shown(described, covered(contract, name)))
        asked = {expectation_of(described, c.method, c.query).requirement for c in covered(contract, name)}

        left = {expectation_of(described, call.method, call.query).requirement for call in chosen}

        assert left == {each for each in asked if not each.startswith(("missing.", "method.", "limit."))}
        assert len(chosen) * 1.4 < len(covered(contract, name))


@pytest.mark.parametrize(
    ("operation", "query", "requirement", "refused"),
    [
        ("deleteChatMessages", "userId=b&msgIdList=1,2", "effect.unknown-id-harmless", False),
        ("deleteChatMessages", "msgIdList=1", "missing.user-id-refused", True),
        ("deleteChatMessages", f"userId=b&msgIdList={IDS_51}", "limit.fifty-one-refused", True),
        ("deleteChatMessages", f"userId=b&msgIdList={ENCODED_51}", "limit.fifty-one-refused", True),
        ("deleteChatMessages", f"userId=b&msgIdList={ONE_60_TIMES}", "effect.unknown-id-harmless", False),
        ("deleteGroupMessages", "groupId=4&msgIdList=", "value.empty-msg-id-list-harmless", False),
        ("deleteGroupMessages", "groupId=4&msgIdList=1,,2", "value.empty-item-in-list-harmless", False),
        ("deleteGroupMessages", "groupId=4&msgIdList=one", "value.message-id-not-a-number-harmless", False),
        ("deleteGroupMessages", f"groupId=4&msgIdList={2**63}", "value.message-id-huge-harmless", False),
        ("clearChatBefore", "userId=b&delTime=soon", "value.del-time-not-a-number-harmless", False),
        ("clearChatBefore", "userId=b&delTime=1.5", "value.del-time-fraction-harmless", False),
        ("clearChatBefore", "userId=b&delTime=-1", "value.del-time-negative-harmless", False),
        ("clearChatBefore", f"userId=b&delTime={2**63}", "value.del-time-huge-harmless", False),
        ("clearChatBefore", "userId=b&delTime=", "value.empty-del-time-harmless", False),
        ("clearChatBefore", "userId=b&delTime=1&isNotify=yes", "value.is-notify-unknown-harmless", False),
        ("clearChatBefore", "userId=b&delTime=1&isNotify=", "value.is-notify-empty-harmless", False),
        ("clearChatBefore", "userId=b&delTime=1&more=1", "request.resource-parameter-tolerated", False),
        ("clearUser", "", "request.documented-url-served", False),
    ],
)  # fmt: skip
def test_what_the_document_says_of_a_call(
    contract: Contract, operation: str, query: str, requirement: str, refused: bool
) -> None:
    described = contract.operation(operation)
    pairs = [(name, value) for name, _, value in (pair.partition("=") for pair in query.split("&")) if name]

    found = expectation_of(described, described.method, pairs)

    assert (found.requirement, found.must_be_refused) == (requirement, refused)


def test_a_covering_call_is_wrong_in_one_way_at_most(contract: Contract) -> None:
    for name in contract.operations:
        described = contract.operation(name)
        for call in covered(contract, name):
            found = expectation_of(described, call.method, call.query)
            # Less than a 64-bit number can be is negative as well.
            assert not found.several or found.requirement == "value.del-time-huge-harmless"


@pytest.mark.parametrize(
    ("query", "several"),
    [
        ([("userId", "u"), ("delTime", "-1")], False),
        ([("userId", "u"), ("delTime", "-1"), ("isNotify", "2")], True),
        ([("delTime", "-1")], True),
        ([("userId", "u"), ("delTime", "-9223372036854775808")], False),
        ([("userId", "u"), ("delTime", "-9223372036854775809")], True),
        ([("userId", "u"), ("delTime", "1"), ("more", "1")], False),
    ],
)
def test_a_call_that_is_wrong_in_several_ways_is_known(
    contract: Contract, query: Query, several: bool
) -> None:
    described = contract.operation("clearChatBefore")
    assert expectation_of(described, described.method, query).several == several


@pytest.mark.parametrize(
    ("method", "query", "effect"),
    [
        ("DELETE", [("userId", "u"), ("delTime", "1")], ""),
        ("DELETE", [("userId", "u")], "missing.del-time-deletes-nothing"),
        ("DELETE", [("userId", "u"), ("delTime", "x")], "value.del-time-not-a-number-harmless"),
        ("PATCH", [("userId", "u"), ("delTime", "1")], "method.other-methods-delete-nothing"),
    ],
)
def test_what_a_call_refutes_by_taking_along_what_it_does_not_name(
    contract: Contract, method: str, query: Query, effect: str
) -> None:
    assert expectation_of(contract.operation("clearChatBefore"), method, query).effect == effect


def test_every_name_is_a_requirement() -> None:
    known = {identifier.partition(".")[2] for identifier in load_catalogue(contract=load_contract())}

    assert set(expectations.NAMES) <= known
    assert set(answers.NAMES) <= known


def answer(body: str, media_type: str = "application/json") -> Response:
    exchange = Exchange("DELETE", "http://127.0.0.1/x")
    return Response(200, {"content-type": media_type}, body.encode(), 0.01, exchange)


@pytest.mark.parametrize(
    ("given", "refuted"),
    [
        (answer('{"requestStatusCode": "ok", "timestamp": 1710309184114}'), set()),
        (answer('{"requestStatusCode": "ok", "timestamp": 1.5}'), set()),
        (answer('{"requestStatusCode": "ok", "timestamp": 1, "more": {}}'), set()),
        (answer('{"requestStatusCode": "OK", "timestamp": 1}'), {"success.request-status-code-ok"}),
        (answer('{"requestStatusCode": "ok"}'), {"success.timestamp-is-a-number"}),
        (answer('{"requestStatusCode": "ok", "timestamp": 1, "uri": 4}'), {"success.uri-is-a-string"}),
        (answer("[]"), {"success.json-body"}),
        (answer("ok"), {"success.json-body"}),
        (answer('{"requestStatusCode": "ok", "timestamp": 1}', "text/html"), {"success.json-media-type"}),
        (answer('{"requestStatusCode": "ok", "timestamp": 1}', "application/hal+json; a=b"), set()),
    ],
)
def test_what_a_successful_answer_refutes(contract: Contract, given: Response, refuted: set[str]) -> None:
    call = covered(contract, "deleteChatMessages")[0]

    found = answers.refuted_by(call.generated, given, used(of_success=True), "asked")
    assert {name for name, _ in found} == refuted


@pytest.mark.parametrize(
    ("status", "refuted"), [(500, {"limit.fifty-one-refused"}), (400, set()), (404, set())]
)
def test_what_an_answer_without_success_refutes(contract: Contract, status: int, refuted: set[str]) -> None:
    call = covered(contract, "deleteChatMessages")[0]
    given = replace(answer("no JSON", "text/plain"), status=status)

    found = answers.refuted_by(call.generated, given, used(of_success=False), "limit.fifty-one-refused")
    assert {name for name, _ in found} == refuted


def test_fuzzing_keeps_to_its_seed(contract: Contract) -> None:
    def fuzzed(seed: int) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
        calls: list[tuple[str, tuple[tuple[str, str], ...]]] = []

        def note(call: GeneratedCall) -> None:
            calls.append((call.method, tuple(call.query)))

        fuzz(contract, contract.operation("clearChatBefore"), PEOPLE, note, seed=seed, examples=10)
        return calls

    assert fuzzed(1) == fuzzed(1)
    assert len(set(fuzzed(1))) >= 8
