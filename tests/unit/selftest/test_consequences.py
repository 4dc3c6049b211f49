"""What fails along with a fault, read from matrices."""

from typing import Any

from roamspec.selftest.consequences import measured


def _fault(name: str, breaks: str, *red: str) -> dict[str, Any]:
    slug = name.partition(".")[0]
    return {"name": name, "breaks": [f"{slug}.{breaks}"], "red": [f"{slug}.{each}" for each in red]}


def test_what_all_operations_share_stands_once() -> None:
    table = measured(
        [
            _fault("one.limit.off", "limit.kept", "limit.kept", "effect.gone"),
            _fault("two.limit.off", "limit.kept", "limit.kept", "effect.gone", "list.left"),
        ],
        {},
    )
    assert table == {"limit.off": {"*": ["effect.gone"], "two": ["list.left"]}}


def test_what_only_some_runs_show_depends_on_chance() -> None:
    runs = [
        _fault("one.time.cut", "time.at", "time.at", "list.left"),
        _fault("one.time.cut", "time.at", "time.at"),
    ]
    assert measured(runs, {}) == {"time.cut": {"*": ["list.left?"]}}


def test_faults_that_were_not_measured_stay() -> None:
    before = {"time.cut": {"*": ["list.left?"]}, "limit.off": {"*": ["effect.gone"]}}
    assert measured([_fault("one.limit.off", "limit.kept", "limit.kept")], before) == {
        "time.cut": {"*": ["list.left?"]}
    }
