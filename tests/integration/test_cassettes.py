"""The committed recordings of the emulator, replayed without a network and judged as a run judges.

docs/development.md says how to record them again.
"""

import json
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest

from roamspec.appkey import AppKey
from roamspec.client import chatting
from roamspec.client.app import AppClient
from roamspec.client.chatting import ConversationKind, PullStyle
from roamspec.client.deletions import Query
from roamspec.client.ledger import Entry
from roamspec.client.messages import Answer
from roamspec.contract.load import load_contract
from roamspec.contract.operations import ErrorRow, Operation
from roamspec.contract.requirements import load_catalogue
from roamspec.resources import folder
from roamspec.runner.planning import Plan
from roamspec.suite import Case, Judge
from roamspec.suite.answers import SUCCESS, judge_success
from roamspec.suite.effects import judge_gone, judge_kept, judge_unchanged
from roamspec.suite.refusals import judge_error_text, judge_error_type, judge_status
from roamspec.target.capabilities import Capabilities
from roamspec.target.config import AppConfig, TargetConfig
from roamspec.target.credentials import Credentials
from roamspec.target.embedded import EmbeddedEmulator, embedded_config
from roamspec.target.names import Names
from roamspec.target.session import Session, open_session
from roamspec.world.conversations import Conversation, Message, View

HOST = "emulator.test"
MARK = "rsrecorded00"
NOW_MS = 1_710_309_184_114
"""When the first imported message was, so that a replay sends what the recording sent."""
OPERATIONS = list(load_contract().operations.values())
EFFECTS = (
    "request.documented-url-served",
    "effect.messages-gone",
    "effect.several-ids-gone",
    "effect.only-named-messages-gone",
    "time.later-messages-stay",
    "one-way.others-keep-what-they-received",
    "one-way.others-keep-what-they-sent",
)
ROW_NAMES: dict[str, tuple[str, str, str]] = {
    "not-open": ("not-open.status", "not-open.error-type", "not-open.error-text"),
    "too-many-ids": (
        "limit.fifty-one-refused",
        "limit.fifty-one-error-type",
        "limit.fifty-one-error-text",
    ),
    "missing-parameter": (
        "missing.msg-id-list-status",
        "missing.msg-id-list-error-type",
        "missing.msg-id-list-error-text",
    ),
}
_LOCAL_ADDRESS = re.compile(rb"http://127\.0\.0\.1:\d+")
_SECRET_FIELDS = {
    "access_token": "<redacted:token>",
    "client_id": "<redacted:client-id>",
    "client_secret": "<redacted:client-secret>",
    "password": "<redacted:password>",
}

pytestmark = [pytest.mark.vcr, pytest.mark.block_network, pytest.mark.usefixtures("whole_cassette")]


# What is written, and what a replay is compared by


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _SECRET_FIELDS.get(k) or _without_secrets(v) for k, v in value.items()}
    return [_without_secrets(item) for item in value] if isinstance(value, list) else value


def _scrubbed(body: bytes | str | None) -> bytes | None:
    if not body:
        return None
    try:
        content = json.loads(body)
    except ValueError:
        return body if isinstance(body, bytes) else body.encode()
    return json.dumps(_without_secrets(content), ensure_ascii=False, separators=(",", ":")).encode()


def scrub_request(request: Any) -> Any:
    """The request as a cassette may hold it: no secrets, and not the port of one emulator."""
    request.uri = urlunsplit(urlsplit(request.uri)._replace(scheme="http", netloc=HOST))
    request.body = _scrubbed(request.body)
    kept = {name: request.headers[name] for name in ("content-type", "accept") if name in request.headers}
    if "authorization" in request.headers:
        kept["authorization"] = "Bearer <redacted:token>"
    request.headers = kept
    return request


