"""`workbench evaluate`: a run's figures on a part of the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from workbench.cli import output
from workbench.cli.commands.options import AsJson, Folder, Run
from workbench.project import store

if TYPE_CHECKING:
    from workbench.engine.evaluation import Evaluation

Split = Literal["train", "validation", "test"]


def evaluate(
    folder: Folder,
    run: Run = None,
    split: Annotated[Split, typer.Option(help="The part of the data.")] = "test",
    as_json: AsJson = False,
) -> None:
    """Measure a run's best model, by default on the untouched test part."""
    folder = store.project_folder(folder)
    store.load(folder)
    from workbench.engine.evaluation import evaluate as evaluate_run

    with output.working("Evaluating", as_json) as progress:
        result = evaluate_run(folder, run, split, progress=progress)
    if as_json:
        output.emit(result.to_json())
        return
    output.answer(f"{result.run} on {result.samples:,} samples of the {result.split} part:")
    _show(result)
    for one in result.further:
        output.answer(f"\n{one.target}:")
        _show(one)


def _show(result: Evaluation) -> None:
    """The figures of one target."""
    _tell_metrics(result)
    if result.confusion is not None and len(result.classes) <= 20:
        counted = ", each sample counted once" if result.weighted_by else ""
        output.answer(f"\nConfusion matrix: a row a true class, a column a predicted one{counted}.")
        output.table(
            ["", *result.classes],
            [[name, *row] for name, row in zip(result.classes, result.confusion.tolist(), strict=True)],
            right=result.classes,
        )


def _tell_metrics(result: Evaluation) -> None:
    columns, rows = ["metric", "value"], [[name, output.figure(value)] for name, value in result.metrics.items()]
    if result.weighted_by:
        output.answer(f"Each sample counts by its weight in '{result.weighted_by}', as while training.")
        columns.append("unweighted")
        for row in rows:
            row.append(output.figure(result.unweighted.get(row[0])))
    output.table(columns, rows, right=columns[1:])
