"""Carrying things over the canvas: nodes, to another place or onto a wire, and comments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent

from ui.canvas.gestures import ADDING, Gesture
from ui.canvas.node_item import HEIGHT, WIDTH
from workbench.graph.edits_place import snapped
from workbench.graph.model import INPUT, OUTPUT, Link

if TYPE_CHECKING:
    from ui.canvas.view import CanvasView

ON_WIRE = 26.0
SNAP = 7.0
NEIGHBOURHOOD = 900.0


class MoveGesture(Gesture):
    """Press a node to select it; drag it, or the selection it is in, anywhere. On a wire it is put between.

    Carried nodes snap to the centre lines of their neighbours and to the grid; Alt lets them go freely.
    """

    def __init__(self, view: CanvasView, event: QMouseEvent, nodes: tuple[str, ...], mark: str) -> None:
        super().__init__(view, event)
        self._nodes, self._mark = nodes, mark
        self._dragging = False
        self._homes: dict[str, QPointF] = {}
        self._others: list[QPointF] = []
        self._comments: dict[str, QPointF] = {}
        self._way = QPointF()
        self._landing: Link | None = None
        self._adding = bool(event.modifiers() & ADDING)
        selected = view.canvas.selection()
        self._was_selected = set(nodes) <= set(selected)
        if self._adding:
            view.canvas.select(set(selected) ^ set(nodes))
        elif not self._was_selected:
            view.canvas.select(nodes)

    def move(self, event: QMouseEvent) -> None:
        if not self._dragging:
            if not self.went_far(event) or not self._take_up():
                return
            self._dragging = True
        here = event.position().toPoint()
        way = self.view.mapToScene(here) - self.view.mapToScene(self.start)
        free = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        self._way = self._settled(way, free)
        canvas = self.view.canvas
        canvas.carry({node: home + self._way for node, home in self._homes.items()})
        canvas.notes.carry({mark: home + self._way for mark, home in self._comments.items()})
        self._aim(way)
        self.view.scroll_near_edge(here)

    def _take_up(self) -> bool:
        canvas = self.view.canvas
        chosen = canvas.selection()
        if self._adding or not set(self._nodes) <= set(chosen):
            return False
        marks = dict.fromkeys(canvas.shown.visible(node) for node in chosen)
        self._homes = {mark: canvas.place_of(mark) for mark in marks}
        home = self._homes[self._mark]
        others = (canvas.place_of(mark) for mark in canvas.nodes if mark not in self._homes)
        self._others = [place for place in others if (place - home).manhattanLength() < NEIGHBOURHOOD]
        self._comments = {mark: canvas.notes.comments[mark].pos() for mark in canvas.notes.chosen}
        canvas.hold(tuple(marks))
        self.view.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        return True

    def _settled(self, way: QPointF, free: bool) -> QPointF:
        """The way after snapping, with the lines that it snapped to on show."""
        guides = self.view.canvas.guides
        if free:
            guides.hide()
            return way
        place = self._homes[self._mark] + way
        snap = snapped(place.toTuple(), [other.toTuple() for other in self._others], SNAP / self.view.zoom)
        seen = self.view.mapToScene(self.view.viewport().rect()).boundingRect()
        guides.show_lines(snap.upright, snap.level, seen)
        return way + QPointF(*snap.way)

    def _aim(self, way: QPointF) -> None:
        """Find the wire under the node in the hand."""
        canvas = self.view.canvas
        graph = canvas.graph
        self._landing = None
        moving = self._members()
        if all(graph.by_id[node].layer not in (INPUT, OUTPUT) for node in moving) and not self._comments:
            centre = self._homes[self._mark] + way + QPointF(WIDTH / 2, HEIGHT / 2)
            reach = ON_WIRE / min(self.view.zoom, 1.0)
            found = canvas.nearest_link(centre, reach, without=self._homes)
            self._landing = found if found is not None and found in graph.links else None
        canvas.light(self._landing)

    def _members(self) -> list[str]:
        canvas = self.view.canvas
        return [member for mark in self._homes for member in canvas.members(mark)]

    def release(self, event: QMouseEvent) -> None:
        if self._dragging:
            landing, moving, places = self._landing, self._members(), self._places()
            comments = {mark: (home + self._way).toTuple() for mark, home in self._comments.items()}
            moved = not self._way.isNull()
            self._put_down(home=not moved or landing is not None)
            if landing is not None:
                self.view.editor.move(moving, landing)
            elif moved:
                self.view.editor.arrange.put(places, comments)
                self.view.canvas.glide_home()
        elif self._was_selected and not self._adding:
            self.view.canvas.select(self._nodes)

    def _places(self) -> dict[str, QPointF]:
        return {node: home + self._way for node, home in self._homes.items()}

    def cancel(self) -> None:
        if self._dragging:
            self._put_down(home=True)

    def _put_down(self, *, home: bool) -> None:
        canvas = self.view.canvas
        canvas.light(None)
        canvas.guides.hide()
        canvas.hold(())
        if home:
            canvas.notes.carry(self._comments)
            canvas.glide_home()
        self.view.show_cursor()


class CommentGesture(Gesture):
    """Press a comment to select it, and drag it elsewhere."""

    def __init__(self, view: CanvasView, event: QMouseEvent, mark: str) -> None:
        super().__init__(view, event)
        self._mark = mark
        self._home = view.canvas.notes.comments[mark].pos()
        self._way = QPointF()
        if not event.modifiers() & ADDING:
            view.canvas.select(())
        view.canvas.select_comments({*view.canvas.notes.chosen, mark} if event.modifiers() & ADDING else [mark])

    def move(self, event: QMouseEvent) -> None:
        if self._way.isNull() and not self.went_far(event):
            return
        here = event.position().toPoint()
        self._way = self.view.mapToScene(here) - self.view.mapToScene(self.start)
        self.view.canvas.notes.carry({self._mark: self._home + self._way})
        self.view.scroll_near_edge(here)

    def release(self, event: QMouseEvent) -> None:
        if not self._way.isNull():
            self.view.editor.arrange.put({}, {self._mark: (self._home + self._way).toTuple()})

    def cancel(self) -> None:
        self.view.canvas.notes.carry({self._mark: self._home})
