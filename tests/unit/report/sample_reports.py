"""Reports of any size for tests of what renders them, in the form of `report.json`."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

OPERATIONS: Final = (
    "deleteChatMessages",
    "deleteGroupMessages",
    "clearUser",
    "clearChatBefore",
    "clearGroupBefore",
)
FAMILIES: Final = ("success", "effect", "one-way", "limit", "notify", "value", "time", "list")
VERDICTS: Final = ("pass", "fail", "inconclusive", "waived", "not-run")

EXCHANGE: Final[dict[str, Any]] = {
    "method": "DELETE",
    "url": "http://127.0.0.1:40123/acme/parlor/rest/message/roaming/chat/user/u1?userId=u2&msgIdList=1,2",
    "request_headers": [["Authorization", "Bearer <redacted:token>"]],
    "request_body": "",
    "status": 200,
    "response_headers": [["Content-Type", "application/json"]],
    "response_body": '{"requestStatusCode":"ok","timestamp":1710309184114}',
    "sent_at": 1.25,
    "elapsed_s": 0.003,
    "error": None,
    "note": "",
}


def failure(**changes: Any) -> dict[str, Any]:
    return {
        "expected": "status 400",
        "actual": "status 200",
        "exchanges": [EXCHANGE],
        "reproduce": "curl -sS http://127.0.0.1:40123/",
        "hint": "Likely cause: the service.",
        **changes,
    }


def item(number: int, verdict: str, **changes: Any) -> dict[str, Any]:
    """The requirement of this number: its operation, its family and its name follow from it."""
    operation, family = OPERATIONS[number % 5], FAMILIES[number // 5 % 8]
    slug = "".join(f"-{c.lower()}" if c.isupper() else c for c in operation)
    outcome = "fail" if verdict == "waived" else verdict
    check: dict[str, Any] = {"id": f"test_{family}[{operation}]", "outcome": outcome, "duration_s": 0.25}
    if outcome == "fail":
        check["failure"] = failure()
    return {
        "id": f"{slug}.{family}.rule-{number}",
        "title": f"Rule {number} holds.",
        "level": "must",
        "evidence": "documented",
        "operations": [operation],
        "decisive": True,
        "source": {
            "page": "单向删除漫游消息",
            "url": "https://doc.example/message_delete.html",
            "section": "错误码",
            "line": 83,
            "says": "`400`: more than `50` message IDs.",
        },
        "verdict": verdict,
        "reason": {"inconclusive": "no device can be watched", "not-run": "not selected"}.get(verdict, ""),
        "checks": [] if verdict == "not-run" else [check],
        **changes,
    }


def report(items: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    """A complete run with these requirements; the verdict follows from them."""
    totals: Mapping[str, int] = Counter(each["verdict"] for each in items)
    failed = sum(each["verdict"] == "fail" and each["decisive"] for each in items)
    return {
        "schema": "roamspec.report/1",
        "tool": {"name": "roamspec", "version": "0.1.0"},
        "contract": {"sha256": "3f" * 32},
        "catalogue": {"revision": 2},
        "target": {"kind": "emulator", "base_url": "http://127.0.0.1:40123", "app_key": "acme#parlor"},
        "profile": "standard",
        "seed": 7,
        "started_at": "2026-01-01T00:00:00Z",
        "duration_s": 8.125,
        "requests": 1234,
        "ending": "complete",
        "strict": False,
        "verdict": "non-conforming" if failed else "conforming",
        "exit_status": 1 if failed else 0,
        "because": [f"{failed} blocking requirements failed."] if failed else [],
        "totals": {verdict: totals.get(verdict, 0) for verdict in VERDICTS},
        "checks": {"planned": 40, "finished": 40, "errors": []},
        "notes": [],
        "requirements": items,
        **changes,
    }


def large_report(number: int = 2000) -> dict[str, Any]:
    """Of `number` requirements: of every ten, six pass, and each other verdict occurs once."""
    order = ("fail", "inconclusive", "waived", "not-run", *["pass"] * 6)
    return report([item(count, order[count // 40 % 10]) for count in range(number)])
