"""What checks of one session share is found by its class."""

from dataclasses import dataclass, field

from roamspec.session.shared_objects import SharedObjects


@dataclass
class Names:
    known: list[str] = field(default_factory=list)


@dataclass
class OtherNames:
    known: list[str] = field(default_factory=list)


def test_each_class_has_one_object() -> None:
    shared = SharedObjects()

    shared.get(Names).known.append("alice")

    assert shared.get(Names).known == ["alice"]
    assert shared.get(OtherNames).known == []


def test_two_sessions_share_nothing() -> None:
    one, other = SharedObjects(), SharedObjects()

    one.get(Names).known.append("alice")

    assert other.get(Names).known == []
