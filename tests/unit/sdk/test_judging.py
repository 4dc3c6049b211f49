"""The judgements on single calls: what is right, what is wrong, and what cannot be notified."""

from collections.abc import Callable
from itertools import permutations
from urllib.parse import quote

import pytest

from roamspec.sdk.calls import ObservedCall
from roamspec.sdk.evaluate import CallerNames, announce, judge_calls
from roamspec.sdk.finding import IntendedValues
from roamspec.sdk.rules.escaping import damaged
from roamspec.sdk.scenario import read_scenario

TOKEN = "Bearer <redacted:token>"
HEADERS = (("authorization", TOKEN), ("content-type", "application/json"), ("accept", "application/json"))
CHAT = "/o/a/rest/message/roaming/chat/user/alice"
OK = '{"requestStatusCode":"ok"}'
MEANT = IntendedValues(
    frozenset(("a b", "x&y", "1%41", "名字")),
    frozenset(("a b", "x&y", "p+q")),
    frozenset(("1623498608550674433",)),
)


def call(
    target: str, operation: str = "deleteChatMessages", method: str = "DELETE", **more: object
) -> ObservedCall:
    values = {"headers": HEADERS, "answer": OK, "status": 200, **more}
    return ObservedCall("o", "a", operation, method, target, **values)  # type: ignore[arg-type]


def verdicts(one: ObservedCall, *others: ObservedCall) -> dict[str, str]:
    """By `family.name`; a failure outweighs a pass."""
    found: dict[str, str] = {}
    for finding in judge_calls([one, *others], MEANT, CallerNames()):
        if found.get(finding.name) != "fail":
            found[finding.name] = finding.verdict
    return found


def failing(one: ObservedCall, *others: ObservedCall) -> set[str]:
    return {name for name, verdict in verdicts(one, *others).items() if verdict == "fail"}


@pytest.mark.parametrize("query", ["userId=bob&msgIdList=1,2", "msgIdList=1%2C2&&userId=bob&isNotify=true"])
def test_right_calls_in_any_spelling(query: str) -> None:
    assert failing(call(f"{CHAT}?{query}")) == set()


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("userId=bob", {"client-request.required-parameters"}),
        ("userId=&msgIdList=1", {"client-request.required-parameters"}),
        ("userId=bob&msgIdList=1;2", {"client-request.ids-separated-by-commas"}),
        ("userId=bob&msgIdList=1,%202", {"client-request.ids-separated-by-commas"}),
        ("userId=bob&msgIdList=%221%22", {"client-request.ids-separated-by-commas"}),
        ("userId=alice&msgIdList=1", {"client-request.owner-is-not-the-peer"}),
        ("userId=bob&msgIdList=1&isNotify=TRUE", {"client-notify.spelled-as-documented"}),
        ("userId=bob&msgIdList=1&force=1", {"client-unknown.no-unknown-parameters"}),
        ("userId=bob&msgIdList=" + ",".join(map(str, range(51))), {"client-limit.at-most-fifty-ids"}),
        ("userId=bob&msgIdList=1623498608550674432", {"client-escaping.message-ids-arrive-as-meant"}),
        ("userId=bob&msgIdList=1623498608550674400", {"client-escaping.message-ids-arrive-as-meant"}),
        ("userId=a%2520b&msgIdList=1", {"client-escaping.conversation-arrives-as-meant"}),
        ("userId=bob%2541&msgIdList=1", {"client-escaping.conversation-arrives-as-meant"}),
        ("userId=p+q&msgIdList=1", {"client-escaping.conversation-arrives-as-meant"}),
        ("userId=%ff&msgIdList=1", {"client-escaping.conversation-arrives-as-meant"}),
        ("userId=50%&msgIdList=1", {"client-escaping.conversation-arrives-as-meant"}),
    ],
)
def test_wrong_queries(query: str, wrong: set[str]) -> None:
    assert failing(call(f"{CHAT}?{query}")) == wrong


