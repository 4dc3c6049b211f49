"""What a target is found to allow, and how it is found out, on services that differ."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from tests.unit.world.fake_service import NOW_MS, FakeService
from tests.unit.world.fake_session import fake_session

from roamspec.api.messages_api import PullStyle
from roamspec.config.capability_names import CAPABILITIES
from roamspec.config.credentials import Credentials
from roamspec.config.required_capabilities import Asked
from roamspec.contract.load import load_contract
from roamspec.contract.operations import Contract
from roamspec.errors import CredentialsRefused, SetupFailed
from roamspec.runner.cleanup import clean_up
from roamspec.runner.preflight import Preflight
from roamspec.session.capabilities import Capabilities
from roamspec.session.session import Session
from roamspec.world.world import World

Explore = Callable[..., Capabilities]


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load_contract()


@pytest.fixture
def sessions() -> list[Session]:
    """The sessions explored so far."""
    return []


@pytest.fixture
def explore(contract: Contract, sessions: list[Session]) -> Iterator[Explore]:
    """`explore(service)` runs the preflight on it; what it found."""
    with ExitStack() as stack:

        def run(service: FakeService, asked: Sequence[Asked] = (), **options: Any) -> Capabilities:
            session = stack.enter_context(fake_session(service, contract, **options))
            session.asked = asked
            sessions.append(session)
            Preflight(session).run()
            return session.capabilities

        yield run


def test_what_was_asked_for_and_is_missing_ends_the_preflight(explore: Explore) -> None:
    asked = [
        Asked("devices", "ROAMSPEC_OBSERVER_URL"),
        Asked("lists", "--require lists"),
        Asked("closed-app", "--require closed-app"),
    ]
    with pytest.raises(SetupFailed) as caught:
        explore(FakeService(), asked, observer_url="http://127.0.0.1:9/nothing")

    sentence = str(caught.value)
    assert "ROAMSPEC_OBSERVER_URL (devices: the observer http://127.0.0.1:9/nothing cannot" in sentence
    assert "--require closed-app (closed-app: not given (--closed-app))" in sentence
    assert "lists" not in sentence


def test_what_was_asked_for_and_is_there_is_no_matter(explore: Explore) -> None:
    asked = [Asked("closed-app", "--closed-app"), Asked("lists", "--require lists")]

    assert "closed-app" in explore(FakeService(), asked, further_apps=True).found


def test_a_service_that_allows_everything(explore: Explore) -> None:
    found = explore(FakeService(), further_apps=True)

    assert set(found.found) == set(CAPABILITIES) - {"devices"}
    assert set(found.missing) == {"devices"}
    assert found.message_sources["chat"] == found.message_sources["group"] == "import"
    assert found.pull_style == PullStyle()
    assert (found.list_form, found.list_way) == ("sdk-list", "send")
    assert found.import_ties


@pytest.mark.parametrize(
    ("options", "with_owner"),
    [
        ({}, True),
        ({"orphans_go": ()}, False),
        ({"orphans_go": ("group",)}, True),
        ({"orphans_go": (), "shows_groups": False}, False),
    ],
    ids=["all-go-with-the-owner", "none-go", "rooms-stay", "nothing-can-be-looked-up"],
)
def test_nothing_stays_behind(
    explore: Explore, sessions: list[Session], options: dict[str, Any], with_owner: bool
) -> None:
    service = FakeService(users={"somebody-else"}, **options)
    explore(service, further_apps=True)
    assert sessions[0].ledger.removes_owned == with_owner
    assert service.groups == {}
    clean_up(sessions[0])
    assert service.users == {"somebody-else"}


def test_everything_that_is_missing_has_a_reason_to_act_on(explore: Explore) -> None:
    found = explore(FakeService())
    assert "--observer-url" in found.missing["devices"]
    assert "--neighbour" in found.missing["neighbour-app"]
    assert "--closed" in found.missing["closed-app"]
    assert all(reason.startswith(f"{name}: ") for name, reason in found.missing.items())


def test_all_that_is_there_has_an_evidence(explore: Explore) -> None:
    assert all(explore(FakeService()).found.values())


@pytest.mark.parametrize(
    ("service", "way", "missing"),
    [
        (FakeService(imports="now"), "import-now", {"import-free-time"}),
        (FakeService(imports="seconds"), "send", {"import", "import-free-time"}),
        (FakeService(imports="refused"), "send", {"import", "import-free-time"}),
    ],
    ids=["times-replaced", "times-cut", "imports-refused"],
)
def test_the_next_best_way_to_get_messages_in(
    explore: Explore, service: FakeService, way: str, missing: set[str]
) -> None:
    found = explore(service, further_apps=True)
    assert set(found.message_sources.values()) == {way}
    assert set(found.missing) == missing | {"devices"}


@pytest.mark.parametrize("ties", ["refused", "moved"])
def test_a_service_that_imports_no_two_messages_of_one_time(explore: Explore, ties: str) -> None:
    assert not explore(FakeService(ties=ties)).import_ties


@pytest.mark.parametrize(
    ("service", "style"),
    [
        (FakeService(minus_one_starts=False), PullStyle(first_cursor="")),
        (FakeService(pull_with="user"), PullStyle(with_user_token=True)),
        (
            FakeService(pull_with="user", minus_one_starts=False),
            PullStyle(first_cursor="", with_user_token=True),
        ),
    ],
    ids=["empty-cursor", "own-token", "both"],
)
def test_the_way_to_pull(explore: Explore, service: FakeService, style: PullStyle) -> None:
    found = explore(service)
    assert found.pull_style == style
    assert "pull" in found.found


def test_the_clock_is_the_services(explore: Explore, sessions: list[Session]) -> None:
    found = explore(FakeService())
    assert found.clock_offset_ms != 0
    assert abs(sessions[0].service_now_ms() - NOW_MS) < 60_000


@pytest.mark.parametrize(
    ("service", "form"),
    [
        (FakeService(list_forms=("/users/",)), "users-page"),
        (FakeService(list_forms=("/user/",)), "user-plain"),
    ],
    ids=["users", "user"],
)
def test_whichever_form_of_the_list_there_is(explore: Explore, service: FakeService, form: str) -> None:
    found = explore(service)
    assert found.list_form == form
    assert "lists" in found.found


def test_lists_that_only_imports_enter(explore: Explore) -> None:
    found = explore(FakeService(sent_enters_lists=False, imported_enters_lists=True))
    assert (found.list_way, "lists" in found.found) == ("import", True)


def test_a_list_that_only_its_owner_may_read(explore: Explore, sessions: list[Session]) -> None:
    found = explore(FakeService(list_forms=("/sdk/user/",), list_with="user"))
    assert (found.list_form, found.list_with_user_token) == ("sdk-list", True)
    assert "the user's own token" in found.found["lists"]

    # The app token is as good as ever.
    world = World(sessions[0])
    assert world.listed(*world.users(1)) == set()


def test_a_list_that_nobody_may_read(explore: Explore) -> None:
    found = explore(FakeService(list_with="nobody"))
    assert (found.list_form, found.list_with_user_token) == (None, False)
    assert found.missing["lists"] == "lists: no form of the conversation list can be read"


@pytest.mark.parametrize(
    "service",
    [FakeService(list_forms=("/none/",)), FakeService(sent_enters_lists=False)],
    ids=["no-form", "nothing-enters"],
)
def test_without_a_list(explore: Explore, service: FakeService) -> None:
    found = explore(service)
    assert found.list_form is None
    assert "conversation list" in found.missing["lists"] or "in the list" in found.missing["lists"]


def test_lists_that_lag(explore: Explore, sessions: list[Session]) -> None:
    found = explore(FakeService(list_lag_looks=12))
    assert 0.5 < found.list_lag_s < 8
    assert any("are delayed" in note for note in sessions[0].notes)


@dataclass
class LateLists(FakeService):
    """A conversation shows at the third look at a list, but in the list that is read first at once."""

    readers: list[str] = field(default_factory=list)

    def _list(self, path: str, parts: list[str], token: str) -> httpx.Response:
        user = parts[parts.index("user_channels") - 1]
        self.readers.append(user)
        if user != self.readers[0] and self.readers.count(user) < 3:
            return httpx.Response(200, json={"data": {"channel_infos": []}})
        return super()._list(path, parts, token)


def test_what_was_long_in_coming_says_little_of_the_lag_of_lists(explore: Explore) -> None:
    assert explore(LateLists(pull_lag_looks=8)).list_lag_s == 1.5
    assert explore(LateLists()).list_lag_s == 0.0


@dataclass
class SlowLists(FakeService):
    """Each reading of a list takes a while, and shows everything."""

    takes: Callable[[], None] = lambda: None

    def _list(self, path: str, parts: list[str], token: str) -> httpx.Response:
        self.takes()
        return super()._list(path, parts, token)


def test_what_readings_take_is_no_lag_of_lists(explore: Explore, sessions: list[Session]) -> None:
    service = SlowLists(takes=lambda: sessions[0].sleep(0.2))
    assert explore(service).list_lag_s == 0.0
    assert sessions[0].clock() >= 0.8


def test_users_who_are_not_known_at_once(explore: Explore, sessions: list[Session]) -> None:
    found = explore(FakeService(come_looks=5))
    assert found.users_lag_s > 0.5
    before = sessions[0].clock()
    World(sessions[0]).users(20)
    assert sessions[0].clock() - before >= found.users_lag_s
    assert explore(FakeService()).users_lag_s == 0.0


@pytest.mark.parametrize("step_ms", [10, 1000])
def test_a_service_that_stamps_coarse_times(explore: Explore, step_ms: int) -> None:
    found = explore(FakeService(stamps=lambda time_ms: time_ms - time_ms % step_ms))
    assert found.time_step_ms == step_ms


def test_no_coarse_times_are_found_by_chance(explore: Explore, sessions: list[Session]) -> None:
    """A service so quick, at such a moment, that all that is sent at once is stamped with whole tens."""

    def clock() -> float:
        return sessions[0].clock()

    assert explore(FakeService(clock=clock)).time_step_ms == 1
    assert round(sessions[0].clock() * 1000) % 10 == 8, "it began at a whole ten"


def test_without_rooms(explore: Explore) -> None:
    found = explore(FakeService(rooms=False))
    assert found.missing["chatroom"].startswith("chatroom: creating a chatroom failed: 403")


def test_an_app_token_alone_requests_no_short_tokens(explore: Explore) -> None:
    service = FakeService(pull_with="nobody")
    found = explore(service, credentials=Credentials(app_token="YWMtGiven"))
    assert "client ID and secret" in found.missing["short-lived-tokens"]


def test_lifetimes_that_the_service_ignores(explore: Explore) -> None:
    assert "short-lived-tokens" in explore(FakeService(short_tokens=False)).missing


def test_tokens_that_never_end_do_not_end_soon(explore: Explore) -> None:
    assert "short-lived-tokens" in explore(FakeService(tokens_end=False)).missing


def test_inherited_user_tokens(explore: Explore) -> None:
    assert "user-tokens" in explore(FakeService(password_grant=False)).found


def test_an_observer_that_nobody_answers_at(explore: Explore) -> None:
    found = explore(FakeService(), observer_url="http://127.0.0.1:9/observer")
    assert "cannot be reached" in found.missing["devices"]


def test_messages_that_nobody_can_pull_stop_the_run(explore: Explore, sessions: list[Session]) -> None:
    service = FakeService(pull_status=403)
    with pytest.raises(
        SetupFailed, match=r"history queries return no messages, so nothing can be judged: .*403"
    ):
        explore(service)
    clean_up(sessions[0])
    assert service.users == set(), "what was made is known all the same"


def test_rejected_credentials_stop_the_run_at_once(explore: Explore) -> None:
    service = FakeService(grants=False)
    with pytest.raises(CredentialsRefused):
        explore(service)
    assert service.calls == ["POST /acme/parlor/token"]
