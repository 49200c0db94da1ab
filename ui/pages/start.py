"""The Start page: four ways to a model, what can be gone on with, and what a crash left behind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from ui.files_flow import FileFlow
from ui.pages.base import Page
from ui.pages.start_card import QuickstartCard
from ui.pages.start_recent import RecentRow
from ui.recents import RecentProject, look_up
from ui.session import Session
from ui.theme import S2, S3, S4, S5, S6
from ui.widgets import Caption, Note, PrimaryButton, QuietButton, Scroll, SectionHeader, Text, Title, column, row
from workbench.project import store

WIDTH = 1000
MOST = 8


class StartPage(Page):
    """Where the program begins."""

    name = "start"
    title = "Start"
    icon = "house"

    def __init__(self, session: Session, files: FileFlow) -> None:
        super().__init__(session)
        self._files = files
        self._looking = self._look_again = False
        self._scroll = Scroll(self, margin=S6)
        self._rescue = QVBoxLayout()
        self._rescue.setSpacing(S2)
        self._recents = QVBoxLayout()
        self._recents.setSpacing(0)
        self._nothing = Caption(self.tr("Projects that you open or make are listed here."), self)
        self._rows: list[QWidget] = []
        self.cards: dict[str, QuickstartCard] = {}
        self._lay_out()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._scroll)
        files.recents_changed.connect(self.look)

    def _lay_out(self) -> None:
        new = PrimaryButton(self.tr("New project"), "plus", self)
        new.setObjectName("new_project_button")
        new.clicked.connect(self._files.new)
        opened = QuietButton(self.tr("Open project…"), "folder-open", self)
        opened.setObjectName("open_project_button")
        opened.clicked.connect(self._files.open)
        words = column(
            Title(self.tr("What would you like to teach?"), self),
            Text(self.tr("Pick data, stack layers, watch it learn, and take the result with you."), "muted", self),
            spacing=S2 // 2,
        )
        head = row(words, opened, new, spacing=S2)
        head.setStretch(0, 1)
        head.setAlignment(opened, Qt.AlignmentFlag.AlignTop)
        head.setAlignment(new, Qt.AlignmentFlag.AlignTop)
        inner = QWidget(self)
        inner.setMaximumWidth(WIDTH)
        body = QVBoxLayout(inner)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(S4)
        body.addLayout(head)
        body.addLayout(self._rescue)
        body.addLayout(self._quickstarts())
        body.addSpacing(S3)
        body.addWidget(SectionHeader(self.tr("Recent projects"), parent=self))
        body.addWidget(self._nothing)
        body.addLayout(self._recents)
        body.addStretch(1)
        body.addWidget(
            Caption(
                self.tr("You can also drop a project, a folder of pictures or a table anywhere on the window."), self
            )
        )
        self._scroll.body.setContentsMargins(S6, S5, S6, S4)
        line = row(None, inner, None)
        line.setStretch(1, 1000)
        self._scroll.body.addLayout(line)

    def _quickstarts(self) -> QGridLayout:
        files = self._files

        def preset(name: str) -> Callable[[], None]:
            return lambda: files.quickstart(name)

        quickstarts = [
            (
                "digits",
                self.tr("Recognise digits"),
                self.tr("1,797 handwritten digits and a small convolutional network. Ready to train."),
                preset("digits-cnn"),
            ),
            (
                "pictures",
                self.tr("Sort pictures in folders"),
                self.tr("Choose a folder with one folder of pictures a class. The folders name the classes."),
                files.begin_with_pictures,
            ),
            (
                "table",
                self.tr("Predict from a table"),
                self.tr("Choose a CSV. One column is learned from the others, be it a class or a number."),
                files.begin_with_table,
            ),
            (
                "flowers",
                self.tr("Tell flowers apart"),
                self.tr("150 irises, four measures each, three species. Trained in seconds."),
                preset("iris-mlp"),
            ),
        ]
        grid = QGridLayout()
        grid.setSpacing(S4)
        for place, (kind, title, text, run) in enumerate(quickstarts):
            card = QuickstartCard(kind, title, text, self)
            card.clicked.connect(run)
            self.cards[kind] = card
            grid.addWidget(card, 0, place)
            grid.setColumnStretch(place, 1)
        return grid

    # What is there already

    def shown(self) -> None:
        """Look again; projects may have been moved meanwhile."""
        self.look()

    def look(self) -> None:
        """Read the recent projects, off this thread."""
        if self._looking:
            self._look_again = True
            return
        self._looking, self._look_again = True, False
        folders = self._files.recents
        task = self.session.run_task(
            "Looking for recent projects", lambda _token, _progress: look_up(folders), self._show, visible=False
        )
        task.ended.connect(self._looked)

    def _looked(self) -> None:
        self._looking = False
        if self._look_again:
            self.look()

    def _show(self, projects: list[RecentProject]) -> None:
        for widget in self._rows:
            widget.hide()
            widget.deleteLater()
        self._rows = []
        for project in projects[:MOST]:
            line = RecentRow(project, self)
            line.clicked.connect(lambda folder=project.folder: self._files.open_folder(folder))
            line.forgotten.connect(lambda folder=project.folder, draft=project.draft: self._forget(folder, draft))
            self._recents.addWidget(line)
            self._rows.append(line)
        self._nothing.setVisible(not projects)
        for project in projects:
            if project.unsaved and project.folder != self.session.folder:
                note = self._rescue_note(project)
                self._rescue.addWidget(note)
                self._rows.append(note)

    def _rescue_note(self, project: RecentProject) -> Note:
        note = Note(
            self.tr("{name} was not closed properly. Changes newer than the saved project were kept.").format(
                name=project.name
            ),
            "warning",
            self,
        )
        note.setObjectName("rescue")
        restore = QuietButton(self.tr("Restore"), "history", note)
        restore.setObjectName("restore_button")
        restore.clicked.connect(lambda: self._files.restore(project.folder))
        forget = QuietButton(self.tr("Forget these changes"), parent=note)
        forget.setObjectName("forget_changes_button")
        forget.clicked.connect(lambda: self._give_up(project.folder))
        note.add_button(restore)
        note.add_button(forget)
        return note

    def _give_up(self, folder: Path) -> None:
        store.discard_autosave(folder)
        self.look()

    def _forget(self, folder: Path, draft: bool) -> None:
        if draft:
            self._files.discard_other_draft(folder)
        else:
            self._files.forget_recent(folder)
