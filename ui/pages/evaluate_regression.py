"""A regression's answers: each prediction against the truth, and the list of those that are furthest off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pyqtgraph as pg
from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from ui.pages.data_table import RowsView, rounded
from ui.plots.themed import ThemedPlot, pen
from ui.theme import S2, S3, S4, theme, tokens
from ui.widgets import Caption, Heading

if TYPE_CHECKING:
    from ui.pages.evaluate_results import Result

POINT = 7
CHOSEN_POINT = 13


class RegressionView(QWidget):
    """Predicted against true with the line of perfect answers, beside the rows.

    `chosen` tells the position of a sample in the evaluation.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._result: Result | None = None
        self._truth = np.zeros(0)
        self._predicted = np.zeros(0)
        self._chosen: int | None = None
        self._order = np.zeros(0, dtype=np.int64)
        self.plot = ThemedPlot()
        self.plot.setObjectName("scatter")
        self.plot.setAccessibleName(self.tr("Predicted against true values"))
        self.diagonal = pg.PlotCurveItem()
        self.points = pg.ScatterPlotItem(size=POINT, hoverable=True, hoverSize=POINT + 4, tip=None)
        self.ring = pg.ScatterPlotItem(size=CHOSEN_POINT)
        for item in (self.diagonal, self.points, self.ring):
            self.plot.addItem(item)
        self.points.sigClicked.connect(self._point_clicked)
        self.points.sigHovered.connect(self._point_hovered)
        self.words = Caption("")
        self.words.setObjectName("scatter_words")
        self.rows = RowsView()
        self.rows.setObjectName("residual_rows")
        self.rows.verticalHeader().hide()
        self.rows.selectionModel().currentRowChanged.connect(self._row_chosen)
        left, right = QWidget(), QWidget()
        box = QVBoxLayout(left)
        box.setContentsMargins(S4, S3, S3, S3)
        box.setSpacing(S2)
        box.addWidget(Heading(self.tr("Predicted against true")))
        box.addWidget(self.plot, 1)
        box.addWidget(self.words)
        box = QVBoxLayout(right)
        box.setContentsMargins(S4, S3, S4, S3)
        box.setSpacing(S2)
        box.addWidget(Heading(self.tr("Furthest off first")))
        box.addWidget(self.rows, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setHandleWidth(1)
        split.setChildrenCollapsible(False)
        split.addWidget(left)
        split.addWidget(right)
        split.setSizes([560, 440])
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(split)
        theme().changed.connect(self._draw)

    def show_result(self, result: Result) -> None:
        """Show an evaluation of values."""
        self._result, self._chosen = result, None
        self._truth = np.asarray(result.evaluation.truths, dtype=np.float64).reshape(-1)
        self._predicted = np.asarray(result.evaluation.predictions, dtype=np.float64).reshape(-1)
        target = result.evaluation.target or self.tr("value")
        self.plot.set_label("bottom", self.tr("True {target}").format(target=target))
        self.plot.set_label("left", self.tr("Predicted {target}").format(target=target))
        self._draw()
        self._say(None)
        off = self._predicted - self._truth
        self._order = np.argsort(-np.abs(off), kind="stable")
        names = self.tr("Predicted"), self.tr("Off by")
        self.rows.frame_model.decimals = dict.fromkeys(names, self._decimals(off))
        frame = pl.DataFrame(
            {
                self.tr("Sample"): [
                    result.dataset.sample_name(int(result.evaluation.index[place])) for place in self._order
                ],
                self.tr("True"): self._truth[self._order],
                names[0]: self._predicted[self._order],
                names[1]: off[self._order],
            }
        )
        self.rows.show_frame(frame, (), np.asarray(self._order))

    def _decimals(self, off: np.ndarray) -> int:
        """As many decimals as three digits of the typical error need."""
        typical = float(np.median(np.abs(off))) if len(off) else 1.0
        return int(np.clip(2 - np.floor(np.log10(max(typical, 1e-6))), 0, 8))

    def choose(self, position: int) -> None:
        """Mark a sample and tell."""
        self._chosen = position
        self._draw_ring()
        self._say(position)
        self.chosen.emit(position)

    def _draw(self) -> None:
        if not len(self._truth):
            return
        colours = tokens()
        low = float(min(self._truth.min(), self._predicted.min()))
        high = float(max(self._truth.max(), self._predicted.max()))
        self.diagonal.setData([low, high], [low, high])
        self.diagonal.setPen(pen(colours.muted, 1.5, 1))
        ground = QColor(colours.accent)
        ground.setAlphaF(0.55)
        self.points.setData(
            x=self._truth,
            y=self._predicted,
            data=np.arange(len(self._truth)),
            pen=pg.mkPen(None),
            brush=pg.mkBrush(ground),
            hoverBrush=pg.mkBrush(colours.accent),
        )
        self._draw_ring()
        self.plot.follow_data()

    def _draw_ring(self) -> None:
        if self._chosen is None:
            self.ring.setData([], [])
            return
        self.ring.setData(
            [self._truth[self._chosen]],
            [self._predicted[self._chosen]],
            pen=pg.mkPen(tokens().text, width=2),
            brush=pg.mkBrush(None),
        )

    def _say(self, position: int | None) -> None:
        result = self._result
        if result is None:
            return
        if position is None:
            self.words.setText(self.tr("On the dashed line predictions are perfect. Click a point to see its sample."))
            return
        self.words.setText(
            self.tr("{name}: true {truth}, predicted {predicted}").format(
                name=result.dataset.sample_name(int(result.evaluation.index[position])),
                truth=rounded(float(self._truth[position])),
                predicted=rounded(float(f"{self._predicted[position]:.5g}")),
            )
        )

    def _point_clicked(self, item: Any, points: Any, event: Any = None) -> None:
        if len(points):
            self.choose(int(points[0].data()))

    def _point_hovered(self, item: Any, points: Any, event: Any = None) -> None:
        self._say(int(points[0].data()) if len(points) else self._chosen)

    def _row_chosen(self, current: QModelIndex, previous: QModelIndex) -> None:
        if current.isValid():
            self.choose(self.rows.frame_model.number(current.row()))
