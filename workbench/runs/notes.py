"""What a person says of a run: its title, a note, tags, a star; in a file of their own, which no training writes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from workbench.core import files
from workbench.core.errors import ProjectError, WorkbenchError
from workbench.core.validation import validated
from workbench.project.model import RunNotes
from workbench.runs.store import load_record, run_folder

NOTES_FILE = "notes.json"


def load_notes(folder: Path, run: str) -> RunNotes:
    """What was said of a run; nothing where the file is missing or damaged."""
    path = run_folder(folder, run) / NOTES_FILE
    if not path.exists():
        return RunNotes()
    try:
        return validated(RunNotes, files.read_json(path), str(path), ProjectError, "Write the note again.")
    except WorkbenchError:
        return RunNotes()


def change_notes(
    folder: Path,
    run: str,
    *,
    title: str | None = None,
    note: str | None = None,
    tags: Iterable[str] | None = None,
    starred: bool | None = None,
) -> RunNotes:
    """Say something else of a run; what is None stays as it was.

    Args:
        folder: The project's folder.
        run: The run's name.
        title: What it is called; empty for its own name.
        note: A word about it.
        tags: All of its tags.
        starred: Whether it stands out.

    Returns:
        All that is said of it now.

    Raises:
        ProjectError: There is no such run.
        FileError: The notes could not be written.
    """
    load_record(folder, run)
    said = {"title": title, "note": note, "starred": starred, "tags": None if tags is None else clean_tags(tags)}
    told = {name: value.strip() if isinstance(value, str) else value for name, value in said.items()}
    notes = load_notes(folder, run).model_copy(update={key: value for key, value in told.items() if value is not None})
    files.write_json(run_folder(folder, run) / NOTES_FILE, notes)
    return notes


def clean_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Tags without blanks around them, without empty ones, each once, in their order."""
    return tuple(dict.fromkeys(tag.strip() for tag in tags if tag.strip()))
