"""Which of Schemathesis's checks are used, one by one, and why the others are not.

The list is explicit because the default one sends requests by itself, past every guard of ours.
"""

from collections.abc import Callable
from typing import Any, Final

from schemathesis.checks import CHECKS, load_all_checks

USED: Final = {
    "not_a_server_error": "no input is a reason for a 5xx",
    "content_type_conformance": "a success is labelled as JSON; asked of successes alone",
    "response_schema_conformance": "the body of a success is the documented one; asked of successes alone",
}
NOT_USED: Final = {
    "status_code_conformance": "the contract leaves other statuses open, so that it would never fail",
    "response_headers_conformance": "the documentation names no response header",
    "negative_data_rejection": "the documentation makes few values an error, which `expectations` judges",
    "positive_data_acceptance": "a generated ID names no message, and such a call may be rejected",
    "missing_required_header": "the documentation's own examples leave required headers out",
    "unsupported_method": "it asks for 405; 404 and 500 are documented as well, see `expectations`",
    "allow_header_conformance": "the documentation does not speak of Allow",
    "use_after_free": "the contract has no operation that reads what these delete",
    "ensure_resource_availability": "the contract has no operation that creates",
    "ignored_auth": "it sends requests by itself; our own checks of authentication stand for it",
    "object_level_authorization": "it needs a second user's credentials, and may send by itself",
}

OF_SUCCESSES: Final = ("content_type_conformance", "response_schema_conformance")
"""Those of a success alone: the documentation describes no other body as a schema does."""

Check = Callable[..., Any]


def used(*, of_success: bool) -> list[Check]:
    """The checks in use for one response, as functions. RuntimeError when a release of Schemathesis brings
    one that nobody has thought about yet."""
    load_all_checks()
    unknown = set(CHECKS.get_all_names()) - USED.keys() - NOT_USED.keys()
    if unknown:
        raise RuntimeError(f"Schemathesis has checks that are neither used nor left out: {sorted(unknown)}")
    return list(CHECKS.get_by_names([name for name in USED if of_success or name not in OF_SUCCESSES]))
