"""About: what this is, which versions are at work, where things are kept, and whose work it stands on."""

from __future__ import annotations

import platform
from importlib import metadata

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QDialog, QGridLayout, QWidget

from ui.logs import log_folder
from ui.theme import S2, S3, S4, S5
from ui.widgets import Caption, QuietButton, Text, Title, column, row
from workbench import __version__
from workbench.core.settings import settings_file
from workbench.project.store import drafts_folder

PACKAGES = ("keras", "tensorflow", "PySide6-Essentials", "pyqtgraph", "numpy", "polars", "scikit-learn")


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "-"


class AboutDialog(QDialog):
    """Versions and places, with a button that copies them for a report."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("about")
        self.setWindowTitle(self.tr("About Keras Workbench"))
        facts = [
            (self.tr("Keras Workbench"), __version__),
            ("Python", platform.python_version()),
            *((package, _version(package)) for package in PACKAGES),
            (self.tr("Drafts"), str(drafts_folder())),
            (self.tr("Settings"), str(settings_file())),
            (self.tr("Log"), str(log_folder())),
        ]
        self._facts = "\n".join(f"{name}: {value}" for name, value in facts)
        grid = QGridLayout()
        grid.setHorizontalSpacing(S4)
        grid.setVerticalSpacing(S2)
        for line, (name, value) in enumerate(facts):
            words = Text(value, parent=self)
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(Text(name, "muted", self, wrap=False), line, 0)
            grid.addWidget(words, line, 1)
        grid.setColumnStretch(1, 1)
        logs = QuietButton(self.tr("Open log folder"), "folder-open", self)
        logs.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_folder()))))
        copy = QuietButton(self.tr("Copy"), "copy", self)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._facts))
        close = QuietButton(self.tr("Close"), parent=self)
        close.clicked.connect(self.accept)
        close.setDefault(True)
        thanks = self.tr(
            "Apache-2.0. Icons: Lucide (ISC). Sample pictures: danielbuechele and vultilion (CC BY 2.0). "
            "Keras Workbench is not a product of the Keras team."
        )
        body = column(Title(self.tr("Keras Workbench"), self), spacing=S3)
        body.addWidget(
            Text(self.tr("Build, train, understand and export neural networks without writing one."), "muted")
        )
        body.addLayout(grid)
        body.addWidget(Caption(thanks, self))
        body.addSpacing(S2)
        body.addLayout(row(logs, copy, None, close))
        body.setContentsMargins(S5, S5, S5, S4)
        self.setLayout(body)
        self.setMinimumWidth(520)
