"""One link, drawn as a smooth wire; the label it gets on hover; the dashed outline where something would land."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPainterPathStroker, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem, QStyleOptionGraphicsItem, QWidget

from ui.canvas.fonts import pixel_font
from ui.theme import CAPTION, RADIUS, S2, tokens
from workbench.graph.model import Link

MARK_WIDTH, MARK_HEIGHT = 268.0, 20.0


class EdgeItem(QGraphicsPathItem):
    """A wire from one node's lower edge to another's upper edge."""

    def __init__(self, link: Link) -> None:
        super().__init__()
        self.link = link
        self._line = QLineF()
        self._lit = self._active = False
        self.restyle()

    def route(self, start: QPointF, end: QPointF) -> None:
        """Lay the wire between two points of the scene."""
        if self._line == QLineF(start, end):
            return
        self._line = QLineF(start, end)
        bend = max(abs(end.y() - start.y()) / 2, 12.0)
        path = QPainterPath(start)
        path.cubicTo(start + QPointF(0, bend), end - QPointF(0, bend), end)
        self.setPath(path)

    @property
    def middle(self) -> QPointF:
        """Half way, in the scene."""
        return self._line.center()

    def distance(self, point: QPointF) -> float:
        """How far a point of the scene is from the wire's straight line."""
        start, span = self._line.p1(), self._line.p2() - self._line.p1()
        length = QPointF.dotProduct(span, span)
        along = QPointF.dotProduct(point - start, span) / length if length else 0.0
        return QLineF(point, start + span * min(max(along, 0.0), 1.0)).length()

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
        pen = QPen(QColor(colours.accent if self._lit or self._active else colours.faint), 2)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        if self._lit:
            pen.setStyle(Qt.PenStyle.DashLine)
        self.setPen(pen)

    def shape(self) -> QPainterPath:
        stroker = QPainterPathStroker()
        stroker.setWidth(12)
        return stroker.createStroke(self.path())


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
        self._words = ""
        self._box = QRectF()
        self.setZValue(3)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.hide()

    @property
    def words(self) -> str:
        return self._words

    def show_words(self, words: str) -> None:
        """Show a text; nothing hides the label."""
        self.setVisible(bool(words))
        if words == self._words:
            return
        self.prepareGeometryChange()
        self._words = words
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
        painter.setPen(QColor(colours.text))
        painter.drawText(self._box, Qt.AlignmentFlag.AlignCenter, self._words)
