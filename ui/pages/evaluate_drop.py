"""Where a sample of one's own is dropped, or chosen from a button."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui.theme import S2, S4
from ui.widgets import Caption, QuietButton, set_state
from workbench.data.spec import Kind


class DropArea(QFrame):
    """`dropped` tells the path of a file."""

    dropped = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("predict_drop")
        self.setAcceptDrops(True)
        self.setProperty("kind", "drop")
        self.kinds = ""
        self.words = Caption("")
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.button = QuietButton(self.tr("Choose a file…"), "upload")
        self.button.setObjectName("predict_file_button")
        box = QVBoxLayout(self)
        box.setContentsMargins(S4, S4, S4, S4)
        box.setSpacing(S2)
        box.addWidget(self.words)
        box.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        self.set_kind("image")

    def set_kind(self, kind: Kind) -> None:
        """Say what can be dropped for a kind of data."""
        words, self.kinds = {
            "image": (
                self.tr("Drop a picture here"),
                self.tr("Pictures (*.png *.jpg *.jpeg *.bmp *.gif);;All files (*)"),
            ),
            "table": (
                self.tr("Drop a CSV here: an answer for each row"),
                self.tr("Tables (*.csv *.tsv *.txt);;All files (*)"),
            ),
            "array": (
                self.tr("Drop a .npy or .npz here: an answer for each array"),
                self.tr("Arrays (*.npy *.npz);;All files (*)"),
            ),
        }[kind]
        self.words.setText(words)
        self.setAccessibleName(words)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.isEnabled() and any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            set_state(self, "hot", True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        super().dragLeaveEvent(event)
        set_state(self, "hot", False)

    def dropEvent(self, event: QDropEvent) -> None:
        set_state(self, "hot", False)
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.acceptProposedAction()
            self.dropped.emit(files[0])

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange:
            set_state(self, "hot", False)
