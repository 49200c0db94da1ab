"""New, open, save, leave: what happens to the project's folder, and the questions that go with it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ui.dialogs import paths
from ui.dialogs.question import ask
from ui.preferences import Preferences
from ui.session import Session
from workbench.project import store
from workbench.project.model import Project

if TYPE_CHECKING:
    from ui.training import Training


class FileFlow(QObject):
    """The window's dealings with project folders."""

    recents_changed = Signal()

    def __init__(self, window: QWidget, session: Session, preferences: Preferences) -> None:
        super().__init__(window)
        self._window, self._session, self.preferences = window, session, preferences
        self.training: Training | None = None
        self._known: Path | None = None
        session.opened.connect(self._note_recent)
        session.state_changed.connect(self._note_recent)

    # Beginning

    def new(self) -> None:
        """Begin an empty project."""
        if self.may_leave() and self._session.new_draft():
            self._session.page_wanted.emit("data")

    def quickstart(self, name: str) -> None:
        """Begin with a shipped project, ready to train."""
        if self.may_leave() and self._session.quickstart(name):
            self._session.page_wanted.emit("train")

    def begin_with_pictures(self) -> None:
        """Begin with a folder of pictures that the user chooses."""
        self._begin_with(paths.choose_picture_folder(self._window))

    def begin_with_table(self) -> None:
        """Begin with a table that the user chooses."""
        self._begin_with(paths.choose_table(self._window))

    def _begin_with(self, source: Path | None) -> None:
        if source is None or not self.may_leave():
            return
        if self._session.new_draft(Project(name=source.stem or "untitled")):
            self._session.page_wanted.emit("data")
            self._session.pick(str(source))

    def open(self) -> None:
        """Open a project that the user chooses."""
        folder = paths.choose_project(self._window)
        if folder is not None:
            self.open_folder(folder)

    def import_model(self) -> None:
        """Open a Keras model that someone else made, as a draft."""
        from ui.dialogs.import_model import choose_model, start_import

        path = choose_model(self._window)
        if path is not None and self.may_leave():
            start_import(self._window, self._session, path)

    def open_folder(self, folder: Path) -> bool:
        """Open the project in a folder; asks first where something unsaved is at stake, here or there."""
        if not self.may_leave():
            return False
        folder = store.project_folder(folder)
        recover = False
        rescued = store.recovered(folder)
        if rescued is not None:
            answer = ask(
                self._window,
                self.tr("Restore unsaved work?"),
                self.tr(
                    "{name} was not closed properly. Changes were kept that are newer than the saved project."
                ).format(name=rescued.name),
                [
                    ("restore", self.tr("Restore"), "primary"),
                    ("saved", self.tr("Open as saved"), "quiet"),
                    ("cancel", self.tr("Cancel"), "quiet"),
                ],
            )
            if answer == "cancel":
                return False
            recover = answer == "restore"
        return self._open(folder, recover=recover)

    def restore(self, folder: Path) -> None:
        """Open a project with what was autosaved."""
        if self.may_leave():
            self._open(folder, recover=True)

    def _open(self, folder: Path, *, recover: bool) -> bool:
        session = self._session
        if not session.open(folder, recover=recover):
            if not (folder / store.PROJECT_FILE).exists():
                self.forget_recent(folder)
            return False
        if not recover:
            store.discard_autosave(folder)
        session.page_wanted.emit("model" if session.project.dataset is not None else "data")
        return True

    # Keeping

    def save(self) -> bool:
        """Save; a draft is asked for a place of its own."""
        if self._session.is_draft:
            return self.save_as()
        return self._session.save()

    def save_as(self) -> bool:
        """Save to another folder that the user names."""
        session = self._session
        if self.training is not None and self.training.is_busy:
            words = self.tr("A run is writing to this project's folder.")
            session.noticed.emit("warning", words, self.tr("Wait for its end, or stop it; then save."))
            return False
        folder = paths.choose_new_folder(self._window, session.project.name)
        if folder is None:
            return False
        old = session.folder if session.is_draft else None
        if not session.save_as(folder):
            return False
        if old is not None:
            self.forget_recent(old)
        return True

    def discard_draft(self) -> None:
        """Delete the open draft, its runs with it, after asking: that cannot be undone."""
        session = self._session
        if session.folder is None or not session.is_draft or not self._may_stop_training(for_good=True):
            return
        answer = ask(
            self._window,
            self.tr("Discard this draft?"),
            self.tr("{name} and its training runs are deleted. This cannot be undone.").format(
                name=session.project.name
            ),
            [("discard", self.tr("Discard draft"), "danger"), ("cancel", self.tr("Keep it"), "primary")],
        )
        if answer == "discard":
            self._drop_draft(session.folder)
            session.page_wanted.emit("start")

    def discard_other_draft(self, folder: Path) -> None:
        """Delete a draft from the list of recent ones, after asking."""
        if folder == self._session.folder:
            self.discard_draft()
            return
        answer = ask(
            self._window,
            self.tr("Discard this draft?"),
            self.tr("The draft and its training runs are deleted. This cannot be undone."),
            [("discard", self.tr("Discard draft"), "danger"), ("cancel", self.tr("Keep it"), "primary")],
        )
        if answer == "discard":
            store.discard_draft(folder)
            self.forget_recent(folder)

    def _drop_draft(self, folder: Path) -> None:
        self._session.shut()
        store.discard_draft(folder)
        self.forget_recent(folder)

    # Leaving

    def may_leave(self) -> bool:
        """Whether the open project may be left: drafts are kept by themselves, unsaved changes are asked about."""
        session = self._session
        if session.folder is None:
            return True
        if not self._may_stop_training():
            return False
        if session.is_draft:
            if self._is_untouched(session.folder):
                self._drop_draft(session.folder)
                return True
            return not session.dirty or session.save()
        if not session.dirty:
            return True
        answer = ask(
            self._window,
            self.tr("Save the changes?"),
            self.tr("{name} has changes that are not saved.").format(name=session.project.name),
            [
                ("save", self.tr("Save"), "primary"),
                ("discard", self.tr("Don't save"), "danger"),
                ("cancel", self.tr("Cancel"), "quiet"),
            ],
        )
        if answer == "save":
            return session.save()
        if answer == "discard":
            session.forget_changes()
            return True
        return False

    def _is_untouched(self, folder: Path) -> bool:
        session = self._session
        return session.project.dataset is None and not session.dirty and not (folder / "runs").exists()

    def _may_stop_training(self, *, for_good: bool = False) -> bool:
        if self.training is None or self.training.state == "idle":
            return True
        if self.training.survives and not for_good:
            return True
        answer = ask(
            self._window,
            self.tr("Stop the training?"),
            self.tr("A training is running. Stopping keeps the best model so far."),
            [("stop", self.tr("Stop training"), "primary"), ("cancel", self.tr("Go on training"), "quiet")],
        )
        if answer == "stop":
            self.training.close(for_good=for_good)
        return answer == "stop"

    # Recent projects

    @property
    def recents(self) -> list[Path]:
        """The folders opened last, newest first."""
        return [Path(name) for name in self.preferences.settings.recent]

    def forget_recent(self, folder: Path) -> None:
        """Take a folder off the recent ones; the folder itself stays."""
        self.preferences.set(self.preferences.settings.without_recent(folder))
        self.recents_changed.emit()

    def _note_recent(self) -> None:
        folder = self._session.folder
        if folder == self._known:
            return
        self._known = folder
        if folder is not None:
            self.preferences.set(self.preferences.settings.with_recent(folder))
        self.recents_changed.emit()
