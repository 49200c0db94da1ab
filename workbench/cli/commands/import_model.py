"""`workbench import`: a project from a Keras model that someone else made."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli import output
from workbench.cli.commands.options import AsJson
from workbench.core import files
from workbench.core.errors import ProjectError
from workbench.data.dataset import detect, open_dataset
from workbench.data.spec import DatasetInfo, DatasetSpec
from workbench.graph.rules import fit_head
from workbench.importing import Imported, import_model
from workbench.project import store
from workbench.project.model import Project


def import_(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="A .keras or .h5 file, or an architecture as JSON.")],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that does not exist yet.")],
    data: Annotated[
        str | None,
        typer.Option(metavar="SOURCE", help="A built-in name, a folder of pictures, a CSV, npz or zip file."),
    ] = None,
    target: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="The column to predict: its name, or its number from 0.")
    ] = None,
    weights: Annotated[bool, typer.Option("--weights/--no-weights", help="Whether to take its weights too.")] = True,
    as_json: AsJson = False,
) -> None:
    """Make a project from a Keras model. The file is looked at before anything is loaded, and never run."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ProjectError(
            "A new project needs a folder of its own.",
            f"{folder} holds something already",
            "Name a folder that does not exist yet, or an empty one.",
        )
    spec = _spec(data, target)
    project = Project(name=folder.resolve().name or "untitled")
    with output.working("Importing", as_json) as progress, files.replacing_folder(folder) as temporary:
        found = import_model(model, weights=weights, into=temporary, progress=progress)
        info, graph = found.info, found.graph
        if spec is not None:
            spec, info = _with_data(spec, found.info)
            graph = fit_head(graph, info)
        store.save(project.model_copy(update={"dataset": spec, "info": info, "graph": graph}), temporary)
    _tell(found, folder, info, as_json)


def _spec(data: str | None, target: str | None) -> DatasetSpec | None:
    if data is None:
        return None
    column: str | int | None = target
    if target is not None and target.lstrip("-").isdigit():
        column = int(target)
    return detect(data, column)


def _with_data(spec: DatasetSpec, wanted: DatasetInfo | None) -> tuple[DatasetSpec, DatasetInfo]:
    """The data, pictures among them in the size that the model takes."""
    if wanted is not None and wanted.kind == "image" and spec.source in ("image_folder", "download"):
        height, width, channels = wanted.input_shape
        if max(height, width) <= 1024:
            color = "grayscale" if channels == 1 else "rgb"
            spec = spec.model_copy(update={"height": height, "width": width, "color": color})
    return spec, open_dataset(spec).info


def _tell(found: Imported, folder: Path, info: DatasetInfo | None, as_json: bool) -> None:
    graph = found.graph
    if as_json:
        output.emit(
            {
                "path": str(folder.resolve()),
                "layers": [graph.by_id[node].layer for node in graph.order],
                "groups": [group.name for group in graph.groups],
                "input_shape": list(info.input_shape) if info is not None else None,
                "weights": str(folder.resolve() / found.weights.name) if found.weights is not None else None,
                "kept": list(found.kept),
                "problems": list(found.problems),
            }
        )
        return
    output.answer(f"Made the project {folder.name} with {len(graph.nodes)} layers in {folder}.")
    for words in found.kept:
        output.say(f"Kept as it was: {words}")
    for words in found.problems:
        output.say(f"Note: {words}")
    output.answer(f"Next:\n  workbench check {folder}")
