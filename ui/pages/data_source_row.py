"""One dataset in the list: its name, its size and kind, and the progress of its download in place."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from ui.pages.data_paint import draw_line, font
from ui.theme import BODY, CAPTION, S1, S2, S3, icon, tokens
from ui.widgets import IconButton
from workbench.data.catalogue import DatasetEntry

HEIGHT = 48
PROGRESS_HEIGHT = 22


def size_words(size: int) -> str:
    """A file's size for the eye."""
    if size >= 1_000_000:
        return f"{size / 1e6:.0f} MB"
    return f"{max(1, size // 1000)} kB"


class SourceRow(QAbstractButton):
    """Picks a dataset by a click, Space or Enter; while that is fetched, shows how far it is and can be cancelled."""

    cancelled = Signal()

    def __init__(self, entry: DatasetEntry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entry = entry
        self.setText(entry.title)
        self.setObjectName(f"source_{entry.name}")
        self.setAccessibleName(entry.title)
        self.setAccessibleDescription(entry.description)
        self.setToolTip(entry.description)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._note = ""
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setFixedHeight(4)
        self._cancel = IconButton("x", self.tr("Cancel"))
        self._cancel.setObjectName(f"cancel_{entry.name}")
        self._cancel.setFixedSize(20, 20)
        self._cancel.clicked.connect(self.cancelled)
        self._working = QWidget(self)
        line = QHBoxLayout(self._working)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(S2)
        line.addWidget(self._progress, 1)
        line.addWidget(self._cancel)
        box = QVBoxLayout(self)
        box.setContentsMargins(S3 + 24, 0, S2, S1)
        box.addStretch(1)
        box.addWidget(self._working)
        self._working.hide()

    @property
    def working(self) -> bool:
        """Whether progress is shown."""
        return not self._working.isHidden()

    def show_progress(self, working: bool, fraction: float | None = None, words: str = "") -> None:
        """Show how far the fetch is (None: no telling), or take the progress away."""
        self._note = words if working else ""
        self._working.setVisible(working)
        if working:
            self._progress.setRange(0, 0 if fraction is None else 1000)
            self._progress.setValue(0 if fraction is None else round(fraction * 1000))
        self.updateGeometry()
        self.update()

    def nextCheckState(self) -> None:
        # The project says which row is in use; a click only asks.
        return

    def note(self) -> str:
        """The second line: what the samples are and how many, or how far the fetch is."""
        if self._note:
            return self._note
        words = {
            "image": self.tr("{count} pictures"),
            "table": self.tr("{count} rows"),
            "array": self.tr("{count} samples"),
        }[self.entry.kind].format(count=f"{self.entry.samples:,}")
        return f"{words} · {size_words(self.entry.size)}" if self.entry.download else words

    def sizeHint(self) -> QSize:
        return QSize(200, HEIGHT + (PROGRESS_HEIGHT if self.working else 0))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(QColor(colours.accent), 1.5) if self.hasFocus() else Qt.PenStyle.NoPen)
        if self.isChecked():
            painter.setBrush(QColor(colours.wash))
        elif self.underMouse():
            painter.setBrush(QColor(colours.window))
        else:
            painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(area, 6, 6)
        name = {"image": "image", "table": "table-2", "array": "activity"}[self.entry.kind]
        ink = colours.accent if self.isChecked() else colours.muted
        icon(name, ink, 20).paint(painter, S2, (HEIGHT - 20) // 2, 20, 20)
        left, width = S3 + 24, self.width() - S3 - 24 - S2
        mark = "check" if self.isChecked() else ("download" if self.entry.download else "")
        if mark and not self.working:
            icon(mark, ink, 16).paint(painter, self.width() - S2 - 16, 7, 16, 16)
        painter.setFont(font(BODY, bold=self.isChecked()))
        painter.setPen(QColor(colours.text))
        draw_line(painter, QRectF(left, 6, width - (16 + S1 if mark else 0), 18), self.text())
        painter.setFont(font(CAPTION))
        painter.setPen(QColor(colours.muted))
        draw_line(painter, QRectF(left, 25, width, 16), self.note())
