"""Blocks of one's own: parts of drawings kept in the user's data folder, to be put into any drawing."""

from __future__ import annotations

import json
import re
from pathlib import Path

import platformdirs
from PySide6.QtCore import QObject, QPointF, Signal

from ui.canvas.clip import from_text, to_text
from ui.canvas.scene import CanvasScene
from ui.session import Session
from workbench.core.errors import FileError, GraphError, WorkbenchError
from workbench.core.files import read_json, write_failed, write_json
from workbench.graph import edits, groups
from workbench.graph.edits_place import Point
from workbench.graph.layout import positions
from workbench.graph.model import Graph, Link
from workbench.project.store import APP

LONGEST_NAME = 60


def folder() -> Path:
    """Where the blocks lie, a file each."""
    return Path(platformdirs.user_data_dir(APP, appauthor=False)) / "blocks"


def names() -> list[str]:
    """The names of all blocks, in their order."""
    return sorted((path.stem for path in folder().glob("*.json")), key=str.casefold)


def keep(name: str, graph: Graph) -> None:
    """Keep a part of a drawing under a name; a block of that name is replaced.

    Raises:
        GraphError: The name cannot be a file's, or there is no layer in it.
        FileError: It cannot be written.
    """
    name = name.strip()
    if not re.fullmatch(r"[\w][\w .()+-]*", name) or len(name) > LONGEST_NAME:
        raise GraphError(
            "A block's name is made of letters, figures and spaces.", repr(name[:80]), "Choose another name."
        )
    if not graph.nodes:
        raise GraphError("A block holds one layer or more.", "", "Select layers first.")
    try:
        folder().mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_failed(folder(), error) from None
    write_json(folder() / f"{name}.json", json.loads(to_text(graph)))


def load(name: str) -> Graph:
    """The block of a name, checked like anything pasted.

    Raises:
        GraphError: It holds what this program does not take.
        FileError: It cannot be read.
    """
    return from_text(json.dumps(read_json(folder() / f"{Path(name).name}.json")))


def forget(name: str) -> None:
    """Take a block away.

    Raises:
        FileError: The system refuses it.
    """
    path = folder() / f"{Path(name).name}.json"
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise FileError(
            "The block could not be deleted.", str(error.strerror), "Look at the folder's rights."
        ) from None


class BlockShelf(QObject):
    """Keeps blocks from the selection and puts them into the drawing."""

    changed = Signal()

    def __init__(self, session: Session, scene: CanvasScene, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session, self.scene = session, scene

    def suggested(self) -> str:
        """A name for the selection: its group's, or one that is free."""
        chosen = set(self.scene.selection())
        group = next((group for group in self.scene.graph.groups if chosen and chosen <= set(group.nodes)), None)
        return group.name if group is not None else self.tr("My block")

    def keep(self, name: str) -> None:
        """Keep the selection as a block, a group of that name."""
        clip = edits.copied(self.scene.graph, self.scene.selection())
        try:
            if not clip.groups and clip.nodes:
                clip = groups.group(clip, clip.by_id.keys(), name.strip() or self.tr("block"))[0]
            keep(name, clip)
        except WorkbenchError as error:
            self.session.tell("warning", error)
            return
        self.changed.emit()

    def forget(self, name: str) -> None:
        """Take a block off the shelf."""
        try:
            forget(name)
        except WorkbenchError as error:
            self.session.tell("warning", error)
        self.changed.emit()

    def insert(self, name: str, link: Link | None = None, place: QPointF | None = None) -> None:
        """Put a block on a wire, loose at a place of the scene, or behind the selection."""
        try:
            clip = load(name)
        except WorkbenchError as error:
            self.session.tell("warning", error)
            return
        behind = self.scene.shown.links.get(link, (link,))[0] if link is not None else None
        after = behind.source if behind is not None else next(reversed(self.scene.selection()), None)
        found: list[str] = []

        def edit(graph: Graph) -> Graph:
            if behind is None and place is not None:
                grown, nodes = edits.paste_loose(graph, stacked(clip, place.toTuple()), (0.0, 0.0))
            elif behind is not None:
                grown, nodes = edits.paste_on_link(graph, clip, behind)
            else:
                grown, nodes = edits.paste(graph, clip, after)
            found.extend(nodes)
            return grown

        with self.scene.selecting(found):
            self.session.edit_graph(self.tr("Add %1").replace("%1", name), edit)


def stacked(clip: Graph, corner: Point) -> Graph:
    """The clip with a place for each node: its own layout, begun at `corner`."""
    places = positions(clip)
    left, top = min(x for x, _ in places.values()), min(y for _, y in places.values())
    return edits.places_of(clip, {node: (x - left + corner[0], y - top + corner[1]) for node, (x, y) in places.items()})