@pytest.mark.parametrize(
    ("time", "wrong"),
    [
        ("1710309184114", set()),
        ("0", set()),
        ("1710309184", {"client-time.milliseconds"}),
        ("99999999999", {"client-time.milliseconds"}),
        ("100000000000", set()),
        ("1710309184114000", {"client-time.milliseconds"}),
        ("9223372036854775807", set()),
        ("9223372036854775808", {"client-time.whole-number"}),
        ("1.7e12", {"client-time.whole-number"}),
    ],
)
def test_times(time: str, wrong: set[str]) -> None:
    assert failing(call(f"{CHAT}/time?userId=bob&delTime={time}", "clearChatBefore")) == wrong


@pytest.mark.parametrize(
    ("headers", "wrong"),
    [
        ((), {"bearer-token", "content-type", "accept"}),
        ((("authorization", "bearer <redacted:token>"), *HEADERS[1:]), {"bearer-token"}),
        ((("authorization", "Bearer  <redacted:token>"), *HEADERS[1:]), {"bearer-token"}),
        (
            (
                HEADERS[0],
                ("content-type", "application/json;charset=utf-8"),
                ("accept", "text/html, */*;q=0.1"),
            ),
            set(),
        ),
        ((HEADERS[0], ("content-type", "text/plain"), ("accept", "text/html")), {"content-type", "accept"}),
    ],
)
def test_headers(headers: tuple[tuple[str, str], ...], wrong: set[str]) -> None:
    found = failing(call(f"{CHAT}?userId=bob&msgIdList=1", headers=headers))
    assert found == {f"client-headers.{name}" for name in wrong}


def test_an_expired_token_is_nobodys_fault() -> None:
    text = '{"error":"unauthorized","error_description":"Unable to authenticate due to expired access token"}'
    assert failing(call(f"{CHAT}?userId=bob&msgIdList=1", status=401, answer=text)) == set()
    text = text.replace(" due to expired access token", "")
    assert failing(call(f"{CHAT}?userId=bob&msgIdList=1", status=401, answer=text)) == {
        "client-headers.token-accepted"
    }


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/rest/message/roaming/chat/user/alice", "POST"),
        ("/rest/message/roaming/chat/users/alice", "DELETE"),
        ("/rest/message/roaming/chat/user/a/b", "DELETE"),
        ("/message/roaming/chat/user/alice", "DELETE"),
    ],
)
def test_paths_that_were_meant(path: str, method: str) -> None:
    wrong = failing(call(f"/o/a{path}?userId=bob&msgIdList=1", "", method, status=404))
    assert "client-request.method-and-path" in wrong


def test_a_hint_looks_at_what_was_given() -> None:
    def reasons(meant: IntendedValues) -> set[str]:
        found = judge_calls([call(f"{CHAT}?userId=bob&msgIdList=1")], meant, CallerNames())
        return {finding.actual for finding in found if finding.verdict == "inconclusive"}

    assert any("--scenario awkward provides some" in reason for reason in reasons(IntendedValues()))
    given = reasons(MEANT)
    assert not any("--scenario" in reason for reason in given)
    assert any("such as 'a b'" in reason for reason in given)
    assert any("ROAMSPEC_SCENARIO" in reason for reason in given)


@pytest.mark.parametrize("name", [None, "awkward"])
def test_no_damage_of_a_seeded_id_is_another_one_or_that_of_another(name: str | None) -> None:
    scenario = read_scenario(name)
    groups = [group["id"] for group in scenario.seed["groups"]]
    users = [*scenario.seed["users"], *scenario.meant.get("users", ())]
    groups += scenario.meant.get("groups", ())
    for ids in (users, users + groups):
        assert len({item.lower() for item in ids}) == len(ids)
        becomes = {item: damaged(item) for item in ids}
        for item, other in permutations(ids, 2):
            assert other.lower() not in becomes[item], (item, other)
            assert not becomes[item] & becomes[other], (item, other)


