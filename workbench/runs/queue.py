"""Runs that wait for their turn: each is whole on disk with its plan, so the queue outlives the window."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from workbench.core import files
from workbench.core.errors import ProjectError, WorkbenchError
from workbench.project.model import Project, RunRecord, TrainPlan
from workbench.runs import process, store

ORDER_FILE = "queue.json"


def enqueue(folder: Path, project: Project) -> TrainPlan:
    """Make a run that waits behind those that wait already; its plan is the project as it is now."""
    plan = store.new_run(folder, project)
    store.write_record(folder, store.load_record(folder, plan.run).model_copy(update={"outcome": "queued"}))
    reorder(folder, [*queued(folder), plan.run])
    return plan


def queued(folder: Path, records: Iterable[RunRecord] | None = None) -> list[str]:
    """The runs that wait, the next one first.

    Args:
        folder: The project's folder.
        records: Its runs, where they are read already.
    """
    known = store.list_runs(folder) if records is None else records
    waiting = [record.run for record in known if record.outcome == "queued"]
    order = _order(folder)
    return sorted(waiting, key=lambda run: order.index(run) if run in order else len(order))


def reorder(folder: Path, runs: Iterable[str]) -> None:
    """Let the runs that wait have their turns in this order."""
    files.write_json(store.runs_folder(folder) / ORDER_FILE, list(dict.fromkeys(runs)))


def take(folder: Path, run: str) -> TrainPlan:
    """Let a waiting run begin; returns its plan.

    Raises:
        ProjectError: It does not wait.
    """
    record = store.load_record(folder, run)
    if record.outcome != "queued":
        raise ProjectError("Only a run that waits can have its turn.", f"{run} is {record.outcome}", "Train again.")
    plan = store.load_plan(folder, run)
    process.claim(store.run_folder(folder, run))
    store.write_record(folder, record.model_copy(update={"outcome": "running"}))
    reorder(folder, [other for other in queued(folder) if other != run])
    return plan


def _order(folder: Path) -> list[str]:
    path = store.runs_folder(folder) / ORDER_FILE
    if not path.exists():
        return []
    try:
        names: Any = files.read_json(path)
    except WorkbenchError:
        return []  # their turns then follow their age
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
