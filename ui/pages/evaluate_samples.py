"""The samples behind the figures: wrong ones first, as pictures or as rows, filtered by buttons or by a matrix cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QLabel, QStackedWidget, QVBoxLayout, QWidget

from ui.pages.data_gallery import Gallery, Tile
from ui.pages.data_paint import percent
from ui.pages.data_table import RowsView
from ui.pages.data_thumbnails import Thumbnails
from ui.pages.evaluate_words import ANY, Answers, Filter
from ui.theme import S1, S2, S3, theme
from ui.widgets import Caption, FlowLayout, QuietButton

if TYPE_CHECKING:
    from ui.pages.evaluate_results import Result
    from ui.session import Session


class ResultSamples(QWidget):
    """The samples of an evaluation of classes.

    `chosen` tells the position, in the evaluation, of the sample that was clicked; `cell_dropped` that a button took
    over from the matrix.
    """

    chosen = Signal(int)
    cell_dropped = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._result: Result | None = None
        self.answers: Answers | None = None
        self._filter: Filter = "wrong"
        self._cell: tuple[int, int] | None = None
        self._order = np.zeros(0, dtype=np.int64)
        self._places: dict[int, int] = {}
        self.buttons: dict[Filter, QuietButton] = {}
        self._group = QButtonGroup(self)
        bar = FlowLayout(spacing=S1)
        for name, title in (
            ("wrong", self.tr("Misclassified")),
            ("right", self.tr("Correct")),
            ("all", self.tr("All")),
        ):
            button = QuietButton(title)
            button.setCheckable(True)
            button.setObjectName(f"filter_{name}")
            button.clicked.connect(lambda _checked=False, which=name: self.set_filter(which))
            self.buttons[name] = button  # type: ignore[index]
            self._group.addButton(button)
            bar.addWidget(button)
        self.note = Caption("")
        self.note.setWordWrap(True)
        self.thumbnails = Thumbnails(session, self)
        self.gallery = Gallery(self.thumbnails, notes=True, parent=self)
        self.gallery.setObjectName("result_gallery")
        self.gallery.chosen.connect(self._tile_chosen)
        self.rows = RowsView(self)
        self.rows.setObjectName("result_rows")
        self.rows.selectionModel().currentRowChanged.connect(self._row_chosen)
        self.nothing = QLabel("")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setWordWrap(True)
        self.nothing.setProperty("role", "muted")
        self.views = QStackedWidget()
        for view in (self.gallery, self.rows, self.nothing):
            self.views.addWidget(view)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(S2)
        box.addLayout(bar)
        box.addWidget(self.note)
        box.addSpacing(S3 - S2)
        box.addWidget(self.views, 1)
        theme().changed.connect(self._repaint)

    @property
    def order(self) -> np.ndarray:
        """The positions shown, in their order."""
        return self._order

    def show_result(self, result: Result) -> None:
        """Show the samples of an evaluation of classes: its mistakes, or all where there are none."""
        self._result, self._cell = result, None
        self.answers = Answers(result.evaluation)
        self._filter = "all" if self.answers.correct.all() else "wrong"
        counts = {
            "wrong": int((~self.answers.correct).sum()),
            "right": int(self.answers.correct.sum()),
            "all": len(self.answers.correct),
        }
        titles = {"wrong": self.tr("Misclassified"), "right": self.tr("Correct"), "all": self.tr("All")}
        for name, button in self.buttons.items():
            button.setText(f"{titles[name]}  {counts[name]:,}")
        self._show()

    def set_filter(self, which: Filter) -> None:
        """Show the wrong ones, the right ones, or all."""
        self._filter = which
        if self._cell is not None:
            self._cell = None
            self.cell_dropped.emit()
        self._show()

    def set_cell(self, cell: tuple[int, int] | None) -> None:
        """Show the samples of one cell of the matrix only; None goes back to the buttons' choice."""
        if cell != self._cell:
            self._cell = cell
            self._show()

    def _show(self) -> None:
        result, answers = self._result, self.answers
        if result is None or answers is None:
            return
        self._group.setExclusive(False)
        for name, button in self.buttons.items():
            button.setChecked(self._cell is None and name == self._filter)
        self._group.setExclusive(self._cell is None)
        self._order = answers.order(self._filter, self._cell)
        self._places = {int(result.evaluation.index[place]): int(place) for place in self._order}
        self.note.setText(self._words(answers))
        samples = np.asarray(result.evaluation.index)[self._order]
        if not len(samples):
            self.nothing.setText(
                self.tr("No samples here.") if self._cell or self._filter != "wrong" else self.tr("Not one mistake.")
            )
            self.views.setCurrentWidget(self.nothing)
        elif result.dataset.table() is not None:
            self._show_rows(result, answers, samples)
        else:
            self.views.setCurrentWidget(self.gallery)
            self.gallery.show_samples(result.dataset, samples, self._tile)

    def _words(self, answers: Answers) -> str:
        if self._cell is not None:
            classes = answers.evaluation.classes
            if self._cell[1] == ANY:
                return self.tr("All that are “{truth}”, mistakes first").format(truth=classes[self._cell[0]])
            truth, predicted = classes[self._cell[0]], classes[self._cell[1]]
            if truth == predicted:
                return self.tr("“{truth}”, recognised; the least sure first").format(truth=truth)
            return self.tr("“{truth}” taken for “{predicted}”; the surest first").format(
                truth=truth, predicted=predicted
            )
        return {
            "wrong": self.tr("The surest mistakes first: they tell most about model and labels."),
            "right": self.tr("The least sure first."),
            "all": self.tr("Mistakes first, then the rest, the least sure first."),
        }[self._filter]

    def _tile(self, row: int) -> Tile:
        answers, result = self.answers, self._result
        if answers is None or result is None:
            return Tile("")
        position = int(self._order[row])
        truth, predicted, confidence = answers.named(position)
        right = bool(answers.correct[position])
        name = result.dataset.sample_name(int(result.evaluation.index[position]))
        words = self.tr("{name}\nTruth: {truth}\nPredicted: {predicted}, {confidence}").format(
            name=name, truth=truth, predicted=predicted, confidence=percent(confidence, 2)
        )
        title = f"{predicted} · {percent(confidence, 0)}"
        return Tile(title, self.tr("truth: {truth}").format(truth=truth), "good" if right else "bad", words)

    def _show_rows(self, result: Result, answers: Answers, samples: np.ndarray) -> None:
        frame = result.dataset.table()
        if frame is None:
            return
        named = [answers.named(int(position)) for position in self._order]
        taken = set(frame.columns)
        names = [self.tr("Truth"), self.tr("Predicted"), self.tr("Confidence")]
        while taken & set(names):
            names = [f"{name} " for name in names]
        self.rows.frame_model.decimals = {names[2]: 4}
        answer = pl.DataFrame(
            {
                names[0]: [truth for truth, _, _ in named],
                names[1]: [predicted for _, predicted, _ in named],
                names[2]: [round(confidence, 4) for _, _, confidence in named],
            }
        )
        kept = [column.name for column in result.dataset.info.columns if column.kind in ("numeric", "categorical")]
        self.rows.show_frame(pl.concat([answer, frame[samples].select(kept)], how="horizontal"), (), samples)
        self.views.setCurrentWidget(self.rows)

    def _tile_chosen(self, sample: int) -> None:
        if sample in self._places:
            self.chosen.emit(self._places[sample])

    def _row_chosen(self, current: QModelIndex, previous: QModelIndex) -> None:
        if current.isValid():
            self._tile_chosen(self.rows.frame_model.number(current.row()))

    def _repaint(self) -> None:
        self.thumbnails.forget()
        self.gallery.viewport().update()
