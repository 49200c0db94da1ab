"""What an export proved: a green tick with the figures, or a red one with the reason."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from ui.pages.deploy_facts import ExportFacts
from ui.plots.words import figure
from ui.theme import S2, S5, pixmap, theme, tokens
from ui.widgets import Caption, Card, ElidedLabel, Heading, QuietButton, Text, row
from workbench.core.errors import WorkbenchError

ICON_SIZE = 28


def bytes_in_words(size: float) -> str:
    """A size on disk for eyes: 850 bytes, 12.4 kB, 3.1 MB."""
    if size < 1000:
        return f"{size:.0f} bytes"
    for unit in ("kB", "MB", "GB"):
        size /= 1000
        if size < 1000 or unit == "GB":
            return f"{size:.1f} {unit}"
    raise AssertionError("every size has a unit")


class CertificateCard(Card):
    """Shows one export's facts, or why there is no export."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("certificate")
        self.facts: ExportFacts | None = None
        self.verified = False
        self._icon = QLabel()
        self.headline = Heading("")
        self.headline.setWordWrap(False)
        self.words = Text("", "muted")
        self.figures = {
            name: (Text("", "strong", wrap=False), Caption(title))
            for name, title in (
                ("difference", self.tr("largest difference")),
                ("agreement", self.tr("same answer")),
                ("samples", self.tr("samples compared")),
                ("size", self.tr("size")),
            )
        }
        grid = QGridLayout()
        grid.setHorizontalSpacing(S5)
        grid.setVerticalSpacing(0)
        for place, (value, caption) in enumerate(self.figures.values()):
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(value, 0, place)
            grid.addWidget(caption, 1, place)
        grid.setColumnStretch(len(self.figures), 1)
        self._table = QWidget()
        self._table.setLayout(grid)
        grid.setContentsMargins(0, S2, 0, S2)
        self.path = ElidedLabel("", "code")
        self.path.set_elide_mode(Qt.TextElideMode.ElideMiddle)
        self.open_button = QuietButton(self.tr("Open folder"), "folder-open")
        self.open_button.setObjectName("open_folder_button")
        self.open_button.clicked.connect(self.open_folder)
        self.copy_button = QuietButton(self.tr("Copy path"), "copy")
        self.copy_button.setObjectName("copy_path_button")
        self.copy_button.clicked.connect(self._copy)
        self._place = QWidget()
        self._place.setLayout(row(self.path, self.copy_button, self.open_button))
        self.body.addLayout(row(self._icon, self.headline, None))
        for widget in (self.words, self._table, self._place):
            self.body.addWidget(widget)
        theme().changed.connect(self._paint)
        self.hide()

    def show_facts(self, facts: ExportFacts) -> None:
        """Show an export that stands."""
        self.facts, self.verified = facts, True
        self.headline.setText(self.tr("{form} verified").format(form=facts.form.title))
        self.words.setText(
            self.tr("Loaded again in a fresh process and compared with {run} on real samples.").format(run=facts.run)
        )
        agreement = "–" if facts.task == "regression" else f"{facts.label_agreement:.2%}"
        shown = {
            "difference": figure(facts.max_abs_diff),
            "agreement": agreement,
            "samples": f"{facts.samples}",
            "size": bytes_in_words(facts.size),
        }
        for name, text in shown.items():
            self.figures[name][0].setText(text)
        self.figures["difference"][0].setToolTip(repr(facts.max_abs_diff))
        self.figures["size"][0].setToolTip(self.tr("{size} bytes").format(size=facts.size))
        self.path.set_text(str(facts.path))
        self._table.show()
        self._place.show()
        self._paint()
        self.show()

    def show_failure(self, error: WorkbenchError) -> None:
        """Show why there is no export."""
        self.facts, self.verified = None, False
        self.headline.setText(self.tr("Not exported"))
        self.words.setText(str(error))
        self._table.hide()
        self._place.hide()
        self._paint()
        self.show()

    def open_folder(self) -> None:
        """Show the export in the system's file manager."""
        if self.facts is not None:
            path: Path = self.facts.path if self.facts.path.is_dir() else self.facts.path.parent
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    def _copy(self) -> None:
        if self.facts is not None:
            QGuiApplication.clipboard().setText(str(self.facts.path))

    def _paint(self) -> None:
        colors = tokens()
        name, color = ("circle-check", colors.good) if self.verified else ("circle-x", colors.danger)
        self._icon.setPixmap(pixmap(name, color, ICON_SIZE, self.devicePixelRatioF()))
