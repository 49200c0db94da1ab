"""What a press of the mouse on the canvas takes hold of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent

from ui.canvas.gestures import FoldGesture, Gesture, PanGesture, RepairGesture, SelectGesture
from ui.canvas.link_gesture import LinkGesture, anchor_at, end_at
from ui.canvas.move_gesture import CommentGesture, MoveGesture

if TYPE_CHECKING:
    from ui.canvas.view import CanvasView

ON_WIRE = 7.0


def gesture_for(view: CanvasView, event: QMouseEvent) -> Gesture | None:
    """The gesture that a press begins; None where it begins nothing."""
    if event.button() == Qt.MouseButton.MiddleButton or view.grabs_paper:
        return PanGesture(view, event)
    if event.button() != Qt.MouseButton.LeftButton:
        return None
    canvas = view.canvas
    point = view.mapToScene(event.position().toPoint())
    repair = view.repair_at(event.position().toPoint())
    if repair is not None:
        return RepairGesture(view, event, repair)
    anchor = anchor_at(view, point)
    if anchor is not None:
        return LinkGesture(view, event, anchor)
    item = canvas.node_at(point)
    if item is not None:
        return MoveGesture(view, event, canvas.members(item.facts.id), item.facts.id)
    frame = canvas.notes.frame_at(point)
    if frame is not None:
        if frame.arrow_rect.contains(point):
            return FoldGesture(view, event, frame.block.id)
        return MoveGesture(view, event, frame.block.nodes, frame.block.nodes[0])
    link = canvas.link_at(point, ON_WIRE / min(view.zoom, 1.0))
    if link is not None:
        behind = canvas.shown.links.get(link, (link,))
        return LinkGesture(view, event, end_at(view, point, behind[0]), click=link)
    comment = canvas.notes.comment_at(point)
    if comment is not None:
        return CommentGesture(view, event, comment.comment.id)
    return SelectGesture(view, event)
