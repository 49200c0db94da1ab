"""The buttons of a run, and what is in the way of one in words, with a button that goes to the fix."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.moments import later
from ui.pages.train.readiness import Blocker
from ui.theme import S2
from ui.widgets import PrimaryButton, QuietButton, Text, Title, set_icon, set_reason

DEAF_MS = 700
"""How long no run can be begun, held or ended after one began or ended: longer than a hand takes to hear of it."""


class TrainBar(QWidget):
    """Train and going on while idle; Pause, Change, Finish and Stop while a run is at work.

    They stand where the others stood, so they are deaf for a moment when a run begins or ends: a click that was meant
    for the run that has just ended begins no other one.
    """

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
        self._page = self._told = self._run = ""
        self._deaf: str | None = None
        self._show_again: Callable[[], None] = lambda: None
        self._heir: QWidget = self.train
        self._waking = later(self._wake, DEAF_MS, self)
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
        self._show_again = lambda: self.show_idle(blocker, told=told, going_on=going_on)
        self._turn_to("")
        reason = blocker.words if blocker else self._deaf
        self.go_on.setText(going_on)
        self.go_on.setVisible(bool(going_on))
        set_reason(self.go_on, reason)
        self.train.show()
        set_reason(self.train, reason)
        self._hand_focus(self._working, self.train)
        for button in self._working:
            button.hide()
        self.reason.setText(self._told if blocker is None else "" if told else blocker.words)
        self._page = blocker.page if blocker else ""
        self.fix.setText(blocker.button if blocker else "")
        self.fix.setVisible(bool(self._page) and not told)

    def show_running(
        self,
        run: str,
        *,
        finishing: bool,
        stopping: bool,
        paused: bool = False,
        blocked: str | None = None,
        told: bool = True,
    ) -> None:
        """Offer to steer and end the run, and to let another follow.

        Args:
            run: Its name.
            finishing: Whether it is to end after the epoch.
            stopping: Whether it is to end at once.
            paused: Whether it is held.
            blocked: What is in the way of another.
            told: Whether the run has told of itself yet, so that there is something to change.
        """
        self._show_again = lambda: self.show_running(
            run, finishing=finishing, stopping=stopping, paused=paused, blocked=blocked, told=told
        )
        self._turn_to(run)
        for button in self._working:
            button.show()
        self._hand_focus((self.train, self.go_on), self.pause)
        self.go_on.hide()
        self.train.hide()
        self.fix.hide()
        self.reason.setText("")
        self.pause.setText(self.tr("Resume") if paused else self.tr("Pause"))
        set_icon(self.pause, "play" if paused else "pause", "on_accent")
        ending = self.tr("The run is already ending.")
        ended = ending if finishing or stopping else self._deaf
        self._explain(self.queue, blocked or self._deaf)
        self._explain(self.finish, ended)
        self._explain(self.stop, ending if stopping else self._deaf)
        self._explain(self.pause, ended)
        self._explain(self.change, ended or (None if told else self.tr("The run is only beginning.")))

    def _explain(self, button: QWidget, reason: str | None) -> None:
        """Disable a button with a reason, or enable it; the keyboard stays in the bar where it was on that button."""
        if reason and button.hasFocus():
            self.setFocus()
        set_reason(button, reason)

    # The moment after a run began or ended

    def _turn_to(self, run: str) -> None:
        """Be deaf for a moment where another run, or none, is at work than was."""
        if run != self._run:
            self._run = run
            self._deaf = self.tr("The run has only just begun.") if run else self.tr("The run has only just ended.")
            self._waking.start()

    def _wake(self) -> None:
        self._deaf = None
        self._show_again()
        if self.hasFocus():
            self._heir.setFocus()

    def _hand_focus(self, leaving: Iterable[QWidget], to: QWidget) -> None:
        """Keep the keyboard in the bar: from a button that goes it would pass to the plan, where a key is an edit."""
        self._heir = to
        if any(button.hasFocus() for button in leaving):
            (self if self._deaf else to).setFocus()


def _below(button: QWidget) -> QPoint:
    return button.mapToGlobal(QPoint(0, button.height()))
