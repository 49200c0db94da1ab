"""`workbench compare`: two runs of a project, by model, settings and figures."""

from __future__ import annotations

from typing import Annotated

import typer

from workbench.cli import output
from workbench.cli.commands.options import AsJson, Folder
from workbench.graph.diff import said
from workbench.project import store
from workbench.runs.compare import compare_runs

First = Annotated[str, typer.Argument(metavar="RUN", help="The run before.", show_default=False)]
Second = Annotated[str, typer.Argument(metavar="RUN", help="The run after.", show_default=False)]


def compare(folder: Folder, first: First, second: Second, as_json: AsJson = False) -> None:
    """Compare two runs: what differs in the model and the settings, and what each came to."""
    folder = store.project_folder(folder)
    store.load(folder)
    found = compare_runs(folder, first, second)
    if as_json:
        output.emit(found.to_json())
        return
    output.answer("Model: " + ("the two are the same." if not found.model else f"from {first} to {second}"))
    for line in found.model.lines():
        output.answer(f"  {line}")
    output.answer("Settings:" if found.settings else "Settings: the two are the same.")
    for path, (old, new) in found.settings.items():
        output.answer(f"  {path}: {said(old)} → {said(new)}")
    if found.metrics:
        output.table(
            ["metric of the best epoch", first, second],
            [[name, output.figure(old), output.figure(new)] for name, (old, new) in found.metrics.items()],
            right=[first, second],
        )
