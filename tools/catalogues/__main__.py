"""`python -m tools.catalogues`: refreshes the catalogues from the sources and lists missing translations.

With `--check` it writes nothing. The status is 1 when a text lacks its translation, or a file is out of step.
"""

import argparse
import sys
from collections.abc import Sequence

from tools.catalogues.catalogue import (
    LEFT_OUT,
    compiled,
    held,
    missing,
    mo_file,
    po_file,
    tidied,
    translations,
    wanted,
    written,
)
from tools.catalogues.sources import ROOT, all_texts

from roamspec.language.translation import LANGUAGES


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.catalogues", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    check = parser.parse_args(argv).check
    sources, bad = list(all_texts()), False
    if not check:
        LEFT_OUT.write_text(tidied(sources), encoding="utf-8")
    for lang in LANGUAGES:
        if lang == "en":
            continue
        catalogue = wanted(sources, translations(held(lang)), lang)
        lacking = missing(catalogue)
        for message in lacking:
            sys.stdout.write(f"{lang}: no translation of {message!r}\n")
        sys.stdout.write(f"{lang}: {len(catalogue)} texts, {len(lacking)} without a translation\n")
        bad |= bool(lacking)
        for path, content in ((po_file(lang), written(catalogue)), (mo_file(lang), compiled(catalogue))):
            if path.is_file() and path.read_bytes() == content:
                continue
            name = path.relative_to(ROOT)
            sys.stdout.write(f"{name} {'is out of step' if check else 'is written'}\n")
            bad |= check
            if not check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
    return int(bad)


if __name__ == "__main__":
    sys.exit(main())
