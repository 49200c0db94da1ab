"""What a page shows in place of its work: work in progress that can be cancelled, and a failure with its remedy."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from ui.theme import S2, S3, S4, pixmap, theme, tokens
from ui.widgets import Caption, Heading, PrimaryButton, QuietButton, Text
from workbench.core.errors import WorkbenchError

WIDTH = 440


class _Middle(QWidget):
    """A narrow column in the middle of the page."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        inner = QWidget()
        inner.setFixedWidth(WIDTH)
        self.box = QVBoxLayout(inner)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(S2)
        line = QHBoxLayout(self)
        line.addWidget(inner, 0, Qt.AlignmentFlag.AlignCenter)


class WorkingState(_Middle):
    """A title, how far it is, and Cancel."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = Heading("")
        self.title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.words = Caption("")
        self.words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.cancel = QuietButton(self.tr("Cancel"))
        self.cancel.setObjectName("cancel_button")
        self.cancel.clicked.connect(self.cancelled)
        self.box.addWidget(self.title)
        self.box.addWidget(self.bar)
        self.box.addWidget(self.words)
        self.box.addSpacing(S2)
        self.box.addWidget(self.cancel, 0, Qt.AlignmentFlag.AlignHCenter)

    def begin(self, title: str, *, cancellable: bool = True) -> None:
        """Start anew under a title."""
        self.title.setText(title)
        self.words.setText("")
        self.bar.setRange(0, 0)
        self.cancel.setVisible(cancellable)

    def show_progress(self, fraction: float | None, words: str) -> None:
        """Show how far it is; None where that cannot be told."""
        self.words.setText(words)
        self.bar.setRange(0, 0 if fraction is None else 1000)
        if fraction is not None:
            self.bar.setValue(round(fraction * 1000))


class FailedState(_Middle):
    """What went wrong, what was received, what to do, and a button that does it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._action: Callable[[], None] | None = None
        self._mark = QLabel()
        self._mark.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.title = Heading("")
        self.received = Caption("")
        self.hint = Text("")
        for label in (self.title, self.received, self.hint):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.title.setObjectName("failed_words")
        self.button = PrimaryButton("")
        self.button.setObjectName("remedy_button")
        self.button.clicked.connect(self._act)
        self.box.setSpacing(S3)
        for widget in (self._mark, self.title, self.received, self.hint):
            self.box.addWidget(widget)
        self.box.addSpacing(S4 - S3)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(S2)
        self._buttons.addStretch(1)
        self._buttons.addWidget(self.button)
        self._buttons.addStretch(1)
        self.box.addLayout(self._buttons)
        theme().changed.connect(self._paint_mark)
        self._paint_mark()

    def show_error(self, error: WorkbenchError, button: str, action: Callable[[], None]) -> None:
        """Show an error and the button that mends it."""
        self.title.setText(error.rule)
        self.received.setText(error.received)
        self.received.setVisible(bool(error.received))
        self.hint.setText(error.hint)
        self.hint.setVisible(bool(error.hint))
        self.button.setText(button)
        self._action = action

    def add_button(self, button: QWidget) -> None:
        """Offer another way out beside the remedy."""
        self._buttons.insertWidget(2, button)

    def _act(self) -> None:
        if self._action is not None:
            self._action()

    def _paint_mark(self) -> None:
        self._mark.setPixmap(pixmap("circle-alert", tokens().danger, 32))
