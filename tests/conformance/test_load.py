"""Several calls at once, and many calls in a row."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

from roamspec.errors import SetupFailed
from roamspec.suite import CheckContext, costs, covers, expensive, serial
from roamspec.suite.conversation_fixture import ConversationFixture, conversation_fixture
from roamspec.suite.long_conversation import deleted_from_long_conversation, rest_of_long_conversation
from roamspec.suite.negative_calls import unexpected_deletion
from roamspec.suite.view_assertions import check_deleted, check_retained
from roamspec.transport.http_messages import Response

LEAST, FEW, MORE = 12, 32, 44
"""With how many calls a burst begins: more where nobody else calls, less where a run can hardly send more."""
BELOW = 5
"""By how many calls a whole burst stays below the documented rate: other calls of this second count too."""
FAST_S = 1.0
"""A burst goes on up to there when it began within this time: else it is far from the documented rate."""
ASIDE = 20
"""Requests for arranging and looking beside a burst, at most."""
CLIENTS = 4
SPARED = 2
"""Messages that no call names."""
PAUSE_S = 1.2
OVER_THE_RATE = (403, 429)
"""The responses that the documentation, older and newer, give above the rate."""


Calls = list[tuple[ConversationFixture, Response]]
"""Each response, and the fixture whose first message the call named."""


ALL_COUNT = "effect.concurrent-calls-all-count"
NOTHING_ELSE = "effect.concurrent-calls-delete-nothing-else"
NO_SERVER_ERROR = "effect.concurrent-calls-no-server-error"


@covers("rate.below-the-limit-served", ALL_COUNT, NOTHING_ELSE, NO_SERVER_ERROR)
@expensive
@serial
@costs(125)
def test_calls_at_the_same_time(case: CheckContext) -> None:
    """Four clients call for one owner, each call of one of two conversations; where calls name none, for
    one of two owners; where they name messages, each of another one as long as there are any; where they
    name a time, a later one and at once an earlier one.

    A burst that is rejected is repeated once after a pause: others may have called as well.
    """
    if case.subject.by_id:
        fixture = _rest(case)
        fixtures = [fixture.narrowed_to(message) for message in fixture.messages[:-SPARED]]
    else:
        whole = _of_conversations(case)
        fixtures = [fixture.narrowed_to(fixture.messages[i]) for i in (1, 0) for fixture in whole]
        fixtures = fixtures if case.subject.by_time else whole
    first, most = _calls_at_once(case)
    if not case.subject.by_id:
        # Each of them as often as the others.
        first, most = (count - count % len(fixtures) for count in (first, most))
    calls = _burst(case, fixtures, first, most)
    if _first_rejected(calls):
        case.session.sleep(PAUSE_S)
        calls = _burst(case, fixtures, first, most)

    _check_rate(case, calls)
    if case.subject.by_id:
        _check_messages(case, fixture, calls)
    else:
        for fixture in whole:
            _check_conversation(
                case, fixture, [call for call in calls if call[0].conversation == fixture.conversation]
            )


def _of_conversations(case: CheckContext) -> list[ConversationFixture]:
    world = case.world()
    subject = case.subject
    owners, others = world.users(1 if subject.by_time else 2), world.shared_users(2)
    count = 3 if subject.by_time else 2
    return [
        conversation_fixture(world, subject, owners[i % len(owners)], others[i:] + others[:i], count)
        for i in range(2)
    ]


def _rest(case: CheckContext) -> ConversationFixture:
    fixture = rest_of_long_conversation(case, case.world())
    if len(fixture.messages) <= SPARED:
        raise SetupFailed("nothing is left of the long conversation that calls at the same time could name.")
    return fixture


def _accepted(case: CheckContext, answers: list[Response]) -> list[Response]:
    """The successes among them; some there must be, and no server error beside them."""
    broken = [answer for answer in answers if answer.incomplete and not answer.postponed]
    failed = [answer for answer in broken if answer.status is not None]
    accepted = [answer for answer in answers if answer.ok]
    if not accepted and all(map(_is_rate_rejection, answers)):
        for name in (ALL_COUNT, NOTHING_ELSE, NO_SERVER_ERROR):
            case.verdicts.inconclusive(name, "all of the calls were refused for their rate")
        return []
    if broken and not failed:
        # What the network lost is no status of the service.
        case.verdicts.inconclusive(NO_SERVER_ERROR, "a call got no complete response")
    else:
        worst = (failed or accepted or answers)[0]
        case.verdicts.check(
            NO_SERVER_ERROR, not failed, worst, expected="no server error", actual=worst.summary()
        )
    best = (accepted or answers)[0]
    case.verdicts.check(
        ALL_COUNT,
        bool(accepted),
        best,
        expected="status 200 for the first of several equal calls",
        actual=best.summary(),
    )
    return accepted


def _check_conversation(case: CheckContext, fixture: ConversationFixture, calls: Calls) -> None:
    """The same calls many times: who comes first is served, and later ones may find nothing to delete.

    Gone is what was there up to the latest time of those served; clearing names everything.
    """
    accepted = _accepted(case, [answer for _, answer in calls])
    if accepted:
        latest_ms = max(one.messages[-1].time_ms for one, answer in calls if answer.ok)
        deleted = [message for message in fixture.messages if message.time_ms <= latest_ms]
        view = fixture.view_without(deleted)
        check_deleted(case, ALL_COUNT, accepted[0], view, deleted)
        left = [message for message in fixture.messages if message not in deleted]
        check_retained(case, NOTHING_ELSE, accepted[0], view, left)


def _check_messages(case: CheckContext, fixture: ConversationFixture, calls: Calls) -> None:
    """Gone is what a call named that was served, and nothing of what none named."""
    accepted = _accepted(case, [answer for _, answer in calls])
    if accepted:
        deleted = [one.messages[0] for one, answer in calls if answer.ok]
        view = fixture.view_without(deleted)
        check_deleted(case, ALL_COUNT, accepted[0], view, deleted)
        check_retained(case, NOTHING_ELSE, accepted[0], view, fixture.messages[-SPARED:])


def _calls_at_once(case: CheckContext) -> tuple[int, int]:
    """With how many a burst begins, and how many it has at most: nearly as many as the documentation allows
    within a second, where an error response can be the fault of no one else, and as long as enough requests
    are left for the operations that come after this one."""
    client = case.session.client
    operations = list(case.session.contract.operations)
    to_come = len(operations) - operations.index(case.operation.name)
    left = client.allowance.left
    # In the smallest profile, calls of other kinds are worth more than many of one.
    below = FEW if case.limits.profile == "quick" else case.operation.rate_per_second - BELOW
    share = below if left is None else max(LEAST, left // to_come - ASIDE)
    if not case.session.exclusive:
        return (min(FEW, share),) * 2
    allowed = int(client.calls_per_second(case.operation.name)) or below
    most = min(below, share, max(FEW, allowed))
    return min(MORE, most), most


def _burst(case: CheckContext, fixtures: list[ConversationFixture], first: int, most: int) -> Calls:
    """Calls for the fixtures in turn, the last one last; none is begun after one was rejected for its rate.

    There are `most` where the `first` ones were answered fast.
    """
    rejected = Event()
    begun_at = case.session.clock()

    def call(fixture: ConversationFixture) -> tuple[ConversationFixture, Response] | None:
        if rejected.is_set():
            return None
        query = fixture.query(fixture.messages[:1])
        answer = case.subject.call(fixture.world.app, fixture.owner, query, patient=False)
        if _is_rate_rejection(answer):
            rejected.set()
        return fixture, answer

    with ThreadPoolExecutor(CLIENTS) as pool:
        made = list(pool.map(call, (fixtures[i % len(fixtures)] for i in range(-first, 0))))
        if case.session.clock() - begun_at <= FAST_S:
            made += pool.map(call, (fixtures[i % len(fixtures)] for i in range(first - most, 0)))
    return [each for each in made if each]


def _first_rejected(calls: Calls) -> Response | None:
    return next((answer for _, answer in calls if _is_rate_rejection(answer)), None)


def _is_rate_rejection(answer: Response) -> bool:
    """Whether a call was rejected for the rate: with a status for that, or asked to come back."""
    return answer.status in OVER_THE_RATE or answer.postponed


def _check_rate(case: CheckContext, calls: Calls) -> None:
    name, rejected = "rate.below-the-limit-served", _first_rejected(calls)
    if rejected and not case.session.exclusive:
        reason = "calls were refused for their rate; others may call this app too (--exclusive)"
        case.verdicts.inconclusive(name, reason)
        return
    case.verdicts.check(
        name,
        rejected is None,
        rejected,
        expected=f"calls within the documented {case.operation.rate_per_second} per second are served",
        actual=f"{rejected.summary()}, after {len(calls) - 1} calls" if rejected else "served",
    )


@covers("effect.stays-deleted")
@expensive
@costs(10)
def test_what_is_gone_stays_gone(case: CheckContext) -> None:
    """A late look at what the operation deleted some time ago, in the long conversation and elsewhere."""
    name, aside, in_long_conversation = (
        "effect.stays-deleted",
        unexpected_deletion(case),
        deleted_from_long_conversation(case),
    )
    if aside:
        check_deleted(case, name, aside.answer, aside.look(), aside.fixture.messages)
    if in_long_conversation:
        fixture, answer = in_long_conversation
        check_deleted(case, name, answer, fixture.view(), fixture.messages)
    if not aside and not in_long_conversation:
        case.verdicts.inconclusive(name, "nothing that could come back was seen to go")
