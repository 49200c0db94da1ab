"""Project folders: opened, saved, kept safe from a crash; new ones live among the drafts until they are saved."""

from __future__ import annotations

import contextlib
import shutil
import uuid
from pathlib import Path

import platformdirs

from workbench.core import files
from workbench.core.errors import ProjectError, WorkbenchError
from workbench.core.validation import validated
from workbench.project.migrations import migrate
from workbench.project.model import Project

PROJECT_FILE = "project.json"
AUTOSAVE_FILE = "project.autosave.json"
WEIGHTS_FILE = "weights.npz"
"""What an imported model brought along: every training begins with it, where it still fits."""
APP = "keras-workbench"


def load(folder: Path) -> Project:
    """The project in a folder (or beside a project.json that is named itself).

    Raises:
        ProjectError: There is none, or it is cut short, damaged or from a newer program; the file is left as it is.
    """
    folder = project_folder(folder)
    path = folder / PROJECT_FILE
    if not path.exists():
        raise ProjectError(
            "A project is a folder with a project.json.",
            str(folder),
            "Check the path, or make one with: workbench new DIR",
        )
    return _read(path)


def _read(path: Path) -> Project:
    body = migrate(files.read_json(path), str(path))
    return validated(
        Project, body, f"{path}", ProjectError, "It was damaged or edited by hand: mend that entry, or restore a copy."
    )


def project_folder(path: Path) -> Path:
    """The folder meant by a path that may name the project file itself."""
    path = Path(path).expanduser()
    return path.parent if path.name == PROJECT_FILE else path


def save(project: Project, folder: Path) -> None:
    """Write the project, whole or not at all; its autosave is then no longer needed."""
    files.write_json(folder / PROJECT_FILE, project.to_json())
    discard_autosave(folder)


def create(project: Project, folder: Path) -> None:
    """Write a project into a new or empty folder.

    Raises:
        ProjectError: The folder holds something already.
    """
    _require_empty(folder)
    save(project, folder)


def save_as(project: Project, old: Path, new: Path) -> Project:
    """Write the project, its runs and imported weights to another folder; returns it under the folder's name.

    Raises:
        ProjectError: The new folder holds something already, or lies inside the old one.
    """
    _require_empty(new)
    if old.resolve() in (new.resolve(), *new.resolve().parents):
        raise ProjectError("A copy cannot lie inside the project itself.", str(new), "Choose another folder.")
    renamed = project.model_copy(update={"name": new.name})
    with files.replacing_folder(new) as temporary:
        if (old / "runs").is_dir():
            shutil.copytree(old / "runs", temporary / "runs")
        if (old / WEIGHTS_FILE).is_file():
            shutil.copyfile(old / WEIGHTS_FILE, temporary / WEIGHTS_FILE)
        files.write_json(temporary / PROJECT_FILE, renamed.to_json())
    return renamed


def _require_empty(folder: Path) -> None:
    try:
        taken = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    except OSError as error:
        raise files.read_failed(folder, error) from error
    if taken:
        raise ProjectError(
            "A new project needs a folder of its own.",
            f"{folder} holds something already",
            "Name a folder that does not exist yet, or an empty one.",
        )


def autosave(project: Project, folder: Path) -> None:
    """Keep an unsaved document beside the saved one."""
    files.write_json(folder / AUTOSAVE_FILE, project.to_json())


def recovered(folder: Path) -> Project | None:
    """What was autosaved and never saved, or None when there is nothing (readable) of that kind."""
    path = folder / AUTOSAVE_FILE
    if not path.exists():
        return None
    try:
        project = _read(path)
    except WorkbenchError:
        return None
    with contextlib.suppress(WorkbenchError):
        if load(folder) == project:
            return None
    return project


def discard_autosave(folder: Path) -> None:
    """Forget what was autosaved."""
    with contextlib.suppress(OSError):
        (folder / AUTOSAVE_FILE).unlink(missing_ok=True)


def drafts_folder() -> Path:
    """Where projects live that were never given a place."""
    return Path(platformdirs.user_data_dir(APP, appauthor=False)) / "drafts"


def new_draft(project: Project) -> Path:
    """A fresh draft folder that holds the project."""
    folder = drafts_folder() / uuid.uuid4().hex[:12]
    save(project, folder)
    return folder


def is_draft(folder: Path) -> bool:
    """Whether a folder lies among the drafts."""
    return folder.resolve().parent == drafts_folder().resolve()


def discard_draft(folder: Path) -> None:
    """Delete a draft, its runs with it. Folders elsewhere are never touched."""
    if is_draft(folder):
        shutil.rmtree(folder, ignore_errors=True)


def drafts() -> list[Path]:
    """The drafts there are, newest last."""
    root = drafts_folder()
    if not root.is_dir():
        return []
    found = [folder for folder in root.iterdir() if (folder / PROJECT_FILE).exists()]
    return sorted(found, key=lambda folder: folder.stat().st_mtime)
