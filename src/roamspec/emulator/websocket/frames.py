"""What the service writes to a device: one `MSync` per binary message. Pure: values in, bytes out."""

from collections.abc import Iterable, Mapping

from roamspec.emulator.domain.records import ConversationKey
from roamspec.wire.message import GROUP_DOMAIN, USER_DOMAIN, address_from
from roamspec.wire.message_body_pb2 import JID, Meta
from roamspec.wire.msync_pb2 import (
    CommNotice,
    CommSyncDL,
    CommUnreadDL,
    Logout,
    MetaQueue,
    MSync,
    Provision,
    StatisticsBody,
    Status,
)

OK = Status.OK


def jid(app_key: str, conversation: ConversationKey) -> JID:
    """The address of a user, or of a group or chatroom."""
    domain = USER_DOMAIN if conversation.type == "chat" else GROUP_DOMAIN
    return JID(appKey=app_key, name=conversation.id, domain=domain)


def system_queue() -> JID:
    """The queue of what nobody sent, such as notifications."""
    return JID(domain=USER_DOMAIN)


def provision(code: Status.ErrorCode, reason: str = "", *, resource: str = "", auth_token: str = "") -> bytes:
    """The response to a login. A client takes over the resource, and reads the expiry from `auth_token`."""
    answer = Provision(status=_status(code, reason))
    if resource:
        answer.resource = resource
    if auth_token:
        answer.authToken = auth_token
    return _frame(MSync.PROVISION, answer.SerializeToString())


def unread(code: Status.ErrorCode, now_ms: int, queues: Iterable[tuple[JID, int]] = ()) -> bytes:
    """The response to a heartbeat: which queues hold something, and how much."""
    answer = CommUnreadDL(status=_status(code), timestamp=now_ms)
    answer.unread.extend(MetaQueue(queue=queue, n=number) for queue, number in queues)
    return _frame(MSync.UNREAD, answer.SerializeToString())


def synced(
    metas: Iterable[Meta], queue: JID, now_ms: int, *, next_key: int | None = None, is_last: bool = True
) -> bytes:
    """Messages or notifications of one queue."""
    answer = CommSyncDL(status=_status(OK), metas=metas, queue=queue, isLast=is_last, timestamp=now_ms)
    if next_key is not None:
        answer.nextKey = next_key
    return _frame(MSync.SYNC, answer.SerializeToString())


def taken(meta_id: int, server_id: int, now_ms: int) -> bytes:
    """The response to a message that the device sent."""
    answer = CommSyncDL(status=_status(OK), metaId=meta_id, serverId=server_id, timestamp=now_ms)
    return _frame(MSync.SYNC, answer.SerializeToString())


def refused(code: Status.ErrorCode, reason: str, now_ms: int, meta_id: int | None = None) -> bytes:
    """The response to something that cannot be done, with the ID of the message if it was one."""
    answer = CommSyncDL(status=_status(code, reason), timestamp=now_ms)
    if meta_id is not None:
        answer.metaId = meta_id
    return _frame(MSync.SYNC, answer.SerializeToString())


def announced(queue: JID) -> bytes:
    """A queue holds something new; the device fetches it."""
    return _frame(MSync.NOTICE, CommNotice(queue=queue).SerializeToString())


def logged_out() -> bytes:
    """The frame that confirms a logout."""
    return _frame(MSync.LOGOUT, Logout(status=_status(OK)).SerializeToString())


_KICKS: Mapping[str, StatisticsBody.Operation] = {
    "removed": StatisticsBody.USER_REMOVED,
    "replaced": StatisticsBody.USER_LOGIN_ANOTHER_DEVICE,
    "kicked": StatisticsBody.USER_KICKED_BY_OTHER_DEVICE,
}


def ended(reason: str, now_ms: int) -> bytes | None:
    """The last frame before a connection ends; None where the close frame is enough."""
    if reason == "expired":
        return provision(Status.FAIL, "Sorry, token expired")
    operation = _KICKS.get(reason)
    if operation is None:
        return None
    payload = StatisticsBody(operation=operation).SerializeToString()
    meta = Meta(ns=Meta.STATISTIC, timestamp=now_ms, payload=payload)
    address_from(meta).CopyFrom(system_queue())
    return synced([meta], system_queue(), now_ms)


def _frame(command: MSync.Command, payload: bytes) -> bytes:
    return MSync(version=MSync.MSYNC_V1, command=command, payload=payload).SerializeToString()


def _status(code: Status.ErrorCode, reason: str = "") -> Status:
    return Status(errorCode=code, reason=reason) if reason else Status(errorCode=code)
