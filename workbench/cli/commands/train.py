"""`workbench train`: one run, told as it goes."""

from __future__ import annotations

import signal
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
from workbench.runs.store import new_run


def train(
    folder: Folder,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PATH=VALUE", help="A setting for this run, such as training.epochs=3."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Train the project; Ctrl+C ends after the current batch and keeps the model."""
    folder = store.project_folder(folder)
    project = store.load(folder)
    for assignment in settings or []:
        project = setting.assign(project, assignment)
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
        if not as_json:
            output.say("Loading TensorFlow ...")
        from workbench.engine.trainer import train as train_plan

        if as_json:
            return train_plan(folder, plan, _emit_line, control, dataset)
        with TrainingView() as view:
            return train_plan(folder, plan, view.show, control, dataset)


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
