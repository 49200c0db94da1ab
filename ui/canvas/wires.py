"""What the drawing of wires asks for, said to the session as one undoable edit each."""

from __future__ import annotations

from PySide6.QtCore import QObject

from ui.canvas.scene import CanvasScene
from ui.session import Session
from workbench.graph import edits
from workbench.graph.edits_place import HEIGHT, WIDTH, Point
from workbench.graph.model import Graph, Link
from workbench.graph.ports import MAIN


class WireEditor(QObject):
    """Links, takes off and re-plugs."""

    def __init__(self, session: Session, scene: CanvasScene, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session, self.scene = session, scene

    def join(self, anchor: str, anchor_port: str, end: str, port: str, old: Link | None, way: str = MAIN) -> None:
        """Link the node that a wire is held by with the one it is let go on; `old` is the wire if it was there before.

        Args:
            anchor: The node at the end that stays.
            anchor_port: Its input, or "" for its output.
            end: The node at the other end.
            port: That node's input; "" where it is fed from, or for the first free one.
            old: The link that was taken up; None for a new one.
            way: The output that the wire comes from.
        """
        source, target = (end, anchor) if anchor_port else (anchor, end)
        at = anchor_port or port or "input"
        if old is None:
            self.session.edit_graph(self.tr("Link"), lambda graph: edits.plug(graph, source, target, at, way))
        elif anchor_port:
            self.session.edit_graph(
                self.tr("Re-plug"), lambda graph: edits.replug(graph, old, source=source, source_port=way)
            )
        else:
            self.session.edit_graph(self.tr("Re-plug"), lambda graph: edits.replug(graph, old, target=target, port=at))

    def cut(self, link: Link) -> None:
        """Take a wire off: the document's links behind one on the screen."""
        behind = self.scene.shown.links.get(link, (link,))

        def edit(graph: Graph) -> Graph:
            for one in behind:
                graph = edits.disconnect(graph, one)
            return graph

        self.session.edit_graph(self.tr("Delete the link"), edit)

    def add(self, layer: str, anchor: str, anchor_port: str, point: Point, way: str = MAIN) -> None:
        """Put a layer at a place of the scene and link it with the node that a wire is held by, at its output `way`."""
        x, y = point
        corner = (x - WIDTH / 2, y if not anchor_port else y - HEIGHT)
        found: list[str] = []

        def edit(graph: Graph) -> Graph:
            grown, node = edits.add(graph, layer, position=corner)
            found.append(node)
            if anchor_port:
                return edits.plug(grown, node, anchor, anchor_port)
            return edits.plug(grown, anchor, node, source_port=way)

        with self.scene.selecting(found):
            self.session.edit_graph(self.tr("Add %1").replace("%1", layer), edit)
