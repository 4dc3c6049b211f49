"""What a client can try: each probe is a few calls in a fresh town, and a look at what they left."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from tests.unit.faults.town import ALIKE, FIRST, LONG, NOW, SAID, TIMES, Town

Probe = Callable[[Town], None]
PROBES: Final[list[Probe]] = []
LARGE: Final[set[Probe]] = set()
"""Those that need a large town."""
_HUGE: Final = "9" * 26


def probe(function: Probe) -> Probe:
    PROBES.append(function)
    return function


def large_probe(function: Probe) -> Probe:
    LARGE.add(function)
    return probe(function)


def _place(town: Town) -> str:
    return "1" if town.kind.conversation == "group" else "bob"


def _said(town: Town) -> Sequence[str]:
    return SAID["1" if town.kind.conversation == "group" else "alice-bob"]


def _long(town: Town) -> tuple[str, Sequence[str]]:
    return ("4", SAID["4"]) if town.kind.conversation == "group" else ("dave", SAID["alice-dave"])


def _named(town: Town, *numbers: int, **more: Any) -> str:
    """The query for some messages; by time, for all up to the last of them."""
    said = _said(town)
    ids = [said[number] for number in numbers]
    return town.query(_place(town), ids=ids, time_ms=TIMES[max(numbers)], **more)


def _everything(town: Town) -> str:
    return _named(town, *range(len(TIMES)))


def _then_say(town: Town) -> None:
    for sender, target in (("bob", "alice"), ("alice", "bob"), ("bob", "1"), ("carol", "1")):
        town.wait(1)
        town.say(sender, target)
        town.look()


@probe
def some_messages(town: Town) -> None:
    town.call(_named(town, 3, 0, 5, 1))


@probe
def tokens(town: Town) -> None:
    good = town.tokens["main"]
    expired = town.main.tokens.issue(None, 1, NOW - 10_000)
    users = town.main.tokens.issue("bob", 0, NOW)
    for authorization in (
        "",
        "Bearer nonsense",
        f"Basic {good}",
        f"Bearer {good[:30]}",
        f"Bearer {town.tokens['neighbour']}",
        f"Bearer {expired}",
        f"Bearer {users}",
    ):
        town.call(_named(town, 0, 1), authorization=authorization)
        town.look()


@probe
def parameters_missing(town: Town) -> None:
    for part in _named(town, 0, 1).split("&"):
        town.call(part)
        town.look()
    town.call("")


@probe
def methods(town: Town) -> None:
    documented = "POST" if town.kind.by == "all" else "DELETE"
    for method in ("GET", "PUT", "PATCH", "POST", "DELETE"):
        if method != documented:
            town.call(_named(town, 0, 1), method=method)
            town.look()


@probe
def other_apps(town: Town) -> None:
    for app in ("closed", "nowhere"):
        town.call(_named(town, 0, 1), app=app)
        town.look()
    town.call(_named(town, 0, 1), org="nobodys")
    town.look()


@probe
def each_value_of_is_notify(town: Town) -> None:
    for number, value in enumerate(("true", "false", "perhaps", "")):
        town.call(_named(town, number, notify=value) + ("&isNotify=" if not value else ""))
        town.look()


@probe
def conversations_that_are_not(town: Town) -> None:
    for place in ("nobody", "", "nob%20%C3%BCody", "99"):
        town.call(_named(town, 0, 1).replace(f"={_place(town)}&", f"={place}&"))
        town.look()


@probe
def lists_that_cannot_be(town: Town) -> None:
    for ids in ([""], ["", _said(town)[0], ""], ["one", "two"], [_HUGE]):
        town.call(town.query(_place(town), ids=ids, time_ms=1))
        town.look()


@probe
def times_that_cannot_be(town: Town) -> None:
    for text in ("", "yesterday", "-1", f"{FIRST}.5", _HUGE):
        town.call(town.query(_place(town), ids=["1"]).replace("delTime=0", f"delTime={text}"))
        town.look()


@probe
def users_that_are_not(town: Town) -> None:
    for owner in ("nobody", "nob%20%C3%BCody"):
        town.call(_named(town, 0, 1), owner=owner)
        town.look()


@probe
def names_that_are_alike(town: Town) -> None:
    for owner, place in ((ALIKE, "ivan"), ("ivan", ALIKE)):
        query = town.query(place, ids=SAID[f"ivan-{ALIKE}"], time_ms=NOW)
        town.call(query, owner=owner)
        town.look()


@probe
def an_owner_with_an_encoded_letter(town: Town) -> None:
    town.call(_named(town, 0, 1), owner="al%69ce")


@probe
def later_messages(town: Town) -> None:
    town.call(_named(town, 0, 1, 2, 5))
    _then_say(town)


@probe
def ids_elsewhere_or_nowhere(town: Town) -> None:
    said, place = _said(town), _place(town)
    strangers = [SAID["bob-carol"][0], SAID["bob-dave"][0]]
    further = [SAID["2"][0]] if town.kind.conversation == "group" else [SAID["alice-carol"][0]]
    other_kind = [SAID["alice-bob"][0] if town.kind.conversation == "group" else SAID["1"][0]]
    for ids in (further, other_kind, strangers, ["1"], [said[0], said[0]], [said[1], "1", said[2]]):
        town.call(town.query(place, ids=ids, time_ms=1))
        town.look()


@probe
def the_boundary(town: Town) -> None:
    town.call(town.query(_place(town), ids=["1"], time_ms=FIRST + 1000))


@probe
def one_message(town: Town) -> None:
    for number in (0, 6, 3, 6):
        town.call(_named(town, number))
        town.look()


@probe
def two_and_three_messages(town: Town) -> None:
    town.call(_named(town, 0, 1))
    town.look()
    town.call(_named(town, 2, 3, 4))


@probe
def everything_at_once(town: Town) -> None:
    town.call(_everything(town))
    town.look()
    _then_say(town)


@probe
def everything_by_and_by(town: Town) -> None:
    town.call(_named(town, 0, 1, 2, 3))
    town.call(_named(town, 4, 5, 6))
    town.look()
    _then_say(town)


@probe
def the_same_again(town: Town) -> None:
    for _ in range(2):
        town.wait(1000)
        town.call(_named(town, 0, 1, 2))
        town.look()


@probe
def both_sides(town: Town) -> None:
    town.call(_named(town, 0, 1, 2))
    town.look()
    query = _named(town, 2, 3)
    town.call(query.replace("userId=bob", "userId=alice"), owner="bob")
    town.look()
    town.say("carol", "1")
    town.say("bob", "alice")
    town.wait(1)
    query = _named(town, 5, 6)
    town.call(query.replace("userId=bob", "userId=alice"), owner="bob")


@probe
def at_the_same_time(town: Town) -> None:
    town.call(_named(town, 0), client=1)
    town.call(_named(town, 1, 2), client=2)


@probe
def written_otherwise(town: Town) -> None:
    query = _named(town, 0, 3)
    town.call(query.replace(",", "%2C"))
    town.look()
    town.call("&".join(reversed(_named(town, 1, 4).split("&"))))
    town.look()
    town.call(_named(town, 2, 5) + "&resource=web_1")


@probe
def parameters_that_are_not_documented(town: Town) -> None:
    town.call(f"{_named(town, 0)}&resource=web_1")
    town.look()
    town.call(f"{town.query(_place(town))}&isNotify=true")


@probe
def times_before_everything(town: Town) -> None:
    for time_ms in (0, 1_659_014_868_000, FIRST - 1_000_001, FIRST - 1, NOW // 1000):
        town.call(town.query(_place(town), ids=["1"], time_ms=time_ms))
        town.look()


@probe
def a_time_just_before(town: Town) -> None:
    for time_ms in (FIRST - 600, FIRST + 998, FIRST + 1999):
        town.call(town.query(_place(town), ids=["1"], time_ms=time_ms))
        town.look()


@probe
def times_in_the_minutes_before(town: Town) -> None:
    for before_ms in (59_000, 3_600_000):
        town.call(town.query(_place(town), ids=["1"], time_ms=FIRST - before_ms))
        town.look()


@probe
def after_everything(town: Town) -> None:
    for time_ms in (NOW - 1, NOW + 9 * 3_600_000):
        town.call(town.query(_place(town), ids=["1"], time_ms=time_ms))
        town.look()


@probe
def times_in_a_chatroom(town: Town) -> None:
    for time_ms in (FIRST, FIRST + 1000):
        town.call(town.query("3", ids=[SAID["3"][0]], time_ms=time_ms))
        town.look()


@probe
def many_in_a_second(town: Town) -> None:
    for _ in range(95):
        town.call(town.query("nobody", ids=["1"], time_ms=1), owner="bobb")


@probe
def lists_that_say_an_id_twice_or_end_in_none(town: Town) -> None:
    said = _said(town)
    for ids in ((said[0], said[0], said[1]), (said[3], "999"), said[:3:-1], (f"{said[2]}5",)):
        town.call(town.query(_place(town), ids=ids, time_ms=TIMES[0]))
        town.look()


@probe
def the_same_again_after_another_message(town: Town) -> None:
    query = town.query(_place(town), ids=_said(town), time_ms=NOW + 900)
    town.call(query)
    _then_say(town)
    town.call(query)
    town.look()


@probe
def times_to_come(town: Town) -> None:
    for ahead_ms in (100_000, 400 * 86_400_000):
        town.call(town.query(_place(town), ids=_said(town)[:1], time_ms=NOW + ahead_ms))
        town.look()


@probe
def a_chat_with_a_former_user(town: Town) -> None:
    town.call(town.query("grace", ids=SAID["alice-grace"], time_ms=NOW))


@probe
def everything_without_a_notice(town: Town) -> None:
    town.call(town.query(_place(town), ids=_said(town), time_ms=TIMES[-1], notify="false"))


@probe
def the_same_with_another_is_notify(town: Town) -> None:
    for notify in ("false", "false", "true"):
        town.call(_named(town, 0, notify=notify))
        town.look()


@probe
def the_stamps_of_two_answers(town: Town) -> None:
    for _ in range(2):
        town.call(_named(town, 0))
        town.wait(1500)


@large_probe
def fifty_and_more(town: Town) -> None:
    place, said = _long(town)
    for count in (201, 101, 100, 51, 21, 50):
        town.call(town.query(place, ids=said[:count], time_ms=FIRST - 1))
        town.look()


@large_probe
def fifty(town: Town) -> None:
    place, said = _long(town)
    town.call(town.query(place, ids=said[100:150], time_ms=FIRST + 1490))


@large_probe
def two_long_lists(town: Town) -> None:
    place, said = _long(town)
    for ids in (said[:50], said[50:100]):
        town.call(town.query(place, ids=ids, time_ms=FIRST + 490))
        town.look()


@large_probe
def a_long_conversation(town: Town) -> None:
    place, _ = _long(town)
    town.call(town.query(place, ids=["1"], time_ms=FIRST + 10 * LONG))


@large_probe
def someone_with_many_conversations(town: Town) -> None:
    town.call(town.query("5", ids=SAID["5"], time_ms=NOW), owner="zoe")
