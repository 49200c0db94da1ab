"""What lies around the nodes: frames of unfolded groups, and comments. Kept equal to the document like the nodes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

from ui.canvas.comment_item import CommentItem
from ui.canvas.group_item import GroupItem
from workbench.graph.model import Graph

if TYPE_CHECKING:
    from ui.canvas.scene import CanvasScene


class Notes:
    """The scene's frames and comments by id."""

    def __init__(self, scene: CanvasScene) -> None:
        self._scene = scene
        self.frames: dict[str, GroupItem] = {}
        self.comments: dict[str, CommentItem] = {}
        self.chosen: frozenset[str] = frozenset()

    def mirror(self, graph: Graph) -> None:
        """Follow the document."""
        open_groups = {group.id: group for group in graph.groups if not group.folded}
        comments = {comment.id: comment for comment in graph.comments}
        for mark in self.frames.keys() - open_groups.keys():
            self._scene.removeItem(self.frames.pop(mark))
        for mark in self.comments.keys() - comments.keys():
            self._scene.removeItem(self.comments.pop(mark))
        for mark, group in open_groups.items():
            if mark in self.frames:
                self.frames[mark].show_group(group)
            else:
                self.frames[mark] = GroupItem(group)
                self._scene.addItem(self.frames[mark])
        for mark, comment in comments.items():
            if mark not in self.comments:
                self.comments[mark] = CommentItem(comment)
                self._scene.addItem(self.comments[mark])
            elif self.comments[mark].comment != comment:
                self.comments[mark].show_comment(comment)
            self.comments[mark].setPos(QPointF(*comment.position))
        self.choose(self.chosen & comments.keys())

    def carry(self, places: Mapping[str, QPointF]) -> None:
        """Move comments on the screen."""
        for mark, place in places.items():
            if mark in self.comments:
                self.comments[mark].setPos(place)

    def surround(self, area_of: Callable[[str], QRectF]) -> None:
        """Lay each frame around its nodes as they stand now."""
        for frame in self.frames.values():
            area = QRectF()
            for node in frame.block.nodes:
                area = area.united(area_of(node))
            frame.surround(area)

    def choose(self, comments: Collection[str]) -> None:
        """Select exactly these comments."""
        self.chosen = frozenset(comments)
        for mark, item in self.comments.items():
            item.choose(mark in self.chosen)

    def show_selection(self, nodes: Collection[str]) -> None:
        """Show which groups are selected whole."""
        chosen = set(nodes)
        for frame in self.frames.values():
            frame.choose(chosen.issuperset(frame.block.nodes))

    def frame_at(self, point: QPointF) -> GroupItem | None:
        """The frame whose title is under a point of the scene."""
        return next((frame for frame in self.frames.values() if frame.title_rect.contains(point)), None)

    def comment_at(self, point: QPointF) -> CommentItem | None:
        """The comment under a point of the scene."""
        return next((item for item in self.comments.values() if item.area.contains(point)), None)

    def restyle(self) -> None:
        """Take the theme's colours."""
        for item in (*self.frames.values(), *self.comments.values()):
            item.update()

    def bounds(self) -> QRectF:
        """The rectangle around all comments."""
        area = QRectF()
        for item in self.comments.values():
            area = area.united(item.area)
        return area
