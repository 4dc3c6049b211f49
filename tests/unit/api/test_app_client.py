"""App tokens and user tokens: fetched once, and whose fault it is when there are none."""

import json

import httpx
import pytest
from tests.unit.conftest import KEY, MARK, SECRET, TOKEN, Clock, MakeSite, Site, ok

from roamspec.api import provisioning
from roamspec.api.app_client import AppClient, required
from roamspec.config.credentials import Credentials
from roamspec.errors import CredentialsRefused, SetupFailed, Unreachable
from roamspec.transport.http_messages import Request


def test_the_token_is_fetched_once_and_goes_along(site: MakeSite) -> None:
    target = site(ok(access_token="YWMt1", expires_in=60), ok(), token=None)

    target.app.call("GET", "/users/u1", bucket="users")
    target.app.call("GET", "/users/u1", bucket="users")

    assert target.script.targets == [
        "POST /acme/parlor/token",
        "GET /acme/parlor/users/u1",
        "GET /acme/parlor/users/u1",
    ]
    request, *calls = target.script.requests
    assert json.loads(request.content) == {
        "grant_type": "client_credentials",
        "client_id": "the-client-id",
        "client_secret": SECRET,
    }
    assert "authorization" not in request.headers
    assert {call.headers["authorization"] for call in calls} == {"Bearer YWMt1"}


def test_a_given_token_needs_no_request(site: MakeSite) -> None:
    target = site(ok(), token="YWMtGiven")

    assert target.app.token() == "YWMtGiven"
    assert target.script.requests == []


def test_a_short_lived_token_is_asked_for(site: MakeSite) -> None:
    target = site(ok(access_token="YWMtShort", expires_in=2), token="YWMtGiven")

    grant = target.app.new_token(ttl_s=2)

    assert (grant.token, grant.expires_in) == ("YWMtShort", 2.0)
    assert json.loads(target.script.requests[0].content)["ttl"] == 2


@pytest.mark.parametrize("expires_in", ["60", None, [], {}])
def test_a_lifetime_that_is_no_number_is_unknown(site: MakeSite, expires_in: object) -> None:
    assert site(ok(access_token="YWMt1", expires_in=expires_in)).app.new_token().expires_in is None


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(401, json={"error": "invalid_grant"}),
        httpx.Response(404, json={"error": "organization_application_not_found"}),
        httpx.Response(200, json={"expires_in": 1}),
        httpx.Response(200, json={"access_token": ""}),
        httpx.Response(200, json={"access_token": 5}),
        httpx.Response(200, json=["access_token"]),
        httpx.Response(200, text="<html>"),
    ],
)
def test_rejected_credentials_are_one_sentence_that_says_what_to_check(
    site: MakeSite, answer: httpx.Response
) -> None:
    with pytest.raises(CredentialsRefused) as refused:
        site(answer, token=None).app.token()

    said = str(refused.value)
    assert said.startswith("http://service.test issues no token for acme#parlor: ")
    assert "ROAMSPEC_CLIENT_SECRET" in said
    assert SECRET not in said


def test_nobody_there(site: MakeSite) -> None:
    with pytest.raises(Unreachable, match=r"service\.test cannot be reached.*ConnectError"):
        site(httpx.ConnectError("refused"), token=None).app.token()


def test_a_failed_request_is_not_remembered(site: MakeSite) -> None:
    target = site(httpx.ConnectError("refused"), ok(access_token="YWMt1"), token=None)
    with pytest.raises(Unreachable):
        target.app.token()
    assert target.app.token() == "YWMt1"


def test_a_users_own_token_by_password(site: MakeSite) -> None:
    target = site(ok(access_token="YWMtOfU1"))

    assert [target.app.user_token("u1", "pw") for _ in range(2)] == ["YWMtOfU1"] * 2

    [sent] = target.script.requests
    assert json.loads(sent.content) == {"grant_type": "password", "username": "u1", "password": "pw"}


def test_a_users_own_token_is_inherited_where_passwords_are_off(site: MakeSite) -> None:
    target = site(httpx.Response(400), ok(access_token="YWMtOfU1"))

    assert target.app.user_token("u1", "pw") == "YWMtOfU1"

    inherited = target.script.requests[1]
    assert json.loads(inherited.content)["grant_type"] == "inherit"
    assert inherited.headers["authorization"].startswith("Bearer ")


def test_the_app_key_is_escaped_once(site: MakeSite) -> None:
    target = site(ok())
    target.app.call("GET", "/users/a%2Fb", bucket="users", anonymous=True)
    assert target.script.targets == ["GET /acme/parlor/users/a%2Fb"]
    assert "authorization" not in target.script.requests[0].headers


