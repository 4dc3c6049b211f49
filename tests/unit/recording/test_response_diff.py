"""Parity of single answers, and what changed between two recordings."""

import json
from dataclasses import replace

import pytest
from tests.unit.recording.conftest import answered, asked, cassette, exchange

from roamspec.recording.cassette import Cassette, DeviceLog, RecordedNotification
from roamspec.recording.drift import compared
from roamspec.recording.interactions import Received
from roamspec.recording.response_diff import compare
from roamspec.recording.value_mapping import ValueMapping
from roamspec.wire import PulledMessage, encode_message

MARK, OURS = "rs0000000000", "rs0f3a9c12de"
BASE, PORT = "http://emulator.test", "http://127.0.0.1:41234"
ONE, OTHER = "1000000000000000001", "1623493020798222381"
THEN, NOW = 1_710_309_184_005, 1_795_563_633_904


@pytest.fixture
def terms() -> ValueMapping:
    return ValueMapping({MARK: OURS, BASE: PORT}, shift_ms=NOW - THEN)


def differ(terms: ValueMapping, recorded: object, present: object) -> list[str]:
    return [
        each.where for each in compare(answered(json.dumps(recorded)), answered(json.dumps(present)), terms)
    ]


def test_other_names_ids_times_and_addresses_are_the_same(terms: ValueMapping) -> None:
    recorded = {"id": ONE, "n": int(ONE), "uri": f"{BASE}/{MARK}-1u", "timestamp": THEN, "duration": 0}
    present = {"id": OTHER, "n": int(OTHER), "uri": f"{PORT}/{OURS}-1u", "timestamp": NOW + 5, "duration": 12}
    assert differ(terms, recorded, present) == []
    assert terms.outward(f"x/{ONE}") == f"x/{OTHER}"
    assert terms.inward(f"x/{OTHER}") == f"x/{ONE}"


def test_receivers_are_keys(terms: ValueMapping) -> None:
    assert differ(terms, {"data": {f"{MARK}-1u": ONE}}, {"data": {f"{OURS}-1u": OTHER}}) == []


def test_the_same_id_again_must_be_the_same(terms: ValueMapping) -> None:
    assert differ(terms, {"a": ONE, "b": ONE}, {"a": OTHER, "b": OTHER[:-1] + "2"}) == ["$.b"]


def test_another_id_must_be_another(terms: ValueMapping) -> None:
    assert differ(terms, {"a": ONE, "b": ONE[:-1] + "2"}, {"a": OTHER, "b": OTHER}) == ["$.b"]


@pytest.mark.parametrize(
    ("recorded", "present", "where"),
    [
        ({"a": 1}, {}, ["$.a"]),
        ({}, {"a": 1}, ["$.a"]),
        ({"a": 1}, {"a": "1"}, ["$.a"]),
        ({"a": True}, {"a": 1}, ["$.a"]),
        ({"a": [1]}, {"a": [1, 2]}, ["$.a"]),
        ({"a": [{"b": "x"}]}, {"a": [{"b": "y"}]}, ["$.a[0].b"]),
        ({"a": THEN}, {"a": 12}, ["$.a"]),
    ],
)
def test_what_differs_is_named(
    terms: ValueMapping, recorded: object, present: object, where: list[str]
) -> None:
    assert differ(terms, recorded, present) == where


def test_status_and_media_type_count(terms: ValueMapping) -> None:
    present = Received(404, "", {"content-type": "text/html"}, "<p>")
    wheres = [each.where for each in compare(answered("{}"), present, terms)]
    assert wheres == ["status", "header content-type", "body"]


def test_a_time_that_the_check_chose_comes_back_as_it_was_sent(terms: ValueMapping) -> None:
    terms.chose(str(THEN), str(NOW))
    assert differ(terms, {"t": THEN}, {"t": NOW}) == []
    assert differ(terms, {"t": THEN}, {"t": NOW + 1}) == ["$.t"]


def test_a_pulled_message_is_compared_as_one(terms: ValueMapping) -> None:
    def msg(identifier: str, time_ms: int, sender: str, text: str = "hello") -> object:
        message = PulledMessage(identifier, sender, f"{sender}x", "chat", time_ms, text)
        return {"msg": encode_message(message, "acme#parlor")}

    assert differ(terms, msg(ONE, THEN, f"{MARK}-1u"), msg(OTHER, NOW + 3, f"{OURS}-1u")) == []
    # What is said in relation to the message's time stays in relation to it.
    assert terms.outward(str(THEN + 2)) == str(NOW + 5)
    assert differ(terms, msg(ONE, THEN, MARK), msg(OTHER, NOW, OURS, "another")) == ["$.msg"]


