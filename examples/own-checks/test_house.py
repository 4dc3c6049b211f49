"""A check, and a plain test on the same target."""

from roamspec.suite import covers
from roamspec.suite.conversation_fixture import fresh_conversation


@covers("house.ten-ids-accepted")
def test_ten_ids(case, world):
    fixture = fresh_conversation(world, case.subject, 10)
    answer = fixture.delete(fixture.messages)
    case.verdicts.check("house.ten-ids-accepted", answer.ok, answer, expected="200", actual=answer.summary())


def test_two_users_can_talk(world):
    one, two = world.users(2)
    assert len(world.send(world.chat(one, two), [one])) == 1
