"""Makes every file of `reports/sample/` but those of the self-test: a sample of each format.

`make samples` calls it. The target is the embedded emulator with three faults; further runs with two of them
give the comparison and the trend. Where a Chromium is installed, it also makes `docs/images/report.png`, the
picture of the sample of `report.html`; `python tools/make_samples.py --picture` makes the picture alone.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright

SAMPLE: Final = Path(__file__).parents[1] / "reports" / "sample"
PICTURE: Final = Path(__file__).parents[1] / "docs" / "images" / "report.png"
_BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_WIDTH, _HEIGHT = 1200, 640
LIMIT, CLEARED, BOUNDARY = (
    "delete-chat-messages.limit.of-51",
    "clear-user.all.groups-left",
    "clear-chat-before.time.boundary-kept",
)
SHOWN_AGAIN: Final = "delete-chat-messages.limit.fifty-one-refused"
RUN: Final = ("run", "--profile", "quick", "--seed", "1")
FORMATS: Final = {
    "html": "report.html",
    "junit": "junit.xml",
    "markdown": "report.md",
    "sarif": "report.sarif",
    "badge": "badge.svg",
}


def main() -> int:
    if sys.argv[1:] != ["--picture"]:
        make_samples()
    make_picture()
    return 0


def make_samples() -> None:
    with tempfile.TemporaryDirectory(prefix="roamspec-samples-") as name:
        work = Path(name)
        make(work)
        SAMPLE.mkdir(exist_ok=True)
        for file in sorted((work / "sample").iterdir()):
            shutil.copyfile(file, SAMPLE / file.name)
            sys.stdout.write(f"reports/sample/{file.name}\n")


def make_picture() -> None:
    """The head of `report.html` as a picture; nothing where no Chromium is installed."""
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if browser is None:
        sys.stderr.write(
            f"docs/images/report.png stays as it is: none of {', '.join(_BROWSERS)} is in PATH.\n"
        )
        return
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = started.new_page(viewport={"width": _WIDTH, "height": _HEIGHT}, color_scheme="light")
        page.goto((SAMPLE / "report.html").as_uri())
        page.screenshot(path=PICTURE)
        started.close()
    sys.stdout.write("docs/images/report.png\n")


def make(work: Path) -> None:
    """Run everything in `work`, and leave the samples in its folder `sample`."""
    sample = work / "sample"
    sample.mkdir()
    faults = [word for fault in (LIMIT, CLEARED, BOUNDARY) for word in ("--fault", fault)]
    options = ["--report-dir", "runs/1", "--events", "sample/events.ndjson"]
    console = roamspec(work, [*RUN, *faults, *options], expected=1)
    (sample / "console.txt").write_text(console, encoding="utf-8")
    shutil.copyfile(work / "runs/1/report.json", sample / "report.json")
    for form, file in FORMATS.items():
        roamspec(work, ["report", "runs/1", "--format", form, "--output", f"sample/{file}"])
    script = roamspec(work, ["reproduce", "runs/1", SHOWN_AGAIN, "--script"])
    (sample / "reproduce.sh").write_text(script, encoding="utf-8")

    waive = ["--reason", "fixed in the next release", "--owner", "messaging team", "--until", "2999-12-31"]
    roamspec(work, ["waive", "runs/1", *waive, "--output", "sample/waivers.toml"])
    roamspec(work, [*RUN, *faults[:4], "--report-dir", "runs/2"], expected=1)
    roamspec(work, [*RUN, *faults[:4], "--report-dir", "runs/3", "--baseline", "runs/1"])
    diff = roamspec(work, ["diff", "runs/1", "runs/2"])
    (sample / "diff.txt").write_text(diff, encoding="utf-8")
    for form, file in (("text", "trend.txt"), ("html", "trend.html"), ("json", "trend.json")):
        roamspec(work, ["trend", "runs", "--format", form, "--output", f"sample/{file}"])


def roamspec(work: Path, arguments: Sequence[str], *, expected: int = 0) -> str:
    """Standard output of a command; RuntimeError when it ends with another status than expected."""
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "roamspec", *arguments],
        cwd=work,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode != expected:
        raise RuntimeError(f"roamspec {' '.join(arguments)} ended with {done.returncode}:\n{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    raise SystemExit(main())
