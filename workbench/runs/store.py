"""Run folders: `plan.json` (the order), `metrics.jsonl` (what happened), `run.json` (the outcome), `best.keras`."""

from __future__ import annotations

import datetime
import json
import shutil
import time
from collections.abc import Sequence
from pathlib import Path

from workbench.core import events, files
from workbench.core.errors import FileError, ProjectError, WorkbenchError
from workbench.core.validation import validated
from workbench.core.versions import versions
from workbench.project.model import Origin, PlannedChange, Project, RunRecord, TrainPlan
from workbench.runs import process

PLAN_FILE = "plan.json"
RECORD_FILE = "run.json"
METRICS_FILE = "metrics.jsonl"
BEST_FILE = "best.keras"
BATCH_INTERVAL_S = 0.5


def runs_folder(folder: Path) -> Path:
    """Where a project's runs lie."""
    return folder / "runs"


def trash_folder(folder: Path) -> Path:
    """Where a project's deleted runs lie."""
    return runs_folder(folder) / ".trash"


def run_folder(folder: Path, run: str) -> Path:
    """Where one run lies.

    Raises:
        ProjectError: `run` is no plain name.
    """
    if not run or Path(run).name != run or run.startswith("."):
        raise ProjectError("A run is named by its folder's name.", run, "workbench runs DIR lists them.")
    return runs_folder(folder) / run


def new_run(
    folder: Path,
    project: Project,
    origin: Origin | None = None,
    changes: Sequence[PlannedChange] = (),
    again: str = "",
) -> TrainPlan:
    """Make the folder of a new run and write its plan and its first record.

    Args:
        folder: The project's folder.
        project: What is trained.
        origin: The state that the run begins from, where it is a branch.
        changes: What is to be set otherwise while it goes on.
        again: The run that it does again, where it does.
    """
    run = _claim(folder)
    created = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    plan = TrainPlan(
        run=run,
        project=project,
        created=created,
        versions=versions(),
        origin=origin,
        changes=tuple(changes),
        again=again,
    )
    path = run_folder(folder, run)
    try:
        files.write_json(path / PLAN_FILE, plan)
        process.claim(path)
        write_record(folder, RunRecord(run=run, created=created))
    except FileError:
        shutil.rmtree(path, ignore_errors=True)  # a run that never began leaves nothing
        raise
    return plan


def _claim(folder: Path) -> str:
    root = runs_folder(folder)
    # A deleted run may come back, so its name is not given again.
    known = [path.name[4:] for place in (root, trash_folder(folder)) for path in place.glob("run-*")]
    taken = [int(number) for number in known if number.isdigit()]
    number = max(taken, default=0)
    while True:
        number += 1
        path = root / f"run-{number:03d}"
        try:
            root.mkdir(parents=True, exist_ok=True)
            path.mkdir()
        except FileExistsError:
            continue
        except OSError as error:
            raise files.write_failed(path, error) from error
        return path.name


def write_record(folder: Path, record: RunRecord) -> None:
    """Write what has become of a run."""
    files.write_json(run_folder(folder, record.run) / RECORD_FILE, record)


def load_record(folder: Path, run: str) -> RunRecord:
    """What became of a run; one whose process is gone before its last word was "interrupted".

    Raises:
        ProjectError: There is no such run, or its record is damaged.
    """
    path = run_folder(folder, run) / RECORD_FILE
    if not path.exists():
        raise ProjectError("The run must be one of this project's.", run, "workbench runs DIR lists them.")
    record = validated(RunRecord, files.read_json(path), str(path), ProjectError, "Train again.")
    return _broken_off(record, path.parent) if record.outcome == "running" else record


def _broken_off(record: RunRecord, path: Path) -> RunRecord:
    owner = process.owner_of(path)
    if owner is not None and owner.alive:
        return record
    words = {"message": "The program ended before the run did.", "hint": "Resume it, or train again."}
    return record.model_copy(update={"outcome": "interrupted", **words, "resumable": True})


