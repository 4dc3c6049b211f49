"""Answers of surrounding operations as they were recorded, or stand on pages of the vendor."""

import gzip
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from roamspec.emulator import agora

from .conftest import AppClient

KINDS = pytest.mark.parametrize("kind", ["chatgroups", "chatrooms"])


def made(app: AppClient, kind: str) -> str:
    return app.group("alice", "bob", "carol") if kind == "chatgroups" else app.room("alice", "bob", "carol")


def refusal(answer: httpx.Response) -> tuple[int, str, str]:
    return answer.status_code, answer.json()["error"], answer.json()["error_description"]


@KINDS
def test_removing_somebody_who_is_no_member(app: AppClient, kind: str) -> None:
    app.users("dave")
    path = f"/{kind}/{made(app, kind)}/users"
    words = ("forbidden_op", "users [dave] are not members of this group!")
    assert refusal(app.call("DELETE", f"{path}/dave")) == (403, *words)
    assert refusal(app.call("DELETE", f"{path}/bob,dave")) == (403, *words)
    app.set(non_member_removal=400)
    assert refusal(app.call("DELETE", f"{path}/dave")) == (400, *words)
    members = app.call("GET", path).json()["data"]
    assert {"member": "bob"} in members, "nobody is removed where one cannot be"


@KINDS
def test_removing_the_owner(app: AppClient, kind: str) -> None:
    answer = app.call("DELETE", f"/{kind}/{made(app, kind)}/users/alice")
    assert refusal(answer) == (403, "forbidden_op", "forbidden operation on group owner!")


@KINDS
def test_members_by_page(app: AppClient, kind: str) -> None:
    path = f"/{kind}/{made(app, kind)}/users"
    whole = app.call("GET", path)
    assert whole.status_code == 200
    assert whole.json()["data"] == [{"member": "bob"}, {"member": "carol"}, {"owner": "alice"}]
    assert whole.json()["count"] == 3
    second = app.call("GET", f"{path}?pagenum=2&pagesize=2").json()
    assert (second["data"], second["count"]) == ([{"owner": "alice"}], 1)
    assert app.call("GET", f"{path}?pagenum=9").json()["data"] == []
    assert app.call("GET", f"{path}?pagesize=none").status_code == 400
    assert refusal(app.call("GET", f"/{kind}/1/users"))[0] == 404
    assert app.call("GET", path, token=app.user_token("bob")).status_code == 401


@KINDS
def test_several_at_once(app: AppClient, kind: str) -> None:
    first, second = made(app, kind), made(app, kind)
    answer = app.call("GET", f"/{kind}/{first},1,{second}").json()
    assert [item["id"] for item in answer["data"]] == [first, "1", second]
    assert answer["count"] == 3
    assert answer["data"][1] == {"id": "1", "error": "group id doesn't exist"}
    too_many = ",".join(str(number) for number in range(101))
    assert app.call("GET", f"/{kind}/{too_many}").status_code == 400


def test_details_have_the_recorded_fields(app: AppClient) -> None:
    shared = {
        "id", "name", "description", "membersonly", "allowinvites", "maxusers", "owner", "created", "custom",
        "mute", "affiliations_count", "affiliations", "public",
    }  # fmt: skip
    group = app.call("GET", f"/chatgroups/{app.group('alice', 'bob')}").json()
    assert set(group["data"][0]) == shared | {"scale", "invite_need_confirm"}
    assert (group["data"][0]["mute"], group["data"][0]["scale"], group["count"]) == (False, "normal", 1)
    room = app.call("GET", f"/chatrooms/{app.room('alice', 'bob')}").json()
    assert set(room["data"][0]) == shared
    assert (room["data"][0]["public"], room["data"][0]["membersonly"], room["count"]) == (True, False, 1)


def test_older_group_answers_lack_the_name_of_the_app(app: AppClient) -> None:
    path = f"/chatgroups/{app.group('alice')}"
    assert app.call("GET", path).json()["applicationName"] == app.app
    app.set(group_application_name=False)
    assert "applicationName" not in app.call("GET", path).json()
    assert "applicationName" in app.call("GET", "/users/alice").json()