def scrub_response(response: dict[str, Any]) -> dict[str, Any]:
    """The answer without the tokens that it grants, and without what differs from emulator to emulator."""
    body = _scrubbed(response["body"]["string"]) or b""
    response["body"]["string"] = _LOCAL_ADDRESS.sub(f"http://{HOST}".encode(), body)
    response["headers"] = {k: v for k, v in response["headers"].items() if k.lower() == "content-type"}
    return response


@pytest.fixture
def vcr_config() -> dict[str, Any]:
    return {
        "before_record_request": scrub_request,
        "before_record_response": scrub_response,
        "match_on": ("method", "uri", "body"),
    }


@pytest.fixture(scope="module")
def vcr_cassette_dir() -> str:
    return str(folder("cassettes") / "emulator")


@pytest.fixture
def default_cassette_name(request: pytest.FixtureRequest) -> str:
    """Named after what it shows: `clear-user.success-and-effect`."""
    name = request.node.originalname.removeprefix("test_").replace("_", "-")
    return f"{request.node.callspec.params['operation'].slug}.{name}"


@pytest.fixture
def whole_cassette(vcr: Any, record_mode: str) -> Iterator[None]:
    """A recording that a replay does not use up was made by another test than this one."""
    yield
    if record_mode == "none":
        assert vcr.play_count == len(vcr) > 0


# The session: on a fresh emulator while recording, on nothing at all in a replay


@pytest.fixture
def config(record_mode: str) -> Iterator[TargetConfig]:
    if record_mode != "none":
        with EmbeddedEmulator() as emulator:
            yield embedded_config(TargetConfig(), emulator.ready())
        return
    credentials = Credentials("a-client-id", "a-client-secret")
    apps = [AppConfig(AppKey("acme", name), credentials) for name in ("parlor", "parlor-closed")]
    yield TargetConfig(base_url=f"http://{HOST}", main=apps[0], closed=apps[1])


@pytest.fixture
def session(config: TargetConfig) -> Iterator[Session]:
    opened = open_session(config, load_contract(), rate=0, names=Names(MARK))
    opened.capabilities = Capabilities(ways={"chat": "import", "group": "import"})
    yield opened
    opened.close()


def case_of(session: Session, operation: Operation, *names: str) -> Case:
    plan = Plan(load_catalogue(contract=session.contract), session.contract, "quick", None)
    declared = plan.judgeable(names, operation, session.capabilities)
    return Case(session, operation, Judge(operation.slug, declared, names))


class Stage:
    """Arranges with requests that are written down here: a recording shall outlive every change of how the
    suite arranges its own worlds."""

    def __init__(self, session: Session, app: AppClient) -> None:
        self.session = session
        self.app = app

    def users(self, *names: str) -> list[str]:
        marked = [f"{MARK}-{name}" for name in names]
        body = [{"username": name, "password": self.session.password} for name in marked]
        assert self.app.call("POST", "/users", bucket="users", json=body).ok
        for name in marked:
            self.session.ledger.made(Entry(self.app.key, "user", name))
        return marked

    def conversation(self, kind: ConversationKind, owner: str, *others: str) -> Conversation:
        if kind == "chat":
            return Conversation("chat", (owner, others[0]))
        fields = {"groupname": f"{MARK}-g", "description": "", "public": True, "maxusers": 9, "owner": owner}
        body = {**fields, "members": list(others)}
        data = self.app.call("POST", "/chatgroups", bucket="groups", json=body).object["data"]
        self.session.ledger.made(Entry(self.app.key, "group", str(data["groupid"])))
        return Conversation("group", (owner, *others), str(data["groupid"]))

    def message(self, conversation: Conversation, sender: str, time_ms: int) -> Message:
        target = conversation.id_for(sender)
        answer = chatting.try_import(self.app, conversation.kind, sender, target, "hello", time_ms)
        return Message(chatting.imported_id(answer, "importing"), sender, time_ms)

    def view(self, user: str, conversation: Conversation) -> View:
        identifier = conversation.id_for(user)
        pulled = chatting.pull_all(self.app, user, conversation.kind, identifier, style=PullStyle())
        return View(user, conversation, tuple(pulled))

    def know_the_clock(self, one: str, other: str) -> None:
        """The service's clock, from a message of its own; in a replay it is the time of the recording."""
        chatting.send(self.app, "chat", one, other, "hello")
        [message] = self.view(one, Conversation("chat", (one, other))).messages
        offset = message.time_ms - int(time.time() * 1000)
        self.session.capabilities = replace(self.session.capabilities, clock_offset_ms=offset)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.slug)
