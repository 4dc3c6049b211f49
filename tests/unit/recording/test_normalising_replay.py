"""The second pass: what does not come out as it was recorded is not kept."""

from dataclasses import replace

import pytest
from tests.unit.recording.conftest import TOKEN, asked, exchange, origin

from roamspec.contract.load import load_contract
from roamspec.recording.capture import NormalisingSessionProvider, Raw
from roamspec.recording.cassette import Cassette
from roamspec.recording.playback import RecordingMiss
from roamspec.results.events import Judgement, JudgementVerdict
from roamspec.session.session import Session
from roamspec.transport.http_messages import Request

CHECK = "effect.something[clearUser]"
NAME = "clear-user.success.status-200"
GROUP = "331523371892741"
MADE = exchange("/messages/chatgroups", "{}", f'{{"data":{{"groupid":"{GROUP}"}},"timestamp":1795563633904}}')
SEEN = exchange(f"/chatgroups/{GROUP}/users", "{}", f'{{"data":"{GROUP}"}}')
PASSED = Raw([MADE, SEEN], [], {NAME: "pass"})


class Kept:
    """What a provider keeps, and what it rejects."""

    def __init__(self, raw: Raw) -> None:
        self.cassettes: list[Cassette] = []
        self.refused: dict[str, str] = {}
        self.provider = NormalisingSessionProvider(
            {CHECK: raw},
            origin(),
            load_contract(),
            judged={CHECK: [NAME]},
            step_ms=1,
            keep=self.cassettes.append,
            refuse=self.refused.__setitem__,
        )


def ask(session: Session, path: str) -> str:
    target = f"/acme/parlor{path}"
    request = Request("POST", target, "groups", token="<redacted:token>", body=b"{}")
    return session.client.send(request).text


def settled(raw: Raw, verdict: JudgementVerdict = "pass", *, group: str = "") -> Kept:
    """The check learns of a group and asks for its members, or for those of another `group`."""
    kept = Kept(raw)
    session = kept.provider.begin(CHECK)
    made = ask(session, "/messages/chatgroups")
    identifier = group or made.split('"groupid":"')[1].split('"')[0]
    ask(session, f"/chatgroups/{identifier}/users")
    kept.provider.end(CHECK, [Judgement(NAME, verdict)], "")
    return kept


def test_what_the_check_sends_then_is_what_is_kept() -> None:
    kept = settled(PASSED)
    assert kept.refused == {}
    [cassette] = kept.cassettes
    assert cassette.provenance == replace(origin(), check=CHECK)
    first, second = cassette.interactions
    assert first.received.body == '{"data":{"groupid":"100000000000001"},"timestamp":1710309184001}'
    assert second.sent == replace(asked("/chatgroups/100000000000001/users", "{}"), headers=TOKEN)
    assert second.received.body == '{"data":"100000000000001"}'


def test_other_verdicts_than_recorded_are_rejected() -> None:
    kept = settled(PASSED, "inconclusive")
    assert kept.cassettes == []
    assert NAME in kept.refused[CHECK]
    assert "another verdict than when recorded" in kept.refused[CHECK]


def test_what_failed_is_rejected() -> None:
    kept = settled(replace(PASSED, problem="it failed: this and that"))
    assert (kept.cassettes, kept.refused) == ([], {CHECK: "it failed: this and that"})


def test_requests_that_are_not_made_again_are_rejected() -> None:
    kept = settled(replace(PASSED, interactions=[MADE, SEEN, SEEN]))
    assert kept.cassettes == []
    assert "1 of 3 recorded requests were not sent" in kept.refused[CHECK].replace("\n", " ")


def test_another_id_than_the_recorded_answer_gave_is_rejected() -> None:
    with pytest.raises(RecordingMiss, match="differs from the recorded one"):
        settled(PASSED, group="999999999999999")
