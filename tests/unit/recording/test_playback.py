"""What answers a request in a replay, and what is said when nothing does."""

from dataclasses import replace

import pytest
from tests.unit.recording.conftest import asked, exchange

from roamspec.recording.interactions import Interaction, Sent
from roamspec.recording.playback import Playback, RecordingMiss

ONE = exchange("/users", '{"n":1}', '"one"')
TWO = exchange("/users", '{"n":2}', '"two"')
LAST = exchange("/users", '{"n":1}', '"one again"')


def script(*interactions: Interaction) -> Playback:
    return Playback(interactions, name="x.yaml", key=lambda sent: sent)


def test_interactions_answer_in_their_order() -> None:
    played = script(ONE, TWO, LAST)
    assert [played.take(each.sent) for each in (ONE, TWO, LAST)] == [(0, ONE), (1, TWO), (2, LAST)]
    assert played.left_over() == ""


def test_what_was_recorded_later_does_not_answer_earlier() -> None:
    with pytest.raises(
        RecordingMiss, match=r"request 1 of 2 is different; the most similar is .* recorded as request 2"
    ):
        script(ONE, TWO).take(TWO.sent)


def test_what_was_sent_together_answers_in_any_order() -> None:
    burst = [replace(each, together=True) for each in (ONE, TWO)]
    played = script(exchange("/before"), *burst, LAST)
    played.take(exchange("/before").sent)
    assert played.take(TWO.sent)[0] == 2
    with pytest.raises(RecordingMiss, match="request 3 of 4"):
        played.take(asked("/after"))
    assert [played.take(ONE.sent)[0], played.take(LAST.sent)[0]] == [1, 3]


@pytest.mark.parametrize(
    ("request_", "differs"),
    [
        (asked("/users", '{"n":9}'), r"the body \(…'.*1}' recorded, …'.*9}' asked\)"),
        (asked("/users?x=1", '{"n":1}'), r"the URL \("),
        (asked("/users", '{"n":1}', method="PUT"), r"the method \(POST recorded, PUT asked\)"),
        (
            Sent("POST", ONE.sent.url, {"authorization": "Bearer <redacted:token-2>"}, ONE.sent.body),
            r"the header authorization \(Bearer <redacted:token> recorded, Bearer <redacted:token-2> asked\)",
        ),
    ],
)
def test_a_miss_names_the_closest_and_what_differs(request_: Sent, differs: str) -> None:
    with pytest.raises(RecordingMiss, match=differs) as missed:
        script(exchange("/groups"), ONE).take(request_)
    assert "the most similar is POST http://emulator.test/acme/parlor/users" in str(missed.value)
    assert str(missed.value).startswith("x.yaml: the check sends ")


def test_a_recording_ends() -> None:
    played = script(ONE)
    played.take(ONE.sent)
    with pytest.raises(RecordingMiss, match="the recording ends after 1 requests"):
        played.take(ONE.sent)


def test_the_last_request_may_be_answered_again() -> None:
    played = Playback([ONE, TWO], name="x.yaml", key=lambda sent: sent, repeats=True)
    assert [played.take(ONE.sent), played.take(ONE.sent)] == [(0, ONE), (0, ONE)]
    assert played.served == 1
    played.take(TWO.sent)
    with pytest.raises(RecordingMiss):
        played.take(ONE.sent)


def test_what_nobody_asked_for_is_reported() -> None:
    played = script(ONE, TWO, LAST)
    played.take(ONE.sent)
    assert played.left_over().startswith("x.yaml: 2 of 3 recorded requests were not sent")
    assert "/users" in played.left_over()
