"""What a client can try: each probe is a few calls in a fresh harness, and a look at what they left."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from tests.unit.faults.fault_harness import ALIKE, FIRST, LONG, NOW, SAID, TIMES, FaultHarness

Probe = Callable[[FaultHarness], None]
PROBES: Final[list[Probe]] = []
LARGE: Final[set[Probe]] = set()
"""Those that need a large harness."""
_HUGE: Final = "9" * 26


def probe(function: Probe) -> Probe:
    PROBES.append(function)
    return function


def large_probe(function: Probe) -> Probe:
    LARGE.add(function)
    return probe(function)


def _place(harness: FaultHarness) -> str:
    return "1" if harness.kind.conversation == "group" else "bob"


def _said(harness: FaultHarness) -> Sequence[str]:
    return SAID["1" if harness.kind.conversation == "group" else "alice-bob"]


def _long(harness: FaultHarness) -> tuple[str, Sequence[str]]:
    return ("4", SAID["4"]) if harness.kind.conversation == "group" else ("dave", SAID["alice-dave"])


def _named(harness: FaultHarness, *numbers: int, **more: Any) -> str:
    """The query for some messages; by time, for all up to the last of them."""
    said = _said(harness)
    ids = [said[number] for number in numbers]
    return harness.query(_place(harness), ids=ids, time_ms=TIMES[max(numbers)], **more)


def _everything(harness: FaultHarness) -> str:
    return _named(harness, *range(len(TIMES)))


def _then_say(harness: FaultHarness) -> None:
    for sender, target in (("bob", "alice"), ("alice", "bob"), ("bob", "1"), ("carol", "1")):
        harness.wait(1)
        harness.say(sender, target)
        harness.look()


@probe
def some_messages(harness: FaultHarness) -> None:
    harness.call(_named(harness, 3, 0, 5, 1))


@probe
def each_value_of_is_notify(harness: FaultHarness) -> None:
    for number, value in enumerate(("true", "false", "perhaps", "")):
        harness.call(_named(harness, number, notify=value) + ("&isNotify=" if not value else ""))
        harness.look()


@probe
def conversations_that_are_not(harness: FaultHarness) -> None:
    for place in ("nobody", "", "nob%20%C3%BCody", "99"):
        harness.call(_named(harness, 0, 1).replace(f"={_place(harness)}&", f"={place}&"))
        harness.look()


@probe
def lists_that_cannot_be(harness: FaultHarness) -> None:
    for ids in ([""], ["", _said(harness)[0], ""], ["one", "two"], [_HUGE]):
        harness.call(harness.query(_place(harness), ids=ids, time_ms=1))
        harness.look()


@probe
def times_that_cannot_be(harness: FaultHarness) -> None:
    for text in ("", "yesterday", "-1", f"{FIRST}.5", _HUGE):
        harness.call(harness.query(_place(harness), ids=["1"]).replace("delTime=0", f"delTime={text}"))
        harness.look()


@probe
def users_that_are_not(harness: FaultHarness) -> None:
    for owner in ("nobody", "nob%20%C3%BCody"):
        harness.call(_named(harness, 0, 1), owner=owner)
        harness.look()


@probe
def names_that_are_alike(harness: FaultHarness) -> None:
    for owner, place in ((ALIKE, "ivan"), ("ivan", ALIKE)):
        query = harness.query(place, ids=SAID[f"ivan-{ALIKE}"], time_ms=NOW)
        harness.call(query, owner=owner)
        harness.look()


@probe
def an_owner_with_an_encoded_letter(harness: FaultHarness) -> None:
    harness.call(_named(harness, 0, 1), owner="al%69ce")


@probe
def later_messages(harness: FaultHarness) -> None:
    harness.call(_named(harness, 0, 1, 2, 5))
    _then_say(harness)


@probe
def ids_elsewhere_or_nowhere(harness: FaultHarness) -> None:
    said, place = _said(harness), _place(harness)
    strangers = [SAID["bob-carol"][0], SAID["bob-dave"][0]]
    further = [SAID["2"][0]] if harness.kind.conversation == "group" else [SAID["alice-carol"][0]]
    other_kind = [SAID["alice-bob"][0] if harness.kind.conversation == "group" else SAID["1"][0]]
    for ids in (further, other_kind, strangers, ["1"], [said[0], said[0]], [said[1], "1", said[2]]):
        harness.call(harness.query(place, ids=ids, time_ms=1))
        harness.look()


@probe
def the_boundary(harness: FaultHarness) -> None:
    harness.call(harness.query(_place(harness), ids=["1"], time_ms=FIRST + 1000))


@probe
def one_message(harness: FaultHarness) -> None:
    for number in (0, 6, 3, 6):
        harness.call(_named(harness, number))
        harness.look()


@probe
def two_and_three_messages(harness: FaultHarness) -> None:
    harness.call(_named(harness, 0, 1))
    harness.look()
    harness.call(_named(harness, 2, 3, 4))


@probe
def everything_at_once(harness: FaultHarness) -> None:
    harness.call(_everything(harness))
    harness.look()
    _then_say(harness)


@probe
def everything_by_and_by(harness: FaultHarness) -> None:
    harness.call(_named(harness, 0, 1, 2, 3))
    harness.call(_named(harness, 4, 5, 6))
    harness.look()
    _then_say(harness)


@probe
def the_same_again(harness: FaultHarness) -> None:
    for _ in range(2):
        harness.wait(1000)
        harness.call(_named(harness, 0, 1, 2))
        harness.look()


@probe
def both_sides(harness: FaultHarness) -> None:
    harness.call(_named(harness, 0, 1, 2))
    harness.look()
    query = _named(harness, 2, 3)
    harness.call(query.replace("userId=bob", "userId=alice"), owner="bob")
    harness.look()
    harness.say("carol", "1")
    harness.say("bob", "alice")
    harness.wait(1)
    query = _named(harness, 5, 6)
    harness.call(query.replace("userId=bob", "userId=alice"), owner="bob")


@probe
def at_the_same_time(harness: FaultHarness) -> None:
    harness.call(_named(harness, 0), client=1)
    harness.call(_named(harness, 1, 2), client=2)


@probe
def written_otherwise(harness: FaultHarness) -> None:
    query = _named(harness, 0, 3)
    harness.call(query.replace(",", "%2C"))
    harness.look()
    harness.call("&".join(reversed(_named(harness, 1, 4).split("&"))))
    harness.look()
    harness.call(_named(harness, 2, 5) + "&resource=web_1")


@probe
def parameters_that_are_not_documented(harness: FaultHarness) -> None:
    harness.call(f"{_named(harness, 0)}&resource=web_1")
    harness.look()
    harness.call(f"{harness.query(_place(harness))}&isNotify=true")


@probe
def times_before_everything(harness: FaultHarness) -> None:
    for time_ms in (0, 1_659_014_868_000, FIRST - 1_000_001, FIRST - 1, NOW // 1000):
        harness.call(harness.query(_place(harness), ids=["1"], time_ms=time_ms))
        harness.look()


@probe
def a_time_just_before(harness: FaultHarness) -> None:
    for time_ms in (FIRST - 600, FIRST + 998, FIRST + 1999):
        harness.call(harness.query(_place(harness), ids=["1"], time_ms=time_ms))
        harness.look()


@probe
def times_in_the_minutes_before(harness: FaultHarness) -> None:
    for before_ms in (59_000, 3_600_000):
        harness.call(harness.query(_place(harness), ids=["1"], time_ms=FIRST - before_ms))
        harness.look()


@probe
def after_everything(harness: FaultHarness) -> None:
    for time_ms in (NOW - 1, NOW + 9 * 3_600_000):
        harness.call(harness.query(_place(harness), ids=["1"], time_ms=time_ms))
        harness.look()


@probe
def times_in_a_chatroom(harness: FaultHarness) -> None:
    for time_ms in (FIRST, FIRST + 1000):
        harness.call(harness.query("3", ids=[SAID["3"][0]], time_ms=time_ms))
        harness.look()


@probe
def many_in_a_second(harness: FaultHarness) -> None:
    for _ in range(95):
        harness.call(harness.query("nobody", ids=["1"], time_ms=1), owner="bobb")


@probe
def lists_that_say_an_id_twice_or_end_in_none(harness: FaultHarness) -> None:
    said = _said(harness)
    for ids in ((said[0], said[0], said[1]), (said[3], "999"), said[:3:-1], (f"{said[2]}5",)):
        harness.call(harness.query(_place(harness), ids=ids, time_ms=TIMES[0]))
        harness.look()


@probe
def the_same_again_after_another_message(harness: FaultHarness) -> None:
    query = harness.query(_place(harness), ids=_said(harness), time_ms=NOW + 900)
    harness.call(query)
    _then_say(harness)
    harness.call(query)
    harness.look()


@probe
def times_to_come(harness: FaultHarness) -> None:
    for ahead_ms in (100_000, 400 * 86_400_000):
        harness.call(harness.query(_place(harness), ids=_said(harness)[:1], time_ms=NOW + ahead_ms))
        harness.look()


@probe
def a_chat_with_a_former_user(harness: FaultHarness) -> None:
    harness.call(harness.query("grace", ids=SAID["alice-grace"], time_ms=NOW))


@probe
def everything_without_a_notice(harness: FaultHarness) -> None:
    harness.call(harness.query(_place(harness), ids=_said(harness), time_ms=TIMES[-1], notify="false"))


@probe
def the_same_with_another_is_notify(harness: FaultHarness) -> None:
    for notify in ("false", "false", "true"):
        harness.call(_named(harness, 0, notify=notify))
        harness.look()


@probe
def the_stamps_of_two_answers(harness: FaultHarness) -> None:
    for _ in range(2):
        harness.call(_named(harness, 0))
        harness.wait(1500)


@large_probe
def fifty_and_more(harness: FaultHarness) -> None:
    place, said = _long(harness)
    for count in (201, 101, 100, 51, 21, 50):
        harness.call(harness.query(place, ids=said[:count], time_ms=FIRST - 1))
        harness.look()


@large_probe
def fifty(harness: FaultHarness) -> None:
    place, said = _long(harness)
    harness.call(harness.query(place, ids=said[100:150], time_ms=FIRST + 1490))


@large_probe
def two_long_lists(harness: FaultHarness) -> None:
    place, said = _long(harness)
    for ids in (said[:50], said[50:100]):
        harness.call(harness.query(place, ids=ids, time_ms=FIRST + 490))
        harness.look()


@large_probe
def a_long_conversation(harness: FaultHarness) -> None:
    place, _ = _long(harness)
    harness.call(harness.query(place, ids=["1"], time_ms=FIRST + 10 * LONG))


@large_probe
def someone_with_many_conversations(harness: FaultHarness) -> None:
    harness.call(harness.query("5", ids=SAID["5"], time_ms=NOW), owner="zoe")


# The dearest ones, for the few faults that nothing else shows.


@probe
def parameters_missing(harness: FaultHarness) -> None:
    for part in _named(harness, 0, 1).split("&"):
        harness.call(part)
        harness.look()
    harness.call("")


@probe
def methods(harness: FaultHarness) -> None:
    documented = "POST" if harness.kind.by == "all" else "DELETE"
    for method in ("GET", "PUT", "PATCH", "POST", "DELETE"):
        if method != documented:
            harness.call(_named(harness, 0, 1), method=method)
            harness.look()


@probe
def other_apps(harness: FaultHarness) -> None:
    for app in ("closed", "nowhere"):
        harness.call(_named(harness, 0, 1), app=app)
        harness.look()
    harness.call(_named(harness, 0, 1), org="nobodys")
    harness.look()


@probe
def tokens(harness: FaultHarness) -> None:
    good = harness.tokens["main"]
    expired = harness.main.tokens.issue(None, 1, NOW - 10_000)
    users = harness.main.tokens.issue("bob", 0, NOW)
    for authorization in (
        "",
        "Bearer nonsense",
        f"Basic {good}",
        f"Bearer {good[:30]}",
        f"Bearer {harness.tokens['neighbour']}",
        f"Bearer {expired}",
        f"Bearer {users}",
    ):
        harness.call(_named(harness, 0, 1), authorization=authorization)
        harness.look()
