"""Runs that are gone on with, branched, or done again: which can be, and what their plans then are."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from workbench.core.errors import ProjectError
from workbench.core.events import Changed, Event
from workbench.project.model import Origin, PlannedChange, Project, RunRecord, TrainPlan
from workbench.runs import checkpoints, store


def resumable(folder: Path, run: str | None = None) -> RunRecord:
    """The named run, or the newest that ended before its time and can go on.

    Raises:
        ProjectError: There is none, or the named one is at work or waits.
    """
    if run is not None:
        record = store.load_record(folder, run)
        if record.outcome in ("running", "queued"):
            raise ProjectError(
                "A run that goes on must have ended before.", f"{run} is {record.outcome}", "Wait for it, or stop it."
            )
        return record
    for record in reversed(store.list_runs(folder)):
        kept = checkpoints.folder_of(folder, record.run).is_dir()
        if record.outcome == "interrupted" or (record.outcome in ("stopped", "failed") and kept):
            return record
    raise ProjectError(
        "A run goes on that ended before its time.",
        "no such run",
        "Name one to extend it.",
    )


def planned(changes: Iterable[Event]) -> list[PlannedChange]:
    """Among a run's events, what the user changed in it; what its callbacks change they will change again."""
    return [
        PlannedChange(epoch=change.epoch, step=change.step, what=change.what, value=change.after)
        for change in changes
        if isinstance(change, Changed) and not change.reason and change.what in ("learning_rate", "epochs")
    ]


def redo(folder: Path, run: str) -> TrainPlan:
    """Make a new run that does all that `run` did, with the changes made on its way.

    Raises:
        ProjectError: There is no such run.
    """
    plan = store.load_plan(folder, run)
    changes = [*plan.changes, *planned(store.load_events(folder, run))]
    once = {(change.epoch, change.step, change.what): change for change in changes}
    return store.new_run(folder, plan.project, plan.origin, list(once.values()), run)


def branch(folder: Path, project: Project, run: str, epoch: int) -> TrainPlan:
    """Make a new run of a project that begins with what `run` had learnt after an epoch.

    Raises:
        ProjectError: That state is not kept.
    """
    kept = checkpoints.epochs(folder, store.load_record(folder, run).run)
    if epoch not in kept:
        raise ProjectError(
            "A branch begins from a state that is kept.",
            f"epoch {epoch} of {run}; kept: {', '.join(map(str, kept)) or 'none'}",
            "Name one of these; 'checkpoints.every' in the training's settings keeps more of them.",
        )
    return store.new_run(folder, project, Origin(run=run, epoch=epoch))
