"""One link, drawn as a smooth wire; the label it gets on hover; the dashed outline where something would land."""

from __future__ import annotations

import itertools
import math
from typing import Literal

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPainterPathStroker, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem, QStyleOptionGraphicsItem, QWidget

from ui.canvas.fonts import pixel_font
from ui.canvas.node_item import Flow
from ui.canvas.routes import Boxes, wire
from ui.theme import CAPTION, RADIUS, S2, tokens
from workbench.graph.layout import Point
from workbench.graph.model import Link

MARK_WIDTH, MARK_HEIGHT = 268.0, 20.0
SAMPLES = 16


class EdgeItem(QGraphicsPathItem):
    """A wire from one node's lower edge to another's upper edge; it stands where it starts."""

    def __init__(self, link: Link) -> None:
        super().__init__()
        self.link = link
        self._start: Point | None = None
        self._way: tuple[object, ...] = ()
        self._lit = self._active = self._chosen = False
        self.restyle()

    @property
    def laid(self) -> bool:
        """Whether it has a place."""
        return self._start is not None

    def shift(self, way: Point) -> None:
        """Move it as it is."""
        if self._start is not None:
            self._start = (self._start[0] + way[0], self._start[1] + way[1])
            self.setPos(*self._start)

    def route(self, start: Point, end: Point, flow: Flow = "down", boxes: Boxes | None = None, rank: int = 0) -> None:
        """Lay the wire between two points of the scene, around what stands between; see `Boxes.lane`."""
        if start != self._start:
            self._start = start
            self.setPos(*start)
        lane = boxes.lane(start, end, rank) if boxes is not None else None
        if lane is not None:
            lane -= start[0] if flow == "down" else start[1]
        across, along = end[0] - start[0], end[1] - start[1]
        way = (across, along, flow, lane)
        if self._way != way:
            self._way = way
            self.setPath(wire((across, along), flow, lane))

    @property
    def drawn(self) -> QPainterPath:
        """Its path in the scene."""
        return self.path().translated(self.pos())

    @property
    def middle(self) -> QPointF:
        """Half way, in the scene."""
        return self.drawn.pointAtPercent(0.5)

    def distance(self, point: QPointF, within: float = math.inf) -> float:
        """How far a point of the scene is from the wire; not worked out where it is more than `within`."""
        point = point - self.pos()
        area = self.path().controlPointRect()
        if within < math.inf and not area.adjusted(-within, -within, within, within).contains(point):
            return math.inf
        spots = [self.path().pointAtPercent(part / SAMPLES) for part in range(SAMPLES + 1)]
        return min(_apart(point, one, two) for one, two in itertools.pairwise(spots))

    def near_end(self, point: QPointF) -> Literal["source", "target"]:
        """Which end is nearer to a point of the scene."""
        path = self.drawn
        start, end = path.pointAtPercent(0), path.pointAtPercent(1)
        return "source" if QLineF(start, point).length() < QLineF(end, point).length() else "target"

    def choose(self, chosen: bool) -> None:
        """Show that the wire itself is selected."""
        if chosen != self._chosen:
            self._chosen = chosen
            self.setZValue(0.5 if chosen else 0)
            self.restyle()

    def light(self, lit: bool) -> None:
        """Show that a drop would land here."""
        if lit != self._lit:
            self._lit = lit
            self.restyle()

    def activate(self, active: bool) -> None:
        """Show that it touches the selection."""
        if active != self._active:
            self._active = active
            self.restyle()

    @property
    def lit(self) -> bool:
        return self._lit

    def restyle(self) -> None:
        """Take the pen that the state and the theme ask for."""
        colours = tokens()
        bright = self._lit or self._active or self._chosen
        pen = QPen(QColor(colours.accent if bright else colours.faint), 3.5 if self._chosen else 2)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        if self._lit:
            pen.setStyle(Qt.PenStyle.DashLine)
        self.setPen(pen)

    def shape(self) -> QPainterPath:
        stroker = QPainterPathStroker()
        stroker.setWidth(12)
        return stroker.createStroke(self.path())


