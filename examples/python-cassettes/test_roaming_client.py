"""An SDK's own tests on roamspec's recordings: no service, no network, the service's real words."""

import pytest
from roaming_client import RoamingClient, RoamingError
from vcr.cassette import Cassette
from vcr.errors import CannotOverwriteExistingCassetteException

pytestmark = [pytest.mark.vcr, pytest.mark.block_network]
HOST = "http://emulator.test"
OWNER = "rs0000000000-1u"
"""The first user of each recording."""


def client(app: str = "acme/parlor") -> RoamingClient:
    return RoamingClient(HOST, app, "any-token")


@pytest.mark.default_cassette("clear-user.success.status-200.yaml")
def test_clearing_a_user(vcr: Cassette) -> None:
    assert client().clear_user(OWNER) > 1_700_000_000_000
    assert vcr.play_count == 1


@pytest.mark.default_cassette("clear-user.not-open.status.yaml")
def test_an_app_without_message_roaming(vcr: Cassette) -> None:
    owner = next(r for r in vcr.requests if r.path.endswith("/delete/all")).path.split("/")[-3]
    with pytest.raises(RoamingError, match="this appKey not open message roaming") as refused:
        client("acme/parlor-closed").clear_user(owner)
    assert (refused.value.status, refused.value.error) == (400, "service open exception")


@pytest.mark.default_cassette("delete-chat-messages.limit.fifty-one-refused.yaml")
def test_fifty_one_messages_are_too_many(vcr: Cassette) -> None:
    recorded = next(r for r in vcr.requests if r.method == "DELETE" and "msgIdList" in r.uri)
    query = dict(recorded.query)
    ids = query["msgIdList"].split(",")
    assert len(ids) == 51
    with pytest.raises(RoamingError, match="limit can not greater than 50"):
        client().delete_chat_messages(recorded.path.rpartition("/")[2], query["userId"], ids)


@pytest.mark.default_cassette("clear-user.success.status-200.yaml")
def test_a_request_that_was_not_recorded_is_refused() -> None:
    """What your SDK sends otherwise than the document says has no answer."""
    with pytest.raises(CannotOverwriteExistingCassetteException, match="somebody-else"):
        client().clear_user("somebody-else")
