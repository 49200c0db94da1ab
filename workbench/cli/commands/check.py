"""`workbench check`: every node's shape and size, every problem with its node."""

from __future__ import annotations

import typer

from workbench.cli import output
from workbench.cli.commands.options import AsJson, Folder
from workbench.project import store


def check(folder: Folder, as_json: AsJson = False) -> None:
    """Check the architecture: shapes, parameters, FLOPs, and what is wrong."""
    project = store.load(folder)
    from workbench.engine.check import check as check_project

    report = check_project(project)
    if as_json:
        output.emit(report.to_json())
    else:
        output.table(
            ["node", "layer", "name", "output shape", "parameters"],
            [
                [n.id, n.layer, n.name, _shape(n.output_shape), f"{n.params:,}" if n.params else ""]
                for n in report.nodes
            ],
            right=["parameters"],
        )
        output.answer(f"{report.total_params:,} parameters, {report.trainable_params:,} of them trainable.")
        for problem in report.problems:
            where = f"{project.graph.by_id[problem.node].name}: " if problem.node in project.graph.by_id else ""
            fix = problem.repair.label if problem.repair else problem.hint
            output.answer(f"{problem.severity}: {where}{problem.message}" + (f" Fix: {fix}." if fix else ""))
    raise typer.Exit(0 if report.ok else 1)


def _shape(shape: tuple[int | None, ...] | None) -> str:
    return "?" if shape is None else "×".join("any" if size is None else str(size) for size in shape)
