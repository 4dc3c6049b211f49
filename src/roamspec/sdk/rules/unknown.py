"""Nothing is sent that the contract does not know."""

from collections.abc import Iterable

from roamspec.sdk.addresses import allowed_parameters
from roamspec.sdk.calls import ObservedCall
from roamspec.sdk.finding import ClientFinding, IntendedValues, finding_about


def no_unknown_parameters(call: ObservedCall, _meant: IntendedValues) -> Iterable[ClientFinding]:
    """The query has no parameter that the contract does not know."""
    allowed = allowed_parameters(call)
    unknown = list(dict.fromkeys(pair.key for pair in call.query if pair.key not in allowed))
    yield finding_about(
        call,
        "client-unknown.no-unknown-parameters",
        wrong=f"also {', '.join(unknown)}" if unknown else "",
        expected=f"only {', '.join(sorted(allowed))}" if allowed else "no query at all",
        hint="A value ends at an unescaped &, and the rest becomes another parameter.",
    )


def no_body(call: ObservedCall, _meant: IntendedValues) -> Iterable[ClientFinding]:
    """A deletion has no body."""
    size = len(call.body.encode())
    yield finding_about(
        call,
        "client-unknown.no-body",
        wrong=f"a body of {size} bytes" if size else "",
        expected="no body",
    )
