"""The files of the checkout, its wheel and its sdist; a wheel installed where no checkout can be seen."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from tests.integration.commands import Done, run

ROOT: Final = Path(__file__).parents[2]
IN_THE_WHEEL: Final = {
    "src/roamspec": "roamspec",
    "contracts": "roamspec/_data/contracts",
    "tests/conformance": "roamspec/conformance",
    "cassettes": "roamspec/_data/cassettes",
}
"""Folders of the checkout, and where the wheel has them."""
_BIN: Final = "Scripts" if os.name == "nt" else "bin"


@dataclass(frozen=True, slots=True)
class Built:
    """`again` is the wheel that was built from the unpacked sdist in `unpacked`."""

    wheel: Path
    again: Path
    unpacked: Path


def build(folder: Path) -> Built:
    """Both packages of this checkout, and the wheel of the sdist; an AssertionError when one fails."""
    wheel = _build(ROOT, folder / "wheel", "wheel")
    unpacked = unpacked_sdist(folder)
    return Built(wheel, _build(unpacked, folder / "again", "wheel"), unpacked)


def unpacked_sdist(folder: Path) -> Path:
    """What the sdist of this checkout holds, below `folder`."""
    with tarfile.open(_build(ROOT, folder / "sdist", "sdist")) as archive:
        archive.extractall(folder / "unpacked", filter="data")
    [unpacked] = (folder / "unpacked").iterdir()
    return unpacked


def _build(source: Path, into: Path, target: str) -> Path:
    words = [sys.executable, "-m", "hatchling", "build", "--directory", str(into), "--target", target]
    done = run(words, source, {})
    assert done.status == 0, done.err
    [file] = into.iterdir()
    return file


def carried(wheel: Path) -> dict[str, bytes]:
    """Names and contents of all files, without those that describe the wheel itself."""
    with zipfile.ZipFile(wheel) as archive:
        return {
            name: archive.read(name) for name in archive.namelist() if ".dist-info/" not in name
        }  # fmt: skip


def expected(checkout: Path) -> dict[str, bytes]:
    """The same, as the folders of a checkout say."""
    return {
        f"{place}/{file.relative_to(checkout / folder).as_posix()}": file.read_bytes()
        for folder, place in IN_THE_WHEEL.items()
        for file in (checkout / folder).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }


@dataclass(frozen=True, slots=True)
class Environment:
    """A Python of its own with one wheel installed."""

    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / _BIN / "python"

    def call(self, place: Path, *words: str) -> Done:
        """Run one of its scripts, such as `roamspec`, in `place`."""
        return run([str(self.folder / _BIN / words[0]), *words[1:]], place, {"PYTHONPATH": ""})


def install(wheel: Path, folder: Path, python: str = sys.executable, *, compiled: bool = True) -> Environment:
    """A new environment with nothing but the wheel: pip reaches it from outside, and asks no index."""
    made = run([python, "-m", "venv", "--without-pip", str(folder)], folder.parent, {})
    assert made.status == 0, made.err
    environment = Environment(folder)
    words = [sys.executable, "-m", "pip", "--python", str(environment.python), "install", "--quiet"]
    words += ["--disable-pip-version-check", "--no-index", "--no-deps"]
    words += [str(wheel)] if compiled else ["--no-compile", str(wheel)]
    done = run(words, folder.parent, {})
    assert done.status == 0, done.err
    return environment


def lend_dependencies(environment: Environment) -> None:
    """Let it see every package of this process's environment except roamspec, so that no index is needed."""
    lent = environment.folder / "lent"
    lent.mkdir()
    for package in Path(sysconfig.get_path("purelib")).iterdir():
        # Files that Python reads at its start would bring the checkout back.
        if "roamspec" not in package.name and package.suffix != ".pth":
            (lent / package.name).symlink_to(package)
    [own] = environment.folder.glob("**/site-packages")
    (own / "lent.pth").write_text(f"{lent}\n", encoding="utf-8")


@cache
def python_of(version: str) -> str | None:
    """The interpreter of this minor version, such as `3.12`; None when the machine has none that works."""
    name = f"python{version}"
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found = [shutil.which(name), *map(str, pyenv.glob(f"{version}.*/bin/{name}"))]
    return next((path for path in found if path and _works(path)), None)


def _works(python: str) -> bool:
    """Whether it starts: a wrapper of pyenv is there for versions that are not."""
    words = [python, "-c", "import venv, zlib"]
    try:
        return subprocess.run(words, capture_output=True, timeout=60, check=False).returncode == 0
    except OSError:
        return False


def tracked() -> list[str]:
    """All files of the repository, as git writes them; without git, all of the sources and tests."""
    if shutil.which("git") and (ROOT / ".git").exists():
        done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
        return [name for name in done.stdout.split("\0") if name]
    files = (file for name in ("src", "tests", "contracts", "cassettes") for file in (ROOT / name).rglob("*"))
    return [file.relative_to(ROOT).as_posix() for file in files if "__pycache__" not in file.parts]
