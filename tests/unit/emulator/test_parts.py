"""The smaller parts: clock, limits, tokens, journal, redaction, and who may import whom."""

import ast
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest

import roamspec.emulator
from roamspec.emulator import journal as journal_module
from roamspec.emulator.clock import AppClock
from roamspec.emulator.journal import BODY_MAX, Journal
from roamspec.emulator.limits import RateLimits
from roamspec.emulator.redaction import body_text, header_text
from roamspec.emulator.settings import AppSettings
from roamspec.emulator.tokens import TokenBook, well_formed

ROOT = Path(roamspec.emulator.__file__).parent


def test_a_clock_stands_still_moves_and_goes_on() -> None:
    clock = AppClock()
    clock.freeze(5000)
    assert clock.now() == clock.now() == 5000
    clock.advance(10)
    assert clock.now() == 5010
    clock.run()
    assert not clock.frozen
    assert 5010 <= clock.now() < 10_000
    state = clock.state
    clock.shift_to(0)
    assert clock.now() > 10**12
    clock.restore(state)
    assert clock.now() < 10_000


def test_a_window_slides() -> None:
    limits, settings = RateLimits(), AppSettings()

    def take(now_ms: int, operation: str = "clearUser") -> bool:
        return limits.admits(operation, "", settings, now_ms)

    assert all(take(1_000_000 + n) for n in range(100))
    assert not take(1_000_999)
    assert take(1_000_999, "clearChatBefore")
    assert take(1_001_000)
    assert not take(1_001_000)
    limits.clear()
    assert take(1_001_000)


def test_lists_are_limited_per_user_and_shared_by_all_forms() -> None:
    limits, settings = RateLimits(), AppSettings().with_changes({"list_reads_per_minute": 2}, where="")
    forms = ("listConversations", "listConversationsByPage", "listConversationsByCursor")
    assert [limits.admits(form, "alice", settings, 1000) for form in forms] == [True, True, False]
    assert limits.admits(forms[0], "bob", settings, 1000)
    assert limits.admits(forms[0], "alice", settings, 61_000)


def test_messages_of_one_call_are_taken_together_or_not_at_all() -> None:
    limits, settings = RateLimits(), AppSettings().with_changes({"rate_limits": "documented"}, where="")
    counts = (3, 3, 3, 3, 3, 3, 3, 2, 1)
    taken = [limits.admits_messages("sendToGroups", count, settings, 1000) for count in counts]
    assert taken == [True] * 6 + [False, True, False]
    assert limits.admits_messages("sendToGroups", 3, settings, 2000)


def test_off_means_off() -> None:
    limits, settings = RateLimits(), AppSettings().with_changes({"rate_limits": "off"}, where="")
    assert all(limits.admits("clearUser", "", settings, 0) for _ in range(1000))


def test_tokens_expire_are_revoked_and_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("roamspec.emulator.tokens._SWEEP_AT", 10)
    book = TokenBook()
    kept, mine = book.issue(None, 0, 0), book.issue("alice", 0, 0)
    for second in range(200):
        book.issue("bob", 1, second * 1000)
    assert len(book) < 50
    token = book.find(kept)
    assert token is not None
    assert not token.expired(10**15)
    book.revoke_user("alice")
    assert book.find(mine) is None
    assert well_formed(kept)
    assert not well_formed(kept[4:])
    assert not well_formed("YWMt" + "ä" * 60)
    assert not well_formed(f"{kept}x"), "no Base64 text has this length"


@dataclass
class Asked:
    nuisance = ""

    app: str
    body: bytes
    header: bytes = b"x"
    operation: str = "op"
    now: int = 1
    started_ns: int = 0

    @property
    def app_key(self) -> tuple[str, str]:
        return "o", self.app

    @property
    def scope(self) -> dict[str, Any]:
        return {
            "method": "GET",
            "raw_path": b"/o/a/x",
            "query_string": b"",
            "headers": [(b"host", self.header)],
        }


def entry(journal: Journal, app: str = "a", body: bytes = b"", header: bytes = b"x") -> None:
    journal.add(cast(Any, Asked(app, body, header)), 200, "inferred", b"{}")


def test_a_journal_is_bounded_in_entries_and_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_module, "ENTRIES_MAX", 10)
    journal = Journal()
    for _ in range(25):
        entry(journal)
    assert [item.sequence for item in journal.entries()] == list(range(16, 26))
    assert journal.dropped == 15
    monkeypatch.setattr(journal_module, "BYTES_MAX", 50_000)
    for _ in range(9):
        entry(journal, body=b"x" * 100_000)
    kept = list(journal.entries())
    assert 1 < len(kept) < 4
    assert len(kept[-1].body) == BODY_MAX
    for _ in range(9):
        entry(journal, header=b"x" * 20_000)
    assert 1 < len(journal) < 4


def test_a_journal_is_filtered_and_cleared_by_app() -> None:
    journal = Journal()
    for app in ("a", "b", "a"):
        entry(journal, app)
    assert [item.sequence for item in journal.entries(app_key=("o", "a"), after=1)] == [3]
    journal.clear(("o", "a"))
    assert [item.app for item in journal.entries()] == ["b"]
    journal.clear()
    assert len(journal) == 0


def test_secrets_do_not_show() -> None:
    token = TokenBook().issue(None, 0, 0)
    assert header_text(b"authorization", b"Bearer " + token.encode()) == "Bearer <redacted:token>"
    assert header_text(b"authorization", b"secret") == "<redacted:token>"
    assert header_text(b"x-other", token.encode()) == "<redacted:token>"
    shown = body_text(b'{"client_secret" : "a\\"b", "password":"p", "username":"u"}')
    assert (
        shown
        == '{"client_secret" : "<redacted:client-secret>", "password":"<redacted:password>", "username":"u"}'
    )


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def test_the_emulator_imports_nothing_of_the_suite() -> None:
    allowed = (
        "roamspec.emulator",
        "roamspec.contract",
        "roamspec.wire",
        "roamspec.errors",
        "roamspec.appkey",
        "roamspec.security",
        "roamspec.interruption",
        "roamspec.listening",
        "roamspec.output_files",
        "roamspec.patterns",
        "roamspec.seeds",
    )
    for path in ROOT.rglob("*.py"):
        for module in imports(path):
            if module.startswith("roamspec."):
                assert module.startswith(allowed), f"{path} imports {module}"


def test_the_domain_knows_no_http_and_no_clock() -> None:
    forbidden = (
        "roamspec.emulator.http",
        "roamspec.emulator.clock",
        "starlette",
        "uvicorn",
        "time",
        "datetime",
    )
    for path in (*(ROOT / "domain").glob("*.py"), *(ROOT / "store").glob("*.py")):
        for module in imports(path):
            assert not module.startswith(forbidden), f"{path} imports {module}"
