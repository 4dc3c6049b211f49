"""`python -m tools.licences`: writes docs/licences.md; status 1 for a licence that roamspec cannot use.

With `--check` it writes nothing, and the status is also 1 when the file is out of step.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from tools.licences.licence import PERMITTED, permitted
from tools.licences.locked import OF_PYTHON, ROOT, Package, locked_packages

PAGE: Final = ROOT / "docs" / "licences.md"
_HEAD: Final = """# Licences of the dependencies

roamspec is under Apache-2.0. Its wheel contains none of these packages: pip installs those that are needed to
run it. The list is made from the lock files and from the metadata of the installed packages, as SPDX
expressions: `make licences`. A test fails on a licence that software under Apache-2.0 cannot use, and on a
package whose licence nothing tells.

Permitted are {permitted}.
MPL-2.0 asks for the changes of its own files alone; roamspec changes and contains none of them.

| package | licence | needed to |
| --- | --- | --- |
{python}
Packages of Node, which lint the contracts and watch devices in an example, are counted:

| packages | licence | needed to |
| --- | --- | --- |
{node}"""


def page(packages: Sequence[Package]) -> str:
    """The text of docs/licences.md."""
    python = [
        f"| `{each.name}` | {each.licence} | {each.use} |" for each in packages if each.use in OF_PYTHON
    ]
    counted = Counter((each.use, each.licence) for each in packages if each.use not in OF_PYTHON)
    node = [f"| {count} | {licence} | {use} |" for (use, licence), count in sorted(counted.items())]
    return _HEAD.format(permitted=", ".join(sorted(PERMITTED)), python=_lines(python), node=_lines(node))


def _lines(rows: Iterable[str]) -> str:
    return "".join(f"{row}\n" for row in rows)


def complaints(packages: Iterable[Package]) -> list[str]:
    """One sentence for each package that roamspec cannot use."""
    return [
        f"{each.name}: its licence {each.licence or 'is told nowhere and'} is not permitted."
        for each in packages
        if not permitted(each.licence)
    ]


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.licences", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    check = parser.parse_args(argv).check
    packages = locked_packages()
    found, text = complaints(packages), page(packages)
    if not check:
        PAGE.write_text(text, encoding="utf-8", newline="\n")
    elif PAGE.read_text(encoding="utf-8") != text:
        found.append("docs/licences.md is out of step; run `make licences`.")
    sys.stdout.write("".join(f"{each}\n" for each in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
