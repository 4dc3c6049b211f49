"""What no check looks at for itself, and what the comparison after each check finds all the same."""

import pytest
from tests.integration.commands import failing, report_of, roamspec, selecting

REJECTED_DELETES_NOTHING = "effect.refused-call-deletes-nothing"
SEEN_BY_THE_COMPARISON = {
    "delete-group-messages.effect.messages-that-stay-lose-their-text": "effect.only-named-messages-gone",
    "clear-chat-before.one-way.others-read-nothing-after-a-silent-call": "one-way.others-keep-what-they-sent",
    "clear-user.effect.refused-for-the-token-but-others-lose-a-message": REJECTED_DELETES_NOTHING,
    "clear-group-before.effect.refused-for-a-parameter-but-others-lose-a-message": REJECTED_DELETES_NOTHING,
}


@pytest.fixture(scope="module")
def failed(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("compared")
    faults = [word for name in SEEN_BY_THE_COMPARISON for word in ("--fault", name)]
    wanted = selecting([f"*.{name}" for name in dict.fromkeys(SEEN_BY_THE_COMPARISON.values())])
    done = roamspec(folder, "run", "--profile", "quick", "--report-dir", ".", *faults, *wanted)
    assert done.status == 1
    return set(failing(report_of(folder)))


@pytest.mark.parametrize(("fault", "requirement"), SEEN_BY_THE_COMPARISON.items())
def test_the_comparison_sees_what_no_check_looks_at(failed: set[str], fault: str, requirement: str) -> None:
    operation = fault.partition(".")[0]
    assert f"{operation}.{requirement}" in failed


def test_nothing_is_attributed_to_an_operation_that_conforms(failed: set[str]) -> None:
    assert not [name for name in failed if name.startswith("delete-chat-messages.")]
