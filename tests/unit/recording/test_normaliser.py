"""Fixed values: the same twice for what is the same, and from one recording to the next."""

import json
import re

import pytest

from roamspec.recording.interactions import CUT_TOKEN, LONGER_TOKEN, Interaction, Received, Sent
from roamspec.recording.normaliser import Normaliser, masked, numbers_of
from roamspec.recording.sanitiser import MARK, Sanitiser
from roamspec.recording.transports import shown
from roamspec.wire import PulledMessage, decode_message, encode_message

NOW_MS = 1_710_309_184_005
MESSAGE, GROUP, SENT_MS = "1623493020798222381", "331523371892741", 1_795_563_633_904


def pulled(identifier: str, time_ms: int, *, name: str = "u1", group: str = GROUP) -> str:
    message = PulledMessage(identifier, name, group, "group", time_ms, "hello")
    return encode_message(message, "acme#parlor")


def fixed(fixer: Normaliser, body: str, now_ms: int = NOW_MS, *, asked: str = "", replayed: str = "") -> str:
    return fixer.answer(body, now_ms, asked=asked, replayed=replayed)


def test_ids_keep_their_length_and_their_identity() -> None:
    fixer = Normaliser()
    first = fixed(fixer, f'{{"data":{{"{GROUP}":"{MESSAGE}"}}}}')
    assert first == '{"data":{"100000000000001":"1000000000000000001"}}'
    again = fixed(fixer, f'{{"a":{MESSAGE},"b":"acme#parlor_{GROUP}@x","c":"1623493020798222382"}}')
    assert again == '{"a":1000000000000000001,"b":"acme#parlor_100000000000001@x","c":"1000000000000000002"}'


def test_uuids_are_counted() -> None:
    body = '{"a":"6ba7b810-9dad-11d1-80b4-00c04fd430c8","b":"6ba7b811-9dad-11d1-80b4-00c04fd430c8"}'
    assert fixed(Normaliser(), body + body) == 2 * (
        '{"a":"00000000-0000-4000-8000-000000000001","b":"00000000-0000-4000-8000-000000000002"}'
    )


def test_times_of_the_service_are_those_of_the_answer() -> None:
    body = f'{{"timestamp":{SENT_MS},"duration":17,"created":{SENT_MS - 3}}}'
    assert fixed(Normaliser(), body) == f'{{"timestamp":{NOW_MS},"duration":0,"created":{NOW_MS}}}'


def test_a_service_of_whole_seconds_keeps_them() -> None:
    assert json.loads(fixed(Normaliser(step_ms=1000), f'{{"timestamp":{SENT_MS}}}')) == {
        "timestamp": NOW_MS - NOW_MS % 1000
    }


def test_a_dated_message_has_the_date_that_the_replay_gives_it() -> None:
    fixer = Normaliser()
    dated, replayed = str(SENT_MS - 60_000), str(NOW_MS - 60_000)
    fixed(
        fixer,
        f'{{"data":{{"msg_id":"{MESSAGE}"}}}}',
        asked=f'{{"msg_timestamp":{dated}}}',
        replayed=f'{{"msg_timestamp":{replayed}}}',
    )
    [text] = json.loads(
        fixed(fixer, f'["{pulled(MESSAGE, int(dated))}"]'.replace('["', '[{"msg":"')[:-1] + "}]")
    )
    message = decode_message(text["msg"])
    assert (message.id, message.time_ms) == ("1000000000000000001", int(replayed))


def test_a_sent_message_has_the_time_at_which_its_id_came() -> None:
    fixer = Normaliser()
    fixed(fixer, f'{{"data":{{"u":"{MESSAGE}"}}}}', NOW_MS)
    body = f'{{"msgs":[{{"msg":"{pulled(MESSAGE, SENT_MS)}"}}],"timestamp":{SENT_MS + 9}}}'
    answer = json.loads(fixed(fixer, body, NOW_MS + 7))
    message = decode_message(answer["msgs"][0]["msg"])
    assert (message.time_ms, answer["timestamp"]) == (NOW_MS, NOW_MS + 7)
    assert (message.receiver, message.sender, message.text) == ("100000000000001", "u1", "hello")


def test_a_notice_says_what_the_latest_call_of_its_millisecond_chose() -> None:
    fixer = Normaliser()
    for chosen in ("1710309126021", "1710309126022"):
        fixer.learn(["1795578400943"], [chosen])

        assert fixer.notice('{"del_time":1795578400943}', 1710309184000) == f'{{"del_time":{chosen}}}'


