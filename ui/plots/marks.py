"""Marks along the upper edge of a plot: checkpoints, changes, findings and the best epoch, told on hover."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from typing import Literal

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from ui.plots.series import Place
from ui.plots.themed import ThemedPlot, pen
from ui.theme import RADIUS, pixmap, theme, tokens

Kind = Literal["finding", "change", "pause", "best", "checkpoint"]

SIDE = 18
INSET = 3
ICONS: dict[Kind, str] = {
    "finding": "triangle-alert",
    "change": "sliders-horizontal",
    "pause": "pause",
    "best": "award",
    "checkpoint": "save",
}
COLORS: dict[Kind, str] = {
    "finding": "warning",
    "change": "accent",
    "pause": "muted",
    "best": "good",
    "checkpoint": "muted",
}
LINED: tuple[Kind, ...] = ("finding", "change")
"""Those that a hairline through the plot belongs to: what happens to the curves has to do with them."""


@dataclasses.dataclass(frozen=True)
class Mark:
    """Something that happened on the way.

    Args:
        kind: What it is.
        run: Whose.
        epoch: After which epoch, from 1.
        at: Where, on each axis.
        words: What is told on hover.
    """

    kind: Kind
    run: str
    epoch: int
    at: Place
    words: str


class MarkButton(QAbstractButton):
    """One mark, or several that lie too near each other to be told apart: the gravest gives the picture."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.marks: list[Mark] = []
        self.setFixedSize(QSize(SIDE, SIDE))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def take(self, marks: list[Mark]) -> None:
        """Stand for these marks."""
        self.marks = sorted(marks, key=lambda mark: list(ICONS).index(mark.kind))
        words = "\n".join(dict.fromkeys(mark.words for mark in self.marks))
        self.setToolTip(words)
        self.setAccessibleName(words)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = tokens()
        kind = self.marks[0].kind
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.hasFocus():
            painter.setPen(pen(colors.accent if self.hasFocus() else colors.strong_border))
            painter.setBrush(QColor(colors.hover))
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), RADIUS, RADIUS)
        inner = SIDE - 2 * INSET
        color = getattr(colors, COLORS[kind])
        painter.drawPixmap(QPoint(INSET, INSET), pixmap(ICONS[kind], color, inner, self.devicePixelRatioF()))
        painter.end()


class MarkLayer(QObject):
    """Keeps the marks over a plot where they belong, while it is zoomed, resized and followed.

    `chosen` tells a mark that was clicked and where on the screen a menu may open.
    """

    chosen = Signal(object, QPoint)

    def __init__(self, plot: ThemedPlot) -> None:
        super().__init__(plot)
        self._plot = plot
        self._marks: tuple[Mark, ...] = ()
        self._axis = 0
        self._log = False
        self.buttons: list[MarkButton] = []
        self._lines: list[pg.InfiniteLine] = []
        plot.getPlotItem().getViewBox().sigXRangeChanged.connect(self.arrange)
        plot.viewport().installEventFilter(self)
        theme().changed.connect(self.restyle)

    def show_marks(self, marks: Sequence[Mark], axis: int, *, log: bool) -> None:
        """Show these marks on one of the axes."""
        if (tuple(marks), axis, log) == (self._marks, self._axis, self._log):
            return
        self._marks, self._axis, self._log = tuple(marks), axis, log
        self._rule()
        self.arrange()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.arrange()
        return False

    def _place(self, mark: Mark) -> float | None:
        x = mark.at[self._axis]
        if not self._log:
            return x
        return math.log10(x) if x > 0 else None

    def _rule(self) -> None:
        item = self._plot.getPlotItem()
        for line in self._lines:
            item.removeItem(line)
        self._lines = []
        for x in dict.fromkeys(self._place(mark) for mark in self._marks if mark.kind in LINED):
            if x is not None:
                line = pg.InfiniteLine(x, angle=90, movable=False)
                line.setZValue(0)
                item.addItem(line, ignoreBounds=True)
                self._lines.append(line)
        self.restyle()

    def restyle(self) -> None:
        """Take the colours of the theme in use."""
        for line in self._lines:
            line.setPen(pen(tokens().strong_border, 1.0, 2))
        for button in self.buttons:
            button.update()

    def arrange(self) -> None:
        """Put each mark over its place; those that would cover each other become one."""
        groups: list[tuple[float, list[Mark]]] = []
        box = self._plot.getPlotItem().getViewBox()
        area = self._plot.mapFromScene(box.sceneBoundingRect()).boundingRect()
        placed = [(self._place(mark), mark) for mark in self._marks]
        for x, mark in sorted(((x, mark) for x, mark in placed if x is not None), key=lambda pair: pair[0]):
            pixel = self._plot.mapFromScene(box.mapViewToScene(QPointF(x, 0.0))).x()
            if not area.left() <= pixel <= area.right():
                continue
            if groups and pixel - groups[-1][0] < SIDE:
                groups[-1][1].append(mark)
            else:
                groups.append((float(pixel), [mark]))
        while len(self.buttons) < len(groups):
            self.buttons.append(self._made())
        for button in self.buttons[len(groups) :]:
            button.hide()
        for button, (pixel, marks) in zip(self.buttons, groups, strict=False):
            if button.marks != marks:
                button.take(marks)
            left = min(max(round(pixel) - SIDE // 2, area.left()), area.right() - SIDE)
            button.move(left, area.top() + 1)
            button.show()

    def shown(self) -> list[MarkButton]:
        """The buttons that are to be seen."""
        return [button for button in self.buttons if not button.isHidden()]

    def _made(self) -> MarkButton:
        button = MarkButton(self._plot.viewport())
        button.clicked.connect(lambda: self.chosen.emit(button.marks[0], button.mapToGlobal(QPoint(0, SIDE))))
        button.customContextMenuRequested.connect(lambda: button.click())
        return button
