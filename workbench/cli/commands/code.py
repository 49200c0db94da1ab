"""`workbench code`: the drawing, or the whole project, as a Python script."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from workbench.cli import output
from workbench.cli.commands.options import AsJson, Folder
from workbench.codegen.model import model_script
from workbench.codegen.project import project_script
from workbench.core import files
from workbench.core.errors import UsageError
from workbench.project import store


def code(
    folder: Folder,
    whole: Annotated[
        bool, typer.Option("--whole", help="The whole project: data, preparation, training, evaluation, export.")
    ] = False,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write it there.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write the model as a Keras script that stands alone."""
    project = store.load(folder)
    if project.info is None:
        raise UsageError("A script needs the shape of the data.", "none picked", "Pick data: workbench new --data.")
    script = project_script(project) if whole else model_script(project.graph, project.info)
    if out is not None:
        files.write_text(out, script)
    if as_json:
        output.emit({"script": script, "path": None if out is None else str(out), "whole": whole})
    elif out is None:
        sys.stdout.write(script)
    else:
        output.answer(f"Written to {out}")