def test_exceptions_with_their_package(app: AppClient) -> None:
    again = {"username": "alice", "password": "1"}

    def exceptions() -> list[str]:
        answers = (app.call("POST", "/users", json=again), app.call("GET", "/users/alice", token="x" * 9))
        return [answer.json()["exception"] for answer in answers]

    assert exceptions() == ["DuplicateUniquePropertyExistsException", "EasemobSecurityException"]
    app.set(exception_names="qualified")
    assert exceptions() == [
        "org.apache.usergrid.persistence.exceptions.DuplicateUniquePropertyExistsException",
        "com.easemob.im.exceptions.EasemobSecurityException",
    ]


def hour(when: datetime) -> str:
    return when.strftime("%Y%m%d%H")


@pytest.fixture
def stopped(app: AppClient) -> datetime:
    """The moment at which the app's clock stands, in Beijing."""
    now_ms = int(datetime(2026, 3, 1, 15, 30, tzinfo=UTC).timestamp() * 1000)
    app.http.patch(f"{app.control}/clock", json={"now": now_ms, "frozen": True})
    return datetime(2026, 3, 1, 23, 30, tzinfo=UTC)


def exported(app: AppClient, time: str) -> list[dict[str, Any]]:
    answer = app.call("GET", f"/chatmessages/{time}")
    assert answer.status_code == 200, answer.text
    (item,) = answer.json()["data"]
    file = app.http.get(item["url"])
    assert file.headers["content-type"] == "application/gzip"
    return [json.loads(line) for line in gzip.decompress(file.content).decode().splitlines()]


def test_the_history_of_an_hour_outlives_one_way_deletions(app: AppClient, stopped: datetime) -> None:
    group = app.group("alice", "bob")
    sent = [app.send("alice", "bob", "hello"), app.send("bob", group, where="chatgroups")]
    sent.append(app.import_("alice", "bob", 1_600_000_000_000))
    app.call("POST", "/rest/message/roaming/user/alice/delete/all")
    lines = exported(app, hour(stopped))
    assert [line["msg_id"] for line in lines] == sent
    assert lines[0] == {
        "msg_id": sent[0],
        "timestamp": 1772379000000,
        "direction": "outgoing",
        "to": "bob",
        "from": "alice",
        "chat_type": "chat",
        "payload": {"bodies": [{"type": "txt", "msg": "hello"}], "from": "alice", "to": "bob", "ext": {}},
    }
    assert (lines[1]["chat_type"], lines[1]["to"]) == ("groupchat", group)
    app.set(history_export_zone="utc")
    assert exported(app, hour(stopped - timedelta(hours=8))) == lines


@pytest.mark.parametrize(
    ("time", "status", "kind", "text"),
    [
        ("soon", 400, "illegal_argument", "illegal arguments: appkey: {key}, time: soon"),
        ("2026030225", 400, "illegal_argument", "illegal arguments: appkey: {key}, time: 2026030225"),
        ("0001010100", 400, "illegal_argument", "maybe chat message history is expired or unstored"),
        ("2026022612", 400, "illegal_argument", "maybe chat message history is expired or unstored"),
        ("2026030200", 400, "illegal_argument", "maybe chat message history is expired or unstored"),
        ("2026030122", 404, "storage_object_not_found", "Failed to find chat message history download url"),
    ],
)
@pytest.mark.usefixtures("stopped")
def test_hours_without_a_file(app: AppClient, time: str, status: int, kind: str, text: str) -> None:
    app.send("alice", "bob")
    answer = refusal(app.call("GET", f"/chatmessages/{time}"))
    assert answer[:2] == (status, kind)
    assert text.format(key=f"{app.org}#{app.app}") in answer[2]
    assert f"appkey: {app.org}#{app.app}, time: {time}" in answer[2]


def test_an_hour_is_kept_and_appears_as_the_settings_say(app: AppClient, stopped: datetime) -> None:
    app.send("alice", "bob")
    path = f"/chatmessages/{hour(stopped)}"
    app.set(history_export_lag_hours=1)
    assert app.call("GET", path).status_code == 400
    app.http.patch(f"{app.control}/clock", json={"advance_ms": 3_600_000})
    link = app.call("GET", path).json()["data"][0]["url"]
    assert app.http.get(link).status_code == 200
    assert app.http.get(link + "0").status_code == 403
    app.http.patch(f"{app.control}/clock", json={"advance_ms": 3_600_000})
    assert app.http.get(link).status_code == 403, "the link is good for half an hour"
    app.http.patch(f"{app.control}/clock", json={"advance_ms": 71 * 3_600_000})
    assert app.call("GET", path).status_code == 400


