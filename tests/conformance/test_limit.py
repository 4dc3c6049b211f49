"""At most fifty message IDs in one call."""

from collections.abc import Sequence

from roamspec.contract.limits import most_message_ids
from roamspec.suite import Case, costly, judges
from roamspec.suite.effects import judge_gone, judge_kept, judge_types_gone
from roamspec.suite.long import long_scene, seen_to_go
from roamspec.suite.notices import WHAT_WENT, all_told, judge_ids_told
from roamspec.suite.refusals import judge_error_text, judge_error_type, judge_status
from roamspec.suite.scene import Scene
from roamspec.suite.silence import TOLD_OF_ABSENT, announce_to_all, grace, judge_told
from roamspec.world.devices import Device


@judges(
    "limit.fifty-one-refused",
    "limit.fifty-one-error-type",
    "limit.fifty-one-error-text",
    "limit.fifty-one-deletes-nothing",
    "limit.fifty-one-notifies-nobody",
    "limit.far-more-refused",
    "limit.fifty-accepted",
    "limit.fifty-all-gone",
    "limit.counts-per-call",
    "effect.every-type-gone",
    "effect.oldest-message-gone",
    "effect.only-named-messages-gone",
    WHAT_WENT,
)
@costly
def test_fifty_and_fifty_one(case: Case) -> None:
    judge, world = case.judge, case.world()
    row = next(row for row in case.operation.error_rows if row.key == "too-many-ids")
    limit = most_message_ids()
    scene = long_scene(case, world)
    fifty_one = scene.messages[: limit + 1]
    devices = case.devices(world, scene.owner, scene.peer)
    heard_before = _heard(scene, devices)

    # No calls as the document describes them: what it says of a success is not judged of these.
    refused = case.subject.call(world.app, scene.owner, scene.query(fifty_one))

    judge.otherwise = f"the call with fifty-one IDs was not refused as it should be: {refused.summary()}"

    judge_status(case, "limit.fifty-one-refused", refused, row.status)
    if refused.status == row.status:
        judge_error_type(case, "limit.fifty-one-error-type", refused, row)
        judge_error_text(case, "limit.fifty-one-error-text", refused, row)
    # The limit holds for a quiet call too.
    many = case.subject.call(world.app, scene.owner, scene.query(scene.messages[: 2 * limit], notify="false"))
    judge_status(case, "limit.far-more-refused", many, row.status)

    now = scene.view()
    for answer, more in ((refused, many), (many, refused)):
        if not answer.ok:
            # What the other one took, if it was served, is not this one's doing.
            left = (
                scene.messages[limit + 1 if more is refused else 2 * limit :] if more.ok else scene.messages
            )
            judge_kept(case, "limit.fifty-one-deletes-nothing", answer, now, left)
    present = now.ids
    fifty = [message for message in fifty_one if message.id in present][:limit]
    if len(fifty) < limit:  # the refused call deleted them
        return
    if devices:
        announce_to_all(case, world, {device.user: device for device in devices})
        grace(case, after_another=True)
        notices = _heard(scene, devices) - heard_before
        judge.that(
            "limit.fifty-one-notifies-nobody",
            not notices,
            refused,
            expected="no device told of a refused call",
            actual=f"answered {refused.summary(80)}; {notices} notices",
        )
    mine = scene.conversation.id_for(scene.owner)
    told_before = len(devices[0].about(mine)) if devices else 0
    # From the newest on, since most lists are in the order of time.
    accepted = scene.delete(fifty[::-1])

    judge.that(
        "limit.fifty-accepted",
        accepted.ok,
        accepted,
        expected="status 200",
        actual=accepted.summary(),
    )
    if accepted.ok:
        if devices:
            # However many messages go, the owner's device is told, and of all of them.
            judge_told(case, TOLD_OF_ABSENT, accepted, devices[0], mine, count=told_before + 1)
            judge_ids_told(case, accepted, all_told(case, devices[0], mine, fifty, told_before), fifty)
            judge.cannot(WHAT_WENT, "the notices name no messages and no time")
        view = scene.view_without(fifty)
        judge_gone(case, "limit.fifty-all-gone", accepted, view, fifty)
        judge_types_gone(case, accepted, view, fifty)
        if view.has_none(fifty):
            seen_to_go(case, scene, fifty, accepted)
        judge_gone(case, "effect.oldest-message-gone", accepted, view, fifty[:1])
        spared = [message for message in scene.messages if message.id in present and message not in fifty]
        judge_kept(case, "effect.only-named-messages-gone", accepted, view, spared)
    again = case.subject.call(world.app, scene.owner, scene.query(fifty, notify="false"))
    judge.that(
        "limit.counts-per-call",
        again.status != row.status or again.object.get("error") != row.error,
        accepted,
        again,
        expected=f"a second call with as many IDs is not refused for their number ({row.error!r})",
        actual=again.summary(),
    )


def _heard(scene: Scene, devices: Sequence[Device]) -> int:
    """How many notices about the conversation have come, to whichever of its members."""
    return sum(len(device.about(scene.conversation.id_for(device.user))) for device in devices)
