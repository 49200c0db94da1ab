"""Over the canvas: how large the model is, whether it is ready to train, and what stands in the way."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ui.canvas.facts import ModelFacts
from ui.canvas.words import count_words, counted, short_count
from ui.session import Session
from ui.theme import CONTROL_HEIGHT, S1, S2, S3, S4, icon, theme, tokens
from ui.widgets import Badge, Caption, ElidedLabel, Line, LinkButton, QuietButton, Text
from workbench.graph.problems import Problem

_PROBLEM = Qt.ItemDataRole.UserRole
MOST_ROWS = 5


class ModelHeader(QWidget):
    """Totals at the left; the state and its one-click fix at the right; all problems in a list that folds out."""

    node_wanted = Signal(str)
    repair_wanted = Signal(object)  # Repair

    def __init__(self, session: Session, facts: ModelFacts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.facts = facts
        self.total = Text("", "strong", wrap=False)
        self.total.setObjectName("total_params")
        self._unit = Caption(self.tr("parameters"))
        self._unit.setWordWrap(False)
        self.state = Badge("")
        self.state.setObjectName("model_state")
        self.sentence = ElidedLabel("", "muted")
        self.sentence.setObjectName("model_sentence")
        self.fix = QuietButton("")
        self.fix.setObjectName("fix_button")
        self.fix.clicked.connect(self._fix)
        self.more = LinkButton("")
        self.more.setObjectName("problems_button")
        self.more.setCheckable(True)
        self.more.toggled.connect(self._unfold)
        self.list = QListWidget()
        self.list.setObjectName("problem_list")
        self.list.setAccessibleName(self.tr("Problems"))
        self.list.setWordWrap(True)
        self.list.itemClicked.connect(self._go)
        self.list.itemActivated.connect(self._go)
        self.list.hide()

        line = QHBoxLayout()
        line.setContentsMargins(S4, S2, S4, S2)
        line.setSpacing(S2)
        line.addStrut(CONTROL_HEIGHT)
        line.addWidget(self.total)
        line.addWidget(self._unit)
        line.addSpacing(S3)
        line.addWidget(self.state)
        line.addWidget(self.sentence, 1)
        line.addWidget(self.fix)
        line.addWidget(self.more)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(line)
        column.addWidget(self.list)
        column.addWidget(Line())
        facts.changed.connect(self.refresh)
        theme().changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the facts of this moment."""
        total = self.facts.total_params
        self.total.setText(short_count(total) if total is not None else "–")
        self.total.setToolTip(count_words(total) if total is not None else self.tr("Not known yet"))
        self._show_state()
        self._show_list()

    def _show_state(self) -> None:
        first = self.first
        self.fix.hide()
        if self.session.project.info is None:
            self.state.set(self.tr("no data"), "neutral")
            self.sentence.set_text(self.tr("Shapes follow from the data."))
            self._offer(self.tr("Pick data"))
        elif first is not None:
            self.state.set(self.tr("not ready") if first.severity == "error" else self.tr("look"), _kind(first))
            self.sentence.set_text(self._words(first))
            if first.repair is not None:
                self._offer(first.repair.label)
        elif self.session.engine_state == "failed":
            self.state.set(self.tr("not checked"), "danger")
            error = self.session.engine_error
            self.sentence.set_text(error.rule if error is not None else "")
        elif not self.facts.fresh:
            waiting = self.session.engine_state != "ready"
            self.state.set(self.tr("checking"), "neutral")
            self.sentence.set_text(self.tr("Shapes come when TensorFlow is loaded.") if waiting else "")
        else:
            self.state.set(self.tr("ready to train"), "good")
            self.sentence.set_text("")

    @property
    def first(self) -> Problem | None:
        """The problem that is shown: the first error, else the first warning."""
        return min(self.facts.problems, key=lambda problem: problem.severity != "error", default=None)

    def _words(self, problem: Problem) -> str:
        node = self.session.project.graph.by_id.get(problem.node or "")
        return f"{node.name}: {problem.message}" if node is not None else problem.message

    def _offer(self, label: str) -> None:
        self.fix.setText(label)
        self.fix.setAccessibleName(label)
        self.fix.show()

    def _fix(self) -> None:
        if self.session.project.info is None:
            self.session.page_wanted.emit("data")
        elif self.first is not None and self.first.repair is not None:
            self.repair_wanted.emit(self.first.repair)

    def _show_list(self) -> None:
        problems = self.facts.problems
        self.more.setText(counted(len(problems), self.tr("1 problem"), self.tr("%1 problems")))
        self.more.setVisible(bool(problems))
        self.list.clear()
        for problem in problems:
            item = QListWidgetItem(icon("circle-alert", getattr(tokens(), _kind(problem)), 16), self._words(problem))
            item.setData(_PROBLEM, problem)
            item.setForeground(QColor(tokens().text))
            item.setToolTip(problem.hint or problem.message)
            self.list.addItem(item)
        if not problems:
            self.more.setChecked(False)
        rows = min(len(problems), MOST_ROWS)
        self.list.setFixedHeight(rows * max(self.list.sizeHintForRow(0), 32) + 2 * S1 if rows else 0)

    def _unfold(self, wanted: bool) -> None:
        self.list.setVisible(wanted)

    def _go(self, item: QListWidgetItem) -> None:
        problem = item.data(_PROBLEM)
        if isinstance(problem, Problem) and problem.node is not None:
            self.node_wanted.emit(problem.node)


def _kind(problem: Problem) -> str:
    return "danger" if problem.severity == "error" else "warning"
