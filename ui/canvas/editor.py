"""What the gestures and keys ask for, said to the session as one undoable edit each."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QPointF
from PySide6.QtGui import QGuiApplication

from ui.canvas.arranger import Arranger
from ui.canvas.blocks import BlockShelf
from ui.canvas.clip import from_text, to_text
from ui.canvas.grouping import GroupEditor
from ui.canvas.scene import CanvasScene
from ui.canvas.wires import WireEditor
from ui.canvas.words import counted
from ui.session import Session
from workbench.core.errors import WorkbenchError
from workbench.graph import edits
from workbench.graph.edits_place import GRID
from workbench.graph.model import INPUT, OUTPUT, Graph, Link
from workbench.graph.problems import Repair


class CanvasEditor(QObject):
    """Edits the drawing and then selects what came of it."""

    def __init__(self, session: Session, scene: CanvasScene, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.scene = scene
        self.arrange = Arranger(session, scene, self)
        self.wires = WireEditor(session, scene, self)
        self.groups = GroupEditor(session, scene, self)
        self.blocks = BlockShelf(session, scene, self)

    # Adding

    def insert(self, layer: str, link: Link | None) -> None:
        """Put a layer on a link, or at the end of the stack; a further Input or Output is put beside the drawing."""
        behind = self.scene.shown.links.get(link, (link,))[0] if link is not None else None
        if layer in (INPUT, OUTPUT):
            self._add(layer, lambda graph: edits.add(graph, layer))
        elif behind is None:
            self._add(layer, lambda graph: edits.append(graph, layer))
        else:
            self._add(layer, lambda graph: edits.insert_on_link(graph, behind, layer))

    def put(self, layer: str, corner: QPointF) -> None:
        """Put a layer at a place of the scene, linked to nothing."""
        spot = (round(corner.x() / GRID) * GRID, round(corner.y() / GRID) * GRID)
        self._add(layer, lambda graph: edits.add(graph, layer, position=spot))

    def add_after_selection(self, layer: str) -> None:
        """Put a layer on the selected wire, behind the last selected node, or at the end of the stack."""
        if self.scene.chosen_link is not None:
            self.insert(layer, self.scene.chosen_link)
            return
        selected = [node for node in self.scene.selection() if self.scene.graph.by_id[node].layer != OUTPUT]
        if layer == OUTPUT and selected:
            self._add(layer, lambda graph: _linked(edits.add(graph, layer), selected[-1]))
        elif selected and layer != INPUT:
            self._add(layer, lambda graph: edits.insert_after(graph, selected[-1], layer))
        else:
            self.insert(layer, None)

    def _add(self, layer: str, edit: Callable[[Graph], tuple[Graph, str]]) -> None:
        found: list[str] = []

        def put(graph: Graph) -> Graph:
            grown, node = edit(graph)
            found.append(node)
            return grown

        with self.scene.selecting(found):
            self.session.edit_graph(self.tr("Add %1").replace("%1", layer), put)

    # The selection

    def delete(self) -> None:
        """Take the selected wire, nodes and comments off; what comes before the nodes is selected then."""
        if self.scene.chosen_link is not None:
            self.wires.cut(self.scene.chosen_link)
            return
        graph, notes = self.scene.graph, set(self.scene.notes.chosen)
        chosen = [node for node in self.scene.selection() if self._may_go(graph.by_id[node].layer)]
        if not chosen and not notes:
            return
        before = [link.source for link in graph.incoming[chosen[0]][:1]] if chosen else []
        label = self._titled(self.tr("Delete %1"), chosen) if chosen else self.tr("Delete the comment")
        with self.scene.selecting(before):
            self.session.edit_graph(label, lambda old: edits.remove_comments(edits.remove(old, chosen), notes))

    def _may_go(self, layer: str) -> bool:
        return layer not in (INPUT, OUTPUT) or len(self.scene.graph.of_layer(layer)) > 1

    def duplicate(self) -> None:
        """Copy the selected nodes behind the last of them."""
        chosen = self.inner_selection()
        if chosen:
            label = self._titled(self.tr("Duplicate %1"), chosen)
            self._grow(label, lambda graph: edits.duplicate(graph, chosen))

    def copy(self) -> None:
        """Put the selected nodes and comments on the clipboard, as text."""
        chosen, scene = self.inner_selection(), self.scene
        if chosen or scene.notes.chosen:
            clip = edits.copied(scene.graph, chosen, scene.notes.chosen)
            places = {node: scene.place_of(node).toTuple() for node in chosen}
            QGuiApplication.clipboard().setText(to_text(edits.places_of(clip, places)))

    def cut(self) -> None:
        """Copy, then delete."""
        self.copy()
        self.delete()

    def paste(self) -> None:
        """Put the clipboard's layers on the selected wire, or behind the selection; loose where they have no way on."""
        after = next(reversed(self.scene.selection()), None)
        link = self.scene.chosen_link
        behind = self.scene.shown.links.get(link, (link,))[0] if link is not None else None
        if behind is not None:
            self._paste(self.tr("Paste %1"), lambda graph, clip: edits.paste_on_link(graph, clip, behind))
        else:
            self._paste(self.tr("Paste %1"), lambda graph, clip: edits.paste(graph, clip, after))

    def paste_loose(self) -> None:
        """Put the clipboard's layers beside the drawing, linked only to one another."""
        self._paste(self.tr("Paste %1"), edits.paste_loose)

    def paste_shared(self) -> None:
        """Use the copied layers a second time: the same weights, other wires."""
        self._paste(self.tr("Use %1 again"), edits.paste_shared)

    def _paste(self, label: str, edit: Callable[[Graph, Graph], tuple[Graph, list[str]]]) -> None:
        try:
            clip = from_text(QGuiApplication.clipboard().text())
        except WorkbenchError as error:
            self.session.tell("warning", error)
            return
        self._grow(self._counted(label, len(clip.nodes)), lambda graph: edit(graph, clip))

    def _grow(self, label: str, edit: Callable[[Graph], tuple[Graph, list[str]]]) -> None:
        found: list[str] = []

        def put(graph: Graph) -> Graph:
            grown, nodes = edit(graph)
            found.extend(nodes)
            return grown

        with self.scene.selecting(found):
            self.session.edit_graph(label, put)

    def move(self, nodes: Sequence[str], link: Link) -> None:
        """Take nodes out of their place and put them on a link."""
        self.session.edit_graph(self._titled(self.tr("Move %1"), nodes), lambda graph: edits.move(graph, nodes, link))

    def shift(self, step: int) -> None:
        """Move the selection one place up (-1) or down (1) the stack."""
        chosen = self.inner_selection()
        graph = self.scene.graph
        if not chosen:
            return
        if step < 0:
            near = next(iter(graph.incoming[chosen[0]]), None)
            link = next(iter(graph.incoming[near.source]), None) if near is not None else None
        else:
            near = next(iter(graph.outgoing[chosen[-1]]), None)
            link = next(iter(graph.outgoing[near.target]), None) if near is not None else None
        if link is not None:
            self.move(chosen, link)

    def repair(self, repair: Repair) -> None:
        """Carry out what a problem offers."""
        self.session.edit_graph(repair.label, lambda graph: edits.apply_repair(graph, repair))

    def inner_selection(self) -> list[str]:
        """The selected nodes without the two ends, which stay."""
        graph = self.scene.graph
        return [node for node in self.scene.selection() if graph.by_id[node].layer not in (INPUT, OUTPUT)]

    def _titled(self, label: str, nodes: Sequence[str]) -> str:
        if len(nodes) == 1:
            return label.replace("%1", self.scene.graph.by_id[nodes[0]].layer)
        return self._counted(label, len(nodes))

    def _counted(self, label: str, count: int) -> str:
        return label.replace("%1", counted(count, self.tr("1 layer"), self.tr("%1 layers")))


def _linked(grown: tuple[Graph, str], source: str) -> tuple[Graph, str]:
    graph, node = grown
    return edits.connect(graph, source, node), node
