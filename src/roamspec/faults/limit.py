"""Faults of the limit of fifty IDs."""

from typing import Final

from roamspec.contract.limits import most_message_ids
from roamspec.emulator.domain.api_error import ApiError
from roamspec.emulator.domain.deletion import Deletion
from roamspec.faults.registry import BY_IDS, Step, Wrapper, fault
from roamspec.faults.side_effects import announce, carry_out, notify_others
from roamspec.faults.step_mutators import although_refused, choosing, misworded, refused_as

_TOO_MANY: Final = "too-many-ids"


def _at_most(most: int) -> Wrapper:
    """Another limit than fifty."""

    def wrap(_step: Step) -> Step:
        def limits(deletion: Deletion) -> None:
            if len(deletion.ids) > most:
                raise ApiError(_TOO_MANY)

        return limits

    return wrap


for most, refuted in (
    (49, ("limit.fifty-accepted",)),
    (20, ("limit.fifty-accepted",)),
    (51, ("limit.fifty-one-refused",)),
    (100, ("limit.fifty-one-refused", "limit.far-more-refused")),
):
    fault(
        f"limit.of-{most}",
        at="limits",
        operations=BY_IDS,
        refutes=refuted,
        sentence=f"The limit is {most} message IDs in one call.",
    )(_at_most(most))


@fault(
    "limit.counted-over-calls",
    at="limits",
    operations=BY_IDS,
    refutes=("limit.counts-per-call",),
    sentence="The limit counts the IDs of all long lists within ten seconds.",
)
def counted_over_calls(step: Step) -> Step:
    taken: dict[str, tuple[int, int]] = {}

    def limits(deletion: Deletion) -> None:
        step(deletion)
        since, count = taken.get(deletion.owner, (0, 0))
        now = deletion.context.now
        count = count if now - since < 10_000 else 0
        if len(deletion.ids) > 25:
            taken[deletion.owner] = now, count + len(deletion.ids)
            if count:
                raise ApiError(_TOO_MANY)

    return limits


@fault(
    "limit.only-fifty-one-refused",
    at="limits",
    operations=BY_IDS,
    refutes=("limit.far-more-refused",),
    sentence="Fifty-one IDs are rejected, far more are accepted.",
)
def only_fifty_one_refused(step: Step) -> Step:
    def limits(deletion: Deletion) -> None:
        if len(deletion.ids) <= most_message_ids() + 1:
            step(deletion)

    return limits


@fault(
    "limit.cut-to-fifty",
    at="limits",
    operations=BY_IDS,
    refutes=("limit.fifty-one-refused", "limit.far-more-refused"),
    sentence="Of more than fifty IDs, the first fifty are used, and the call succeeds.",
)
def cut_to_fifty(_step: Step) -> Step:
    def limits(deletion: Deletion) -> None:
        deletion.ids = deletion.ids[: most_message_ids()]

    return limits


@fault(
    "limit.length-of-the-text-counted",
    at="limits",
    operations=BY_IDS,
    refutes=("limit.fifty-one-refused", "limit.far-more-refused"),
    sentence="The length of the text is limited, not the number of IDs.",
)
def length_of_the_text(_step: Step) -> Step:
    def limits(deletion: Deletion) -> None:
        if len(",".join(deletion.ids)) > 4096:
            raise ApiError(_TOO_MANY)

    return limits


def _of_fifty(count: int) -> Wrapper:
    return choosing(
        lambda deletion, _, found: found[:count] if len(deletion.ids) == most_message_ids() else found
    )


for count in (49, 25):
    fault(
        f"limit.only-{count}-of-fifty-deleted",
        at="select",
        operations=BY_IDS,
        refutes=("limit.fifty-all-gone",),
        sentence=f"Of fifty IDs, only the first {count} are deleted.",
    )(_of_fifty(count))
fault(
    "limit.last-49-of-fifty-deleted",
    at="select",
    operations=BY_IDS,
    refutes=("limit.fifty-all-gone",),
    sentence="Of fifty IDs, the first message is retained.",
)(choosing(lambda d, _v, found: found[1:] if len(d.ids) == most_message_ids() else found))


def _single_refused(step: Step) -> Step:
    def limits(deletion: Deletion) -> None:
        if len(deletion.ids) == 1:
            raise ApiError("missing-parameter")
        step(deletion)

    return limits


fault(
    "limit.single-id-refused",
    at="limits",
    operations=BY_IDS,
    refutes=("effect.single-id-gone",),
    sentence="A call with one ID is rejected.",
)(_single_refused)

# --- how too many are rejected

for status in (413,):
    fault(
        f"limit.refused-with-{status}",
        at="limits",
        operations=BY_IDS,
        refutes=("limit.fifty-one-refused", "limit.far-more-refused"),
        sentence=f"Too many IDs are rejected with status {status}.",
    )(refused_as(_TOO_MANY, misworded(_TOO_MANY, f"status {status}", status=status)))
fault(
    "limit.refused-with-200",
    at="limits",
    operations=BY_IDS,
    refutes=("limit.fifty-one-refused", "limit.far-more-refused"),
    sentence="Too many IDs are answered with status 200 and an error in the body.",
)(refused_as(_TOO_MANY, misworded(_TOO_MANY, "status 200", status=200)))
for name, words in (
    ("like-a-missing-parameter", "Bad Request"),
    ("in-snake-case", "param_exception"),
):
    fault(
        f"limit.error-type-{name}",
        at="limits",
        operations=BY_IDS,
        refutes=("limit.fifty-one-error-type",),
        sentence=f"The error response to too many IDs has the error type {words!r}.",
    )(refused_as(_TOO_MANY, misworded(_TOO_MANY, words, error=words)))
for name, words in (
    ("in-better-english", "delete msg list limit cannot be greater than 50"),
    ("empty", ""),
):
    fault(
        f"limit.error-text-{name}",
        at="limits",
        operations=BY_IDS,
        refutes=("limit.fifty-one-error-text",),
        sentence=f"The error response to too many IDs has the error text {words!r}.",
    )(refused_as(_TOO_MANY, misworded(_TOO_MANY, words, description=words)))

# --- effect although rejected


def _fifty_of_them(deletion: Deletion) -> None:
    deletion.ids = deletion.ids[: most_message_ids()]
    carry_out(deletion)


def _first_of_them(deletion: Deletion) -> None:
    deletion.ids = deletion.ids[:1]
    carry_out(deletion)


for name, effect, what in (
    ("all-deleted", carry_out, "all of them are deleted"),
    ("fifty-deleted", _fifty_of_them, "the first fifty are deleted"),
    ("first-deleted", _first_of_them, "the first is deleted"),
):
    fault(
        f"limit.refused-but-{name}",
        at="limits",
        operations=BY_IDS,
        refutes=("limit.fifty-one-deletes-nothing",),
        sentence=f"Too many IDs are rejected, but {what}.",
    )(although_refused([_TOO_MANY], effect))
fault(
    "limit.refused-but-told",
    at="limits",
    operations=BY_IDS,
    refutes=("limit.fifty-one-notifies-nobody",),
    sentence="Too many IDs are rejected, but the owner's devices are notified.",
)(although_refused([_TOO_MANY], announce))


def _tell_the_others(deletion: Deletion) -> None:
    conversation = deletion.conversation
    assert conversation is not None
    notify_others(deletion, conversation)


fault(
    "limit.refused-but-others-told",
    at="limits",
    operations=BY_IDS,
    refutes=("limit.fifty-one-notifies-nobody",),
    sentence="Too many IDs are rejected, but the other participants' devices are notified.",
)(although_refused([_TOO_MANY], _tell_the_others))
