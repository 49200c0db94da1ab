"""What the engine says of the drawing, asked a moment after the last edit; answers to older drawings are dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ui.moments import later

if TYPE_CHECKING:
    from ui.session import Session
    from workbench.engine.check import CheckReport

DELAY_MS = 150


class Checker(QObject):
    """Checks a session's drawing, one check at a time."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._asked = 0
        self._busy = self._again = False
        self._timer = later(self._check, DELAY_MS, self)

    def ask(self) -> None:
        """Check soon; asking again meanwhile starts the wait anew."""
        self._timer.start()

    def forget(self) -> None:
        """Drop what is asked and what would be answered."""
        self._asked += 1
        self._again = False
        self._timer.stop()

    def _check(self) -> None:
        session = self._session
        if session.engine_state != "ready" or not session.is_open:
            return
        self._asked += 1
        if self._busy:
            self._again = True
            return
        self._busy, self._again = True, False
        current, project = self._asked, session.project

        def work(token: object, progress: object) -> CheckReport:
            from workbench.engine.check import check

            return check(project)

        def answered(report: CheckReport) -> None:
            if current == self._asked:
                session.report = report
                session.report_changed.emit()

        task = session.run_task(self.tr("Checking the model"), work, answered, visible=False)
        task.ended.connect(self._checked)

    def _checked(self) -> None:
        self._busy = False
        if self._again:
            self._check()
