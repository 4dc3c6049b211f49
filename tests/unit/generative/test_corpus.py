"""Sequences that failed are kept, read first next time, and rejected when they are damaged."""

import json
from pathlib import Path
from typing import Any

import pytest

from roamspec.errors import ConfigurationError
from roamspec.generative import corpus
from roamspec.generative.call_sequence import UNKNOWN, CallSequence, DeleteStep, SendStep

PROGRAM = CallSequence(
    (
        SendStep("m1", "chat ab", "a", 0),
        SendStep("m2", "group", "b"),
        DeleteStep("deleteChatMessages", "b", "chat ab", ("m1", UNKNOWN), notify="false"),
        DeleteStep("clearGroupBefore", "c", "group", around="m2", offset_ms=-1, flaw="missing groupId"),
        DeleteStep("clearUser", "a"),
    ),
    watched=True,
)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = corpus.write(tmp_path / "kept", PROGRAM, why="b pulls m1; b pulls nothing")

    assert corpus.read(tmp_path / "kept") == [PROGRAM]
    assert json.loads(path.read_text(encoding="utf-8"))["why"] == "b pulls m1; b pulls nothing"


def test_the_same_sequence_is_kept_once(tmp_path: Path) -> None:
    first = corpus.write(tmp_path, PROGRAM, why="this")

    assert corpus.write(tmp_path, PROGRAM, why="that") == first
    assert len(list(tmp_path.iterdir())) == 1


def test_a_folder_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert corpus.read(tmp_path / "nowhere") == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "Expecting"),
        ("[]", "not a JSON object"),
        ({"form": "roamspec.sequence/1", "steps": []}, "roamspec.sequence/2"),
        ({"form": corpus.FORM, "steps": ["say"]}, "not a JSON object"),
        ({"form": corpus.FORM, "steps": [{"do": "say", "word": "hi"}]}, "word"),
        (
            {"form": corpus.FORM, "steps": [{"do": "delete", "operation": "clearUser", "owner": "zoe"}]},
            "user or conversation",
        ),
        (
            {
                "form": corpus.FORM,
                "steps": [{"do": "delete", "operation": "clearUser", "owner": "a", "offset_ms": 7}],
            },
            "7 ms",
        ),
    ],
)
def test_a_damaged_file_is_named_with_the_reason(tmp_path: Path, content: Any, reason: str) -> None:
    path = tmp_path / "damaged.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")

    with pytest.raises(ConfigurationError) as caught:
        corpus.read(tmp_path)

    assert str(path) in str(caught.value)
    assert reason in str(caught.value)
