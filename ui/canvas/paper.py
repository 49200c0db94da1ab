"""The paper that the canvas is drawn on: moving about in it, zooming, showing what matters."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QPainter, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QGraphicsView, QWidget

from ui.canvas.scene import CanvasScene

LEAST_ZOOM, MOST_ZOOM = 0.1, 3.0
ZOOM_STEP = 1.2
READABLE = 0.75
EDGE = 32
EDGE_SPEED = 16


class PaperView(QGraphicsView):
    """Shows the scene at any place and size; what the mouse and the keys do to it is the heir's."""

    zoomed = Signal(float)

    canvas: CanvasScene

    def __init__(self, scene: CanvasScene, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        self.canvas = scene
        self._fitted = True
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.MinimalViewportUpdate)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _show_all(self) -> None:
        self.fit(READABLE)

    @property
    def zoom(self) -> float:
        return self.transform().m11()

    def zoom_by(self, factor: float, anchor: QPoint | None = None) -> None:
        """Zoom about a point of the viewport, its middle by default."""
        anchor = anchor if anchor is not None else self.viewport().rect().center()
        wanted = min(max(self.zoom * factor, LEAST_ZOOM), MOST_ZOOM)
        before = self.mapToScene(anchor)
        self.scale(wanted / self.zoom, wanted / self.zoom)
        self.pan(anchor - self.mapFromScene(before))
        self.zoomed.emit(self.zoom)

    def reset_zoom(self) -> None:
        """Back to one to one."""
        self.zoom_by(1 / self.zoom)

    def pan(self, way: QPoint) -> None:
        """Move the paper by so many pixels."""
        self._fitted = False
        self._reach()
        horizontal, vertical = self.horizontalScrollBar(), self.verticalScrollBar()
        horizontal.setValue(horizontal.value() - way.x())
        vertical.setValue(vertical.value() - way.y())

    def _reach(self) -> None:
        """Let the paper be wide enough for the viewport at any zoom, so that zooming can keep its anchor."""
        size = self.viewport().size()
        extra_x, extra_y = size.width() / self.zoom, size.height() / self.zoom
        self.setSceneRect(self.canvas.sceneRect().adjusted(-extra_x, -extra_y, extra_x, extra_y))

    def fit(self, least: float = LEAST_ZOOM) -> None:
        """Show everything, no larger than one to one; where that is smaller than `least`, the upper part."""
        area = self.canvas.bounds().adjusted(-24, -24, 24, 24)
        size = self.viewport().size()
        if area.isEmpty() or size.isEmpty():
            return
        wanted = min(size.width() / area.width(), size.height() / area.height(), 1.0)
        wanted = max(wanted, least)
        self.resetTransform()
        self.scale(wanted, wanted)
        self._reach()
        overhang = area.height() - size.height() / wanted
        self.centerOn(area.center() - QPointF(0, max(overhang / 2, 0)))
        self._fitted = True
        self.zoomed.emit(self.zoom)

    def reveal(self, node: str) -> None:
        """Bring a node into view."""
        area = self.canvas.bounds([node])
        if not self.mapToScene(self.viewport().rect()).boundingRect().contains(area):
            self._fitted = False
            self._reach()
            self.centerOn(area.center())

    def show_node(self, node: str) -> None:
        """Select a node and bring it into view."""
        self.canvas.select([node])
        self.reveal(node)

    def scroll_near_edge(self, point: QPoint) -> None:
        """While something is carried to the border, let the paper come along."""
        size = self.viewport().size()
        way = QPoint(
            EDGE_SPEED * ((point.x() < EDGE) - (point.x() > size.width() - EDGE)),
            EDGE_SPEED * ((point.y() < EDGE) - (point.y() > size.height() - EDGE)),
        )
        if not way.isNull():
            self.pan(way)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fitted:
            self._show_all()

    def wheelEvent(self, event: QWheelEvent) -> None:
        pixels, turns = event.pixelDelta(), event.angleDelta()
        zooming = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if not pixels.isNull() and not zooming:
            self.pan(pixels)  # a touch pad
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.pan(QPoint(turns.y() or turns.x(), 0))
        elif turns.y():
            self.zoom_by(ZOOM_STEP ** (turns.y() / 120), event.position().toPoint())
        event.accept()
