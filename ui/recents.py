"""What can be gone on with: recent projects and drafts, and work that a crash left unsaved; read off the GUI thread."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from workbench.core.errors import WorkbenchError
from workbench.project import store
from workbench.runs.store import list_runs


@dataclasses.dataclass(frozen=True)
class RecentProject:
    """One project that can be opened again.

    Args:
        folder: Where it is.
        name: What it is called.
        data: The title of its data, or "".
        runs: How many trainings it has.
        changed: When it was last saved, in seconds since 1970.
        draft: Whether it lies among the drafts.
        unsaved: Whether something newer than the saved project was kept.
    """

    folder: Path
    name: str
    data: str
    runs: int
    changed: float
    draft: bool
    unsaved: bool


def look_up(folders: Sequence[Path]) -> list[RecentProject]:
    """The projects in the folders and all drafts, in that order; those that are gone or unreadable are left out."""
    wanted = list(dict.fromkeys([*folders, *reversed(store.drafts())]))
    return [project for folder in wanted if (project := _read(folder)) is not None]


def _read(folder: Path) -> RecentProject | None:
    try:
        project = store.load(folder)
        changed = (folder / store.PROJECT_FILE).stat().st_mtime
        runs = len(list_runs(folder))
        rescued = store.recovered(folder)
    except (WorkbenchError, OSError):
        return None
    return RecentProject(
        folder=folder,
        name=(rescued or project).name,
        data=project.info.title if project.info else project.dataset.location if project.dataset else "",
        runs=runs,
        changed=changed,
        draft=store.is_draft(folder),
        unsaved=rescued is not None,
    )
