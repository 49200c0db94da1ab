"""`workbench runs` and `workbench run`: what was trained and how it went, and what a person says of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from workbench.cli import output
from workbench.cli.commands.options import AsJson, Folder
from workbench.core.errors import UsageError
from workbench.project import store
from workbench.project.model import RunRecord
from workbench.runs.notes import change_notes, load_notes
from workbench.runs.store import best_model, list_runs, load_record
from workbench.runs.trash import delete_run, deleted_runs, restore_run


def runs(
    folder: Folder,
    as_json: AsJson = False,
    deleted: Annotated[bool, typer.Option("--deleted", help="Name the deleted runs, which can be restored.")] = False,
) -> None:
    """List the project's runs, oldest first."""
    folder = store.project_folder(folder)
    store.load(folder)
    if deleted:
        names = deleted_runs(folder)
        if as_json:
            output.emit([{"name": name} for name in names])
        else:
            output.answer("\n".join(names) or "The trash is empty.")
        return
    found = list_runs(folder)
    if as_json:
        output.emit([_told(folder, record) for record in found])
        return
    output.table(
        ["run", "", "title", "outcome", "epochs", "best epoch", "metrics of the best epoch", "seconds", "tags"],
        [_row(folder, record) for record in found],
        right=["epochs", "best epoch", "seconds"],
    )


def run(
    folder: Folder,
    name: Annotated[str, typer.Argument(metavar="RUN", help="The run's name.", show_default=False)],
    title: Annotated[str | None, typer.Option("--title", help="What it is called; '' for its own name.")] = None,
    note: Annotated[str | None, typer.Option("--note", help="A word about it.")] = None,
    tags: Annotated[
        list[str] | None, typer.Option("--tag", help="A tag; may be given often. '' takes all away.")
    ] = None,
    star: Annotated[bool | None, typer.Option("--star/--unstar", help="Let it stand out, or no longer.")] = None,
    delete: Annotated[bool, typer.Option("--delete", help="Move it to the trash.")] = False,
    restore: Annotated[bool, typer.Option("--restore", help="Bring it back from the trash.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show a run; name it, note something, tag, star, delete or restore it."""
    folder = store.project_folder(folder)
    store.load(folder)
    if delete and restore:
        raise UsageError("A run is deleted or restored.", "both", "Give one of --delete and --restore.")
    if restore:
        restore_run(folder, name)
    if (title, note, tags, star) != (None, None, None, None):
        change_notes(folder, name, title=title, note=note, tags=tags, starred=star)
    told = _told(folder, load_record(folder, name))
    if delete:
        delete_run(folder, name)
    if as_json:
        output.emit({**told, "deleted": delete})
        return
    for key in ("name", "title", "outcome", "message", "epochs", "best_epoch", "note"):
        if told[key] not in ("", None):
            output.answer(f"{key.replace('_', ' ')}: {told[key]}")
    if told["tags"]:
        output.answer("tags: " + ", ".join(told["tags"]))
    if delete:
        output.say(f"{name} is in the trash; it comes back with: workbench run {folder} {name} --restore")


def _told(folder: Path, record: RunRecord) -> dict[str, Any]:
    return {
        "name": record.run,
        **record.model_dump(mode="json", exclude={"preparation"}),
        **load_notes(folder, record.run).model_dump(mode="json"),
        "has_model": best_model(folder, record.run).exists(),
    }


def _row(folder: Path, record: RunRecord) -> list[object]:
    notes = load_notes(folder, record.run)
    figures = "  ".join(f"{name} {output.figure(value)}" for name, value in record.metrics.items())
    return [
        record.run,
        "*" if notes.starred else "",
        notes.title,
        record.outcome,
        record.epochs,
        record.best_epoch,
        figures,
        f"{record.seconds:.1f}",
        ", ".join(notes.tags),
    ]
