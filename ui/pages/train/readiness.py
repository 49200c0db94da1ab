"""What stands between the open project and a training, and where to mend it."""

from __future__ import annotations

import dataclasses

from PySide6.QtCore import QCoreApplication

from ui.session import Session
from workbench.core.errors import WorkbenchError


@dataclasses.dataclass(frozen=True)
class Blocker:
    """One thing that is missing.

    Args:
        words: What is missing, as a sentence.
        button: What the button that leads there says; empty where there is only waiting to do.
        page: The page that the button leads to.
        waiting: Whether it will mend itself in a moment.
    """

    words: str
    button: str = ""
    page: str = ""
    waiting: bool = False


def _tr(text: str) -> str:
    return QCoreApplication.translate("TrainReadiness", text)


def first_blocker(session: Session, data_error: WorkbenchError | None) -> Blocker | None:
    """The first thing that keeps the project from being trained, or None when it is ready.

    Args:
        session: The open project and what is known about it.
        data_error: Why the picked data could not be read, if so.
    """
    if not session.is_open:
        return Blocker(_tr("No project is open."), _tr("Go to Start"), "start")
    if session.project.dataset is None:
        return Blocker(_tr("No data are picked yet."), _tr("Pick data"), "data")
    if data_error is not None and session.dataset is None:
        return Blocker(
            _tr("The data could not be read. {rule}").format(rule=data_error.rule), _tr("Go to Data"), "data"
        )
    if session.engine_state == "failed":
        rule = session.engine_error.rule if session.engine_error else ""
        return Blocker(_tr("TensorFlow could not be loaded. {rule}").format(rule=rule))
    if session.engine_state != "ready":
        return Blocker(_tr("TensorFlow is loading; training can start in a moment."), waiting=True)
    if session.dataset is None:
        return Blocker(_tr("The data are being read."), waiting=True)
    if session.report is None:
        return Blocker(_tr("The model is being checked."), waiting=True)
    problem = next((problem for problem in session.report.problems if problem.severity == "error"), None)
    if problem is not None:
        return Blocker(problem.message, _tr("Go to Model"), "model")
    return None
