"""Unsaved work, kept where a crash cannot reach it: a moment after the last edit, behind the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ui.moments import later
from ui.tasks import Task
from workbench.core.errors import WorkbenchError
from workbench.project import store

if TYPE_CHECKING:
    from ui.session import Session

DELAY_MS = 1000


class Autosaver(QObject):
    """Writes the session's document beside the saved one; one writing at a time, so that the newest is the last."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._task: Task | None = None
        self._timer = later(self._begin, DELAY_MS, self)

    def ask(self) -> None:
        """Write soon."""
        self._timer.start()

    def stop(self) -> None:
        """Write nothing more: what is asked for is forgotten, what is being written is waited for."""
        self._timer.stop()
        self._wait()

    def write(self) -> None:
        """Write now; may be called by any thread, when all else went wrong."""
        session = self._session
        if session.folder is None or not session.dirty:
            return
        self._wait()
        try:
            store.autosave(session.project, session.folder)
        except WorkbenchError as error:
            session.tell("warning", error)

    def _wait(self) -> None:
        if self._task is not None:
            self._task.wait()

    def _begin(self) -> None:
        session = self._session
        if session.folder is None or not session.dirty:
            return
        if self._task is not None:
            self.ask()
            return
        project, folder = session.project, session.folder
        self._task = session.run_task(
            self.tr("Keeping unsaved work"),
            lambda token, progress: store.autosave(project, folder),
            failed=lambda error: session.tell("warning", error),
            visible=False,
            can_cancel=False,
        )
        self._task.ended.connect(self._ended)

    def _ended(self) -> None:
        self._task = None
