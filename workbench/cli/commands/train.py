"""`workbench train`: one run, told as it goes."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from workbench.cli import output
from workbench.cli.commands.options import AsJson, Folder
from workbench.cli.training_view import TrainingView
from workbench.core import events
from workbench.core.control import RunControl
from workbench.core.errors import UsageError
from workbench.data.dataset import Dataset, open_dataset
from workbench.project import setting, store
from workbench.project.model import Project, TrainPlan
from workbench.runs import again, isolated
from workbench.runs.store import load_plan, new_run, run_folder


def train(
    folder: Folder,
    run: Annotated[
        str | None, typer.Argument(metavar="[RUN]", help="With --resume: the run that goes on.", show_default=False)
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PATH=VALUE", help="A setting for this run, such as training.epochs=3."),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with RUN, or with the newest that ended before its time.")
    ] = False,
    plan: Annotated[
        str | None, typer.Option("--plan", metavar="RUN", help="Do a run again, by its plan and its changes.")
    ] = None,
    branch: Annotated[
        str | None, typer.Option("--branch", metavar="RUN:EPOCH", help="Begin with what a run knew after an epoch.")
    ] = None,
    alone: Annotated[
        bool, typer.Option("--isolated", help="Train in a process of its own, which survives this command.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Train the project; Ctrl+C ends after the current batch and keeps the model."""
    folder = store.project_folder(folder)
    _require_one_way(run, settings, resume, plan, branch)
    if resume:
        ended = resume_training(folder, run, _epochs(settings), alone=alone, as_json=as_json)
    elif plan:
        ended = carry_out(folder, lambda _: again.redo(folder, plan), load_plan(folder, plan).project, as_json=as_json)
    else:
        project = store.load(folder)
        for assignment in settings or []:
            project = setting.assign(project, assignment)
        if alone:
            project = setting.assign(project, "training.executor=process")
        if branch:
            origin, epoch = _state(branch)
            made = lambda found: again.branch(folder, found, origin, epoch)  # noqa: E731
            ended = carry_out(folder, made, project, as_json=as_json)
        else:
            ended = run_training(folder, project, as_json=as_json)
    raise typer.Exit(1 if ended.outcome == "failed" else 0)


def _require_one_way(run: str | None, settings: list[str] | None, resume: bool, *others: str | None) -> None:
    if run is not None and not resume:
        raise UsageError("A run is named to go on with it.", run, f"workbench train DIR --resume {run}")
    if sum((resume, *(other is not None for other in others))) > 1:
        raise UsageError("A training is resumed, done again, or branched.", "more than one of these", "Choose one.")
    if settings and others[0]:
        raise UsageError("A run is done again as it was.", f"--set {settings[0]}", "Leave out --set, or --plan.")


def _epochs(settings: list[str] | None) -> int | None:
    """How many epochs a run that goes on is to have in all; nothing else of it can be set."""
    found = None
    for assignment in settings or []:
        if not assignment.startswith("training.epochs="):
            raise UsageError(
                "Of a run that goes on, only training.epochs can be set.", assignment, "Branch it: --branch RUN:EPOCH"
            )
        found = setting.assign(Project(), assignment).training.epochs
    return found


def _state(words: str) -> tuple[str, int]:
    run, _, epoch = words.rpartition(":")
    if not run or not epoch.isdigit():
        raise UsageError("A state is named by its run and epoch.", words, "For example run-001:10.")
    return run, int(epoch)


def run_training(folder: Path, project: Project, *, as_json: bool, dataset: Dataset | None = None) -> events.RunEnded:
    """Train and tell; returns the run's last word."""
    return carry_out(folder, lambda found: new_run(folder, found), project, as_json=as_json, dataset=dataset)


def carry_out(
    folder: Path,
    make: Callable[[Project], TrainPlan],
    project: Project,
    *,
    as_json: bool,
    dataset: Dataset | None = None,
    resume: bool = False,
    epochs: int | None = None,
) -> events.RunEnded:
    """Read the data, make the plan, train and tell.

    Args:
        folder: The project's folder.
        make: Gives the plan for the project as its data are now.
        project: What is trained.
        as_json: For programs.
        dataset: Where it is open already.
        resume: Go on from the plan's newest checkpoint.
        epochs: How many there are to be in all, where that is other than planned.
    """
    control = RunControl()
    if epochs is not None:
        control.set_epochs(epochs)
    with _ctrl_c_stops(control):
        if dataset is None and project.dataset is not None:
            with output.working("Reading the data", as_json, control) as progress:
                dataset = open_dataset(project.dataset, progress=progress, cancel=control)
        if dataset is not None:
            # The data on the disk are the truth: what was found when they were picked may have changed.
            project = project.model_copy(update={"info": dataset.info})
        plan = make(project)
        if project.training.executor == "process":
            return train_isolated(folder, plan.run, as_json=as_json)
        if not as_json:
            output.say("Loading TensorFlow ...")
        from workbench.engine.trainer import train as train_plan

        if as_json:
            return train_plan(folder, plan, _emit_line, control, dataset, resume)
        with TrainingView() as view:
            return train_plan(folder, plan, view.show, control, dataset, resume)


def resume_training(
    folder: Path, run: str | None, epochs: int | None, *, alone: bool, as_json: bool
) -> events.RunEnded:
    """Go on with a run, and tell it."""
    run = again.resumable(folder, run).run
    plan = load_plan(folder, run)
    if alone or plan.project.training.executor == "process":
        return train_isolated(folder, run, as_json=as_json, resume=True, epochs=epochs)
    return carry_out(folder, lambda _: plan, plan.project, as_json=as_json, resume=True, epochs=epochs)


def train_isolated(
    folder: Path, run: str, *, as_json: bool, resume: bool = False, epochs: int | None = None
) -> events.RunEnded:
    """Train a run in a process of its own and tell it; the run goes on should this command be ended."""
    isolated.start(folder, run, resume=resume)
    if epochs is not None:
        isolated.RemoteControl(run_folder(folder, run)).set_epochs(epochs)
    if not as_json:
        output.say(f"{run} trains in a process of its own: workbench attach or workbench stop find it again.")
    ended = follow_run(folder, run, as_json=as_json)
    assert ended is not None, "it is followed to its end"
    return ended


def follow_run(folder: Path, run: str, *, as_json: bool) -> events.RunEnded | None:
    """Tell an isolated run from its beginning to its end; Ctrl+C asks it to stop."""
    with _ctrl_c_stops(isolated.RemoteControl(run_folder(folder, run))):
        if as_json:
            return isolated.follow(folder, run, _emit_line, threading.Event())
        with TrainingView() as view:
            return isolated.follow(folder, run, view.show, threading.Event())


def _emit_line(event: events.Event) -> None:
    output.emit(events.to_json(event))


@contextmanager
def _ctrl_c_stops(control: RunControl) -> Iterator[None]:
    def stop(number: int, frame: Any) -> None:
        if control.stop_requested:
            raise KeyboardInterrupt
        control.stop()
        output.say("Stopping after this batch; press Ctrl+C again to end at once.")

    before = {kind: signal.signal(kind, stop) for kind in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)
