"""Findings add up: a failure stands, whatever else is found; nothing that was declared is forgotten."""

import json
from dataclasses import asdict
from typing import Any, cast

import pytest

from roamspec.api.devices import Device
from roamspec.results.events import Judgement
from roamspec.suite import VerdictRecorder
from roamspec.transport.exchange import Exchange
from roamspec.transport.http_messages import Response
from roamspec.world.conversations import Conversation, HistoryView

NAMES = ("effect.a", "effect.b", "effect.c")


def judge() -> VerdictRecorder:
    """Of an operation that has the first two; the second cannot be judged on this target."""
    return VerdictRecorder("clear-user", {"effect.a": "", "effect.b": "no device observer"}, NAMES)


def found(of: VerdictRecorder, name: str = "effect.a") -> Judgement:
    return next(j for j in of.judgements() if j.requirement == f"clear-user.{name}")


def say(of: VerdictRecorder, holds: bool, *, actual: str = "came", name: str = "effect.a") -> bool:
    return of.check(name, holds, expected="wanted", actual=actual)


def exchange(url: str) -> Exchange:
    return Exchange("POST", url, (("Authorization", "Bearer <redacted:token>"),), status=200)


def answer(url: str) -> Response:
    return Response(200, {}, b"", 0.0, exchange(url))


def test_what_holds_passes() -> None:
    of = judge()
    assert say(of, True)
    assert (found(of).verdict, found(of).failure) == ("pass", None)


@pytest.mark.parametrize("findings", [[False], [True, False], [False, True], [True, False, True]])
def test_one_failure_is_a_failure(findings: list[bool]) -> None:
    of = judge()
    assert [say(of, holds) for holds in findings] == findings
    assert found(of).verdict == "fail"


def test_the_first_failure_is_reported() -> None:
    of = judge()
    say(of, False, actual="first")
    say(of, False, actual="second")
    failure = found(of).failure
    assert failure is not None
    assert (failure.expected, failure.actual) == ("wanted", "first")


def test_a_pass_is_not_taken_back_by_doubt() -> None:
    of = judge()
    say(of, True)
    of.inconclusive("effect.a", "no more to see")
    assert found(of).verdict == "pass"


@pytest.mark.parametrize("doubt_first", [True, False])
def test_a_failure_is_stronger_than_doubt(doubt_first: bool) -> None:
    of = judge()
    if doubt_first:
        of.inconclusive("effect.a", "hard to see")
    say(of, False)
    of.inconclusive("effect.a", "hard to see")
    assert found(of).verdict == "fail"


def test_doubt_has_a_reason() -> None:
    of = judge()
    of.inconclusive("effect.a", "the notices name no messages")
    assert (found(of).verdict, found(of).reason) == ("inconclusive", "the notices name no messages")


@pytest.mark.parametrize(
    ("ended", "reason"),
    [("", "the check ended before it was judged"), ("the group could not be made.", None)],
)
def test_what_was_not_reached_is_inconclusive(ended: str, reason: str | None) -> None:
    of = judge()
    [first, second] = of.judgements(ended)
    assert (first.verdict, first.reason) == ("inconclusive", reason or ended)
    assert (second.verdict, second.reason) == ("inconclusive", "no device observer")


def test_an_ending_changes_nothing_that_was_found() -> None:
    of = judge()
    say(of, True)
    assert next(iter(of.judgements("it broke"))).verdict == "pass"


def test_what_the_target_lacks_is_never_failed() -> None:
    of = judge()
    assert say(of, False, name="effect.b") is False, "the check may still branch on it"
    assert (found(of, "effect.b").verdict, found(of, "effect.b").reason) == (
        "inconclusive",
        "no device observer",
    )


def test_what_another_operation_has_is_ignored() -> None:
    of = judge()
    say(of, False, name="effect.c")
    of.inconclusive("effect.c", "why")
    assert {j.requirement for j in of.judgements()} == {"clear-user.effect.a", "clear-user.effect.b"}


