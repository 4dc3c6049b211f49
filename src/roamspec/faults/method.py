"""Faults of methods: others than the documented one are served, or delete although rejected."""

from contextlib import suppress

from roamspec.emulator.domain.api_error import ApiError
from roamspec.emulator.http.answers import HttpResponse, as_json
from roamspec.emulator.http.operations.deletions import run
from roamspec.emulator.http.request import IncomingRequest
from roamspec.faults.registry import BY_TIME, EVERY, Step, Wrapper, fault
from roamspec.faults.side_effects import take_effect

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def _serving(method: str) -> Wrapper:
    """Another method does what the documented one does."""

    def wrap(step: Step) -> Step:
        def unrouted(request: IncomingRequest, refusal: ApiError) -> HttpResponse:
            if refusal.reason == "wrong-method" and request.method == method:
                return run(request.deletion)(request)
            right: HttpResponse = step(request, refusal)
            return right

        return unrouted

    return wrap


def _answering(method: str) -> Wrapper:
    """Another method is answered with success and does nothing."""

    def wrap(step: Step) -> Step:
        def unrouted(request: IncomingRequest, refusal: ApiError) -> HttpResponse:
            if refusal.reason == "wrong-method" and request.method == method:
                return HttpResponse(200, as_json({"requestStatusCode": "ok"}), "inferred")
            right: HttpResponse = step(request, refusal)
            return right

        return unrouted

    return wrap


def _refused_after_deleting(method: str) -> Wrapper:
    """Another method is rejected after it has deleted."""

    def wrap(step: Step) -> Step:
        def unrouted(request: IncomingRequest, refusal: ApiError) -> HttpResponse:
            if refusal.reason == "wrong-method" and request.method == method:
                # What is wrong with the call does not change that it is rejected.
                with suppress(ApiError):
                    take_effect(request)
            right: HttpResponse = step(request, refusal)
            return right

        return unrouted

    return wrap


for method in METHODS:
    # The documented methods differ: clearing a user is a POST, the others are a DELETE.
    others = tuple(o for o in EVERY if method != ("POST" if o == "clearUser" else "DELETE"))
    # The vendor's table of rate limits lists POST for the deletions by time: there it may be served.
    unlisted = tuple(o for o in others if method != "POST" or o not in BY_TIME)
    fault(
        f"method.{method.lower()}-served",
        at="unrouted",
        operations=unlisted,
        refutes=("method.other-methods-refused", "method.other-methods-delete-nothing"),
        sentence=f"{method} on the same URL deletes as well.",
    )(_serving(method))
    if method == "GET":
        fault(
            f"method.{method.lower()}-answered",
            at="unrouted",
            operations=others,
            refutes=("method.other-methods-refused",),
            sentence=f"{method} on the same URL is answered with success, and has no effect.",
        )(_answering(method))
    fault(
        f"method.{method.lower()}-refused-after-deleting",
        at="unrouted",
        operations=others,
        refutes=("method.other-methods-delete-nothing",),
        sentence=f"{method} on the same URL is rejected after it has deleted.",
    )(_refused_after_deleting(method))
