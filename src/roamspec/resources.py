"""Where the files that roamspec carries are: inside the wheel, or in the checkout beside `src/`."""

from pathlib import Path
from typing import Final, Literal

from roamspec.errors import SuiteError

Folder = Literal["contracts", "conformance", "cassettes"]

_PACKAGE: Final = Path(__file__).resolve().parent
_CHECKOUT: Final = _PACKAGE.parents[1]
_IN_WHEEL: Final[dict[Folder, Path]] = {
    "contracts": Path("_data/contracts"),
    "conformance": Path("conformance"),
    "cassettes": Path("_data/cassettes"),
}
_IN_CHECKOUT: Final[dict[Folder, Path]] = {
    "contracts": Path("contracts"),
    "conformance": Path("tests/conformance"),
    "cassettes": Path("cassettes"),
}


def folder(name: Folder) -> Path:
    """The folder `name` of this installation; SuiteError when the installation lacks it."""
    return locate(name, package=_PACKAGE, checkout=_CHECKOUT)


def locate(name: Folder, *, package: Path, checkout: Path) -> Path:
    """The folder `name` of the wheel below `package`, else in `checkout`."""
    carried = package / _IN_WHEEL[name]
    if carried.is_dir():
        return carried
    beside = checkout / _IN_CHECKOUT[name]
    if beside.is_dir():
        return beside
    raise SuiteError(
        f"This installation of roamspec lacks its folder {name!r} (neither {carried} nor {beside}); "
        "install roamspec again."
    )
