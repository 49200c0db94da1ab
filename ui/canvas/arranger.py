"""Where things stand, asked for by hand: placing, nudging, aligning, spreading out, laying out anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, QPointF

from ui.canvas.scene import CanvasScene
from ui.session import Session
from workbench.core.errors import WorkbenchError
from workbench.graph import edits, groups
from workbench.graph.edits_place import GRID, Point, Side, aligned, distributed, laid_out
from workbench.graph.model import Graph

WAYS: dict[str, Point] = {"left": (-GRID, 0), "right": (GRID, 0), "up": (0, -GRID), "down": (0, GRID)}


Rule = Callable[[Mapping[str, Point]], Mapping[str, Point]]


class Arranger(QObject):
    """Each call is one step to undo."""

    def __init__(self, session: Session, scene: CanvasScene, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session, self.scene = session, scene

    def put(self, places: Mapping[str, QPointF], comments: Mapping[str, Point], *, merge: str | None = None) -> None:
        """Put nodes on the screen at places of the scene, a folded group with all that is in it; and comments."""
        spots = {mark: (round(place.x(), 2), round(place.y(), 2)) for mark, place in places.items()}

        def edit(graph: Graph) -> Graph:
            found: dict[str, Point] = {}
            for mark, spot in spots.items():
                folded = self.scene.shown.folded.get(mark)
                found.update(groups.moved_group(graph, folded, spot) if folded is not None else {mark: spot})
            moved = edits.place(graph, found) if found else graph
            return edits.move_comments(moved, comments) if comments else moved

        self.session.edit_graph(self.tr("Move"), edit, merge=merge)

    def nudge(self, way: str) -> None:
        """Move the selection one step of the grid; steps in a row are one step to undo."""
        across, down = WAYS[way]
        places = {mark: self.scene.place_of(mark) + QPointF(across, down) for mark in self._marks()}
        notes = self.scene.notes
        comments = {mark: (notes.comments[mark].pos() + QPointF(across, down)).toTuple() for mark in notes.chosen}
        if places or comments:
            self.put(places, comments, merge="nudge:" + ",".join((*places, *comments)))

    def align(self, side: Side) -> None:
        """Bring the selected nodes in line."""
        self._rearrange(lambda places: aligned(places, side))

    def distribute(self, across: bool) -> None:
        """Give the selected nodes even gaps."""
        self._rearrange(lambda places: distributed(places, across))

    def _rearrange(self, rule: Rule) -> None:
        places = {mark: self.scene.place_of(mark).toTuple() for mark in self._marks()}
        try:
            found = rule(places)
        except WorkbenchError as error:
            self.session.tell("warning", error)
            return
        self.put({mark: QPointF(*place) for mark, place in found.items()}, {})

    def _marks(self) -> list[str]:
        return list(dict.fromkeys(self.scene.shown.visible(node) for node in self.scene.selection()))

    def lay_out(self, across: bool) -> None:
        """Lay the whole drawing out anew, from the top down or from left to right."""
        label = self.tr("Lay out from left to right") if across else self.tr("Lay out from the top down")
        self.session.edit_graph(label, lambda graph: laid_out(graph, across))
