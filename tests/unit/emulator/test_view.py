"""A view against a plain list: whatever is added and removed, both hold the same in the same order."""

from hypothesis import given
from hypothesis import strategies as st

from roamspec.emulator.domain.records import ConversationKey, StoredMessage
from roamspec.emulator.store.memory import MemoryView

TIMES = st.integers(0, 20)


def message(number: int, time_ms: int) -> StoredMessage:
    return StoredMessage(f"{number:06d}", "a", "b", "chat", time_ms, "txt", "x", None, enters_lists=True)


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("add"), TIMES),
            st.tuples(st.just("remove"), st.lists(st.integers(0, 60), max_size=40)),
            st.tuples(st.just("clear"), TIMES),
        ),
        max_size=60,
    )
)
def test_a_view_is_a_sorted_list(steps: list[tuple[str, object]]) -> None:
    view, plain = MemoryView(ConversationKey("chat", "b")), list[StoredMessage]()
    for number, (what, value) in enumerate(steps):
        if what == "add":
            assert isinstance(value, int)
            added = message(number, value)
            view.add(added)
            plain.append(added)
        elif what == "remove":
            assert isinstance(value, list)
            gone = view.named(f"{item:06d}" for item in value)
            view.remove(gone)
            plain = [item for item in plain if item not in gone]
        else:
            assert isinstance(value, int)
            gone = view.through(value)
            assert list(gone) == sorted(
                (m for m in plain if m.time_ms <= value), key=lambda m: (m.time_ms, m.id)
            )
            view.remove(gone)
            plain = [item for item in plain if item.time_ms > value]
        plain.sort(key=lambda item: (item.time_ms, item.id))
        assert list(view) == plain
        assert len(view) == len(plain)
        assert list(view.walk(None, newer=False)) == plain[::-1]
        assert view.newest() is (plain[-1] if plain else None)
        middle = (10, "000030")
        assert list(view.walk(middle, newer=True)) == [m for m in plain if (m.time_ms, m.id) > middle]
        assert list(view.walk(middle, newer=False)) == [m for m in plain if (m.time_ms, m.id) < middle][::-1]


def test_what_was_removed_in_bulk_does_not_linger() -> None:
    view = MemoryView(ConversationKey("chat", "b"))
    for number in range(1000):
        view.add(message(number, number))
    view.remove(view.through(900))
    assert len(view._order) < 99 + 32 + 99 // 8 + 1


def test_what_comes_back_stands_there_once() -> None:
    view = MemoryView(ConversationKey("chat", "b"))
    messages = [message(number, number) for number in range(5)]
    for each in messages:
        view.add(each)
    view.remove([messages[1], messages[4]])
    for each in (messages[4], messages[1], messages[1]):
        view.add(each)
    assert list(view) == messages


def test_a_copy_is_independent() -> None:
    view = MemoryView(ConversationKey("chat", "b"))
    view.add(message(1, 1))
    view.marks = ("mark_1",)
    twin = view.copy()
    view.remove(list(view))
    assert [item.id for item in twin] == ["000001"]
    assert twin.marks == ("mark_1",)
