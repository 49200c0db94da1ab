"""The view: moving about in the scene, and turning mouse, keys and drops into gestures and edits."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsView, QWidget

from ui.canvas.editor import CanvasEditor
from ui.canvas.gestures import DropGesture, Gesture, MoveGesture, PanGesture, RepairGesture, SelectGesture
from ui.canvas.keys import command_for, typed_text
from ui.canvas.mime import layer_of
from ui.canvas.navigate import neighbour
from ui.canvas.quick_add import QuickAdd
from ui.canvas.scene import CanvasScene
from ui.theme import theme, tokens
from workbench.graph.problems import Repair

LEAST_ZOOM, MOST_ZOOM = 0.1, 3.0
ZOOM_STEP = 1.2
READABLE = 0.75
EDGE = 32
EDGE_SPEED = 16


class CanvasView(QGraphicsView):
    """Shows the scene. Gestures and keys end in the editor; what the keys do is listed in `keys`."""

    rename_wanted = Signal(str)  # a node's id
    menu_wanted = Signal(QPoint)  # on the screen
    zoomed = Signal(float)

    canvas: CanvasScene
    editor: CanvasEditor

    def __init__(self, scene: CanvasScene, editor: CanvasEditor, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        self.canvas = scene
        self.editor = editor
        self.gesture: Gesture | None = None
        self._drop: DropGesture | None = None
        self._space = False
        self.hand = False
        self._fitted = True
        self.setObjectName("canvas")
        self.setAccessibleName(self.tr("Architecture"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.MinimalViewportUpdate)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAcceptDrops(True)
        self.viewport().setMouseTracking(True)
        self.quick_add = QuickAdd(self)
        self.quick_add.chosen.connect(editor.add_after_selection)
        self.quick_add.left.connect(self.setFocus)
        scene.session.opened.connect(self._opened)
        scene.picked.connect(self._describe)
        scene.overhauled.connect(self._show_all)
        # What a gesture holds may be gone after an edit from elsewhere (an undo while dragging).
        scene.session.changed.connect(self.cancel_gesture)
        theme().changed.connect(self._restyle)
        self._restyle()

    def _restyle(self) -> None:
        self.setBackgroundBrush(QColor(tokens().window))

    def _describe(self, nodes: list[str]) -> None:
        """Say what is selected to those who hear the screen."""
        words = [self.canvas.nodes[node].toolTip().replace("\n", ", ") for node in nodes[:5]]
        self.setAccessibleDescription("; ".join(words))

    def _opened(self) -> None:
        self.cancel_gesture()
        self._show_all()

    def _show_all(self) -> None:
        self.fit(READABLE)

    # Moving about

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

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.zoom_by(1 + event.value(), event.position().toPoint())
            return True
        return super().viewportEvent(event)

    # The mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if self.gesture is not None:
            return
        panning = event.button() == Qt.MouseButton.MiddleButton or self._space or self.hand
        point = event.position().toPoint()
        repair, item = self.repair_at(point), self.canvas.node_at(self.mapToScene(point))
        if panning:
            self.gesture = PanGesture(self, event)
        elif event.button() != Qt.MouseButton.LeftButton:
            return
        elif repair is not None:
            self.gesture = RepairGesture(self, event, repair)
        elif item is not None:
            self.gesture = MoveGesture(self, event, item.facts.id)
        else:
            self.gesture = SelectGesture(self, event)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.gesture is not None:
            self.gesture.move(event)
        else:
            self.show_cursor(event.position().toPoint())
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        gesture, self.gesture = self.gesture, None
        if gesture is not None:
            gesture.release(event)
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        point = self.mapToScene(event.position().toPoint())
        item = self.canvas.node_at(point)
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if item is not None:
            self.rename_wanted.emit(item.facts.id)
        else:
            self.open_quick_add(event.position().toPoint())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        item = self.canvas.node_at(self.mapToScene(event.pos()))
        if item is not None and item.facts.id not in self.canvas.selection():
            self.canvas.select([item.facts.id])
        self.menu_wanted.emit(event.globalPos())

    def repair_at(self, point: QPoint) -> Repair | None:
        """The repair whose button is under a point of the viewport."""
        place = self.mapToScene(point)
        item = self.canvas.node_at(place)
        if item is None or item.facts.problem is None or not item.repair_rect.contains(item.mapFromScene(place)):
            return None
        return item.facts.problem.repair

    def show_cursor(self, point: QPoint | None = None) -> None:
        """Show the pointer that says what a press would do."""
        if self._space or self.hand:
            self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
        elif point is not None and self.repair_at(point) is not None:
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.viewport().unsetCursor()
        self.canvas.name_wire(self.mapToScene(point) if point is not None else None)

    def set_hand(self, on: bool) -> None:
        """Let every drag move the paper."""
        self.hand = on
        self.show_cursor()

    def cancel_gesture(self) -> None:
        """Leave the gesture under way without a trace."""
        gesture, self.gesture = self.gesture, None
        if gesture is not None:
            gesture.cancel()

    # The keyboard

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            # With the focus here, these keys mean the canvas even where a menu has the same shortcut.
            if command_for(event) is not None:
                event.accept()
                return True
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Tab:
            self.open_quick_add()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._escape()
        elif event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = True
            self.show_cursor()
        elif (command := command_for(event)) is not None:
            command(self)
        elif text := typed_text(event):
            self.open_quick_add(text=text)
        elif event.key() != Qt.Key.Key_Space:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = False
            self.show_cursor()
        super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._space = False
        self.cancel_gesture()
        super().focusOutEvent(event)

    def _escape(self) -> None:
        if self.gesture is not None:
            self.cancel_gesture()
        else:
            self.canvas.select([])

    def step(self, direction: str) -> None:
        """Go from the selected node to the next one "up", "down", "left" or "right"."""
        selection = self.canvas.selection()
        node = neighbour(self.canvas, selection[-1] if selection else None, direction)
        if node is not None:
            self.show_node(node)

    def select_all(self) -> None:
        """Select every node."""
        self.canvas.select(self.canvas.nodes.keys())

    def rename_selected(self) -> None:
        """Put the cursor in the name of the selected node."""
        selection = self.canvas.selection()
        if len(selection) == 1:
            self.rename_wanted.emit(selection[0])

    def open_quick_add(self, point: QPoint | None = None, text: str = "") -> None:
        """Open the menu to add a layer; by default beside the selection."""
        if point is None:
            selection = self.canvas.selection()
            spot = self.canvas.bounds(selection[-1:]).topRight() + QPointF(12, 0) if selection else None
            point = self.mapFromScene(spot) if spot is not None else self.viewport().rect().center()
        self.quick_add.open_at(point, text)

    # Drops

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        layer = layer_of(event.mimeData())
        if layer is None:
            event.ignore()
            return
        self._drop = DropGesture(self, layer)
        self._drop.move(event.position().toPoint())
        event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if self._drop is None:
            event.ignore()
            return
        self._drop.move(event.position().toPoint())
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        drop, self._drop = self._drop, None
        if drop is not None:
            drop.cancel()

    def dropEvent(self, event: QDropEvent) -> None:
        drop, self._drop = self._drop, None
        if drop is None:
            event.ignore()
            return
        drop.move(event.position().toPoint())
        drop.drop()
        event.acceptProposedAction()
        self.setFocus(Qt.FocusReason.MouseFocusReason)