def test_another_id_than_the_answers_gave_is_noticed() -> None:
    fixer = Normaliser()
    fixed(fixer, f'{{"data":{{"u":"{MESSAGE}","g":"{GROUP}"}}}}')
    assert fixer.learn([MESSAGE, GROUP], ["1000000000000000001", "100000000000001"]) is None
    assert fixer.learn([MESSAGE], ["1000000000000000009"]) == MESSAGE
    assert fixer.fits([MESSAGE], ["1000000000000000001"])
    assert not fixer.fits([MESSAGE], ["1000000000000000009"])


def test_numbers_stand_behind_percent_escapes_too() -> None:
    assert numbers_of(f"?ids={MESSAGE}%2C{MESSAGE}&t=-{SENT_MS}.5&n=12") == [MESSAGE, MESSAGE, str(SENT_MS)]
    assert masked(f"?ids={MESSAGE}%2C{MESSAGE}") == "?ids=#%2C#"


# What a run knows by heart


KNOWN = {
    "q7Zr0Tn4vKx2Lw9s": "token",
    "w1Za9Bc8Dd7Ee6Ff": "token",
    "the-password-1": "password",
    "YXA6-the-client-id": "client-id",
}
OURS, PORT = "rs0f3a9c12de", "http://127.0.0.1:41234"


@pytest.fixture
def cleanser() -> Sanitiser:
    return Sanitiser(KNOWN, mark=OURS, base_url=PORT, shown_url="http://emulator.test")


def test_nothing_that_a_run_knows_is_left(cleanser: Sanitiser) -> None:
    url = f"{PORT}/acme/parlor/users/{OURS}-1u?access_token=q7Zr0Tn4vKx2Lw9s"
    body = json.dumps({"username": f"{OURS}-1u", "password": "the-password-1", "id": "YXA6-the-client-id"})
    answer = json.dumps(
        {
            "access_token": "never-learnt-1",
            "uri": f"{PORT}/x",
            "user": {"t": "w1Za9Bc8Dd7Ee6Ff"},
            "msg": pulled(MESSAGE, SENT_MS, name=f"{OURS}-2u"),
        }
    )
    raw = Interaction(
        Sent("POST", url, {"authorization": "Bearer w1Za9Bc8Dd7Ee6Ff"}, body), Received(200, "OK", {}, answer)
    )
    clean = cleanser.interaction(raw)
    whole = repr(clean)
    for secret in (*KNOWN, "never-learnt-1", OURS, PORT):
        assert secret not in whole
    assert clean.sent.headers == {"authorization": "Bearer <redacted:token-2>"}
    assert clean.sent.url == f"http://emulator.test/acme/parlor/users/{MARK}-1u?access_token=<redacted:token>"
    told = json.loads(clean.received.body)
    assert told["access_token"] == "<redacted:token>"
    assert decode_message(told["msg"]).sender == f"{MARK}-2u"


@pytest.mark.parametrize(
    ("header", "stands"),
    [
        ("Bearer q7Zr0Tn4vKx2Lw9s", "Bearer <redacted:token>"),
        ("Basic q7Zr0Tn4vKx2Lw9s", "Basic <redacted:token>"),
        ("Bearer q7Zr0Tn4", f"Bearer {CUT_TOKEN}"),
        ("Bearer q7Zr0Tn4vKx2Lw9sx", f"Bearer {LONGER_TOKEN}"),
        ("Bearer somebody-elses", "Bearer <redacted:token>"),
        ("Bearer not-a-token", "Bearer not-a-token"),
        ("q7Zr0Tn4vKx2Lw9s", "<redacted:token>"),
        ("", ""),
    ],
)
def test_an_authorization_says_its_scheme_and_kind(cleanser: Sanitiser, header: str, stands: str) -> None:
    sent = Sent("GET", "http://x.test/", {"authorization": header})
    assert shown(sent, cleanser.known).headers["authorization"] == stands
    # In a replay the placeholders are the tokens, and half of one is half of one.
    again = shown(shown(sent, cleanser.known), {})
    assert again.headers["authorization"] in (stands, "Bearer <redacted:token>", "<redacted:token>")
    half = Sent("GET", "http://x.test/", {"authorization": "Bearer <redacte"})
    assert shown(half, {}).headers["authorization"] == f"Bearer {CUT_TOKEN}"


def test_the_marks_are_of_one_length() -> None:
    from roamspec.session.names import NameSource

    assert len(NameSource().run_prefix) == len(MARK)
    assert re.fullmatch(r"rs0+", MARK)