def load_plan(folder: Path, run: str) -> TrainPlan:
    """What a run was ordered to do.

    Raises:
        ProjectError: There is no such run, or its plan is damaged.
    """
    path = run_folder(folder, run) / PLAN_FILE
    if not path.exists():
        raise ProjectError("The run must be one of this project's.", run, "workbench runs DIR lists them.")
    return validated(TrainPlan, files.read_json(path), str(path), ProjectError, "Train again.")


def list_runs(folder: Path) -> list[RunRecord]:
    """The runs whose records can be read, oldest first."""
    found: list[RunRecord] = []
    for path in sorted(runs_folder(folder).glob(f"*/{RECORD_FILE}")):
        try:
            found.append(load_record(folder, path.parent.name))
        except WorkbenchError:
            continue
    return sorted(found, key=lambda record: (record.created, record.run))


def best_model(folder: Path, run: str) -> Path:
    """Where a run's best model lies (it may not exist yet)."""
    return run_folder(folder, run) / BEST_FILE


def latest_usable(folder: Path) -> RunRecord | None:
    """The newest run that left a model."""
    usable = [record for record in list_runs(folder) if best_model(folder, record.run).exists()]
    return usable[-1] if usable else None


def chosen_run(folder: Path, run: str | None) -> RunRecord:
    """The named run, or the newest that left a model.

    Raises:
        ProjectError: There is no such run, or none has a model.
    """
    if run is not None:
        record = load_record(folder, run)
        if not best_model(folder, run).exists():
            raise ProjectError(
                "The run must have left a model.", f"{run} ended before one was kept", "Train again, or name another."
            )
        return record
    latest = latest_usable(folder)
    if latest is None:
        raise ProjectError("The project must have a trained run.", "none", "Train it first: workbench train DIR")
    return latest


def load_events(folder: Path, run: str) -> list[events.Event]:
    """What happened in a run, as far as it was written; torn or unknown lines are passed over."""
    return events_in(run_folder(folder, run) / METRICS_FILE)


def events_in(path: Path, begin: int = 0, end: int | None = None) -> list[events.Event]:
    """The events in some bytes of a run's log; torn or unknown lines are passed over.

    Args:
        path: The log; there are none where it is missing.
        begin: The first byte.
        end: The byte behind the last; the file's end when None.

    Raises:
        FileError: The system refused to read it.
    """
    if not path.exists():
        return []
    found: list[events.Event] = []
    try:
        with path.open("rb") as log:
            log.seek(begin)
            lines = log.read(-1 if end is None else max(0, end - begin)).split(b"\n")
    except OSError as error:
        raise files.read_failed(path, error) from error
    for line in lines:
        try:
            found.append(events.from_json(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
    return found


class RunLog:
    """Appends a run's events to its `metrics.jsonl`; of the batches it keeps at most one every half second.

    What the disk refuses is kept and written before the next event.

    Args:
        folder: The project's folder.
        run: The run's name.
    """

    def __init__(self, folder: Path, run: str) -> None:
        self._path = run_folder(folder, run) / METRICS_FILE
        self._last_batch = 0.0
        self._waiting: list[str] = []

    def emit(self, event: events.Event) -> None:
        """Write one event.

        Raises:
            FileError: The system refused the write; the event waits for the next one.
        """
        if isinstance(event, events.BatchEnded):
            now = time.monotonic()
            if now - self._last_batch < BATCH_INTERVAL_S:
                return
            self._last_batch = now
        self._waiting.append(json.dumps(events.to_json(event), ensure_ascii=False, allow_nan=False))
        self._write()

    def _write(self) -> None:
        while self._waiting:
            files.append_line(self._path, self._waiting[0])
            del self._waiting[0]

    def settle(self) -> int:
        """How many bytes the log has, all of them surely on the disk.

        Raises:
            FileError: The system refused a write.
        """
        self._write()
        return files.settled_size(self._path)

    def rewind(self, size: int) -> list[events.Event]:
        """Go back to `size` bytes, and return what happened after that.

        Raises:
            FileError: The system refused it.
        """
        lost = events_in(self._path, size)
        files.cut(self._path, size)
        return lost
