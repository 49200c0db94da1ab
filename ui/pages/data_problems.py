"""What was found wrong with the data, each with its remedy and the files, columns or rows concerned."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui.theme import S1, S2, S3, pixmap, theme, tokens
from ui.widgets import Caption, LinkButton, Text
from workbench.data.spec import DataProblem


class ProblemRow(QFrame):
    """One problem: what it is, what to do, and on request what it concerns."""

    def __init__(self, problem: DataProblem, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.problem = problem
        self._mark = QLabel()
        self._mark.setFixedSize(18, 18)
        self._mark.setAccessibleName(self.tr("Error") if problem.severity == "error" else self.tr("Warning"))
        message = Text(problem.message)
        message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(message)
        if problem.remedy:
            words.addWidget(Caption(problem.remedy))
        if problem.items:
            self._add_items(words)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, S1, 0, S1)
        line.setSpacing(S2)
        line.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(words, 1)
        theme().changed.connect(self._paint_mark)
        self._paint_mark()

    def _add_items(self, words: QVBoxLayout) -> None:
        items = Caption("\n".join(self.problem.items))
        items.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        items.hide()
        button = LinkButton(self._show_words())
        button.setCheckable(True)
        button.toggled.connect(items.setVisible)
        button.toggled.connect(lambda shown: button.setText(self.tr("Hide them") if shown else self._show_words()))
        words.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        words.addWidget(items)

    def _show_words(self) -> str:
        if len(self.problem.items) == 1:
            return self.tr("Show which")
        return self.tr("Show {count}").format(count=len(self.problem.items))

    def _paint_mark(self) -> None:
        colours = tokens()
        error = self.problem.severity == "error"
        name, ink = ("circle-x", colours.danger) if error else ("triangle-alert", colours.warning)
        self._mark.setPixmap(pixmap(name, ink, 18))


class Problems(QWidget):
    """All problems, errors first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[DataProblem, ...] | None = None
        self.rows: list[ProblemRow] = []
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(S3)

    def show_problems(self, problems: tuple[DataProblem, ...]) -> None:
        """Show these in place of the last ones."""
        if problems == self._shown:
            return
        self._shown = problems
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self.rows = [ProblemRow(problem) for problem in sorted(problems, key=lambda one: one.severity != "error")]
        for row in self.rows:
            self._box.addWidget(row)
        self.setVisible(bool(problems))
