"""The status bar: problems, what the engine is doing, work in progress with Cancel, and free memory."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QWidget

from ui.session import Session
from ui.tasks import Task
from ui.theme import S2, S3, S4, STATUS_HEIGHT
from ui.widgets import Caption, IconButton, LinkButton, set_state

MEMORY_MS = 3000
SHORT_MS = 250


class TaskChip(QWidget):
    """One task at work: title, a small bar, per cent and words on hover, Cancel. Short tasks never show."""

    def __init__(self, task: Task, parent: QWidget) -> None:
        super().__init__(parent)
        self.task = task
        self._label = Caption(task.title, self)
        self._label.setWordWrap(False)
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(64)
        self._bar.setRange(0, 0)
        self._bar.setAccessibleName(task.title)
        self.cancel = IconButton("x", self.tr("Cancel {title}").format(title=task.title), self, size=12)
        self.cancel.clicked.connect(task.cancel)
        self.cancel.setVisible(task.can_cancel)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(S2)
        for widget in (self._label, self._bar, self.cancel):
            layout.addWidget(widget)
        task.progressed.connect(self._progress)

    def _progress(self, fraction: float | None, words: str) -> None:
        title = self.task.title
        if fraction is None:
            self._bar.setRange(0, 0)
        else:
            self._bar.setRange(0, 100)
            self._bar.setValue(round(100 * fraction))
            title = f"{title} {round(100 * fraction)} %"
        self._label.setText(title)
        self.setToolTip(words)


class StatusBar(QFrame):
    """28 px below everything."""

    problems_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setObjectName("status")
        self.setFixedHeight(STATUS_HEIGHT)
        self.problems = LinkButton("", parent=self)
        self.problems.setObjectName("problems")
        self.problems.clicked.connect(self.problems_wanted)
        self.engine = Caption("", self)
        self.engine.setObjectName("engine")
        self.engine.setWordWrap(False)
        self.memory = Caption("", self)
        self.memory.setObjectName("memory")
        self.memory.setWordWrap(False)
        self._chips: dict[Task, TaskChip] = {}
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(S3, 0, S4, 0)
        self._layout.setSpacing(S4)
        for widget in (self.problems, self.engine):
            self._layout.addWidget(widget)
        self._layout.addStretch(1)
        self._layout.addWidget(self.memory)
        self._timer = QTimer(self)
        self._timer.setInterval(MEMORY_MS)
        self._timer.timeout.connect(self._read_memory)
        session.task_started.connect(self._add)
        for signal in (session.opened, session.report_changed, session.engine_changed, session.state_changed):
            signal.connect(self.refresh)
        session.loading_changed.connect(self.refresh)
        self.refresh()

    def begin(self) -> None:
        """Start to watch the memory; after the first paint."""
        self._read_memory()
        self._timer.start()

    @property
    def tasks(self) -> list[Task]:
        """The tasks that are shown."""
        return list(self._chips)

    def _add(self, task: Task) -> None:
        chip = TaskChip(task, self)
        chip.hide()
        self._chips[task] = chip
        self._layout.insertWidget(self._layout.count() - 2, chip)
        patience = QTimer(chip)
        patience.setSingleShot(True)
        patience.timeout.connect(chip.show)
        patience.start(SHORT_MS)
        task.ended.connect(lambda: self._remove(task))

    def _remove(self, task: Task) -> None:
        chip = self._chips.pop(task, None)
        if chip is not None:
            chip.hide()
            chip.deleteLater()

    def refresh(self) -> None:
        """Follow the session."""
        session = self._session
        report = session.report if session.is_open else None
        errors = [problem for problem in report.problems if problem.severity == "error"] if report else []
        warnings = [problem for problem in report.problems if problem.severity != "error"] if report else []
        count = len(errors) + len(warnings)
        self.problems.setVisible(session.is_open and report is not None)
        self.problems.setText(self._count_words(count))
        self.problems.setAccessibleName(self.problems.text())
        self.problems.setToolTip("\n".join(problem.message for problem in [*errors, *warnings][:8]))
        self.problems.setEnabled(bool(count))
        set_state(self.problems, "level", "danger" if errors else "warning" if warnings else "good")
        self.engine.setText(self._engine_words())
        set_state(self.engine, "role", "danger" if session.engine_state == "failed" else "caption")

    def _count_words(self, count: int) -> str:
        if count < 2:
            return self.tr("1 problem") if count else self.tr("No problems")
        return self.tr("{count} problems").format(count=count)

    def _engine_words(self) -> str:
        session = self._session
        if session.engine_state == "loading":
            return self.tr("TensorFlow is loading")
        if session.engine_state == "failed":
            return self.tr("TensorFlow could not be loaded")
        if session.engine_state == "ready" and session.project.info is not None:
            return self.tr("shapes ready") if session.report is not None else self.tr("checking shapes")
        return self.tr("ready") if session.engine_state == "ready" else ""

    def _read_memory(self) -> None:
        import psutil

        free = psutil.virtual_memory().available / 2**30
        self.memory.setText(self.tr("{free} GB free").format(free=f"{free:.1f}"))
        set_state(self.memory, "role", "danger" if free < 0.5 else "caption")