@pytest.mark.parametrize("damage", [str, lambda one: str(int(float(one))), lambda one: f"{float(one):e}"])
def test_ids_that_were_numbers_are_reported(damage: Callable[[str], str]) -> None:
    (meant,) = MEANT.messages
    wrong = failing(call(f"{CHAT}?userId=bob&msgIdList={quote(damage(meant))}"))
    assert ("client-escaping.message-ids-arrive-as-meant" in wrong) == (damage is not str)


def test_paths_that_mean_something_else() -> None:
    assert failing(call("/o/a/users/alice/presence", "", "GET", status=404)) == set()


def test_a_blank_in_the_url_is_reported_for_the_operation() -> None:
    line = "DELETE /o/a/rest/message/roaming/chat/user/a b?userId=b c&msgIdList=1 HTTP/1.1\r\nHost: x\r\n"
    wrong = failing(ObservedCall("", "", "", "", "", body=line, status=0, problem="not-http"))
    assert wrong == {
        "client-http.speaks-http",
        "client-escaping.owner-arrives-as-meant",
        "client-escaping.conversation-arrives-as-meant",
    }


def test_an_announced_rejection_is_not_judged() -> None:
    bad = call(f"{CHAT}?userId=bob", status=400, answer="{}")
    assert failing(bad) == {"client-request.required-parameters"}
    assert failing(*announce([bad], ["deleteChat*"])) == set()
    said = call(f"{CHAT}?userId=bob", status=400, headers=(*HEADERS, ("x-roamspec-expect", "Refusal")))
    assert failing(*announce([said], [])) == set()
    # Announced and served is not an error response: it is judged like any other.
    served = call(f"{CHAT}?userId=bob", headers=said.headers)
    assert failing(*announce([served], [])) == {"client-request.required-parameters"}


def test_a_row_of_the_error_table_is_a_pattern_too() -> None:
    text = '{"error":"param exception","error_description":"delete msg list limit can not greater than 50"}'
    many = call(f"{CHAT}?userId=bob&msgIdList=" + "1," * 60 + "1", status=400, answer=text)
    assert [c.announced for c in announce([many], ["*:too-many-ids"])] == [True]
    assert [c.announced for c in announce([many], ["*:not-open"])] == [False]


def test_secrets_in_urls_are_found_even_when_announced() -> None:
    told = call(f"{CHAT}?userId=bob&access_token=<redacted:token>", status=400, answer="{}")
    assert "client-secrets.no-token-in-url" in failing(*announce([told], ["*"]))


def test_the_forms_of_client_sdks_count() -> None:
    target = f"{CHAT}/time?userId=bob&delTime=1710309184114&&resource=web".replace("/rest/", "/sdk/")
    one = call(target, "clearChatBeforeAsClient")
    assert one.deletion == "clearChatBefore"
    assert failing(one) == set()


def test_a_renewed_token_is_not_fetched_needlessly() -> None:
    answer = '{"access_token":"<redacted:token>","expires_in":100}'
    body = '{"grant_type":"client_credentials","client_id":"x"}'

    def fetch(at: float) -> ObservedCall:
        return call("/o/a/token", "createToken", "POST", body=body, answer=answer, started_ms=at)

    def use(at: float, status: int = 200) -> ObservedCall:
        target = "/o/a/rest/message/roaming/user/alice/delete/all"
        return call(
            target, "clearUser", "POST", status=status, started_ms=at, nuisance="401" if status == 401 else ""
        )

    name = "client-token.fetched-once-and-reused"
    assert verdicts(fetch(0), use(1), fetch(2), use(3))[name] == "fail"
    assert verdicts(fetch(0), use(1, 401), fetch(2), use(3))[name] == "pass"
    assert verdicts(fetch(0), use(1), fetch(100_001), use(100_002))[name] == "pass"


def test_every_damage_differs_from_what_was_meant() -> None:
    for meant in ("a b", "x&y=z", "p+q", "100%", "e%41", "h#m", "q?m", "s/d", "名字", "naïve"):
        assert damaged(meant)
        assert meant not in damaged(meant)
    assert damaged("plain") == frozenset()