def test_credentials_tell_whether_tokens_can_be_requested(site: MakeSite) -> None:
    assert site(ok()).app.can_request_tokens


@pytest.mark.parametrize("answer", [httpx.Response(200, json=[]), httpx.Response(403, json={})])
def test_arranging_needs_an_object(site: MakeSite, answer: httpx.Response) -> None:
    came = site(answer).app.call("GET", "/users/u1", bucket="users")
    with pytest.raises(SetupFailed, match=r"^looking failed: "):
        required(came, "looking")


def refused() -> httpx.Response:
    return httpx.Response(401, json={"error": "unauthorized"})


def tokens_of(target: Site) -> list[str]:
    return [request.headers.get("authorization", "") for request in target.script.requests]


def test_an_arranging_call_whose_token_ended_early_is_made_again_with_a_new_one(site: MakeSite) -> None:
    target = site(refused(), ok(access_token="YWMt2"), ok(), token="YWMt1")

    assert target.app.call("GET", "/users/u1", bucket="users").ok

    assert tokens_of(target) == ["Bearer YWMt1", "", "Bearer YWMt2"]


def test_a_new_token_that_is_rejected_too_is_the_last(site: MakeSite) -> None:
    target = site(refused(), ok(access_token="YWMt2"), refused(), refused(), token="YWMt1")

    assert not target.app.call("GET", "/users/u1", bucket="users").ok
    assert not target.app.call("GET", "/users/u1", bucket="users").ok

    assert tokens_of(target) == ["Bearer YWMt1", "", "Bearer YWMt2", "Bearer YWMt2"]


def test_where_the_app_token_opens_nothing_says_nothing_of_other_calls(site: MakeSite) -> None:
    answers = (refused(), ok(access_token="YWMt2"), refused())
    later = (refused(), refused(), ok(access_token="YWMt3"), ok())
    target = site(*answers, *later, token="YWMt1")

    assert not target.app.call("GET", "/users/u1/user_channels", bucket="lists").ok
    assert not target.app.call("GET", "/users/u1/user_channels", bucket="lists").ok
    assert target.app.call("GET", "/users/u1", bucket="users").ok

    assert tokens_of(target)[3:] == ["Bearer YWMt2", "Bearer YWMt2", "", "Bearer YWMt3"]


def test_a_call_that_was_served_again_may_renew_the_token_again(site: MakeSite) -> None:
    renewed_in_vain = (refused(), ok(access_token="YWMt2"), refused())
    target = site(*renewed_in_vain, ok(), refused(), ok(access_token="YWMt3"), ok(), token="YWMt1")

    served = [target.app.call("GET", "/users/u1", bucket="users").ok for _ in range(3)]

    assert served == [False, True, True]


def test_other_tokens_than_the_apps_are_never_renewed(site: MakeSite) -> None:
    target = site(refused())
    target.app.call("GET", "/users/u1", bucket="users", token="YWMtOfU1")
    assert tokens_of(target) == ["Bearer YWMtOfU1"]


def test_a_users_own_token_that_ended_early_is_asked_for_again(site: MakeSite) -> None:
    target = site(ok(access_token="YWMtOld"), refused(), ok(access_token="YWMtNew"), ok())
    old = target.app.user_token("u1", "pw")

    assert target.app.call("GET", "/users/u1/user_channels", bucket="lists", token=old).ok

    assert tokens_of(target)[1:] == ["Bearer YWMtOld", "", "Bearer YWMtNew"]
    assert target.app.user_token("u1", "pw") == "YWMtNew"


def test_a_deleted_user_gets_no_further_token(site: MakeSite) -> None:
    target = site(ok(access_token="YWMtOld"), refused(), httpx.Response(400), httpx.Response(404))
    old = target.app.user_token("u1", "pw")
    assert target.app.call("GET", "/users/u1/user_channels", bucket="lists", token=old).status == 401


def judged(target: Site) -> int | None:
    def build(token: str) -> Request:
        return Request("POST", "/acme/parlor/rest/x", "clearUser", token)

    return target.app.call_operation("u1", build).status


def test_a_judged_call_that_alone_is_rejected_is_attributed_to_the_service(site: MakeSite) -> None:
    target = site(refused(), ok(), token="YWMt1")
    assert judged(target) == 401
    assert target.script.targets == ["POST /acme/parlor/rest/x", "GET /acme/parlor/users/u1"]


