"""`workbench runs`: what was trained, and how it went."""

from __future__ import annotations

from workbench.cli import output
from workbench.cli.commands.options import AsJson, Folder
from workbench.project import store
from workbench.project.model import RunRecord
from workbench.runs.store import best_model, list_runs


def runs(folder: Folder, as_json: AsJson = False) -> None:
    """List the project's runs, oldest first."""
    folder = store.project_folder(folder)
    store.load(folder)
    found = list_runs(folder)
    if as_json:
        output.emit(
            [
                {
                    "name": record.run,
                    **record.model_dump(mode="json", exclude={"preparation"}),
                    "has_model": best_model(folder, record.run).exists(),
                }
                for record in found
            ]
        )
        return
    output.table(
        ["run", "outcome", "epochs", "best epoch", "metrics of the best epoch", "seconds"],
        [_row(record) for record in found],
        right=["epochs", "best epoch", "seconds"],
    )


def _row(record: RunRecord) -> list[object]:
    figures = "  ".join(f"{name} {output.figure(value)}" for name, value in record.metrics.items())
    return [record.run, record.outcome, record.epochs, record.best_epoch, figures, f"{record.seconds:.1f}"]
