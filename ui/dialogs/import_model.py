"""Opening a Keras model that someone else made: behind the window, as a draft of its own, and what is to be known."""

from __future__ import annotations

import dataclasses
import shutil
import tempfile
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from ui.session import Session
from ui.theme import S1, S2, S4, S5
from ui.widgets import Heading, Note, PrimaryButton, Scroll, SectionHeader, Text, column, row
from workbench.core.cancel import CancelToken
from workbench.data.work import Progress
from workbench.importing import WEIGHTS_FILE, Imported, import_model
from workbench.project import store
from workbench.project.model import Project

SIZE = (520, 420)
MOST_TOLD = 50


def _tr(text: str) -> str:
    return QCoreApplication.translate("Import", text)


@dataclasses.dataclass(frozen=True)
class _Opened:
    found: Imported
    project: Project
    folder: Path


def choose_model(parent: QWidget | None) -> Path | None:
    """A file that holds a Keras model."""
    kinds = _tr("Keras models (*.keras *.h5 *.hdf5 *.json);;All files (*)")
    name, _ = QFileDialog.getOpenFileName(parent, _tr("Import a Keras model"), str(Path.home()), kinds)
    return Path(name) if name else None


def start_import(window: QWidget, session: Session, path: Path) -> None:
    """Open a model in the background; it becomes a draft, its weights beside it, and what stayed whole is told."""

    def work(token: CancelToken, progress: Progress) -> _Opened:
        with tempfile.TemporaryDirectory(prefix="workbench-import-") as scratch:
            found = import_model(path, into=Path(scratch), progress=progress, cancel=token)
            project = Project(name=path.stem or "untitled", info=found.info, graph=found.graph)
            folder = store.new_draft(project)
            if found.weights is not None:
                shutil.move(found.weights, folder / WEIGHTS_FILE)
        return _Opened(found, project, folder)

    def answered(opened: _Opened) -> None:
        session.start(opened.project, opened.folder, draft=True)
        session.page_wanted.emit("model")
        if opened.found.kept or opened.found.problems:
            dialog = ImportReport(path.name, opened.found, window)
            dialog.open()
        else:
            words = _tr("{name} was imported whole: {count} layers.")
            count = max(len(opened.found.graph.nodes) - 2, 0)
            session.noticed.emit("info", words.format(name=path.name, count=count), "")

    session.run_task(_tr("Importing {name}").format(name=path.name), work, answered)


class ImportReport(QDialog):
    """What could not be brought along as it was, each with its reason."""

    def __init__(self, name: str, found: Imported, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("import_report")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        title = _tr("{name} was imported").format(name=name)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.resize(*SIZE)
        scroll = Scroll(spacing=S2)
        for heading, kind, lines in (
            (_tr("Kept whole, as one block each"), "note", found.kept),
            (_tr("Also to be known"), "warning", found.problems),
        ):
            if not lines:
                continue
            scroll.body.addWidget(SectionHeader(heading))
            for line in lines[:MOST_TOLD]:
                scroll.body.addWidget(Note(line, kind))
            if len(lines) > MOST_TOLD:
                scroll.body.addWidget(Text(_tr("And {count} more.").format(count=len(lines) - MOST_TOLD), "muted"))
        scroll.body.addStretch(1)
        close = PrimaryButton(_tr("Show the model"), parent=self)
        close.setDefault(True)
        close.clicked.connect(self.accept)
        layers = Text(_tr("{count} layers.").format(count=max(len(found.graph.nodes) - 2, 0)), "muted", self)
        body = column(Heading(title, self), layers, scroll, row(None, close), spacing=S1)
        body.setContentsMargins(S5, S5, S5, S4)
        self.setLayout(body)
