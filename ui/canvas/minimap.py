"""The whole drawing, small, in a corner: where things are, what is in view, and a way there by click or drag."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QWheelEvent
from PySide6.QtWidgets import QWidget

from ui.canvas.node_item import HEIGHT, WIDTH
from ui.canvas.paper import ZOOM_STEP
from ui.canvas.view import CanvasView
from ui.theme import CARD_RADIUS, S2, S3, theme, tokens

SIZE = QSize(208, 144)
LEAST_SIDE = 2.0
MOST_WIRES = 2000


class Minimap(QWidget):
    """Lies in the lower right corner of the canvas; shown while part of the drawing is out of sight.

    The drawing is kept as a picture and painted anew only after it changed, so that moving about costs nothing.
    """

    def __init__(self, view: CanvasView) -> None:
        super().__init__(view)
        self._view = view
        self._wanted = True
        self._held = False
        self._picture: QPixmap | None = None
        self._world = QRectF()
        self._scale, self._origin = 1.0, QPointF()
        self.setObjectName("minimap")
        self.setAccessibleName(self.tr("Overview of the drawing"))
        self.setToolTip(self.tr("Click or drag to move about"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(SIZE)
        canvas = view.canvas
        for signal in (canvas.session.changed, canvas.facts.changed, canvas.picked, canvas.sceneRectChanged):
            signal.connect(self._redraw)
        canvas.session.opened.connect(self._redraw)
        theme().changed.connect(self._redraw)
        for bar in (view.horizontalScrollBar(), view.verticalScrollBar()):
            bar.valueChanged.connect(self._follow)
        view.zoomed.connect(self._follow)
        view.installEventFilter(self)
        self._place()
        self._redraw()

    @property
    def wanted(self) -> bool:
        """Whether the user wants an overview at all."""
        return self._wanted

    def set_wanted(self, wanted: bool) -> None:
        """Show an overview where it helps, or never."""
        self._wanted = wanted
        self._follow()

    # Following the canvas

    def _redraw(self) -> None:
        self._picture = None
        self._world = self._view.canvas.bounds().adjusted(-WIDTH / 4, -HEIGHT / 2, WIDTH / 4, HEIGHT / 2)
        room = QRectF(self.rect()).adjusted(S2, S2, -S2, -S2)
        if not self._world.isEmpty():
            self._scale = min(room.width() / self._world.width(), room.height() / self._world.height())
            self._origin = QRectF(self.rect()).center() - self._world.center() * self._scale
        self._follow()

    def _follow(self) -> None:
        hidden_part = not self.seen.adjusted(-1, -1, 1, 1).contains(self._view.canvas.bounds())
        roomy = self._view.width() > 3 * SIZE.width() and self._view.height() > 2 * SIZE.height()
        self.setVisible(self._wanted and not self._world.isEmpty() and (self._held or (hidden_part and roomy)))
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
            self._follow()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        self.move(self._view.width() - self.width() - S3, self._view.height() - self.height() - S3)

    # Between the small and the large

    @property
    def seen(self) -> QRectF:
        """What the view shows, in the scene."""
        return self._view.mapToScene(self._view.viewport().rect()).boundingRect()

    def to_scene(self, point: QPointF) -> QPointF:
        """The point of the scene that a point of the overview stands for."""
        return (point - self._origin) / self._scale

    def from_scene(self, point: QPointF) -> QPointF:
        """Where a point of the scene is in the overview."""
        return point * self._scale + self._origin

    # The mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._held = True
            self._go(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held:
            self._go(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held = False
        self._follow()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.angleDelta().y():
            self._view.zoom_by(ZOOM_STEP ** (event.angleDelta().y() / 120))
        event.accept()

    def _go(self, point: QPointF) -> None:
        wanted, world = self.to_scene(point), self._world
        inside = QPointF(
            min(max(wanted.x(), world.left()), world.right()), min(max(wanted.y(), world.top()), world.bottom())
        )
        self._view.pan(self._view.viewport().rect().center() - self._view.mapFromScene(inside))

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._world.isEmpty():
            return
        if self._picture is None:
            self._picture = self._drawn()
        colours = tokens()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        seen = self.seen
        frame = QRectF(self.from_scene(seen.topLeft()), self.from_scene(seen.bottomRight()))
        inner = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        wash = QColor(colours.accent)
        wash.setAlphaF(0.10)
        painter.setBrush(wash)
        painter.setPen(QPen(QColor(colours.accent), 1.5))
        painter.drawRoundedRect(frame.intersected(inner), 3, 3)

    def _drawn(self) -> QPixmap:
        colours, canvas, ratio = tokens(), self._view.canvas, self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QColor(colours.surface)
        ground.setAlphaF(0.94)
        painter.setBrush(ground)
        painter.setPen(QPen(QColor(colours.border), 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), CARD_RADIUS, CARD_RADIUS)
        middle = QPointF(WIDTH / 2, HEIGHT / 2)
        if len(canvas.edges) <= MOST_WIRES:
            painter.setPen(QPen(QColor(colours.strong_border), 1))
            for link in canvas.edges:
                start, end = canvas.place_of(link.source) + middle, canvas.place_of(link.target) + middle
                painter.drawLine(self.from_scene(start), self.from_scene(end))
        painter.setPen(Qt.PenStyle.NoPen)
        width, height = max(WIDTH * self._scale, LEAST_SIDE), max(HEIGHT * self._scale, LEAST_SIDE)
        for node, item in canvas.nodes.items():
            if not item.isVisible():
                continue
            corner = self.from_scene(canvas.place_of(node))
            problem = item.facts.problem
            if item.isSelected():
                painter.setBrush(QColor(colours.accent))
            elif problem is not None and problem.severity == "error":
                painter.setBrush(QColor(colours.danger))
            else:
                painter.setBrush(QColor(colours.category(item.facts.category)))
            painter.drawRoundedRect(QRectF(corner.x(), corner.y(), width, height), 1, 1)
        painter.end()
        return picture
