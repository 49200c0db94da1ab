"""`workbench new`: a project from a preset, from data, or both."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from workbench.cli import output
from workbench.cli.commands.options import AsJson
from workbench.core.errors import UsageError
from workbench.data.dataset import detect, open_dataset
from workbench.data.spec import DatasetInfo, DatasetSpec, FurtherTarget, TargetInfo
from workbench.project import presets, store, suggest
from workbench.project.model import Project

MOST_NAMED = 5


def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that does not exist yet.")],
    preset: Annotated[str | None, typer.Option(metavar="NAME", help="What to begin with: workbench presets")] = None,
    data: Annotated[
        str | None,
        typer.Option(metavar="SOURCE", help="A built-in name, a folder of pictures, a CSV, npz or zip file."),
    ] = None,
    target: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="The column to predict: its name, or its number from 0.")
    ] = None,
    weights: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="The column, or the array of an npz, that says how much a sample counts."),
    ] = None,
    also: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN", help="A further column or array to predict, by an output of its own."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a project. Without --preset the architecture is suggested from the data."""
    if target is not None and data is None:
        raise UsageError("--target goes with --data.", f"--target {target}", "Name the data too: --data FILE.csv")
    if weights is not None and data is None:
        raise UsageError("--weights goes with --data.", f"--weights {weights}", "Name the data too: --data FILE.csv")
    if also and data is None:
        raise UsageError("--also goes with --data.", f"--also {also[0]}", "Name the data too: --data FILE.csv")
    chosen = presets.preset(preset) if preset is not None else None
    project = Project(name=folder.resolve().name or "untitled")
    spec = _spec(data, target, weights, chosen, also or ())
    if spec is not None:
        with output.working("Reading the data", as_json) as progress:
            info = open_dataset(spec, progress=progress).info
        # A column that was given by its number is kept by its name.
        spec = spec.model_copy(update={"further": tuple(FurtherTarget(name=target.name) for target in info.further)})
        project = _with_data(project, spec, info, chosen)
    elif chosen is not None:
        project = presets.with_architecture(project, chosen)
    store.create(project, folder)
    _tell(project, folder, as_json)


def _spec(
    data: str | None,
    target: str | None,
    weights: str | None,
    chosen: presets.Preset | None,
    also: Sequence[str],
) -> DatasetSpec | None:
    if data is None:
        return chosen.project.dataset if chosen is not None else None
    column: str | int | None = target
    if target is not None and target.lstrip("-").isdigit():
        column = int(target)
    further = tuple(FurtherTarget(name=name) for name in also)
    return detect(data, column).model_copy(update={"weight_column": weights, "further": further})


def _with_data(project: Project, spec: DatasetSpec, info: DatasetInfo, chosen: presets.Preset | None) -> Project:
    if chosen is None:
        return suggest.suggested_project(project, spec, info)
    with_info = project.model_copy(update={"dataset": spec, "info": info})
    return presets.with_data(presets.with_architecture(with_info, chosen), spec, info)


def _target(target: TargetInfo) -> dict[str, object]:
    return {"target": target.name, "task": target.task, "classes": list(target.classes)}


def _tell(project: Project, folder: Path, as_json: bool) -> None:
    info = project.info
    if as_json:
        output.emit(
            {
                "path": str(folder.resolve()),
                "name": project.name,
                "dataset": info.title if info else None,
                "kind": info.kind if info else None,
                "task": info.task if info else None,
                "classes": list(info.classes) if info else [],
                "samples": info.samples if info else 0,
                "target": info.target if info else None,
                "further": [_target(target) for target in info.further] if info else [],
                "weights": (info.weight or None) if info else None,
                "layers": [node.layer for node in (project.graph.by_id[i] for i in project.graph.order)],
                "training": project.training.model_dump(mode="json"),
                "problems": [problem.model_dump(mode="json") for problem in info.problems] if info else [],
            }
        )
        return
    output.answer(f"Made the project {project.name} in {folder}.")
    if info is None:
        output.answer(
            f"It has no data yet: open it in the window, or make one with --data.\n  workbench check {folder}"
        )
        return
    what = f"{len(info.classes)} classes" if info.classes else f"predicting {info.target}"
    if info.further:
        what += f", and {', '.join(target.name for target in info.further)}"
    output.answer(
        f"Data: {info.title}, {info.samples:,} samples, {what}{f', weighed by {info.weight}' if info.weight else ''}."
    )
    for problem in info.problems:
        named = f" ({', '.join(problem.items[:MOST_NAMED])})" if problem.items else ""
        output.say(f"Note: {problem.message}{named} {problem.remedy}".rstrip())
    output.answer(f"Next:\n  workbench train {folder}")
