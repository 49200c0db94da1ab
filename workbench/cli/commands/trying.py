"""`workbench preflight`, `lr-test` and `batch-test`: short trials before a training."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli import output
from workbench.cli.commands.options import AsJson, Folder
from workbench.core.cancel import CancelToken
from workbench.core.errors import UsageError
from workbench.data.dataset import Dataset, open_dataset
from workbench.project import setting, store
from workbench.project.model import Project

Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="A setting to try it with, such as training.optimizer=sgd."),
]
_SIGNS = {"passed": "ok", "warned": "look", "failed": "no"}


def preflight(folder: Folder, settings: Settings = None, as_json: AsJson = False) -> None:
    """Look, in seconds, whether a training is likely to go well, how long it takes and what it needs."""
    project, dataset = _opened(folder, settings, as_json)
    from workbench.engine.trying.preflight import preflight as fly

    with output.working("Pre-flight", as_json) as progress:
        found = fly(project, dataset, CancelToken(), progress)
    if as_json:
        output.emit(found.to_json())
    else:
        rows = [[_SIGNS[item.state], item.title, f"{item.message} {item.hint}".strip()] for item in found.items]
        output.table(["", "", ""], rows)
        for item in found.items:
            if item.remedy is not None and item.state != "passed":
                sets = " ".join(f"--set {path}={value}" for path, value in item.remedy["set"].items())
                output.answer(f"{item.title}: {item.remedy['label']}. {sets}".rstrip())
    raise typer.Exit(0 if found.ok else 1)


def lr_test(folder: Folder, settings: Settings = None, as_json: AsJson = False) -> None:
    """Find a learning rate by a range test: the rate grows from step to step, and the loss tells (Smith 2017)."""
    project, dataset = _opened(folder, settings, as_json)
    from workbench.engine.trying.rates import find_rate

    with output.working("Trying learning rates", as_json) as progress:
        found = find_rate(project, dataset, CancelToken(), progress)
    if as_json:
        output.emit(found.to_json())
    else:
        shown = range(0, len(found.rates), max(1, len(found.rates) // 20))
        rows = [[f"{found.rates[place]:.2g}", output.figure(found.losses[place])] for place in shown]
        output.table(["learning rate", "loss"], rows, right=["learning rate", "loss"])
        output.answer(found.message)
    raise typer.Exit(0 if found.suggested is not None else 1)


def batch_test(folder: Folder, settings: Settings = None, as_json: AsJson = False) -> None:
    """Find a batch size: samples a second and memory for each, and the one from which on larger ones gain little."""
    project, dataset = _opened(folder, settings, as_json)
    from workbench.engine.trying.batches import find_batch

    with output.working("Trying batch sizes", as_json) as progress:
        found = find_batch(project, dataset, CancelToken(), progress)
    if as_json:
        output.emit(found.to_json())
    else:
        rows = [
            [one.size, f"{one.samples_per_second:,.0f}" if one.fits else "does not fit", f"{one.memory / 1e6:,.0f}"]
            for one in found.sizes
        ]
        columns = ["batch size", "samples/s", "memory in MB"]
        output.table(columns, rows, right=columns)
        output.answer(found.message)
    raise typer.Exit(0 if found.suggested is not None else 1)


def _opened(folder: Path, settings: list[str] | None, as_json: bool) -> tuple[Project, Dataset]:
    project = store.load(store.project_folder(folder))
    for assignment in settings or []:
        project = setting.assign(project, assignment)
    if project.dataset is None:
        raise UsageError("A trial needs data.", "none picked", "Pick a dataset first: workbench new DIR --data SOURCE")
    with output.working("Reading the data", as_json) as progress:
        dataset = open_dataset(project.dataset, progress=progress)
    return project.model_copy(update={"info": dataset.info}), dataset
