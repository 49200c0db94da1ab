"""Long work where it was started: what it is, how far it is, and Cancel."""

from __future__ import annotations

import time

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from ui.tasks import Task
from ui.theme import S1, S2
from ui.widgets.buttons import IconButton
from ui.widgets.text import Caption, ElidedLabel


def time_left(seconds: float) -> str:
    """A span of time for eyes: 8 s, 3 m 20 s, 1 h 05 m."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} m {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} m"


class ProgressRow(QWidget):
    """A title, a bar, words, and a cancel button; `follow` ties it to a task."""

    cancelled = Signal()

    def __init__(self, title: str, parent: QWidget | None = None, *, can_cancel: bool = True) -> None:
        super().__init__(parent)
        self.title = ElidedLabel(title, parent=self)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(title)
        self.words = Caption("", self)
        self.cancel_button = IconButton("x", QCoreApplication.translate("ProgressRow", "Cancel"), self, size=16)
        self.cancel_button.clicked.connect(self.cancelled)
        self.cancel_button.setVisible(can_cancel)
        line = QHBoxLayout()
        line.setSpacing(S2)
        line.addWidget(self.title, 1)
        line.addWidget(self.cancel_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(S1)
        layout.addLayout(line)
        layout.addWidget(self.bar)
        layout.addWidget(self.words)
        self._began = time.monotonic()
        self.set(None, "")

    def set(self, fraction: float | None, words: str) -> None:
        """Show how far the work is; None when that is not known."""
        if fraction is None:
            self.bar.setRange(0, 0)
        else:
            self.bar.setRange(0, 1000)
            self.bar.setValue(round(1000 * min(max(fraction, 0.0), 1.0)))
            spent = time.monotonic() - self._began
            if fraction > 0.02 and spent > 2:
                left = time_left(spent * (1 - fraction) / fraction)
                words = f"{words} · {left}" if words else left
        self.words.setText(words)
        self.words.setVisible(bool(words))

    def follow(self, task: Task) -> None:
        """Show a task's progress, cancel it on demand, and hide when it ends."""
        self._began = time.monotonic()
        self.title.set_text(task.title)
        self.set(None, "")
        task.progressed.connect(self.set)
        task.ended.connect(self.hide)
        self.cancelled.connect(task.cancel)
        self.show()