def test_a_judged_call_does_not_fail_for_a_token_that_ended_early(site: MakeSite) -> None:
    target = site(refused(), refused(), ok(access_token="YWMt2"), ok(), ok(), token="YWMt1")
    assert judged(target) == 200
    assert tokens_of(target)[-1] == "Bearer YWMt2"


def test_tokens_may_end_early_time_and_again(site: MakeSite) -> None:
    worn_out = [(refused(), refused(), ok(access_token=f"YWMt{n}"), ok(), ok()) for n in range(2, 12)]
    target = site(*(answer for answers in worn_out for answer in answers), token="YWMt1")
    assert [judged(target) for _ in worn_out] == [200] * len(worn_out)


def test_it_is_not_asked_forever_whether_a_rejected_token_is_valid(site: MakeSite) -> None:
    target = site(*[answer for _ in range(5) for answer in (refused(), ok())], refused(), token="YWMt1")
    assert [judged(target) for _ in range(6)] == [401] * 6


def test_a_token_is_not_used_to_its_very_end(site: MakeSite, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr("roamspec.api.app_client.time.monotonic", clock)
    target = site(ok(access_token="YWMt1", expires_in=10), ok(access_token="YWMt2"), token=None)

    clock.now = 7.0
    assert target.app.token() == "YWMt1"
    clock.now += 9.0

    assert target.app.token() == "YWMt2"


# What the sentence names


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize(
    ("location", "advice"),
    [
        (
            "https://im.example.com/acme/parlor/token",
            "--base-url https://im.example.com (ROAMSPEC_BASE_URL).",
        ),
        ("https://im.example.com/v1/acme/parlor/token?x=1", "--base-url https://im.example.com/v1 (ROAM"),
        ("/v2/acme/parlor/token", "--base-url http://service.test/v2 (ROAMSPEC_BASE_URL)."),
        ("https://login.example.com/", "check the base URL: redirects are not followed."),
    ],
)
def test_a_redirected_token_request_is_reported_with_its_place(
    site: MakeSite, status: int, location: str, advice: str
) -> None:
    target = site(httpx.Response(status, headers={"Location": location}), token=None)

    with pytest.raises(Unreachable) as caught:
        target.app.token()

    said = str(caught.value)
    assert f"answers the token request for acme#parlor with {status}, Location: {location}; " in said
    assert advice in said
    assert "App Key" not in said


def test_a_redirect_without_a_place(site: MakeSite) -> None:
    with pytest.raises(Unreachable, match=r"with 301 and no Location; check the base URL\.$"):
        site(httpx.Response(301), token=None).app.token()


REFUSED = httpx.Response(401, json={"error": "unauthorized"})
NEIGHBOUR = (
    "ROAMSPEC_NEIGHBOUR_CLIENT_ID",
    "ROAMSPEC_NEIGHBOUR_CLIENT_SECRET",
    "ROAMSPEC_NEIGHBOUR_APP_TOKEN",
)


def test_a_wrong_app_token_names_its_variable(site: MakeSite) -> None:
    target = site(REFUSED)
    app = AppClient(target.client, KEY, Credentials(app_token=TOKEN, variables=NEIGHBOUR))

    with pytest.raises(CredentialsRefused) as caught:
        app.call("GET", "/users/u1", bucket="users")

    said = str(caught.value)
    assert "rejects the app token of acme#parlor from ROAMSPEC_NEIGHBOUR_APP_TOKEN: 401 " in said
    assert "ROAMSPEC_NEIGHBOUR_CLIENT_SECRET" in said
    assert TOKEN not in said


def test_a_token_that_was_accepted_before_may_be_rejected_later(site: MakeSite) -> None:
    """A service that rejects one call of many is judged by the checks."""
    target = site(ok(), REFUSED)
    app = AppClient(target.client, KEY, Credentials(app_token=TOKEN))

    app.call("GET", "/users/u1", bucket="users")
    assert app.call("GET", "/users/u1", bucket="users").status == 401


def test_who_was_to_be_registered_with_a_wrong_token_does_not_exist(site: MakeSite) -> None:
    target = site(REFUSED)
    app = AppClient(target.client, KEY, Credentials(app_token=TOKEN))

    with pytest.raises(CredentialsRefused):
        provisioning.register(app, target.ledger, [f"{MARK}-1u"], "pw")

    assert target.ledger.uncertain() == []


def test_wrong_ids_name_their_variables(site: MakeSite) -> None:
    target = site(REFUSED)
    app = AppClient(target.client, KEY, Credentials("an-id", SECRET, variables=NEIGHBOUR))

    with pytest.raises(CredentialsRefused, match="ROAMSPEC_NEIGHBOUR_CLIENT_ID and ROAMSPEC_NEIGH"):
        app.token()
