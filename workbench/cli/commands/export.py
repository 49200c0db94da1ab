"""`workbench export | predict`: a model out, and answers from it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from workbench.catalog.formats import FORMATS
from workbench.cli import output
from workbench.cli.commands.options import AsJson, Folder, Run
from workbench.core.errors import UsageError
from workbench.project import store


def export(
    folder: Folder,
    out: Annotated[Path, typer.Option("--out", metavar="OUT", help="Where the export goes.", show_default=False)],
    format_name: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="One of: " + ", ".join(f.name for f in FORMATS))
    ] = "saved_model",
    run: Run = None,
    as_json: AsJson = False,
) -> None:
    """Export a run's model, and prove in a fresh process that it answers as the app does."""
    if format_name not in {known.name for known in FORMATS}:
        names = ", ".join(known.name for known in FORMATS)
        raise UsageError("--format must be one of those there are.", format_name, f"There is: {names}.")
    folder = store.project_folder(folder)
    store.load(folder)
    from workbench.engine.export import export_run

    with output.working("Exporting", as_json) as progress:
        certificate = export_run(folder, format=format_name, out=out, run=run, progress=progress)
    if as_json:
        output.emit(certificate.to_json())
    else:
        output.answer(
            f"Exported to {certificate.path}\n"
            f"Verified in a fresh process on {certificate.samples} samples: largest difference "
            f"{certificate.max_abs_diff:.2g}, labels agree on {certificate.label_agreement:.0%}."
        )
    raise typer.Exit(0 if certificate.verified else 1)


def predict(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="An export of this program.", show_default=False)],
    inputs: Annotated[
        list[str], typer.Argument(metavar="INPUT...", help="Pictures, CSV or npy files, or a row as JSON.")
    ],
    as_json: AsJson = False,
) -> None:
    """Predict from an export: raw samples in, named answers out."""
    from workbench.engine.predict import predict_export

    answers = predict_export(out, inputs)
    if as_json:
        output.emit(answers)
        return
    for one in answers:
        further = "".join(f"; {name}: {_words(answer)}" for name, answer in one.get("further", {}).items())
        output.answer(f"{one['input']}: {_words(one)}{further}")


def _words(answer: dict[str, Any]) -> str:
    """One target's answer."""
    return f"{answer['label']} ({answer['confidence']:.1%})" if "label" in answer else output.figure(answer["value"])
