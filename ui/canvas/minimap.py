"""The whole drawing, small, in a corner: where things are, what is in view, and a way there by click or drag."""

from __future__ import annotations

from collections import defaultdict

from PySide6.QtCore import QEvent, QLineF, QObject, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QWheelEvent
from PySide6.QtWidgets import QWidget

from ui.canvas.node_item import HEIGHT, WIDTH, NodeItem
from ui.canvas.paper import ZOOM_STEP
from ui.canvas.view import CanvasView
from ui.moments import later
from ui.theme import CARD_RADIUS, S2, S3, theme, tokens

SIZE = QSize(208, 144)
LEAST_SIDE = 2.0
MOST_WIRES = 2000
DELAY_MS = 120


class Minimap(QWidget):
    """Lies in the lower right corner of the canvas; shown while part of the drawing is out of sight.

    The drawing is kept as a picture and painted anew a moment after it changed: neither moving about nor an edit waits
    for it.
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
        self._timer = later(self._redraw, DELAY_MS, self)
        canvas = view.canvas
        for signal in (canvas.session.changed, canvas.facts.changed, canvas.picked, canvas.sceneRectChanged):
            signal.connect(self._redraw_soon)
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

    def _redraw_soon(self) -> None:
        if not self._timer.isActive():
            self._timer.start()
        self._follow()

    def _redraw(self) -> None:
        self._timer.stop()
        self._world = self._view.canvas.bounds().adjusted(-WIDTH / 4, -HEIGHT / 2, WIDTH / 4, HEIGHT / 2)
        room = QRectF(self.rect()).adjusted(S2, S2, -S2, -S2)
        if not self._world.isEmpty():
            self._scale = min(room.width() / self._world.width(), room.height() / self._world.height())
            self._origin = QRectF(self.rect()).center() - self._world.center() * self._scale
        self._follow()
        # While it is out of sight it need not be drawn.
        self._picture = self._drawn() if self.isVisible() else None

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
        # From here on in the scene's units.
        painter.translate(self._origin)
        painter.scale(self._scale, self._scale)
        spots = canvas.places()
        if len(canvas.edges) <= MOST_WIRES:
            pen = QPen(QColor(colours.strong_border), 1)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.translate(WIDTH / 2, HEIGHT / 2)
            painter.drawLines([QLineF(*spots[link.source], *spots[link.target]) for link in canvas.edges])
            painter.translate(-WIDTH / 2, -HEIGHT / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        width, height = max(WIDTH, LEAST_SIDE / self._scale), max(HEIGHT, LEAST_SIDE / self._scale)
        boxes = defaultdict[str, list[QRectF]](list)
        for node, item in canvas.nodes.items():
            if item.isVisible():
                boxes[self._colour(item)].append(QRectF(*spots[node], width, height))
        for colour, rects in boxes.items():
            painter.setBrush(QColor(colour))
            painter.drawRects(rects)
        painter.end()
        return picture

    def _colour(self, item: NodeItem) -> str:
        problem = item.facts.problem
        if item.isSelected():
            return tokens().accent
        if problem is not None and problem.severity == "error":
            return tokens().danger
        return tokens().category(item.facts.category)