def _apart(point: QPointF, start: QPointF, end: QPointF) -> float:
    span = end - start
    length = QPointF.dotProduct(span, span)
    along = QPointF.dotProduct(point - start, span) / length if length else 0.0
    return QLineF(point, start + span * min(max(along, 0.0), 1.0)).length()


class LooseWire(QGraphicsPathItem):
    """The wire that is being drawn, with its words at the end in the hand."""

    def __init__(self) -> None:
        super().__init__()
        self.setZValue(2.5)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.hide()

    def show_between(self, start: QPointF, end: QPointF, flow: Flow, fits: bool) -> None:
        """Draw from where something goes out to where it goes in."""
        colours = tokens()
        self.setPen(QPen(QColor(colours.accent if fits else colours.faint), 2.5, Qt.PenStyle.DashLine))
        way = end - start
        self.setPos(start)
        self.setPath(wire((way.x(), way.y()), flow))
        self.show()


class GuideLines(QGraphicsItem):
    """Hair lines through the centres that a carried node is in line with."""

    def __init__(self) -> None:
        super().__init__()
        self._upright: float | None = None
        self._level: float | None = None
        self._area = QRectF()
        self.setZValue(2.6)
        self.hide()

    def show_lines(self, upright: float | None, level: float | None, area: QRectF) -> None:
        """Draw these lines across an area of the scene; none hides them."""
        self.setVisible(upright is not None or level is not None)
        self.prepareGeometryChange()
        self._upright, self._level, self._area = upright, level, area
        self.update()

    def boundingRect(self) -> QRectF:
        return self._area

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        pen = QPen(QColor(tokens().accent), 1)
        pen.setCosmetic(True)
        painter.setPen(pen)
        if self._upright is not None:
            painter.drawLine(QLineF(self._upright, self._area.top(), self._upright, self._area.bottom()))
        if self._level is not None:
            painter.drawLine(QLineF(self._area.left(), self._level, self._area.right(), self._level))


class DropMark(QGraphicsItem):
    """The dashed outline on the wire that a drop would open; its position is the wire's middle."""

    def __init__(self) -> None:
        super().__init__()
        # Over the nodes, under the one in the hand.
        self.setZValue(1.5)
        self.hide()

    def boundingRect(self) -> QRectF:
        return QRectF(-MARK_WIDTH / 2, -MARK_HEIGHT / 2, MARK_WIDTH, MARK_HEIGHT).adjusted(-2, -2, 2, 2)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        colours = tokens()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(colours.wash))
        painter.setPen(QPen(QColor(colours.accent), 1.5, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(self.boundingRect().adjusted(3, 3, -3, -3), RADIUS, RADIUS)


class WireLabel(QGraphicsItem):
    """The shape that flows through the wire under the pointer; its position is the wire's middle."""

    def __init__(self) -> None:
        super().__init__()
        self._words, self._bad = "", False
        self._box = QRectF()
        self.setZValue(3)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.hide()

    @property
    def words(self) -> str:
        return self._words

    def show_words(self, words: str, bad: bool = False) -> None:
        """Show a text, in the colour of warnings where it is `bad`; nothing hides the label."""
        self.setVisible(bool(words))
        if words == self._words and bad == self._bad:
            return
        self.prepareGeometryChange()
        self._words, self._bad = words, bad
        width = QFontMetricsF(pixel_font(CAPTION)).horizontalAdvance(words) + 2 * S2
        self._box = QRectF(-width / 2, -11, width, 22)

    def boundingRect(self) -> QRectF:
        return self._box.adjusted(-1, -1, 1, 1)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        colours = tokens()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(colours.raised))
        painter.setPen(QPen(QColor(colours.strong_border), 1))
        painter.drawRoundedRect(self._box, self._box.height() / 2, self._box.height() / 2)
        painter.setFont(pixel_font(CAPTION))
        painter.setPen(QColor(colours.danger if self._bad else colours.text))
        painter.drawText(self._box, Qt.AlignmentFlag.AlignCenter, self._words)