def test_success_and_effect(session: Session, operation: Operation) -> None:
    case = case_of(session, operation, *SUCCESS, *EFFECTS)
    subject, stage = case.subject, Stage(session, session.main)
    owner, peer, third = stage.users("owner", "peer", "third")
    stage.know_the_clock(third, peer)
    conversation = stage.conversation(subject.kind, owner, peer, third)
    senders = (owner, peer, owner, peer, owner)
    messages = [stage.message(conversation, s, NOW_MS + 1000 * n) for n, s in enumerate(senders)]
    named = messages[:3] if subject.conversation_parameter else messages
    kept = messages[len(named) :]
    before = stage.view(peer, conversation)
    assert stage.view(owner, conversation).has_all(messages)

    answer = subject.call(session.main, owner, _query(case, owner, conversation, named))

    judge_success(case, answer)
    after = stage.view(owner, conversation)
    for name in ("request.documented-url-served", "effect.messages-gone", "effect.several-ids-gone"):
        judge_gone(case, name, answer, after, named)
    for name in ("effect.only-named-messages-gone", "time.later-messages-stay"):
        judge_kept(case, name, answer, after, kept)
    for name in ("one-way.others-keep-what-they-received", "one-way.others-keep-what-they-sent"):
        judge_unchanged(case, name, answer, before, stage.view(peer, conversation))
    verdicts = {j.requirement: (j.verdict, j.failure) for j in case.judge.judgements()}
    assert len(verdicts) > len(SUCCESS)
    assert set(verdicts.values()) == {("pass", None)}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.slug)
def test_error_rows(session: Session, operation: Operation) -> None:
    names = [name for row in operation.error_rows for name in ROW_NAMES[row.key]]
    case = case_of(session, operation, *names)
    for row in operation.error_rows:
        answer = _refused(case, row)
        status, error_type, error_text = ROW_NAMES[row.key]
        judge_status(case, status, answer, row.status)
        judge_error_type(case, error_type, answer, row)
        judge_error_text(case, error_text, answer, row)
    verdicts = {j.requirement: j.verdict for j in case.judge.judgements()}
    assert len(verdicts) == 3 * len(operation.error_rows)
    assert set(verdicts.values()) == {"pass"}


def _refused(case: Case, row: ErrorRow) -> Answer:
    """A call that the row is about; in the closed app message roaming is not open."""
    session, subject = case.session, case.subject
    stage = Stage(session, session.app("closed") if row.key == "not-open" else session.main)
    owner, peer = stage.users(f"{row.key}-owner", f"{row.key}-peer")
    conversation = stage.conversation(subject.kind, owner, peer)
    first_id, count = 1_623_022_678_929_637_383, 51 if row.key == "too-many-ids" else 1
    named = [Message(str(first_id + n), owner, NOW_MS) for n in range(count)]
    query = _query(case, owner, conversation, named)
    if row.key == "missing-parameter":
        query = [(name, value) for name, value in query if name != "msgIdList"]
    return subject.call(stage.app, owner, query)


def _query(case: Case, owner: str, conversation: Conversation, named: list[Message]) -> Query:
    """The query that names these messages, by their IDs or by the time of the last one."""
    values = {
        case.subject.conversation_parameter: conversation.id_for(owner),
        "msgIdList": ",".join(message.id for message in named),
        "delTime": str(named[-1].time_ms),
    }
    wanted = (case.subject.conversation_parameter, case.subject.selection_parameter)
    return [(name, values[name]) for name in wanted if name]
