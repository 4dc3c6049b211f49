"""Outputs: a device, a pipe and a link stay what they are; a regular file of ours is replaced in one step."""

import errno
import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from roamspec.output_files import open_output, prove_writable, remove_output, write_output

TEXT = b"what was written\n"


@pytest.fixture
def terminal() -> Iterator[tuple[Path, int]]:
    """A character device, and where what is written to it comes out."""
    master, slave = os.openpty()
    yield Path(os.ttyname(slave)), master
    os.close(slave)
    os.close(master)


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    return path


@pytest.fixture
def others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file belongs to somebody else."""
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)


def test_a_new_file_and_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "new" / "report.json"

    write_output(path, TEXT)

    assert path.read_bytes() == TEXT
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert list(path.parent.iterdir()) == [path]


def test_a_file_of_ours_is_replaced_in_one_step(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_bytes(b"before")
    with path.open("rb") as reader:
        write_output(path, TEXT, mode=0o600)

        assert reader.read() == b"before"
    assert path.read_bytes() == TEXT
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_what_cannot_be_written_whole_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.json"
    path.write_bytes(b"before")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "chmod", full)

    with pytest.raises(OSError, match="No space left"):
        write_output(path, TEXT)
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_device_is_written_through(terminal: tuple[Path, int]) -> None:
    device, other_end = terminal

    prove_writable(device)
    remove_output(device)
    write_output(device, TEXT)

    assert device.is_char_device()
    assert os.read(other_end, 100).replace(b"\r", b"") == TEXT


def test_a_link_to_a_device_is_followed(terminal: tuple[Path, int], tmp_path: Path) -> None:
    device, other_end = terminal
    link = tmp_path / "junit.xml"
    link.symlink_to(device)

    remove_output(link)
    write_output(link, TEXT)

    assert link.readlink() == device
    assert device.is_char_device()
    assert os.read(other_end, 100).replace(b"\r", b"") == TEXT


def test_a_pipe_is_written_through(pipe: Path) -> None:
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()

    prove_writable(pipe)
    remove_output(pipe)
    write_output(pipe, TEXT)
    reader.join()

    assert read == [TEXT]
    assert pipe.is_fifo()


def test_a_pipe_waits_for_its_reader(pipe: Path) -> None:
    writer = threading.Thread(target=write_output, args=(pipe, TEXT))
    writer.start()

    assert pipe.read_bytes() == TEXT
    writer.join()


def test_a_pipe_that_nobody_reads_is_given_up(pipe: Path) -> None:
    with pytest.raises(OSError, match="nobody reads this pipe"):
        write_output(pipe, TEXT, cancelled=lambda: True)
    assert pipe.is_fifo()


def test_a_link_is_followed_to_a_file(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "report.json").write_bytes(b"before")
    first, second = tmp_path / "first", tmp_path / "second"
    second.symlink_to("kept/report.json")
    first.symlink_to(second)

    write_output(first, TEXT)

    assert (first.is_symlink(), second.is_symlink()) == (True, True)
    assert (kept / "report.json").read_bytes() == TEXT


def test_a_link_to_nothing_makes_what_it_names(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    link = tmp_path / "folder" / "link"
    link.symlink_to("../new/report.json")

    prove_writable(link)
    write_output(link, TEXT)

    assert link.is_symlink()
    assert (tmp_path / "new" / "report.json").read_bytes() == TEXT


def test_a_circle_of_links_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")

    for use in (prove_writable, remove_output, lambda path: write_output(path, TEXT)):
        with pytest.raises(OSError, match="Too many levels"):
            use(tmp_path / "a")


def test_another_users_link_in_a_shared_folder_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared, target = tmp_path / "shared", tmp_path / "target"
    shared.mkdir()
    shared.chmod(0o1777)
    (shared / "traceback.txt").symlink_to(target)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    monkeypatch.setattr(Path, "stat", _owned_by(os.getuid() + 2, Path.stat))

    with pytest.raises(PermissionError, match="another user's link"):
        write_output(shared / "traceback.txt", TEXT)
    assert not os.path.lexists(target)


def _owned_by(user: int, real: object) -> object:
    def stat_(path: Path, **options: bool) -> os.stat_result:
        found = list(real(path, **options))  # type: ignore[operator]
        # `lstat` asks without following: the link itself keeps its owner.
        found[4] = user if not options else found[4]
        return os.stat_result(found)

    return stat_


def test_a_file_with_two_names_keeps_both(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_bytes(b"a longer text than before")
    other.hardlink_to(one)

    write_output(one, TEXT)
    assert other.read_bytes() == TEXT

    remove_output(one)
    assert (one.read_bytes(), other.read_bytes()) == (b"", b"")


@pytest.mark.usefixtures("others")
def test_somebody_elses_file_stays_theirs(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_bytes(b"a longer text than before")
    number = path.stat().st_ino

    write_output(path, TEXT)

    assert (path.read_bytes(), path.stat().st_ino) == (TEXT, number)
    remove_output(path)
    assert path.read_bytes() == b""


@pytest.mark.parametrize("number", [errno.EBUSY, errno.EROFS, errno.EACCES])
def test_a_file_that_is_mounted_is_written_in_its_place(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "junit.xml"
    path.write_bytes(b"a longer text than before")

    def refused(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "replace", refused)
    write_output(path, TEXT)
    assert path.read_bytes() == TEXT
    assert list(tmp_path.iterdir()) == [path]

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refused)
        remove_output(path)
    assert path.read_bytes() == b""


def test_a_descriptor_goes_on_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "output"
    with path.open("wb", buffering=0) as stream:
        number = stream.fileno()
        link = tmp_path / "link"
        link.symlink_to(f"/dev/fd/{number}")
        stream.write(b"before, ")
        prove_writable(link)
        remove_output(link)
        write_output(Path(f"/proc/self/fd/{number}"), b"between, ")
        with open_output(link) as more:
            more.write(b"more, ")
        stream.write(b"after")

    assert path.read_bytes() == b"before, between, more, after"


def test_a_descriptor_that_is_not_open_is_an_error() -> None:
    with pytest.raises(OSError, match="Bad file descriptor"):
        prove_writable(Path("/dev/fd/9999"))


def test_a_stream_empties_a_file_and_keeps_it(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    path.write_bytes(b"a longer text than before")
    number = path.stat().st_ino

    with open_output(path) as stream:
        stream.write(TEXT)

    assert (path.read_bytes(), path.stat().st_ino) == (TEXT, number)


def test_a_folder_is_no_output(tmp_path: Path) -> None:
    for use in (prove_writable, lambda path: write_output(path, TEXT)):
        with pytest.raises(IsADirectoryError):
            use(tmp_path)


def test_what_is_not_there_needs_no_removal(tmp_path: Path) -> None:
    remove_output(tmp_path / "absent")
    remove_output(tmp_path / "no" / "folder")
    assert list(tmp_path.iterdir()) == []


def test_proving_leaves_everything_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_bytes(b"before")

    prove_writable(path)
    prove_writable(tmp_path / "absent.json")

    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_may_not_be_written_is_known_beforehand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.json"
    path.write_bytes(b"before")
    monkeypatch.setattr(os, "access", lambda *_: False)

    with pytest.raises(PermissionError):
        prove_writable(path)
