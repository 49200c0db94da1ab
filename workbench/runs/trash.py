"""Runs that were deleted: moved aside within the project, so that they can come back."""

from __future__ import annotations

from pathlib import Path

from workbench.core import files
from workbench.core.errors import ProjectError
from workbench.runs.store import load_record, run_folder, trash_folder


def delete_run(folder: Path, run: str) -> None:
    """Move a run to the trash.

    Raises:
        ProjectError: There is no such run, or it is at work.
        FileError: The system refused to move it.
    """
    if load_record(folder, run).outcome == "running":
        raise ProjectError("A run at work cannot be deleted.", run, "Stop it first.")
    _move(run_folder(folder, run), trash_folder(folder) / run)


def restore_run(folder: Path, run: str) -> None:
    """Bring a deleted run back.

    Raises:
        ProjectError: It is not in the trash.
        FileError: The system refused to move it.
    """
    place = run_folder(folder, run)
    if run not in deleted_runs(folder):
        known = ", ".join(deleted_runs(folder)) or "nothing"
        raise ProjectError("Only a deleted run can be restored.", run, f"In the trash: {known}.")
    if place.exists():
        raise ProjectError("A restored run needs its name.", f"{run} is there again", "Delete that one first.")
    _move(trash_folder(folder) / run, place)


def deleted_runs(folder: Path) -> list[str]:
    """The names of the runs in the trash."""
    trash = trash_folder(folder)
    return sorted(path.name for path in trash.iterdir() if path.is_dir()) if trash.is_dir() else []


def _move(place: Path, target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        place.replace(target)
    except OSError as error:
        raise files.write_failed(target, error) from error
