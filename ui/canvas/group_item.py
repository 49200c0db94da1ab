"""The frame around the nodes of an unfolded group, with its name and the arrow that folds it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from ui.canvas.fonts import pixel_font
from ui.canvas.swatch import pictured
from ui.theme import CAPTION, CARD_RADIUS, S1, tokens
from workbench.graph.model import Group

PAD = 14.0
TITLE = 20.0
ARROW = 16.0


class GroupItem(QGraphicsItem):
    """Lies behind its nodes; only its title takes the mouse."""

    def __init__(self, block: Group) -> None:
        super().__init__()
        self.block = block
        self._area = QRectF()
        self._chosen = False
        self.setZValue(-1)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def show_group(self, block: Group) -> None:
        """Show another state of it."""
        if block != self.block:
            self.prepareGeometryChange()
            self.block = block
            self.update()

    def surround(self, area: QRectF) -> None:
        """Lie around an area of the scene."""
        area = area.adjusted(-PAD, -PAD, PAD, PAD)
        if area != self._area:
            self.prepareGeometryChange()
            self._area = area

    def choose(self, chosen: bool) -> None:
        """Show that all its nodes are selected."""
        if chosen != self._chosen:
            self._chosen = chosen
            self.update()

    @property
    def title_rect(self) -> QRectF:
        """Where the name stands, in the scene."""
        width = QFontMetricsF(self._font()).horizontalAdvance(self.block.name) + ARROW + 3 * S1
        return QRectF(self._area.left() + S1, self._area.top() - TITLE / 2, width, TITLE)

    @property
    def arrow_rect(self) -> QRectF:
        """Where a press folds it, in the scene."""
        title = self.title_rect
        return QRectF(title.left(), title.top(), ARROW + S1, TITLE)

    def _font(self) -> QFont:
        return pixel_font(CAPTION, QFont.Weight.DemiBold)

    def boundingRect(self) -> QRectF:
        return self._area.united(self.title_rect).adjusted(-2, -2, 2, 2)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        colours, title = tokens(), self.title_rect
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QColor(colours.wash)
        ground.setAlpha(110)
        line = QColor(colours.accent if self._chosen else colours.strong_border)
        painter.setPen(QPen(line, 1, Qt.PenStyle.DashLine))
        painter.setBrush(ground)
        painter.drawRoundedRect(self._area, CARD_RADIUS, CARD_RADIUS)
        label = QPainterPath()
        label.addRoundedRect(title, TITLE / 2, TITLE / 2)
        painter.fillPath(label, QColor(colours.raised))
        painter.setPen(QPen(line, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(label)
        painter.drawPixmap(QPointF(title.left() + S1, title.top() + 3), pictured("chevron-down", colours.muted))
        painter.setFont(self._font())
        painter.setPen(QColor(colours.muted))
        words = title.adjusted(ARROW + S1, 0, -S1, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.block.name)
