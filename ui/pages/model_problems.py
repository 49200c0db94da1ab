"""The list of problems under the header: each row leads to its node, and its repair is shown before it is made."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ui.canvas.words import counted
from ui.theme import S1, S2, S3, S4, pixmap, theme, tokens
from ui.widgets import Caption, ElidedLabel, QuietButton, column, row, set_reason
from workbench.graph.problems import Problem, Repair

_PROBLEM = Qt.ItemDataRole.UserRole
MOST_ROWS = 5
ROW, ROW_WITH_REPAIR = 36, 52


def kind_of(problem: Problem) -> str:
    """The token that colours a problem."""
    return "danger" if problem.severity == "error" else "warning"


class ProblemRow(QWidget):
    """One problem: what is wrong, what its repair would do, and the button that does it."""

    def __init__(self, problem: Problem, words: str, deed: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.problem = problem
        sign = QLabel(self)
        sign.setFixedWidth(16)
        name = "circle-alert" if problem.severity == "error" else "triangle-alert"
        sign.setPixmap(pixmap(name, getattr(tokens(), kind_of(problem)), 16, self.devicePixelRatioF()))
        lines = [ElidedLabel(words, parent=self)]
        second = deed or problem.hint
        if second:
            lines.append(ElidedLabel(second, "caption", self))
        for line in lines:
            line.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setToolTip("\n".join(filter(None, (words, second))))
        self.button = QuietButton(problem.repair.label if problem.repair is not None else "", parent=self)
        self.button.setVisible(problem.repair is not None)
        text = column(*lines, spacing=0)
        line_ = row(sign, text, self.button, spacing=S2)
        line_.setStretch(1, 1)
        line_.setContentsMargins(S3, S1, S3, S1)
        self.setLayout(line_)

    @property
    def height_wanted(self) -> int:
        """Two lines, or one."""
        return ROW_WITH_REPAIR if self.problem.repair is not None or self.problem.hint else ROW


class ProblemList(QWidget):
    """Rows are made only while the list is open, and only when the problems are others."""

    node_wanted = Signal(str)
    repair_wanted = Signal(object)  # Repair
    all_wanted = Signal()
    row_made = Signal(object, object)  # the row's button, its Repair

    def __init__(self, words: Callable[[Problem], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._deed: Callable[[Repair], str] = lambda repair: repair.label
        self._problems: tuple[Problem, ...] = ()
        self._shown: tuple[object, ...] = ()
        self._hint = Caption(self.tr("Click a row to go to its layer. Point at a fix to see what it would do."))
        self._hint.setWordWrap(False)
        self.fix_all = QuietButton("", "wand-sparkles")
        self.fix_all.setObjectName("fix_all_button")
        self.fix_all.clicked.connect(self.all_wanted)
        self.rows = QListWidget()
        self.rows.setObjectName("problem_list")
        self.rows.setAccessibleName(self.tr("Problems"))
        self.rows.setFrameShape(QFrame.Shape.NoFrame)
        self.rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.rows.itemClicked.connect(self._go)
        self.rows.itemActivated.connect(self._go)
        head = row(self._hint, None, self.fix_all, margin=0)
        head.setContentsMargins(S4, 0, S4, S1)
        body = QVBoxLayout(self)
        body.setContentsMargins(0, 0, 0, S1)
        body.setSpacing(0)
        body.addLayout(head)
        body.addWidget(self.rows)
        theme().changed.connect(self._again)
        self.hide()

    def tell_deeds(self, words: Callable[[Repair], str]) -> None:
        """Say how a repair is put in words."""
        self._deed = words

    def show_problems(self, problems: tuple[Problem, ...], why_not_all: str | None) -> None:
        """Show these problems; `why_not_all` says why they cannot all be mended now."""
        self._problems = problems
        fixes = sum(problem.repair is not None for problem in problems)
        self.fix_all.setText(counted(fixes, self.tr("Apply the fix"), self.tr("Apply all %1 fixes")))
        self.fix_all.setVisible(fixes > 1)
        set_reason(self.fix_all, why_not_all)
        if not problems:
            self.hide()
        elif self.isVisible():
            self._fill()

    def set_open(self, wanted: bool) -> None:
        """Fold out or in."""
        self.setVisible(wanted and bool(self._problems))
        if self.isVisible():
            self._fill()

    def _again(self) -> None:
        self._shown = ()
        if self.isVisible():
            self._fill()

    def _fill(self) -> None:
        told = [(problem, self._words(problem), self._deed_of(problem)) for problem in self._problems]
        key = tuple((words, deed, problem.severity) for problem, words, deed in told)
        place = self.rows.currentRow()
        if key != self._shown:
            self._shown = key
            self.rows.clear()
            for problem, words, deed in told:
                self._add(ProblemRow(problem, words, deed), words)
            self.rows.setCurrentRow(min(place, self.rows.count() - 1))
        heights = [self.rows.sizeHintForRow(index) for index in range(min(self.rows.count(), MOST_ROWS))]
        self.rows.setFixedHeight(sum(heights) + 2)

    def _add(self, line: ProblemRow, words: str) -> None:
        item = QListWidgetItem()
        item.setData(_PROBLEM, line.problem)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, words)
        item.setSizeHint(QSize(0, line.height_wanted))
        self.rows.addItem(item)
        self.rows.setItemWidget(item, line)
        repair = line.problem.repair
        if repair is not None:
            line.button.clicked.connect(lambda: self.repair_wanted.emit(repair))
            self.row_made.emit(line.button, repair)

    def _deed_of(self, problem: Problem) -> str:
        return self._deed(problem.repair) if problem.repair is not None else ""

    def _go(self, item: QListWidgetItem) -> None:
        problem = item.data(_PROBLEM)
        if isinstance(problem, Problem) and problem.node is not None:
            self.node_wanted.emit(problem.node)
