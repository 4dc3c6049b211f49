"""Faults of authentication: who is let in, and what happens although nobody is."""

from collections.abc import Callable
from typing import Final, NoReturn

from roamspec.emulator.domain.api_error import ApiError
from roamspec.emulator.http.request import IncomingRequest
from roamspec.faults.registry import EVERY, Step, Wrapper, fault
from roamspec.faults.side_effects import notify_everyone, take_effect
from roamspec.faults.step_mutators import although_refused, instead_of, misworded, refusing

_REFUSALS: Final = ("no-token", "corrupt-token", "foreign-token", "expired-token")


def _authorization(request: IncomingRequest) -> str:
    return request.headers.get(b"authorization", b"").decode("latin-1")


def _none(request: IncomingRequest) -> bool:
    return not _authorization(request)


def _other_scheme(request: IncomingRequest) -> bool:
    words = _authorization(request).split(" ")
    return len(words) > 1 and words[0].lower() != "bearer"


def _cut(request: IncomingRequest) -> bool:
    """The beginning of a token that the app issued."""
    text = _authorization(request).partition(" ")[2]
    return len(text) > 10 and any(
        each.startswith(text) and each != text for each, _ in request.app.tokens.items()
    )


def _malformed(request: IncomingRequest) -> bool:
    return _authorization(request).startswith("Bearer ") and not _cut(request) and not _well_known(request)


def _well_known(request: IncomingRequest) -> bool:
    """A token of this app or of another one of the same emulator."""
    text = _authorization(request).partition(" ")[2]
    return any(app.tokens.find(text) is not None for app in request.service.apps())


def _foreign(request: IncomingRequest) -> bool:
    text = _authorization(request).partition(" ")[2]
    return request.app.tokens.find(text) is None and _well_known(request)


def _expired(request: IncomingRequest) -> bool:
    token = request.app.tokens.find(_authorization(request).partition(" ")[2])
    return token is not None and token.expired(request.now)


fault(
    "auth.app-token-refused",
    at="authenticate",
    operations=EVERY,
    refutes=("auth.app-token-accepted",),
    sentence="A call with a valid app token is rejected with status 401.",
)(refusing(lambda _: True, "corrupt-token"))


def _with_status(status: int, when: Callable[[IncomingRequest], bool]) -> Wrapper:
    """A 401 becomes another status, with the words of a token that is missing."""
    wrong = misworded("no-token", f"status {status}", status=status)

    def refuse(_: IncomingRequest) -> NoReturn:
        raise ApiError(wrong)

    return instead_of(_REFUSALS, refuse, when=when)


_KINDS: Final = {
    "no-token": (_none, "no Authorization header"),
    "malformed-token": (_malformed, "an invalid token"),
    "wrong-scheme": (_other_scheme, "another scheme than Bearer"),
    "cut-token": (_cut, "a truncated token"),
    "foreign-token": (_foreign, "the token of another app"),
    "expired-token": (_expired, "an expired token"),
}
for name, (when, what) in _KINDS.items():
    fault(
        f"auth.{name}-accepted",
        at="authenticate",
        operations=EVERY,
        refutes=(f"auth.{name}-refused", f"auth.{name}-deletes-nothing"),
        sentence=f"A call with {what} is accepted.",
    )(instead_of(_REFUSALS, lambda _: None, when=when))
    fault(
        f"auth.{name}-refused-with-403",
        at="authenticate",
        operations=EVERY,
        refutes=(f"auth.{name}-refused",),
        sentence=f"A call with {what} is rejected with status 403.",
    )(_with_status(403, when))
    fault(
        f"auth.{name}-refused-after-deleting",
        at="authenticate",
        operations=EVERY,
        refutes=(f"auth.{name}-deletes-nothing",),
        sentence=f"A call with {what} is rejected after it has deleted.",
    )(although_refused(_REFUSALS, take_effect, when=when))
    if name not in ("no-token", "expired-token"):
        continue
    fault(
        f"auth.{name}-refused-but-told",
        at="authenticate",
        operations=EVERY,
        refutes=("auth.refusal-notifies-nobody",),
        sentence=f"A call with {what} is rejected, but the owner's devices are notified.",
    )(although_refused(_REFUSALS, notify_everyone, when=when))


def _of_a_user(request: IncomingRequest) -> bool:
    token = request.app.tokens.find(_authorization(request).partition(" ")[2])
    return token is not None and token.user is not None


fault(
    "auth.any-users-token-accepted",
    at="authenticate",
    operations=EVERY,
    refutes=("auth.user-token-never-for-others",),
    sentence="Any user's own token deletes any user's messages.",
)(instead_of(["no-permission"], lambda _: None))
fault(
    "auth.users-token-refused-after-deleting",
    at="authenticate",
    operations=EVERY,
    refutes=("auth.user-token-never-for-others",),
    sentence="Another user's token is rejected after the call has deleted.",
)(although_refused(["no-permission"], take_effect))


@fault(
    "auth.app-never-compared",
    at="authenticate",
    operations=EVERY,
    refutes=(
        "auth.foreign-token-refused",
        "auth.foreign-token-deletes-nothing",
        "auth.malformed-token-refused",
        "auth.malformed-token-deletes-nothing",
        "auth.cut-token-refused",
        "auth.cut-token-deletes-nothing",
    ),
    sentence="Any text after Bearer is accepted as a token.",
)
def app_never_compared(step: Step) -> Step:
    def authenticate(request: IncomingRequest) -> None:
        if not _authorization(request).startswith("Bearer ") or _expired(request) or _of_a_user(request):
            step(request)

    return authenticate


fault(
    "auth.never-asked",
    at="authenticate",
    operations=EVERY,
    refutes=(
        *(f"auth.{kind}-{what}" for kind in _KINDS for what in ("refused", "deletes-nothing")),
        "auth.user-token-never-for-others",
    ),
    sentence="No token is required.",
)(lambda _step: lambda _request: None)