def test_a_path_may_have_an_app_id_in_place_of_the_app_key(app: AppClient) -> None:
    app_id = app.http.get(app.control).json()["app_id"]
    app.http.delete(f"{app.control}/journal")
    headers = {"Authorization": f"Bearer {app.token}"}
    base = f"{app.origin}/app-id/{app_id}"
    message = app.send("alice", "bob")
    path = "/rest/message/roaming/chat/user/alice"
    answer = app.http.delete(f"{base}{path}?userId=bob&msgIdList={message}", headers=headers)
    assert answer.json()["requestStatusCode"] == "ok"
    assert app.ids("alice", "bob") == set()
    listed = app.http.get(f"{base}/users/bob/user_channels", headers=headers).json()
    assert (listed["path"], listed["organization"]) == ("/users/bob/user_channels", app.org)
    seen = app.http.get(f"{app.control}/journal").json()["entries"]
    assert "deleteChatMessages" in [entry["operation"] for entry in seen], "the app's own journal has it"
    unknown = app.http.get(f"{app.origin}/app-id/{'0' * 32}/users/bob", headers=headers)
    assert refusal(unknown)[:2] == (404, "organization_application_not_found")


def test_json_with_the_type_of_a_form_at_the_token(app: AppClient) -> None:
    known = app.http.get(app.control).json()
    grant = {"grant_type": "client_credentials"} | {key: known[key] for key in ("client_id", "client_secret")}
    as_form = {"Content-Type": "application/x-www-form-urlencoded"}

    def ask(path: str, body: dict[str, Any]) -> int:
        return app.call("POST", path, content=json.dumps(body), headers=as_form).status_code

    assert ask("/token", grant) == 200
    assert ask("/users", {"username": "dave", "password": "1"}) == 415
    app.set(form_type_at_token=False)
    assert ask("/token", grant) == 415


Exchange = dict[str, Any]


@pytest.fixture
def exchange(app: AppClient) -> Exchange:
    """What a token of the sister brand is built of."""
    known = app.http.get(app.control).json()
    return {
        "app_id": known["app_id"],
        "certificate": known["app_certificate"],
        "user": None,
        "issued_s": known["now"] // 1000,
        "life_s": 600,
        "salt": 7,
    }


def ask_for(app: AppClient, token: str | None) -> httpx.Response:
    return app.call("POST", "/token", json={"grant_type": "agora", "ttl": 60}, token=token)


def test_a_token_of_the_sister_brand_is_exchanged(app: AppClient, exchange: Exchange) -> None:
    answer = ask_for(app, agora.build(**exchange)).json()
    assert answer["expires_in"] == 60
    assert abs(answer["expires_timestamp"] / 1000 - exchange["issued_s"] - 60) < 30
    assert app.call("GET", "/users/alice", token=answer["access_token"]).status_code == 200
    own = ask_for(app, agora.build(**exchange | {"user": "Alice"})).json()
    assert own["user"]["username"] == "alice"
    assert app.call("GET", "/users/alice", token=own["access_token"]).status_code == 401
    assert app.call("GET", "/users/alice/user_channels", token=own["access_token"]).status_code == 200
    assert ask_for(app, agora.build(**exchange | {"user": "nobody"})).status_code == 404


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"certificate": "0" * 32}, "auth_bad_access_token"),
        ({"app_id": "0" * 32}, "auth_bad_access_token"),
        ({"issued_s": 1_000_000_000}, "unauthorized"),
    ],
)
def test_a_token_of_another_app_or_time(
    app: AppClient, exchange: Exchange, change: dict[str, Any], kind: str
) -> None:
    assert refusal(ask_for(app, agora.build(**exchange | change)))[:2] == (401, kind)


@pytest.mark.parametrize(
    "token", [None, "007", "007!!!!", "006" + "A" * 40, "007eJwDAAAAAAE=", "YWMt" + "x" * 64]
)
def test_what_is_no_token_of_the_sister_brand(app: AppClient, token: str | None) -> None:
    assert ask_for(app, token).status_code == 401
