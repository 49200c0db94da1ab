"""Writing a comment where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF

from ui.canvas.comment_item import CommentField

if TYPE_CHECKING:
    from ui.canvas.view import CanvasView

NEW_SIZE = (220.0, 88.0)


class CommentWriter(QObject):
    """Opens the field over a comment and keeps what is written as one edit."""

    def __init__(self, view: CanvasView) -> None:
        super().__init__(view)
        self._view = view
        self._mark: str | None = None
        self.place: QPointF | None = None
        self.field = CommentField(view)
        self.field.written.connect(self._keep)
        self.field.left.connect(view.setFocus)

    def add(self) -> None:
        """Write a new comment: where the menu was opened, else in the middle of what is seen."""
        view, self._mark = self._view, None
        middle = view.mapToScene(view.viewport().rect().center())
        self.place = self.place if self.place is not None else middle
        self._open(QRectF(self.place.x(), self.place.y(), *NEW_SIZE), "")

    def edit(self, mark: str) -> None:
        """Write in a comment that is there."""
        item = self._view.canvas.notes.comments[mark]
        self._mark = mark
        self._open(item.area, item.comment.text)

    def _open(self, area: QRectF, words: str) -> None:
        view = self._view
        corner = view.mapFromScene(area.topLeft())
        width, height = max(area.width() * view.zoom, NEW_SIZE[0]), max(area.height() * view.zoom, NEW_SIZE[1])
        self.field.open_over(QRectF(corner.x(), corner.y(), width, height), words)

    def _keep(self, words: str) -> None:
        place, self.place = self.place or QPointF(), None
        self._view.editor.groups.write(self._mark, words, place.toTuple())
