"""Cassettes as files: what roamspec wrote is read, everything else is rejected in one sentence."""

from collections.abc import Callable
from pathlib import Path

import pytest
import vcr  # type: ignore[import-untyped]
from tests.unit.recording.conftest import answered, asked, cassette, exchange, origin

from roamspec.errors import UsageError
from roamspec.recording.cassette import Cassette, DeviceLog, RecordedNotification
from roamspec.recording.files import LARGEST_BYTES, read_cassette, read_folder, text_of, write_cassette
from roamspec.recording.interactions import Interaction, Sent

WHOLE = Cassette(
    origin(observed=True, alone=True, given_tokens=("main",), own_credentials=("neighbour",)),
    (
        exchange("/users", '[{"username":"rs0000000000-1u"}]', '{"a": "ü\\n"}'),
        Interaction(asked("/a"), answered("not JSON: 'x'\n  y"), together=True),
        Interaction(asked("/b"), answered("", 400), together=True),
        Interaction(Sent("GET", "http://emulator.test/c", {"accept": ""}), answered("{}"), after_s=1.5),
    ),
    (
        DeviceLog("u", "d1", 1, 3, app="acme/parlor", notices=(RecordedNotification(2, '{"x":1}'),)),
        DeviceLog("u", "d2", 1, refused="the observer responds with 404", app="acme/parlor"),
    ),
)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    write_cassette(tmp_path / "x.yaml", WHOLE, secrets=[])
    assert read_cassette(tmp_path / "x.yaml") == WHOLE
    assert read_folder(tmp_path) == {tmp_path / "x.yaml": WHOLE}


def test_vcrpy_reads_it_too(tmp_path: Path) -> None:
    write_cassette(tmp_path / "x.yaml", WHOLE, secrets=[])
    with vcr.use_cassette(str(tmp_path / "x.yaml"), record_mode="none") as read:
        told = [(r.method, r.uri) for r in read.requests]
        bodies = [r["body"]["string"].decode() for r in read.responses]
    assert told == [(each.sent.method, each.sent.url) for each in WHOLE.interactions]
    assert bodies == [each.received.body for each in WHOLE.interactions]


GOOD = text_of(cassette(exchange("/users")))
HOSTILE = {
    "a tag that calls": ("version: !!python/object/apply:os.system ['touch HIT']\n", "line 1"),
    "a tag that names": ("version: 1\nroamspec: !!python/name:os.system\n", "line 2"),
    "a tag of its own": (GOOD.replace("format: 1", "format: !mine 1"), "tag"),
    "an alias": ("version: &a [1]\nroamspec: *a\n", "anchor"),
    "aliases of aliases": ("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "line 1"),
    "an alias of itself": ("&a [*a]", "anchor"),
    "brackets": ("version: " + "[" * 100_000, "deep nesting"),
    "dashes": ("- " * 100_000, "deep nesting"),
    "no YAML": ("version: 1\n  roamspec: }{\n", "line 2"),
    "cut off": (GOOD[: len(GOOD) // 2], "at "),
    "empty": ("", "NoneType"),
    "a list": ("- request: {}\n", "list"),
    "another recorder's": ("version: 1\ninteractions: []\n", "was not recorded by roamspec"),
    "a version to come": (GOOD.replace("format: 1", "format: 2"), "its format is 2"),
    "another vcrpy's": (GOOD.replace("version: 1\n", "version: 9\n", 1), "at version"),
    "a field too many": (GOOD.replace("kind: emulator", "kind: emulator\n  run: me"), "at roamspec"),
    "a status that is none": (GOOD.replace("code: 200", "code: high"), "interactions/0/response/status/code"),
    "a method that is none": (
        GOOD.replace("method: POST", "method: [POST]"),
        "interactions/0/request/method",
    ),
    "bytes": (GOOD.replace("body: {string: '{}'}", "body: {string: !!binary aGk=}"), "tag"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_roamspec_did_not_write_is_rejected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    text, told = HOSTILE[name]
    file = tmp_path / "x.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as refused:
        read_cassette(file)
    sentence = str(refused.value)
    assert sentence.startswith(f"{file}: ")
    assert told in sentence
    assert "\n" not in sentence
    assert len(sentence) < 400 + len(str(file))
    assert not (tmp_path / "HIT").exists()


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    with file.open("wb") as stream:
        stream.truncate(LARGEST_BYTES + 1)
    with pytest.raises(UsageError, match=f"{LARGEST_BYTES + 1} bytes"):
        read_cassette(file)


def test_other_bytes_are_no_text(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_bytes(b"version: \xff\n")
    with pytest.raises(UsageError, match="at byte 9: it is not UTF-8"):
        read_cassette(file)


def _folder_with_a_recording(place: Path) -> None:
    place.mkdir()
    (place / "some.yaml").touch()


@pytest.mark.parametrize(
    ("prepare", "told"),
    [
        (lambda place: place.rmdir(), "is not a folder of recordings"),
        (lambda place: None, "has no recordings"),  # noqa: ARG005
        (lambda place: _folder_with_a_recording(place / "emulator"), r"give one of its folders \(emulator\)"),
        (lambda place: (place / "other").mkdir(), r"has no recordings \(\*\.yaml\)\.$"),
    ],
)
def test_a_folder_without_recordings(tmp_path: Path, prepare: Callable[[Path], None], told: str) -> None:
    place = tmp_path / "place"
    place.mkdir()
    prepare(place)
    with pytest.raises(UsageError, match=told):
        read_folder(place)
