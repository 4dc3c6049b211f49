"""Tokens, and the words of each 401."""

from typing import Any

import pytest

from .conftest import AppClient, NewApp, Process

PATH = "/rest/message/roaming/user/alice/delete/all"
OAUTH = ("unauthorized", "Unable to authenticate (OAuth)")


def words(answer: Any) -> tuple[str, str]:
    return answer.json()["error"], answer.json()["error_description"]


@pytest.fixture
def credentials(app: AppClient) -> dict[str, str]:
    made = app.http.get(app.control).json()
    return {"grant_type": "client_credentials"} | {k: made[k] for k in ("client_id", "client_secret")}


@pytest.mark.parametrize(
    ("ttl", "expires_in"), [(77, 77), ("77", 77), ("", 5_184_000), (None, 5_184_000), (0, 0)]
)
def test_ttl_as_number_text_and_empty(app: AppClient, credentials: Any, ttl: Any, expires_in: int) -> None:
    headers = {"Authorization": "Bearer"}
    answer = app.call("POST", "/token", json=credentials | {"ttl": ttl}, token=None, headers=headers)
    assert answer.status_code == 200
    assert set(answer.json()) == {"access_token", "expires_in", "application"}
    assert answer.json()["expires_in"] == expires_in
    assert answer.json()["access_token"].startswith("YWMt")
    assert app.call("POST", PATH, token=answer.json()["access_token"]).status_code == 200


def test_a_token_request_needs_no_content_type(app: AppClient, credentials: Any) -> None:
    request = app.http.build_request("POST", app.base + "/token", json=credentials)
    del request.headers["Content-Type"]
    assert app.http.send(request).status_code == 200


@pytest.mark.parametrize(
    ("change", "kind", "text"),
    [
        ({"client_id": None}, "illegal_argument", "client_id must be provided."),
        ({"client_secret": ""}, "illegal_argument", "client_secret must be provided"),
        ({"client_id": "x"}, "invalid_grant", "client_id does not match"),
        ({"client_secret": "x"}, "invalid_grant", "client_secret does not match"),
        ({"grant_type": "password", "username": "alice"}, "invalid_grant", "invalid username or password"),
        (
            {"grant_type": "password", "username": "alice", "password": "2"},
            "invalid_grant",
            "invalid username",
        ),
        ({"grant_type": "other"}, "illegal_argument", "this is an invalid request."),
        ({"ttl": -1}, "illegal_argument", "this is an invalid request."),
    ],
)
def test_rejected_grants(app: AppClient, credentials: Any, change: Any, kind: str, text: str) -> None:
    answer = app.call("POST", "/token", json=credentials | change, token=None)
    assert answer.status_code == 400
    assert words(answer)[0] == kind
    assert words(answer)[1].startswith(text)


def test_user_tokens_by_password_and_by_inheritance(app: AppClient) -> None:
    by_password = app.call(
        "POST", "/token", token=None, json={"grant_type": "password", "username": "Alice", "password": "1"}
    )
    assert by_password.json()["user"]["username"] == "alice"
    inherited = {"grant_type": "inherit", "username": "newcomer", "ttl": 60}
    assert app.call("POST", "/token", json=inherited).status_code == 404
    assert app.call("POST", "/token", json=inherited, token=None).status_code == 401
    made = app.call("POST", "/token", json=inherited | {"autoCreateUser": True})
    assert made.json()["user"]["username"] == "newcomer"
    assert app.call("GET", "/users/newcomer").status_code == 200
    refused = app.call("GET", "/users/newcomer", token=made.json()["access_token"])
    assert refused.status_code == 401
    assert words(refused)[1].startswith("Subject does not have permission [applications:get:")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, OAUTH),
        ("", OAUTH),
        ("Bearer", OAUTH),
        ("Basic YWxpY2U6MQ==", OAUTH),
        ("Bearer nonsense", ("auth_bad_access_token", "Unable to authenticate due to corrupt access token")),
        ("Bearer YWMt" + "x" * 64, ("auth_bad_access_token", "Unable to authenticate")),
    ],
)
def test_each_cause_of_a_401_has_its_words(
    app: AppClient, header: str | None, expected: tuple[str, str]
) -> None:
    headers = {} if header is None else {"Authorization": header}
    answer = app.call("POST", PATH, token=None, headers=headers)
    assert answer.status_code == 401
    assert words(answer) == expected
    app.set(unauthorized_texts="oauth")
    assert words(app.call("POST", PATH, token=None, headers=headers)) == OAUTH


def test_registration_and_the_group_tier_have_words_of_their_own(app: AppClient, new_app: NewApp) -> None:
    user = {"username": "dave", "password": "1"}
    refused = app.call("POST", "/users", json=user, token=None)
    text = "Open registration doesn't allow, so register user need token"
    assert words(refused) == ("unauthorized", text + ",")
    app.set(registration_text_comma=False)
    assert words(app.call("POST", "/users", json=user, token=None)) == ("unauthorized", text)
    refused = app.call("POST", "/users", json=user, token=new_app().token)
    assert words(refused) == ("unauthorized", "token is illegal.")
    for path in ("/chatgroups/1", "/chatrooms/1/users/alice"):
        refused = app.call("DELETE", path, token=None)
        assert (refused.status_code, *words(refused)) == (401, "group_authorization", "token is blank!")
        assert refused.headers["x-roamspec-evidence"] == "observed"
    app.set(unauthorized_texts="expired")
    assert words(app.call("POST", "/users", json=user, token=None))[1].endswith("expired access token")


def test_users_made_along_with_a_token_have_no_password(app: AppClient) -> None:
    app.user_token("dave", autoCreateUser=True)
    for password in ("", None):
        grant = {"grant_type": "password", "username": "dave", "password": password}
        assert app.call("POST", "/token", json=grant, token=None).status_code == 400


def test_a_cut_token_and_another_apps_token_are_rejected(new_app: NewApp) -> None:
    apps = [new_app(), new_app()]
    for app in apps:
        app.users("alice")
    cut = apps[0].token[:-1]
    assert apps[0].call("POST", PATH, token=cut).status_code == 401
    assert apps[0].call("POST", PATH, token=apps[1].token).status_code == 401


def test_tokens_expire_by_the_apps_clock(app: AppClient, credentials: Any) -> None:
    token = app.call("POST", "/token", json=credentials | {"ttl": 60}, token=None).json()["access_token"]
    app.http.patch(f"{app.control}/clock", json={"frozen": True})
    assert app.call("POST", PATH, token=token).status_code == 200
    app.http.patch(f"{app.control}/clock", json={"advance_ms": 60_000})
    answer = app.call("POST", PATH, token=token)
    assert answer.status_code == 401
    assert words(answer) == ("unauthorized", "Unable to authenticate due to expired access token")


def test_the_scheme_is_read_in_any_case(app: AppClient) -> None:
    answer = app.call("POST", PATH, token=None, headers={"Authorization": f"bearer  {app.token}"})
    assert answer.status_code == 200


def test_an_unknown_app_is_named_with_its_uri(emulator: Process, app: AppClient) -> None:
    answer = app.http.post(f"{emulator.ready['base_url']}/hx/hxdeo2/token", json={})
    assert answer.status_code == 404
    assert words(answer) == (
        "organization_application_not_found",
        "Could not find application for hx/hxdeo2 from URI: hx/hxdeo2/token",
    )
