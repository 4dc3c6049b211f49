"""The files that a run leaves behind: proved writable before anything is sent, written at the end."""

import contextlib
import errno
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Self

from roamspec.cli import crash
from roamspec.cli.language import texts
from roamspec.errors import SuiteError, UsageError
from roamspec.output_files import prove_writable, remove_output
from roamspec.report import json_report, junit
from roamspec.report.html import FILE_NAME as HTML_NAME


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """Where the report, the JUnit XML, the HTML page and the traceback of an unforeseen error go.

    `secrets` are the values that none of them may hold.
    """

    folder: Path
    report: Path
    junit: Path
    secrets: tuple[str, ...] = ()

    @classmethod
    def prepare(cls, folder: Path, junit_file: Path | None, *, secrets: Sequence[str] = ()) -> Self:
        """Make the folders and prove that files can be put there; UsageError when not."""
        files = cls(
            folder, folder / json_report.FILE_NAME, junit_file or folder / junit.FILE_NAME, tuple(secrets)
        )
        _prove_folder(folder)
        _prove(folder, "--report-dir", files.report)
        _prove(folder, "--report-dir", files.html)
        _prove(files.junit.parent, "--junit", files.junit)
        return files

    @property
    def html(self) -> Path:
        """Where `report.html` goes."""
        return self.folder / HTML_NAME

    @property
    def traceback(self) -> Path:
        """Where the traceback of a failure of the suite goes."""
        return self.folder / crash.FILE_NAME

    def clear(self) -> None:
        """Take away what an earlier run left, so that nobody reads its verdict as this run's."""
        for path in (self.report, self.junit, self.html, self.traceback):
            try:
                remove_output(path)
            except OSError as error:
                raise UsageError(
                    f"{path} is from an earlier run and cannot be removed ({error.strerror})."
                ) from error

    def write(self, report: dict[str, Any]) -> list[str]:
        """Write all reports; one sentence for each that could not be written."""
        return [sentence for _, sentence in self._attempts(report)]

    def rewrite(self, report: dict[str, Any]) -> None:
        """Write what can be written; a file that cannot is taken away, because it says something else."""
        for path, _ in self._attempts(report):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)

    def discard(self) -> None:
        """Take away what was written, as far as that is possible."""
        for path in (self.report, self.junit, self.html):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)

    def _attempts(self, report: dict[str, Any]) -> Iterator[tuple[Path, str]]:
        """Each file that could not be written, and why."""
        from roamspec.report.html.renderer import write_html  # Jinja2 is imported when a run has ended

        for path, write in (
            (self.report, json_report.write_json),
            (self.junit, junit.write_junit),
            (self.html, partial(write_html, lang=texts().lang)),
        ):
            try:
                write(report, path, secrets=self.secrets)
            except OSError as error:
                yield path, f"{path} could not be written: {error.strerror}."
            except SuiteError as error:
                yield path, str(error)


def prove_output(option: str, file: Path) -> None:
    """UsageError, naming the option, when nothing can be put at `file`."""
    _prove(file.parent, option, file)


def _prove_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise _unwritable("--report-dir", folder, error) from error


def _prove(folder: Path, option: str, file: Path) -> None:
    if file.is_dir():
        raise UsageError(f"{option}: {file} is a folder; give the path of a file.")
    try:
        prove_writable(file)
    except OSError as error:
        raise _unwritable(option, file if file.exists() else folder, error) from error


def _unwritable(option: str, place: Path, error: OSError) -> UsageError:
    what = "file" if place.is_file() and error.errno == errno.EACCES else "folder"
    return UsageError(f"{option}: cannot write to {place} ({error.strerror}); name another {what}.")
