"""Has a warm process ready while the project's runs are to be carried out in one: only then, for it costs memory."""

from __future__ import annotations

from PySide6.QtCore import QObject

from ui.moments import later
from ui.training import Training
from ui.yielding import give_way
from workbench.runs import spare

DELAY_MS = 500
"""How long a wish must last: a queue's next run begins at once, and a setting may be on its way to another."""


class SpareKeeper(QObject):
    """Begins a spare process once TensorFlow is in this one and nothing trains, and ends it when it is of no use.

    Args:
        training: Which run is in progress, and of which session.
    """

    def __init__(self, training: Training, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._training, self._session = training, training.session
        self._seen = (False, False)
        self._wanted = False
        self._timer = later(self._settle, DELAY_MS, self)
        for news in (self._session.engine_changed, self._session.opened, self._session.changed, training.state_changed):
            news.connect(self._look)

    @property
    def _chosen(self) -> bool:
        session = self._session
        ready = session.is_open and session.engine_state == "ready"
        return ready and session.project.training.executor == "process"

    def _look(self, *_: object) -> None:
        seen = self._chosen, self._training.is_busy
        if seen != self._seen:
            self._seen = seen
            self._timer.start()

    def _settle(self) -> None:
        if self._chosen and self._training.is_busy:
            return  # its memory and its import would be taken from the run
        self._wanted = self._chosen

        def work(token: object, progress: object) -> None:
            give_way()  # the process inherits it, as one does that a training's thread starts
            spare.keep(lambda: self._wanted)

        self._session.run_task(self.tr("Preparing a process"), work, visible=False, can_cancel=False)

    def close(self) -> None:
        """Have none any more; for closing the window."""
        self._timer.stop()
        self._wanted = False
        spare.drop()
