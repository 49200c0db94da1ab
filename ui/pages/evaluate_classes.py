"""The answers by class: the confusion matrix or the figures of each class, beside the samples that they filter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ui.pages.data_table import RowsView
from ui.pages.evaluate_matrix import ConfusionMatrix
from ui.pages.evaluate_samples import ResultSamples
from ui.pages.evaluate_words import ANY, per_class, share_names
from ui.theme import S1, S2, S3, S4
from ui.widgets import Caption, QuietButton

if TYPE_CHECKING:
    from ui.pages.evaluate_results import Result
    from ui.session import Session


class ClassesView(QWidget):
    """`chosen` tells the position, in the evaluation, of the sample that was clicked."""

    chosen = Signal(int)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._weighted_by = ""
        self.matrix = ConfusionMatrix()
        self.matrix.chosen.connect(self._cell_chosen)
        self.matrix.hovered.connect(self._say)
        self.figures = RowsView()
        self.figures.setObjectName("per_class")
        self.figures.verticalHeader().hide()
        self.figures.frame_model.decimals = dict.fromkeys(share_names(), 4)
        self.figures.setAccessibleName(self.tr("Precision and recall of each class"))
        self.figures.selectionModel().currentRowChanged.connect(self._class_chosen)
        self.samples = ResultSamples(session)
        self.samples.chosen.connect(self.chosen)
        self.samples.cell_dropped.connect(lambda: self.matrix.choose(None))
        self.measure = QComboBox()
        self.measure.setObjectName("measure_chooser")
        self.measure.addItem(self.tr("Counts"), "counts")
        self.measure.addItem(self.tr("% of actual"), "actual")
        self.measure.addItem(self.tr("% of predicted"), "predicted")
        self.measure.setToolTip(
            self.tr("Counts, or shares of each true class (rows add up to 100 %) or predicted one (columns do)")
        )
        self.measure.activated.connect(lambda: self.matrix.set_measure(self.measure.currentData()))
        self.words = Caption("")
        self.words.setObjectName("matrix_words")
        left, right = QWidget(), QWidget()
        box = QVBoxLayout(left)
        box.setContentsMargins(S4, S3, S3, S3)
        box.setSpacing(S2)
        box.addLayout(self._bar())
        self.views = QStackedWidget()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self.matrix)
        self.views.addWidget(scroll)
        self.views.addWidget(self.figures)
        box.addWidget(self.words)
        box.addWidget(self.views, 1)
        box = QVBoxLayout(right)
        box.setContentsMargins(S4, S3, S3, 0)
        box.addWidget(self.samples)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setHandleWidth(1)
        split.setChildrenCollapsible(False)
        split.addWidget(left)
        split.addWidget(right)
        split.setSizes([500, 500])
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(split)
        self._say("")

    def _bar(self) -> QHBoxLayout:
        bar = QHBoxLayout()
        bar.setSpacing(S1)
        self._group = QButtonGroup(self)
        titles = (self.tr("Matrix"), self.tr("By class"))
        for place, (name, title) in enumerate(zip(("show_matrix", "show_figures"), titles, strict=True)):
            button = QuietButton(title)
            button.setCheckable(True)
            button.setChecked(place == 0)
            button.setObjectName(name)
            button.clicked.connect(lambda _checked=False, view=place: self._show_view(view))
            self._group.addButton(button)
            bar.addWidget(button)
        bar.addStretch(1)
        bar.addWidget(self.measure)
        return bar

    def _show_view(self, place: int) -> None:
        self.views.setCurrentIndex(place)
        self.measure.setVisible(place == 0)
        self._say("")

    def show_result(self, result: Result) -> None:
        """Show an evaluation of classes."""
        evaluation = result.evaluation
        if evaluation.confusion is not None:
            self.matrix.show_matrix(evaluation.confusion, evaluation.classes)
            self.figures.show_frame(per_class(evaluation.confusion, evaluation.classes, evaluation.weighed), ())
            self._weighted_by = evaluation.weighted_by
        self.samples.show_result(result)
        self._say("")

    def _class_chosen(self, current: QModelIndex, previous: QModelIndex) -> None:
        if current.isValid():
            self.matrix.choose(None)
            self.samples.set_cell((self.figures.frame_model.number(current.row()), ANY))

    def _cell_chosen(self, truth: int, predicted: int) -> None:
        self.samples.set_cell((truth, predicted) if truth >= 0 else None)

    def _say(self, words: str) -> None:
        if not words and self.matrix.chosen_cell is not None:
            words = self.matrix.words(self.matrix.chosen_cell)
        if not words:
            words = (
                self.tr("Rows are the truth, columns what was predicted. Click a cell to see its samples.")
                if self.views.currentIndex() == 0
                else self.tr(
                    "Precision: of those taken for the class, how many are. "
                    "Recall: of those that are, how many were found. Click a row to see its samples."
                )
            ) + self._weighing()
        self.words.setText(words)

    def _weighing(self) -> str:
        """Whether samples that count differently do so here."""
        if not self._weighted_by:
            return ""
        if self.views.currentIndex() == 0:
            return " " + self.tr("Each sample is counted once here, whatever it weighs.")
        return " " + self.tr("Each sample counts by its weight in {column}.").format(column=self._weighted_by)