def test_a_time_between_two_is_between_the_two(terms: ValueMapping) -> None:
    terms.anchor(THEN, NOW)
    terms.anchor(THEN + 4, NOW + 100)
    assert terms.outward(str(THEN + 2)) == str(NOW + 50)
    assert terms.outward(str(THEN - 60_000)) == str(NOW - 60_000)


def test_tokens_are_learnt_and_cut(terms: ValueMapping) -> None:
    assert differ(terms, {"access_token": "<redacted:token>"}, {"access_token": "abcdefgh"}) == []
    assert terms.authorization("Bearer <redacted:token>") == "Bearer abcdefgh"
    assert terms.authorization("Bearer <redacted:cut-token>") == "Bearer abcd"
    assert terms.authorization("Bearer <redacted:longer-token>") == "Bearer abcdefghx"
    assert terms.authorization("<redacted:token>") == "abcdefgh"
    assert terms.authorization("Bearer not-a-token") == "Bearer not-a-token"
    assert terms.inward("abcdefgh") == "<redacted:token>"


# Drift


def drift(before: Cassette, after: Cassette) -> list[tuple[str, str, str, str]]:
    of = {"c": before}, {"c": after}
    return [(each.aspect, each.where, each.before, each.after) for each in compared(*of)]


SOME = cassette(exchange("/users", "{}", '{"id":"1000000000000000001","t":1710309184003,"s":"x","n":[1]}'))


def changed(body: str, status: int = 200) -> Cassette:
    return replace(SOME, interactions=(exchange("/users", "{}", body, status=status),))


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (changed('{"id":"1000000000000000007","t":1710309184009,"s":"x","n":[1]}'), []),
        (changed(SOME.interactions[0].received.body, 201), [("status", "", "200", "201")]),
        (
            changed('{"t":1710309184003,"s":"x","n":[1]}'),
            [("shape", "$.id", "1000000000000000001", "nothing")],
        ),
        (
            changed('{"id":1000000000000000001,"t":1710309184003,"s":"y","n":[1,2]}'),
            [
                ("shape", "$.id", "1000000000000000001", "1000000000000000001"),
                ("text", "$.s", "x", "y"),
                ("shape", "$.n", "1 items", "2 items"),
            ],
        ),
        (
            replace(SOME, interactions=(*SOME.interactions, exchange("/more"))),
            [("request", "", "not sent", "sent")],
        ),
    ],
)
def test_drift_tells_status_shape_and_text(after: Cassette, told: list[tuple[str, str, str, str]]) -> None:
    assert drift(SOME, after) == told


def test_drift_tells_of_notices() -> None:
    log = DeviceLog(
        "u", "d1", 0, 1, app="acme/parlor", notices=(RecordedNotification(1, '{"operation":"clear_before"}'),)
    )
    before, after = replace(SOME, devices=(log,)), replace(SOME, devices=(replace(log, notices=()),))
    assert [each[0] for each in drift(before, after)] == ["notice"]
    assert drift(before, before) == []


def test_drift_tells_of_recordings_that_are_on_one_side_alone() -> None:
    [one, other] = compared({"a": SOME}, {"b": SOME})
    assert (one.check, one.before, one.after) == ("a", "recorded", "not recorded")
    assert (other.check, other.before, other.after) == ("b", "not recorded", "recorded")


def test_a_change_that_occurs_often_is_reported_once() -> None:
    twice = replace(SOME, interactions=SOME.interactions * 2)
    later = replace(SOME, interactions=changed('{"s":"y"}').interactions * 2)
    assert {each.times for each in compared({"c": twice}, {"c": later})} == {2}


def test_the_request_is_described_without_its_ids() -> None:
    before = cassette(replace(exchange("/x"), sent=asked("/chatgroups/100000000000001")))
    after = replace(before, interactions=(replace(before.interactions[0], received=answered("{}", 404)),))
    [change] = compared({"c": before}, {"c": after})
    assert change.request == "POST /acme/parlor/chatgroups/#"
