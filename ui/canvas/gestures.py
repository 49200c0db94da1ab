"""What a press of the mouse begins: one class a gesture. A gesture edits once, on release; Escape leaves no trace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QRubberBand

from ui.canvas.node_item import HEIGHT, WIDTH, NodeItem
from workbench.graph.model import Link
from workbench.graph.problems import Repair

if TYPE_CHECKING:
    from ui.canvas.view import CanvasView

REACH = 100.0
ENDS = 2
ADDING = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


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


class FoldGesture(Gesture):
    """Press the arrow of a group's frame; letting go elsewhere does nothing."""

    def __init__(self, view: CanvasView, event: QMouseEvent, group: str) -> None:
        super().__init__(view, event)
        self._group = group

    def release(self, event: QMouseEvent) -> None:
        frame = self.view.canvas.notes.frames.get(self._group)
        if frame is not None and frame.arrow_rect.contains(self.view.mapToScene(event.position().toPoint())):
            self.view.editor.groups.fold([self._group], True)


class SelectGesture(Gesture):
    """Drag a frame over empty paper; a mere click there selects nothing."""

    def __init__(self, view: CanvasView, event: QMouseEvent) -> None:
        super().__init__(view, event)
        adding = bool(event.modifiers() & ADDING)
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
        canvas = self.view.canvas
        touched = [item for item in canvas.items(area) if isinstance(item, NodeItem)]
        inside = [member for item in touched for member in canvas.members(item.facts.id)]
        canvas.select({*self._kept, *inside})
        canvas.select_comments([mark for mark, item in canvas.notes.comments.items() if area.intersects(item.area)])

    def release(self, event: QMouseEvent) -> None:
        self._end()

    def cancel(self) -> None:
        self.view.canvas.select(self._before)
        self._end()

    def _end(self) -> None:
        self._band.hide()
        self._band.deleteLater()


class DropGesture:
    """A layer is carried over the canvas from the palette: the link where it would land is lit."""

    def __init__(self, view: CanvasView, layer: str) -> None:
        self.view = view
        self.layer = layer
        self._landing: Link | None = None
        self._place = QPointF()

    def move(self, point: QPoint) -> None:
        """The layer is over this point of the viewport."""
        canvas = self.view.canvas
        place = self.view.mapToScene(point)
        self._landing = canvas.nearest_link(place, REACH)
        if self._landing is None and len(canvas.graph.nodes) <= ENDS:
            self._landing = canvas.last_link()
        self._place = place
        if self._landing is not None:
            canvas.light(self._landing)
        else:
            canvas.light(None)
            canvas.mark(place)

    def drop(self) -> None:
        """Put it there: between two layers when near a wire, else loose, where it was let go."""
        self.view.canvas.light(None)
        if self._landing is not None:
            self.view.editor.insert(self.layer, self._landing)
        else:
            self.view.editor.put(self.layer, self._place - QPointF(WIDTH / 2, HEIGHT / 2))

    def cancel(self) -> None:
        """It was carried off again."""
        self.view.canvas.light(None)


class BlockDropGesture(DropGesture):
    """A block of one's own is carried over the canvas: near a wire it goes there, else it lies loose."""

    def drop(self) -> None:
        self.view.canvas.light(None)
        self.view.editor.blocks.insert(self.layer, self._landing, self._place)