def test_an_undeclared_name_is_an_error_of_the_check() -> None:
    with pytest.raises(AssertionError, match=r"'effect\.typo', which it does not declare"):
        say(judge(), True, name="effect.typo")
    with pytest.raises(AssertionError, match="which it does not declare"):
        judge().inconclusive("effect.typo", "why")


def test_a_check_can_save_itself_work() -> None:
    of = judge()
    assert of.wants("effect.a")
    assert of.wants("effect.b", "effect.a")
    assert not of.wants("effect.b")
    assert not of.wants("effect.c", "effect.typo")


def test_evidence_is_shown_once_and_in_order() -> None:
    of = judge()
    first, second = answer("http://h/1"), answer("http://h/2")
    view = HistoryView("u", Conversation("chat", ("u", "v")), (), exchange("http://h/3"))
    unseen = HistoryView("u", Conversation("chat", ("u", "v")), ())

    of.check("effect.a", False, first, view, second, first, None, unseen, expected="x", actual="y", hint="h")

    failure = found(of).failure
    assert failure is not None
    assert [e["url"] for e in failure.exchanges] == ["http://h/1", "http://h/3", "http://h/2"]
    assert len(failure.reproduce.splitlines()) == 3
    assert "$ROAMSPEC_TOKEN" in failure.reproduce
    assert failure.hint == "h"


@pytest.mark.parametrize(("holds", "served"), [(True, True), (False, False)])
def test_what_was_accepted_is_reported_of_a_pass_alone(holds: bool, served: bool) -> None:
    of = judge()
    of.served("effect.a")
    say(of, holds)
    assert found(of).served is served
    assert [judgement.served for judgement in of.recorded()] == [served]


def test_a_judgement_survives_the_way_to_another_process() -> None:
    import json
    from dataclasses import asdict

    of = judge()
    of.served("effect.a")
    say(of, True)
    assert Judgement.from_dict(json.loads(json.dumps(asdict(found(of))))) == found(of)

    of = judge()
    of.check("effect.a", False, answer("http://h/1"), expected="x", actual="y")
    for judgement in of.judgements():
        assert Judgement.from_dict(json.loads(json.dumps(asdict(judgement)))) == judgement


def test_what_is_no_concern_of_the_check_is_reported_only_when_it_fails() -> None:
    of = VerdictRecorder(
        "clear-user", {"effect.a": ""}, NAMES, besides={"success.x": "", "success.y": "no app"}
    )
    assert say(of, True, name="success.x")
    of.inconclusive("success.x", "not seen")
    assert not say(of, False, name="success.y")
    assert [j.requirement for j in of.judgements()] == ["clear-user.effect.a"]
    assert not say(of, False, name="success.x")
    assert say(of, True, name="success.x")
    assert found(of, "success.x").verdict == "fail"


def test_what_was_a_part_of_another_requirement_is_judged_as_that_one() -> None:
    names = ("effect.whole", "effect.part")
    judged_as = {"clear-user.effect.part": "clear-user.effect.whole"}
    judge = VerdictRecorder("clear-user", dict.fromkeys(names, ""), names, judged_as=judged_as)
    judge.check("effect.whole", True, expected="x", actual="y")
    judge.check("effect.part", False, expected="x", actual="y")

    (judgement,) = judge.judgements()
    assert (judgement.requirement, judgement.verdict) == ("clear-user.effect.whole", "fail")


class WatchedDevice:
    """Stands in for a device, of which a failure takes the form that a report has."""

    def as_dict(self) -> dict[str, Any]:
        return {"user": "u1", "device": "d1", "notifications": []}


def test_a_failure_shows_what_the_watched_devices_were_notified_of() -> None:
    of = judge()
    of.watched = lambda: [cast(Device, WatchedDevice())]

    say(of, False)

    failure = found(of).failure
    assert failure is not None
    assert failure.devices == ({"user": "u1", "device": "d1", "notifications": []},)
    assert Judgement.from_dict(json.loads(json.dumps(asdict(found(of))))) == found(of)
