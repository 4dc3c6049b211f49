"""What is pulled says what was said, once, by time, and nothing else."""

from dataclasses import replace

from roamspec.generative.content_comparison import as_said, first_seen, intruder, out_of_order
from roamspec.wire import PulledMessage

SEEN = PulledMessage("7", "ann", "ben", "chat", 1000, "hello")


def test_each_part_of_a_message_is_compared() -> None:
    said = as_said("ann", "txt", "hello", 1000)
    assert said.altered(SEEN) == ""
    assert said.altered(replace(SEEN, text="bye")) == "the text 'bye' instead of 'hello'"
    assert "the sender 'ben'" in said.altered(replace(SEEN, sender="ben"))
    assert "the time '1001'" in said.altered(replace(SEEN, time_ms=1001))
    assert "the type 'img'" in said.altered(replace(SEEN, kind="img"))


def test_what_is_not_known_is_taken_from_the_first_look() -> None:
    picture = replace(SEEN, kind="img", text="hello.jpg")
    said = as_said("ann", "img", "hello", None)
    assert said.altered(picture) == ""
    known = first_seen(said, picture)
    assert known.altered(picture) == ""
    assert known.altered(replace(picture, text="")) == "the text '' instead of 'hello.jpg'"
    assert "the time" in known.altered(replace(picture, time_ms=1001))


def test_order_and_doubles() -> None:
    later = replace(SEEN, id="8", time_ms=2000)
    tied = replace(SEEN, id="9")
    assert out_of_order([SEEN, later], newer=True) == ""
    assert out_of_order([later, SEEN], newer=False) == ""
    assert out_of_order([SEEN, later], newer=False) == "8"
    assert out_of_order([SEEN, tied], newer=False) == out_of_order([tied, SEEN], newer=False) == ""
    assert out_of_order([SEEN, SEEN], newer=True) == "7"


def test_what_was_never_said_here_is_an_intruder() -> None:
    labels = {"7": "m1", "8": "m2"}
    assert intruder([SEEN], labels, frozenset({"m1"})) == ""
    assert intruder([SEEN, replace(SEEN, id="8")], labels, frozenset({"m1"})) == "8"
    assert intruder([replace(SEEN, id="9")], labels, frozenset({"m1"})) == "9"
