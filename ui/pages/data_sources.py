"""Where data come from: the built-in and downloadable datasets as rows, and what lies on the user's own disk."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.pages.data_source_row import SourceRow
from ui.theme import S1, S2, S4
from ui.widgets import Caption, ElidedLabel, QuietButton, Scroll, SectionHeader
from workbench.data.catalogue import DatasetEntry, datasets


class SourcesPanel(QFrame):
    """The left panel of the Data page. `picked` tells a built-in name or an absolute path; nothing is opened here."""

    picked = Signal(str)
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: dict[str, SourceRow] = {}
        self._folder = str(Path.home())
        self.setProperty("kind", "panel")
        scroll = Scroll(self, margin=S2, spacing=S1)
        self._list = scroll.body
        self._own_files()
        entries = datasets()
        self._group(self.tr("Built in"), [entry for entry in entries if not entry.download])
        self._group(self.tr("To download"), [entry for entry in entries if entry.download])
        self._list.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def _own_files(self) -> None:
        self._list.addWidget(SectionHeader(self.tr("Your own")))
        buttons = QHBoxLayout()
        buttons.setSpacing(S2)
        self.folder_button = QuietButton(self.tr("Folder…"), "folder-open")
        self.folder_button.setObjectName("pick_folder_button")
        self.folder_button.setToolTip(self.tr("A folder of pictures, with one folder for each class"))
        self.folder_button.clicked.connect(self.ask_folder)
        self.file_button = QuietButton(self.tr("File…"), "file")
        self.file_button.setObjectName("pick_file_button")
        self.file_button.setToolTip(self.tr("A table (CSV), arrays (.npz), or a .zip of either or of pictures"))
        self.file_button.clicked.connect(self.ask_file)
        for button in (self.folder_button, self.file_button):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            buttons.addWidget(button, 1)
        self._list.addLayout(buttons)
        self.own = ElidedLabel("", "strong")
        self.own.setObjectName("own_source")
        self.own.setContentsMargins(S1, S1, S1, 0)
        self.own.hide()
        self._list.addWidget(self.own)
        hint = Caption(self.tr("Or drop a folder or a file on the window."))
        hint.setContentsMargins(S1, 0, S1, 0)
        self._list.addWidget(hint)
        self._list.addSpacing(S4 - S1)

    def _group(self, title: str, entries: list[DatasetEntry]) -> None:
        self._list.addWidget(SectionHeader(title))
        for entry in entries:
            row = SourceRow(entry)
            row.clicked.connect(lambda _checked=False, name=entry.name: self.picked.emit(name))
            row.cancelled.connect(self.cancelled)
            self.rows[entry.name] = row
            self._list.addWidget(row)
        self._list.addSpacing(S4 - S1)

    def show_own(self, path: Path | None) -> None:
        """Name the folder or file in use, if it is one of the user's own."""
        self.own.setVisible(path is not None)
        if path is not None:
            self.own.set_text(path.name)
            self.own.setToolTip(str(path))

    def mark(self, name: str | None) -> None:
        """Show which dataset is in use."""
        for other, row in self.rows.items():
            row.setChecked(other == name)

    def show_progress(self, name: str | None, fraction: float | None = None, words: str = "") -> None:
        """Show progress in one dataset's row, and in no other; None ends it."""
        for other, row in self.rows.items():
            row.show_progress(other == name, fraction, words)

    def ask_folder(self) -> None:
        """Let the user choose a folder."""
        folder = QFileDialog.getExistingDirectory(self, self.tr("Pick a folder of pictures"), self._folder)
        if folder:
            self._folder = str(Path(folder).parent)
            self.picked.emit(folder)

    def ask_file(self) -> None:
        """Let the user choose a file."""
        kinds = self.tr("Data (*.csv *.tsv *.txt *.npz *.zip);;All files (*)")
        file, _ = QFileDialog.getOpenFileName(self, self.tr("Pick a file of data"), self._folder, kinds)
        if file:
            self._folder = str(Path(file).parent)
            self.picked.emit(file)
