"""What the gestures and keys ask for, said to the session as one undoable edit each."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from ui.canvas.clip import from_text, to_text
from ui.canvas.scene import CanvasScene
from ui.canvas.words import counted
from ui.session import Session
from workbench.core.errors import GraphError, WorkbenchError
from workbench.graph import edits
from workbench.graph.model import INPUT, OUTPUT, Graph, Link
from workbench.graph.problems import Repair


class CanvasEditor(QObject):
    """Edits the drawing and then selects what came of it."""

    def __init__(self, session: Session, scene: CanvasScene, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.scene = scene

    # Adding

    def insert(self, layer: str, link: Link | None) -> None:
        """Put a layer on a link, or at the end of the stack."""
        if link is None:
            self._add(layer, lambda graph: edits.append(graph, layer))
        else:
            self._add(layer, lambda graph: edits.insert_on_link(graph, link, layer))

    def add_after_selection(self, layer: str) -> None:
        """Put a layer behind the last selected node, or at the end of the stack."""
        selected = [node for node in self.scene.selection() if self.scene.graph.by_id[node].layer != OUTPUT]
        if selected:
            self._add(layer, lambda graph: edits.insert_after(graph, selected[-1], layer))
        else:
            self.insert(layer, None)

    def _add(self, layer: str, edit: Callable[[Graph], tuple[Graph, str]]) -> None:
        found: list[str] = []

        def put(graph: Graph) -> Graph:
            if layer in (INPUT, OUTPUT) and graph.of_layer(layer):
                raise GraphError(
                    self.tr("The drawing has its %1 already.").replace("%1", layer.lower()),
                    "",
                    self.tr("It follows the data and cannot be added twice."),
                )
            grown, node = edit(graph)
            found.append(node)
            return grown

        if self.session.edit_graph(self.tr("Add %1").replace("%1", layer), put):
            self.scene.select(found)

    # The selection

    def delete(self) -> None:
        """Take the selected nodes off; what comes before them is selected then."""
        chosen = self.inner_selection()
        if not chosen:
            return
        graph = self.scene.graph
        before = next(iter(graph.incoming[chosen[0]]), None)
        if self.session.edit_graph(self._titled(self.tr("Delete %1"), chosen), lambda old: edits.remove(old, chosen)):
            self.scene.select([before.source] if before is not None else [])

    def duplicate(self) -> None:
        """Copy the selected nodes behind the last of them."""
        chosen = self.inner_selection()
        if chosen:
            label = self._titled(self.tr("Duplicate %1"), chosen)
            self._grow(label, lambda graph: edits.duplicate(graph, chosen))

    def copy(self) -> None:
        """Put the selected nodes on the clipboard, as text."""
        chosen = self.inner_selection()
        if chosen:
            QGuiApplication.clipboard().setText(to_text(edits.copied(self.scene.graph, chosen)))

    def cut(self) -> None:
        """Copy, then delete."""
        self.copy()
        self.delete()

    def paste(self) -> None:
        """Put the clipboard's layers behind the selection."""
        try:
            clip = from_text(QGuiApplication.clipboard().text())
        except WorkbenchError as error:
            self.session.tell("warning", error)
            return
        after = next(reversed(self.scene.selection()), None)
        self._grow(self._counted(self.tr("Paste %1"), len(clip.nodes)), lambda graph: edits.paste(graph, clip, after))

    def _grow(self, label: str, edit: Callable[[Graph], tuple[Graph, list[str]]]) -> None:
        found: list[str] = []

        def put(graph: Graph) -> Graph:
            grown, nodes = edit(graph)
            found.extend(nodes)
            return grown

        if self.session.edit_graph(label, put):
            self.scene.select(found)

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
