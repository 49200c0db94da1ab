"""`workbench attach` and `workbench stop`: find a run again that trains in a process of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli import output
from workbench.cli.commands.options import AsJson, Folder
from workbench.cli.commands.train import follow_run
from workbench.core.errors import ProjectError
from workbench.project import store
from workbench.runs import isolated
from workbench.runs.store import run_folder

Name = Annotated[str | None, typer.Argument(metavar="RUN", help="The run; the newest at work if not named.")]


def attach(folder: Folder, run: Name = None, as_json: AsJson = False) -> None:
    """Tell a run that trains in a process of its own, from its beginning; Ctrl+C asks it to stop."""
    folder = store.project_folder(folder)
    ended = follow_run(folder, _at_work(folder, run), as_json=as_json)
    raise typer.Exit(1 if ended is not None and ended.outcome == "failed" else 0)


def stop(folder: Folder, run: Name = None, as_json: AsJson = False) -> None:
    """Ask a run in a process of its own to end after its current batch; the model is kept."""
    folder = store.project_folder(folder)
    name = _at_work(folder, run)
    isolated.RemoteControl(run_folder(folder, name)).stop()
    if as_json:
        output.emit({"run": name, "asked": "stop"})
    else:
        output.say(f"{name} was asked to stop.")


def _at_work(folder: Path, run: str | None) -> str:
    store.load(folder)
    found = isolated.at_work(folder)
    if not found or (run is not None and run not in found):
        raise ProjectError(
            "The run must be at work in a process of its own.",
            f"{run or 'none'}; at work: {', '.join(found) or 'none'}",
            "Start one: workbench train DIR --isolated",
        )
    return run or found[-1]
