"""`workbench train`: one run, told as it goes."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from workbench.cli import output
from workbench.cli.commands.options import AsJson, Folder
from workbench.cli.training_view import TrainingView
from workbench.core import events
from workbench.core.control import RunControl
from workbench.data.dataset import Dataset, open_dataset
from workbench.project import setting, store
from workbench.project.model import Project
from workbench.runs import isolated
from workbench.runs.store import new_run, run_folder


def train(
    folder: Folder,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PATH=VALUE", help="A setting for this run, such as training.epochs=3."),
    ] = None,
    alone: Annotated[
        bool, typer.Option("--isolated", help="Train in a process of its own, which survives this command.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Train the project; Ctrl+C ends after the current batch and keeps the model."""
    folder = store.project_folder(folder)
    project = store.load(folder)
    for assignment in settings or []:
        project = setting.assign(project, assignment)
    if alone:
        project = setting.assign(project, "training.executor=process")
    ended = run_training(folder, project, as_json=as_json)
    raise typer.Exit(1 if ended.outcome == "failed" else 0)


def run_training(folder: Path, project: Project, *, as_json: bool, dataset: Dataset | None = None) -> events.RunEnded:
    """Train and tell; returns the run's last word."""
    control = RunControl()
    with _ctrl_c_stops(control):
        if dataset is None and project.dataset is not None:
            with output.working("Reading the data", as_json, control) as progress:
                dataset = open_dataset(project.dataset, progress=progress, cancel=control)
        if dataset is not None:
            # The data on the disk are the truth: what was found when they were picked may have changed.
            project = project.model_copy(update={"info": dataset.info})
        plan = new_run(folder, project)
        if project.training.executor == "process":
            return train_isolated(folder, plan.run, as_json=as_json)
        if not as_json:
            output.say("Loading TensorFlow ...")
        from workbench.engine.trainer import train as train_plan

        if as_json:
            return train_plan(folder, plan, _emit_line, control, dataset)
        with TrainingView() as view:
            return train_plan(folder, plan, view.show, control, dataset)


def train_isolated(folder: Path, run: str, *, as_json: bool) -> events.RunEnded:
    """Train a run in a process of its own and tell it; the run goes on should this command be ended."""
    isolated.start(folder, run)
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
