"""The buttons of a run, and what is in the way of one in words, with a button that goes to the fix."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.pages.train_readiness import Blocker
from ui.theme import S2
from ui.widgets import PrimaryButton, QuietButton, Text, Title, set_reason


class TrainBar(QWidget):
    """Train while idle; Finish and Stop while a run is at work."""

    train_wanted = Signal()
    stop_wanted = Signal()
    finish_wanted = Signal()
    queue_wanted = Signal()
    page_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = Title(self.tr("Train"))
        self.title.setWordWrap(False)
        self.reason = Text("", "muted")
        self.reason.setObjectName("train_reason")
        self.reason.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.fix = QuietButton("")
        self.fix.setObjectName("train_fix_button")
        self.train = PrimaryButton(self.tr("Train"), "play")
        self.train.setObjectName("train_button")
        self.finish = QuietButton(self.tr("Finish"))
        self.finish.setObjectName("finish_button")
        self.stop = QuietButton(self.tr("Stop"))
        self.stop.setObjectName("stop_button")
        self.train.setToolTip(self.tr("Train with the plan on the right"))
        self.finish.setToolTip(self.tr("End after this epoch and keep the model"))
        self.stop.setToolTip(self.tr("End after this batch and keep the model"))
        self.queue = QuietButton(self.tr("Add to queue"))
        self.queue.setObjectName("queue_button")
        self.queue.setToolTip(self.tr("Train the plan on the right when this run has ended"))
        self._page = ""
        self.queue.clicked.connect(self.queue_wanted)
        self.train.clicked.connect(self.train_wanted)
        self.finish.clicked.connect(self.finish_wanted)
        self.stop.clicked.connect(self.stop_wanted)
        self.fix.clicked.connect(lambda: self.page_wanted.emit(self._page))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(S2)
        layout.addWidget(self.title)
        layout.addWidget(self.reason, 1)
        for button in (self.fix, self.queue, self.finish, self.stop, self.train):
            layout.addWidget(button)
        self.show_idle(None)

    def show_idle(self, blocker: Blocker | None, *, told: bool = False) -> None:
        """Offer to train, or say what is missing, unless the page tells it elsewhere already."""
        for button in (self.queue, self.finish, self.stop):
            button.hide()
        self.train.show()
        set_reason(self.train, blocker.words if blocker else None)
        self.reason.setText(blocker.words if blocker and not told else "")
        self._page = blocker.page if blocker else ""
        self.fix.setText(blocker.button if blocker else "")
        self.fix.setVisible(bool(self._page) and not told)

    def show_running(self, *, finishing: bool, stopping: bool, blocked: str | None = None) -> None:
        """Offer to end the run, and to let another follow unless something is in its way."""
        self.train.hide()
        self.fix.hide()
        self.reason.setText("")
        for button in (self.queue, self.finish, self.stop):
            button.show()
        set_reason(self.queue, blocked)
        ending = self.tr("The run is already ending.")
        set_reason(self.finish, ending if finishing or stopping else None)
        set_reason(self.stop, ending if stopping else None)
