"""`--shard` and `--durations`: from the command line, the environment and `roamspec.toml`."""

from pathlib import Path

import pytest

from roamspec.config.run_variables import chosen_seed
from roamspec.config.shard_option import ShardOption, chosen_shard
from roamspec.errors import ConfigurationError
from roamspec.shard import Shard


@pytest.mark.parametrize(
    ("given", "expected"),
    [("cef", 1), ("ce", 1), ("cf", 1), ("c", 1), ("ef", 2), ("e", 2), ("f", 3)],
)
def test_the_nearest_source_wins(tmp_path: Path, given: str, expected: int) -> None:
    options = {"shard": "1/8", "durations": "one.json"} if "c" in given else {}
    environ = {"ROAMSPEC_SHARD": "2/8", "ROAMSPEC_DURATIONS": "two.json"} if "e" in given else {}
    file = tmp_path / "roamspec.toml"
    file.write_text('shard = "3/8"\ndurations = "three.json"\n' if "f" in given else "", encoding="utf-8")

    chosen = chosen_shard(options, environ, file)

    assert chosen.shard == Shard(expected, 8)
    assert chosen.durations == Path(f"{['one', 'two', 'three'][expected - 1]}.json")


def test_without_a_shard_the_run_is_whole() -> None:
    assert chosen_shard({}, {"ROAMSPEC_SHARD": "", "ROAMSPEC_DURATIONS": "x.json"}, None) == ShardOption()


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("3", "'3' is not a shard; write its number and how many there are, such as 3/8."),
        ("a/b", "'a/b' is not a shard"),
        ("-1/8", "'-1/8' is not a shard"),
        ("1/2/3", "'1/2/3' is not a shard"),
        ("０/８", "is not a shard"),
        ("1/0", "'1/0': a run can have from 1 to 999 shards."),
        ("1/1000", "a run can have from 1 to 999 shards."),
        ("0/8", "the shards are numbered from 1/8 to 8/8."),
        ("9/8", "the shards are numbered from 1/8 to 8/8."),
    ],
)
def test_what_is_no_shard_is_named_with_its_place(written: str, sentence: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        chosen_shard({}, {"ROAMSPEC_SHARD": written}, None)

    assert str(caught.value).startswith("ROAMSPEC_SHARD: ")
    assert sentence in str(caught.value)


def test_durations_without_a_shard_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="--durations needs --shard I/N"):
        chosen_shard({"durations": "x.json"}, {}, None)


def test_a_variable_that_is_nearly_the_shard_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"ROAMSPEC_SHARDS is not known; did you mean"):
        chosen_shard({}, {"ROAMSPEC_SHARDS": "1/2"}, None)


def test_shards_share_their_seed() -> None:
    assert [chosen_seed(None, {}, shared=True) for _ in range(3)] == [0, 0, 0]
    assert chosen_seed(None, {"ROAMSPEC_SEED": "7"}, shared=True) == 7
