"""Groups, repeats and comments, asked for on the canvas; each call is one step to undo."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QObject

from ui.canvas.scene import CanvasScene
from ui.session import Session
from workbench.graph import edits, groups
from workbench.graph.edits_place import Point
from workbench.graph.model import Graph


class GroupEditor(QObject):
    """Edits the groups that the selection touches, and the comments."""

    def __init__(self, session: Session, scene: CanvasScene, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session, self.scene = session, scene

    def touched(self) -> list[str]:
        """The groups that the selected nodes are in."""
        chosen = set(self.scene.selection())
        return [group.id for group in self.scene.graph.groups if chosen.intersection(group.nodes)]

    def group(self, merge: str | None = None) -> str | None:
        """Put the selection into a named group of its own; returns its id."""
        chosen, found = self.scene.selection(), list[str]()

        def edit(graph: Graph) -> Graph:
            grown, mark = groups.group(graph, chosen, self.tr("block"))
            found.append(mark)
            return grown

        return found[0] if self.session.edit_graph(self.tr("Group"), edit, merge) else None

    def ungroup(self) -> None:
        """Give up the groups of the selection; their layers stay."""
        touched = self.touched()
        if touched:
            self.session.edit_graph(self.tr("Ungroup"), lambda graph: groups.ungroup(graph, touched))

    def turn_fold(self) -> None:
        """Fold the groups of the selection, or unfold them where all are folded."""
        touched = self.touched()
        folded = all(group.folded for group in self.scene.graph.groups if group.id in touched)
        if touched:
            self.fold(touched, not folded)

    def fold(self, marks: Collection[str], folded: bool) -> None:
        """Draw groups as one node each, or spread them out again."""
        label = self.tr("Fold") if folded else self.tr("Unfold")
        self.session.edit_graph(label, lambda graph: groups.fold(graph, marks, folded))

    def rename(self, mark: str, name: str, merge: str | None = None) -> None:
        """Give a group another name."""
        label = self.tr("Rename the group") if merge is None else self.tr("Group")
        self.session.edit_graph(label, lambda graph: groups.rename_group(graph, mark, name), merge)

    def repeat(self, words: str) -> None:
        """Put the selected block as often as the words say in all, one behind the other."""
        times = int(words) if words.strip().isdecimal() else 0
        chosen, found = self.scene.selection(), list[str]()

        def edit(graph: Graph) -> Graph:
            grown, nodes = edits.repeat(graph, chosen, times)
            found.extend((*chosen, *nodes))
            return grown

        with self.scene.selecting(found):
            self.session.edit_graph(self.tr("Repeat %1 times").replace("%1", str(times)), edit)

    def write(self, mark: str | None, words: str, place: Point) -> None:
        """Keep a comment's words: a new one's at a place of the scene where `mark` is None."""
        if mark is not None:
            self.session.edit_graph(self.tr("Edit the comment"), lambda graph: edits.set_comment(graph, mark, words))
        elif words.strip():
            self.session.edit_graph(self.tr("Comment"), lambda graph: edits.add_comment(graph, words, place)[0])
