"""What must be there after a kill: everything that an emulator had acknowledged."""

from collections.abc import Collection, Iterable

from .conftest import AppClient


def assert_is_there(
    app: AppClient, sent: Collection[str], deleted: Iterable[tuple[str, str]], tokens: Iterable[str]
) -> None:
    """Messages `sent` between ann and ben, once each; pairs of messages of cat and dan of which cat had the
    first deleted; tokens of ann."""
    for owner, peer in (("ann", "ben"), ("ben", "ann")):
        assert set(sent) <= all_ids(app, owner, peer)
    gone, left = (set(ids) for ids in zip(*deleted, strict=True))
    held = all_ids(app, "cat", "dan")
    assert left <= held
    assert not gone & held
    assert gone | left <= all_ids(app, "dan", "cat")
    assert len(set(sent)) == len(sent)
    for token in tokens:
        pull = {"queue": "ben@easemob.com", "start": -1, "pull_number": 1}
        answer = app.call("POST", "/users/ann/messageroaming", token=token, json=pull)
        assert answer.status_code == 200, answer.text


def all_ids(app: AppClient, owner: str, peer: str) -> set[str]:
    """The IDs of all messages that `owner` has in the chat with `peer`, as the control API shows them."""
    answer = app.http.get(f"{app.control}/users/{owner}?limit=100000").json()
    (found,) = [each for each in answer["conversations"] if each["id"] == peer]
    return {message["id"] for message in found["messages"]}
