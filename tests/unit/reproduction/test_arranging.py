"""What a finding rests on: the history of its conversations, and of no other."""

from collections.abc import Sequence
from dataclasses import replace

from roamspec.reproduction.arranging import arranging
from roamspec.reproduction.parsing import meaning
from roamspec.transport.exchange import Exchange

from .conftest import OTHER, OWNER, PEER, deleted, pulled, sent


def test_all_that_was_said_in_the_conversation_and_deleted_from_it(
    history: Sequence[Exchange], evidence: Sequence[Exchange]
) -> None:
    found = arranging([*history, *evidence], evidence)

    assert [each.sent_at for each in found] == [1, 2, 4, 5], "not another chat, a refusal, or what came later"


def test_ids_that_are_compared_bring_their_conversation(history: Sequence[Exchange]) -> None:
    look = pulled(OWNER, PEER, at=8)

    found = arranging(history, [look], ["1625540956018693396"])

    assert 3 in [each.sent_at for each in found]


def test_a_deletion_by_the_other_one_counts_too(history: Sequence[Exchange]) -> None:
    look = pulled(PEER, OWNER, at=8)

    assert 5 in [each.sent_at for each in arranging(history, [look])]


def test_clearing_everything_brings_all_conversations_of_the_owner(history: Sequence[Exchange]) -> None:
    clearing = sent("POST", f"/rest/message/roaming/user/{PEER}/delete/all", at=8)

    assert [each.sent_at for each in arranging(history, [clearing])] == [1, 2, 3, 4, 5]


def test_a_group_and_who_made_it() -> None:
    body = {"owner": OWNER, "members": [PEER]}
    made = sent("POST", "/chatgroups", body, {"data": {"groupid": "270000000001"}}, at=1)
    look = sent(
        "POST", f"/users/{OTHER}/messageroaming", {"queue": "270000000001@conference.easemob.com"}, at=2
    )
    gone = sent("DELETE", "/chatgroups/270000000001", at=1.5)

    assert arranging([made, gone], [look]) == (made, gone)


def test_what_cannot_be_read_means_nothing() -> None:
    torn = replace(sent("POST", "/messages/users", at=1), request_body='{"from": "a', response_body="<html>")

    assert meaning(torn.as_dict()).gives == {}
    assert meaning(deleted(OWNER, "", "", at=1).as_dict()).threads == frozenset()
