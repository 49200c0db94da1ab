"""The buttons of a run, and what is in the way of one in words, with a button that goes to the fix."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.pages.train.readiness import Blocker
from ui.theme import S2
from ui.widgets import PrimaryButton, QuietButton, Text, Title, set_icon, set_reason


class TrainBar(QWidget):
    """Train and going on while idle; Pause, Change, Finish and Stop while a run is at work."""

    train_wanted = Signal()
    stop_wanted = Signal()
    finish_wanted = Signal()
    queue_wanted = Signal()
    pause_wanted = Signal()
    change_wanted = Signal(QPoint)  # where on the screen to ask
    go_on_wanted = Signal(QPoint)
    page_wanted = Signal(str)
    try_wanted = Signal(bool)  # whether the trials are to be shown

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
        self.pause = PrimaryButton(self.tr("Pause"), "pause")
        self.pause.setObjectName("pause_button")
        self.pause.setToolTip(self.tr("Hold the run after this batch, or let it go on"))
        self.change = QuietButton(self.tr("Change…"), "sliders-horizontal")
        self.change.setObjectName("change_button")
        self.change.setToolTip(self.tr("Change the learning rate or the epochs while the run goes on"))
        self.go_on = QuietButton("")
        self.go_on.setObjectName("go_on_button")
        self.go_on.setToolTip(self.tr("Go on with the selected run from its last state"))
        self.pause.clicked.connect(self.pause_wanted)
        self.change.clicked.connect(lambda: self.change_wanted.emit(_below(self.change)))
        self.go_on.clicked.connect(lambda: self.go_on_wanted.emit(_below(self.go_on)))
        self.try_first = QuietButton(self.tr("Try first"), "flask-conical")
        self.try_first.setObjectName("try_button")
        self.try_first.setCheckable(True)
        self.try_first.setToolTip(
            self.tr("Before training: check the plan in seconds, find a learning rate or a batch size")
        )
        self.try_first.clicked.connect(self.try_wanted)
        self._page = self._told = ""
        self.queue.clicked.connect(self.queue_wanted)
        self.train.clicked.connect(self.train_wanted)
        self.finish.clicked.connect(self.finish_wanted)
        self.stop.clicked.connect(self.stop_wanted)
        self.fix.clicked.connect(lambda: self.page_wanted.emit(self._page))
        self._working = (self.queue, self.change, self.finish, self.stop, self.pause)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(S2)
        layout.addWidget(self.title)
        layout.addWidget(self.reason, 1)
        for button in (self.fix, self.go_on, self.try_first, *self._working, self.train):
            layout.addWidget(button)
        self.show_idle(None)

    def say(self, words: str) -> None:
        """Say how the selected run ended, while idle and nothing is in the way of the next."""
        self._told = words

    def show_idle(self, blocker: Blocker | None, *, told: bool = False, going_on: str = "") -> None:
        """Offer to train, or say what is missing.

        Args:
            blocker: What is missing.
            told: Whether the page tells it elsewhere already.
            going_on: What the button says that goes on with the selected run; empty where it cannot.
        """
        self.go_on.setText(going_on)
        self.go_on.setVisible(bool(going_on))
        set_reason(self.go_on, blocker.words if blocker else None)
        self.train.show()
        set_reason(self.train, blocker.words if blocker else None)
        _hand_focus(self._working, self.train)
        for button in self._working:
            button.hide()
        self.reason.setText(self._told if blocker is None else "" if told else blocker.words)
        self._page = blocker.page if blocker else ""
        self.fix.setText(blocker.button if blocker else "")
        self.fix.setVisible(bool(self._page) and not told)

    def show_running(
        self, *, finishing: bool, stopping: bool, paused: bool = False, blocked: str | None = None, told: bool = True
    ) -> None:
        """Offer to steer and end the run, and to let another follow.

        Args:
            finishing: Whether it is to end after the epoch.
            stopping: Whether it is to end at once.
            paused: Whether it is held.
            blocked: What is in the way of another.
            told: Whether the run has told of itself yet, so that there is something to change.
        """
        for button in self._working:
            button.show()
        _hand_focus((self.train, self.go_on), self.pause)
        self.go_on.hide()
        self.train.hide()
        self.fix.hide()
        self.reason.setText("")
        set_reason(self.queue, blocked)
        self.pause.setText(self.tr("Resume") if paused else self.tr("Pause"))
        set_icon(self.pause, "play" if paused else "pause", "on_accent")
        ending = self.tr("The run is already ending.")
        set_reason(self.finish, ending if finishing or stopping else None)
        set_reason(self.stop, ending if stopping else None)
        set_reason(self.pause, ending if finishing or stopping else None)
        not_yet = None if told else self.tr("The run is only beginning.")
        set_reason(self.change, ending if finishing or stopping else not_yet)


def _hand_focus(leaving: Iterable[QWidget], to: QWidget) -> None:
    """Keep the keyboard in the bar: from a button that goes it would pass to the plan, where a key is an edit."""
    if any(button.hasFocus() for button in leaving):
        to.setFocus()


def _below(button: QWidget) -> QPoint:
    return button.mapToGlobal(QPoint(0, button.height()))
