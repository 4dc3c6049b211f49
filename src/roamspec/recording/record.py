"""`record`: runs the example-based checks against a target and keeps their exchanges."""

import contextlib
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from roamspec.contract.load import load_contract
from roamspec.contract.requirements import load_catalogue
from roamspec.errors import RoamspecError, SuiteError, Unreachable, UsageError
from roamspec.interruption import Interruption, end_time_limit
from roamspec.recording.capture import (
    PREFLIGHT,
    CaptureSessionProvider,
    NormalisingSessionProvider,
    provenance,
)
from roamspec.recording.cassette import Cassette, Kind, Provenance
from roamspec.recording.files import SUFFIX, read_cassette, write_cassette
from roamspec.results.events import (
    CheckFinished,
    Ending,
    Event,
    Listener,
    RunFinished,
    RunStarted,
    TargetInfo,
)
from roamspec.runner.engine import Engine
from roamspec.runner.live_run import target_of
from roamspec.runner.planning import Plan
from roamspec.runner.settings import RunSettings
from roamspec.security.secret_scan import SecretFound
from roamspec.suite.exploration_limits import ExplorationEffort
from roamspec.temporary import temporary_directory


@dataclass
class Recorded:
    """What became of each check: its file is `written`, or was the same before; or why it is `refused`.

    `removed` are files of checks that do not exist any more.
    """

    folder: Path
    written: list[Path] = field(default_factory=list)
    unchanged: list[Path] = field(default_factory=list)
    removed: list[Path] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    secrets: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    requests: int = 0

    @property
    def exit_status(self) -> int:
        """0 when everything was recorded, 1 when something was not, 4 when a secret was in the way."""
        return SuiteError.exit_status if self.secrets else 1 if self.refused else 0


def record(settings: RunSettings, folder: Path | None, listeners: Sequence[Listener] = ()) -> Recorded:
    """Record the checks that `settings` select into `folder`, or into that of the target's kind.

    Raises a RoamspecError when nothing can be recorded; what is in the folder then stays as it was.
    """
    contract = load_contract()
    catalogue = load_catalogue(contract=contract)
    chosen = catalogue.select(settings.requirements)
    selected = frozenset(r.id for r in chosen) if settings.requirements else None
    plan = Plan(catalogue, contract, "standard", selected)
    effort = ExplorationEffort(seed=0, profile="standard")
    began = time.monotonic()

    def emit(event: Event) -> None:
        for listener in listeners:
            listener(event)

    with target_of(settings) as (config, kind), work_dir_of(settings, kind) as work_dir:
        take = CaptureSessionProvider(config, contract, kind=kind, work_dir=work_dir)
        try:
            session = take.preflight()
            info = TargetInfo(kind, config.base_url or "", str(session.main.key))
            engine = Engine(plan, session, effort, emit, provider=take)
            ending, detail = engine.run(
                lambda planned: RunStarted(info, "standard", 0, "", planned, selected)
            )
            origin = provenance(config, contract, session, kind=kind)
        except BaseException:
            end_time_limit()
            raise
        finally:
            take.abandon()
    emit(RunFinished(time.monotonic() - began, take.requests, ending, detail, tuple(take.notes)))
    refuse_unfinished(ending, detail)
    return settle_and_write(take, origin, plan, info, folder or Path("cassettes") / kind)


def refuse_unfinished(ending: Ending, detail: str) -> None:
    """Raise what keeps the recordings of a first pass from being written."""
    if ending == "interrupted":
        raise Interruption(f"{detail} Nothing was written.")
    if ending == "target-lost":
        raise Unreachable(f"the target was lost, and nothing was written: {detail}")
    if ending != "complete":
        raise SuiteError(f"the recording did not finish, and nothing was written: {detail}.")


def settle_and_write(
    take: CaptureSessionProvider,
    origin: Provenance,
    plan: Plan,
    info: TargetInfo,
    folder: Path,
    *,
    only: Collection[str] = (),
) -> Recorded:
    """Run each check once more on what the first pass has recorded, and write what can be replayed; `only`
    these checks, if there are any, and the recordings of others stay as they are."""
    result = Recorded(folder, notes=take.notes, requests=take.requests)
    cassettes: list[Cassette] = []
    settle = NormalisingSessionProvider(
        take.raw,
        origin,
        plan.contract,
        judged=take.judged,
        step_ms=take.found.capabilities.time_step_ms,
        keep=cassettes.append,
        refuse=result.refused.__setitem__,
    )
    settled = settle.preflight()
    effort = ExplorationEffort(seed=0, profile="standard")
    engine = Engine(plan, settled, effort, _errors(result), provider=settle, only=only)
    ended = engine.run(lambda planned: RunStarted(info, "standard", 0, "", planned, plan.selected))
    refuse_unfinished(*ended)
    end_time_limit()  # what is recorded is written as a whole
    # Of every check there is, also where the first pass has seen some of them alone.
    names = file_names(settle.judged)
    for cassette in cassettes:
        _keep(result, result.folder / names[cassette.provenance.check], cassette, list(take.secrets))
    if plan.selected is None:
        _remove_former(result, set(names.values()))
    return result


def _errors(result: Recorded) -> Callable[[Event], None]:
    def listen(event: Event) -> None:
        # A check that did not even come to its end is notified of by nobody else.
        if isinstance(event, CheckFinished) and event.detail:
            result.refused.setdefault(event.check, event.detail)

    return listen


def _keep(result: Recorded, file: Path, cassette: Cassette, secrets: Sequence[str]) -> None:
    if _says_the_same(file, cassette):
        result.unchanged.append(file)
        return
    try:
        write_cassette(file, cassette, secrets=secrets)
    except SecretFound as error:
        result.refused[cassette.provenance.check] = str(error)
        result.secrets.append(str(error))
    except OSError as error:
        raise UsageError(f"{file} cannot be written ({error.strerror}).") from error
    else:
        result.written.append(file)


def _says_the_same(file: Path, cassette: Cassette) -> bool:
    """Whether the file differs in its date alone; for a service a new date is news."""
    if cassette.provenance.kind == "service" or not file.exists():
        return False
    try:
        former = read_cassette(file)
    except UsageError:
        return False
    origin = replace(former.provenance, recorded_on=cassette.provenance.recorded_on)
    return replace(former, provenance=origin) == cassette


def _remove_former(result: Recorded, names: set[str]) -> None:
    """Recordings of checks that do not exist any more; what roamspec did not write stays."""
    for file in sorted(result.folder.glob(f"*{SUFFIX}")):
        if file.name not in names:
            try:
                read_cassette(file)
            except UsageError:
                continue
            file.unlink()
            result.removed.append(file)


def file_names(judged: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The file of each check: named after the first requirement that no earlier check is named after."""
    names = {PREFLIGHT: f"{PREFLIGHT}{SUFFIX}"}
    taken: set[str] = set()
    for check, requirements in judged.items():
        free = next((one for one in requirements if one not in taken), None)
        if free is None:
            raise RoamspecError(f"{check}: all of its requirements belong to recordings of other checks.")
        taken.add(free)
        names[check] = f"{free}{SUFFIX}"
    return names


@contextlib.contextmanager
def work_dir_of(settings: RunSettings, kind: Kind) -> Iterator[Path]:
    """Where ledgers stand: they must outlive a crash only if what they list does."""
    if kind == "service":
        yield settings.report_dir
        return
    with temporary_directory() as folder:
        yield Path(folder)
