"""A small catalogue of two operations, and runs over it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from tests.unit.report.sample_reports import EXCHANGE

from roamspec.contract.citations import Page, Place, Source
from roamspec.contract.requirements import Catalogue, Requirement
from roamspec.results.aggregate import Aggregate
from roamspec.results.events import (
    CheckFinished,
    CheckStarted,
    Ending,
    Failure,
    Judgement,
    JudgementVerdict,
    RunFinished,
    RunStarted,
    TargetInfo,
)
from roamspec.results.waivers import Accepted

SHA = "3f" * 32

FAILURE = Failure(
    expected='status 400 with error "param exception"',
    actual='status 200 {"requestStatusCode":"ok","timestamp":1710309184114}',
    exchanges=(EXCHANGE,),
    reproduce=(
        "curl -sS -X DELETE "
        "'http://127.0.0.1:40123/acme/parlor/rest/message/roaming/chat/user/u1?userId=u2' -H "
        "\"Authorization: Bearer $ROAMSPEC_TOKEN\" -H 'Content-Type: application/json' -H 'Accept: "
        "application/json'"
    ),
    hint="Likely the service's: the same call with 50 IDs is answered as documented.",
)


SOURCE = Source(
    page=Page("单向删除漫游消息", "https://doc.example/message_delete.html"),
    section="错误码",
    says="`400`, `param exception`: more than `50` message IDs.",
    place=Place(line=83, through=83, sentence=None, words="0" * 16),
)
FURTHER = Source(
    page=Page("响应状态码", "https://doc.example/error.html"), section="400", says="The request is wrong."
)


def requirement(name: str, operation: str, **changes: Any) -> Requirement:
    fields: dict[str, Any] = {
        "id": name,
        "operation": operation,
        "title": f"The promise {name.rpartition('.')[2].replace('-', ' ')} is kept.",
        "level": "must",
        "evidence": "documented",
        "sources": (SOURCE,),
        "capabilities": (),
        "family": name.split(".")[1],
        "unchecked": "",
    }
    return Requirement(**{**fields, **changes})


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    chat, user = "deleteChatMessages", "clearUser"
    entries = (
        requirement("delete-chat-messages.success.status", chat),
        requirement("delete-chat-messages.effect.named-messages-go", chat),
        requirement("delete-chat-messages.limit.fifty-one-refused", chat),
        requirement("delete-chat-messages.value.odd-ids", chat, level="should", evidence="inferred"),
        requirement("delete-chat-messages.rate.burst", chat, unchecked="needs a quiet app"),
        requirement("clear-user.success.status", user),
        requirement(
            "clear-user.all.every-kind",
            user,
            evidence="derived",
            sources=(SOURCE, FURTHER),
            step="Every kind is one of all.",
        ),
        requirement("clear-user.notify.devices-told", user, capabilities=("observer",)),
    )
    return Catalogue({entry.id: entry for entry in entries})


Verdicts = Mapping[str, JudgementVerdict | Sequence[Judgement]]
Fold = Callable[..., Aggregate]

CONFORMING: Verdicts = {
    "delete-chat-messages.success.status": "pass",
    "delete-chat-messages.effect.named-messages-go": "pass",
    "delete-chat-messages.limit.fifty-one-refused": "pass",
    "delete-chat-messages.value.odd-ids": "pass",
    "clear-user.success.status": "pass",
    "clear-user.all.every-kind": "pass",
    "clear-user.notify.devices-told": "pass",
}


@pytest.fixture
def conforming() -> Verdicts:
    return dict(CONFORMING)


@pytest.fixture
def failure() -> Failure:
    return FAILURE


@pytest.fixture
def fold(catalogue: Catalogue) -> Fold:
    """Makes the aggregate of a run in which each requirement is judged by a check of its own."""

    def run(
        verdicts: Verdicts,
        *,
        ending: Ending | None = "complete",
        detail: str = "",
        errors: Mapping[str, str] | None = None,
        planned: int | None = None,
        selected: frozenset[str] | None = None,
        strict: bool = False,
        asked: Mapping[str, str] | None = None,
        max_inconclusive: int | None = None,
        notes: tuple[str, ...] = (),
        left_out: frozenset[str] = frozenset(),
        of: Catalogue | None = None,
        command: tuple[str, ...] = ("roamspec", "run", "--base-url", "http://127.0.0.1:40123"),
        accepted: Accepted | None = None,
    ) -> Aggregate:
        aggregate = Aggregate(
            catalogue if of is None else of,
            SHA,
            strict=strict,
            asked=asked,
            max_inconclusive=max_inconclusive,
            accepted=accepted,
        )
        errors = errors or {}
        count = len(verdicts) + len(errors) if planned is None else planned
        target = TargetInfo("emulator", "http://127.0.0.1:40123", "acme#parlor")
        aggregate(RunStarted(target, "standard", 7, "2026-01-01T00:00:00Z", count, selected, command))
        for name, verdict in verdicts.items():
            check = f"test_{name.rpartition('.')[2].replace('-', '_')}[{name.partition('.')[0]}]"
            judgements = _judgements(name, verdict)
            outcomes = {judgement.verdict for judgement in judgements}
            outcome: JudgementVerdict = (
                "fail" if "fail" in outcomes else "pass" if "pass" in outcomes else "inconclusive"
            )
            aggregate(CheckStarted(check))
            aggregate(CheckFinished(check, outcome, 0.25, judgements))
        for check, what in errors.items():
            aggregate(CheckFinished(check, "error", 0.5, detail=what))
        if ending is not None:
            aggregate(RunFinished(8.125, 1234, ending, detail, notes, left_out))
        return aggregate

    return run


def _judgements(name: str, verdict: JudgementVerdict | Sequence[Judgement]) -> tuple[Judgement, ...]:
    if not isinstance(verdict, str):
        return tuple(verdict)
    reason = "the target shows no online devices: give --observer-url" if verdict == "inconclusive" else ""
    return (Judgement(name, verdict, reason, FAILURE if verdict == "fail" else None),)


@pytest.fixture(scope="session")
def five_operations() -> Catalogue:
    """Seven requirements for each of the five operations."""
    names = ("delete-chat-messages", "delete-group-messages", "clear-user", "clear-chat-before")
    entries: dict[str, Requirement] = {}
    for slug in (*names, "clear-group-before"):
        first, *others = slug.split("-")
        operation = first + "".join(map(str.title, others))
        for name in ("success.status", "success.body", "effect.goes", "one-way.peer-keeps", "list.stays"):
            entries[f"{slug}.{name}"] = requirement(f"{slug}.{name}", operation)
        entries[f"{slug}.value.odd"] = requirement(
            f"{slug}.value.odd", operation, level="should", evidence="observed"
        )
        entries[f"{slug}.rate.burst"] = requirement(
            f"{slug}.rate.burst", operation, unchecked="needs a quiet app"
        )
    return Catalogue(entries)
