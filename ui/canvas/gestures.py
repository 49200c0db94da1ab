"""What a press of the mouse begins: one class a gesture. A gesture edits once, on release; Escape leaves no trace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QRubberBand

from ui.canvas.node_item import HEIGHT, WIDTH, NodeItem
from workbench.graph.model import INPUT, OUTPUT, Link
from workbench.graph.problems import Repair

if TYPE_CHECKING:
    from ui.canvas.view import CanvasView

REACH = 140.0
_ADDING = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class Gesture:
    """From press to release, or to `cancel`. Points are in the viewport unless they say otherwise."""

    def __init__(self, view: CanvasView, event: QMouseEvent) -> None:
        self.view = view
        self.start = event.position().toPoint()

    def move(self, event: QMouseEvent) -> None:
        """The mouse moved."""

    def release(self, event: QMouseEvent) -> None:
        """The button went up: do it."""

    def cancel(self) -> None:
        """Leave everything as it was."""

    def went_far(self, event: QMouseEvent) -> bool:
        """Whether the press has become a drag."""
        way = event.position().toPoint() - self.start
        return way.manhattanLength() >= QApplication.startDragDistance()


class PanGesture(Gesture):
    """Drag the paper."""

    def __init__(self, view: CanvasView, event: QMouseEvent) -> None:
        super().__init__(view, event)
        self._last = self.start
        view.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)

    def move(self, event: QMouseEvent) -> None:
        here = event.position().toPoint()
        self.view.pan(here - self._last)
        self._last = here

    def release(self, event: QMouseEvent) -> None:
        self.view.show_cursor()

    def cancel(self) -> None:
        self.view.show_cursor()


class RepairGesture(Gesture):
    """Press a node's repair button; letting go elsewhere does nothing."""

    def __init__(self, view: CanvasView, event: QMouseEvent, repair: Repair) -> None:
        super().__init__(view, event)
        self._repair = repair

    def release(self, event: QMouseEvent) -> None:
        if self.view.repair_at(event.position().toPoint()) == self._repair:
            self.view.editor.repair(self._repair)


class SelectGesture(Gesture):
    """Drag a frame over empty paper; a mere click there selects nothing."""

    def __init__(self, view: CanvasView, event: QMouseEvent) -> None:
        super().__init__(view, event)
        adding = bool(event.modifiers() & _ADDING)
        self._before = view.canvas.selection()
        self._kept = self._before if adding else []
        self._band = QRubberBand(QRubberBand.Shape.Rectangle, view.viewport())
        view.canvas.select(self._kept)

    def move(self, event: QMouseEvent) -> None:
        if not self.went_far(event) and not self._band.isVisible():
            return
        frame = QRect(self.start, event.position().toPoint()).normalized()
        self._band.setGeometry(frame)
        self._band.show()
        area = self.view.mapToScene(frame).boundingRect()
        inside = [item.facts.id for item in self.view.canvas.items(area) if isinstance(item, NodeItem)]
        self.view.canvas.select({*self._kept, *inside})

    def release(self, event: QMouseEvent) -> None:
        self._end()

    def cancel(self) -> None:
        self.view.canvas.select(self._before)
        self._end()

    def _end(self) -> None:
        self._band.hide()
        self._band.deleteLater()


class MoveGesture(Gesture):
    """Press a node to select it; drag it, or the selection it is in, to another place in the stack."""

    def __init__(self, view: CanvasView, event: QMouseEvent, node: str) -> None:
        super().__init__(view, event)
        self._node = node
        self._dragging = False
        self._moving: list[str] = []
        self._homes: dict[str, QPointF] = {}
        self._landing: Link | None = None
        self._adding = bool(event.modifiers() & _ADDING)
        selected = view.canvas.selection()
        self._was_selected = node in selected
        if self._adding:
            view.canvas.select(set(selected) ^ {node})
        elif not self._was_selected:
            view.canvas.select([node])

    def move(self, event: QMouseEvent) -> None:
        if not self._dragging:
            if not self.went_far(event) or not self._take_up():
                return
            self._dragging = True
        here = event.position().toPoint()
        way = self.view.mapToScene(here) - self.view.mapToScene(self.start)
        self.view.canvas.carry({node: home + way for node, home in self._homes.items()})
        self._aim(way)
        self.view.scroll_near_edge(here)

    def _take_up(self) -> bool:
        canvas = self.view.canvas
        chosen = self.view.editor.inner_selection()
        graph = canvas.graph
        if self._adding or graph.by_id[self._node].layer in (INPUT, OUTPUT) or self._node not in chosen:
            return False
        self._moving = chosen
        self._homes = {node: canvas.place_of(node) for node in chosen}
        canvas.hold(chosen)
        self.view.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        return True

    def _aim(self, way: QPointF) -> None:
        """Find the link under the node in the hand; near its own place letting go changes nothing."""
        canvas = self.view.canvas
        centre = self._homes[self._node] + way + QPointF(WIDTH / 2, HEIGHT / 2)
        link = canvas.nearest_link(centre, REACH, without=self._moving)
        at_home = abs(way.y()) < HEIGHT and abs(way.x()) < WIDTH
        self._landing = None if at_home else link
        canvas.light(self._landing)

    def release(self, event: QMouseEvent) -> None:
        if self._dragging:
            landing = self._landing
            self._put_down()
            if landing is not None:
                self.view.editor.move(self._moving, landing)
        elif self._was_selected and not self._adding:
            self.view.canvas.select([self._node])

    def cancel(self) -> None:
        if self._dragging:
            self._put_down()

    def _put_down(self) -> None:
        self.view.canvas.light(None)
        self.view.canvas.hold(())
        self.view.canvas.glide_home()
        self.view.show_cursor()


class DropGesture:
    """A layer is carried over the canvas from the palette: the link where it would land is lit."""

    def __init__(self, view: CanvasView, layer: str) -> None:
        self.view = view
        self.layer = layer
        self._landing: Link | None = None

    def move(self, point: QPoint) -> None:
        """The layer is over this point of the viewport."""
        canvas = self.view.canvas
        self._landing = canvas.nearest_link(self.view.mapToScene(point), REACH) or canvas.last_link()
        canvas.light(self._landing)

    def drop(self) -> None:
        """Put it there: between two layers when near a link, else at the end."""
        self.view.canvas.light(None)
        self.view.editor.insert(self.layer, self._landing)

    def cancel(self) -> None:
        """It was carried off again."""
        self.view.canvas.light(None)
