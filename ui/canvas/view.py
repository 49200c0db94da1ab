"""The view: moving about in the scene, and turning mouse, keys and drops into gestures and edits."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
)
from PySide6.QtWidgets import QWidget

from ui.canvas.comment_writer import CommentWriter
from ui.canvas.editor import CanvasEditor
from ui.canvas.gestures import BlockDropGesture, DropGesture, Gesture
from ui.canvas.keys import command_for, typed_text
from ui.canvas.link_gesture import KeyWiring
from ui.canvas.mime import block_of, layer_of
from ui.canvas.navigate import neighbour
from ui.canvas.paper import READABLE, PaperView
from ui.canvas.pressing import gesture_for
from ui.canvas.prompts import Prompts
from ui.canvas.quick_add import QuickAdd, Refusal
from ui.canvas.scene import CanvasScene
from ui.theme import theme, tokens
from workbench.graph.fits import refusal
from workbench.graph.model import INPUT, OUTPUT, Link
from workbench.graph.ports import MAIN
from workbench.graph.problems import Repair


class CanvasView(PaperView):
    """Shows the scene. Gestures and keys end in the editor; what the keys do is listed in `keys`."""

    rename_wanted = Signal(str)  # a node's id
    menu_wanted = Signal(QPoint)  # on the screen

    editor: CanvasEditor

    def __init__(self, scene: CanvasScene, editor: CanvasEditor, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        self.editor = editor
        self.gesture: Gesture | None = None
        self._drop: DropGesture | None = None
        self._space = False
        self.hand = False
        self._wires: list[Link] = []
        self.setObjectName("canvas")
        self.setAccessibleName(self.tr("Architecture"))
        self.setAcceptDrops(True)
        self.viewport().setMouseTracking(True)
        self.quick_add = QuickAdd(self)
        self.quick_add.chosen.connect(self._add_chosen)
        self._onto: tuple[str, str, QPointF, str] | None = None
        self.wiring: KeyWiring | None = None
        self.comments = CommentWriter(self)
        self.prompts = Prompts(self)
        self.quick_add.left.connect(self.setFocus)
        scene.session.opened.connect(self._opened)
        scene.picked.connect(self._describe)
        scene.overhauled.connect(self._show_all)
        # What a gesture holds may be gone after an edit from elsewhere (an undo while dragging).
        scene.session.changed.connect(self.cancel_gesture)
        theme().changed.connect(self._restyle)
        self._restyle()

    def _restyle(self) -> None:
        self.setBackgroundBrush(QColor(tokens().window))

    def _describe(self, nodes: list[str]) -> None:
        """Say what is selected to those who hear the screen."""
        marks = dict.fromkeys(self.canvas.shown.visible(node) for node in nodes[:5])
        words = [self.canvas.nodes[mark].toolTip().replace("\n", ", ") for mark in marks]
        self.setAccessibleDescription("; ".join(words))

    def _opened(self) -> None:
        self.cancel_gesture()
        self.canvas.name_wire(None)
        self._show_all()

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.zoom_by(1 + event.value(), event.position().toPoint())
            return True
        if event.type() == QEvent.Type.Leave and self.gesture is None and self.wiring is None:
            self.canvas.name_wire(None)
        return super().viewportEvent(event)

    # The mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if self.gesture is not None:
            return
        self.leave_wiring()
        self.gesture = gesture_for(self, event)
        event.accept()

    @property
    def grabs_paper(self) -> bool:
        """Whether any drag moves the paper now."""
        return self._space or self.hand

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.gesture is not None:
            self.gesture.move(event)
        else:
            self.show_cursor(event.position().toPoint())
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        gesture, self.gesture = self.gesture, None
        if gesture is not None:
            gesture.release(event)
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        point = self.mapToScene(event.position().toPoint())
        if event.button() != Qt.MouseButton.LeftButton:
            return
        canvas = self.canvas
        item, frame, comment = canvas.node_at(point), canvas.notes.frame_at(point), canvas.notes.comment_at(point)
        if item is not None and item.facts.id in canvas.shown.folded:
            self.editor.groups.fold([canvas.shown.folded[item.facts.id].id], False)
        elif item is not None:
            self.rename_wanted.emit(item.facts.id)
        elif frame is not None:
            self.prompts.rename_group(frame.block.id)
        elif comment is not None:
            self.comments.edit(comment.comment.id)
        else:
            self.open_quick_add(event.position().toPoint())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        canvas, point = self.canvas, self.mapToScene(event.pos())
        item, frame, comment = canvas.node_at(point), canvas.notes.frame_at(point), canvas.notes.comment_at(point)
        if item is not None:
            if not set(canvas.members(item.facts.id)) <= set(canvas.selection()):
                canvas.select(canvas.members(item.facts.id))
        elif frame is not None:
            canvas.select(frame.block.nodes)
        elif (link := canvas.link_at(point, 7.0)) is not None:
            canvas.select_link(link)
        elif comment is not None:
            canvas.select(())
            canvas.select_comments([comment.comment.id])
        self.comments.place = point
        self.menu_wanted.emit(event.globalPos())

    def repair_at(self, point: QPoint) -> Repair | None:
        """The repair whose button is under a point of the viewport."""
        place = self.mapToScene(point)
        item = self.canvas.node_at(place)
        if item is None or item.facts.problem is None or not item.repair_rect.contains(item.mapFromScene(place)):
            return None
        return item.facts.problem.repair

    def show_cursor(self, point: QPoint | None = None) -> None:
        """Show the pointer that says what a press would do."""
        if self._space or self.hand:
            self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
        elif point is not None and self.repair_at(point) is not None:
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        elif point is not None and self.canvas.port_item(self.mapToScene(point)) is not None:
            self.viewport().setCursor(Qt.CursorShape.CrossCursor)
        else:
            self.viewport().unsetCursor()
        self.canvas.name_wire(self.mapToScene(point) if point is not None else None)

    def set_hand(self, on: bool) -> None:
        """Let every drag move the paper."""
        self.hand = on
        self.show_cursor()

    def cancel_gesture(self) -> None:
        """Leave the gesture under way without a trace."""
        self.leave_wiring()
        gesture, self.gesture = self.gesture, None
        if gesture is not None:
            gesture.cancel()

    def start_wiring(self) -> None:
        """Draw a wire from the selected node by keys: the arrows choose its end, Enter links."""
        self.leave_wiring()
        selection = self.canvas.selection()
        if not selection:
            return
        self.wiring = KeyWiring(self, selection[-1])
        if self.wiring.empty:
            self.leave_wiring()
            self.canvas.session.noticed.emit("info", self.tr("No other layer can be linked to this one."), "")

    def leave_wiring(self) -> None:
        """Leave the wire that is drawn by keys."""
        wiring, self.wiring = self.wiring, None
        if wiring is not None:
            wiring.clear()

    def add_to_wire(self, node: str, port: str, point: QPointF, way: str = MAIN) -> None:
        """Ask for the layer that a wire let go at a point of the scene leads to, or comes from."""
        self._onto = (node, port, point, way)
        self.quick_add.open_at(self.mapFromScene(point), "", self._refusal(node if not port else None, way))

    def _refusal(self, node: str | None, way: str = MAIN) -> Refusal:
        """Why a layer does not fit behind a node; before one (None) all do but those that nothing follows."""
        report = self.canvas.session.report
        found = report.by_id.get(node) if report is not None and node is not None else None
        shape = found.output_shapes.get(way, found.output_shape) if found is not None else None
        axes = len(shape) if shape is not None else None
        if node is None:
            return lambda spec: self.tr("nothing can follow it") if spec.name == OUTPUT else None
        return lambda spec: refusal(spec, axes)

    def _add_chosen(self, layer: str) -> None:
        onto, self._onto = self._onto, None
        if onto is not None:
            self.editor.wires.add(layer, onto[0], onto[1], onto[2].toTuple(), onto[3])
        else:
            self.editor.add_after_selection(layer)

    # The keyboard

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            # With the focus here, these keys mean the canvas even where a menu has the same shortcut.
            if command_for(event) is not None:
                event.accept()
                return True
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in self._own_keys():
            if self.wiring is not None:
                self.wiring.key(event)
            else:
                self.open_quick_add()
            return True
        return super().event(event)

    def _own_keys(self) -> tuple[Qt.Key, ...]:
        """Keys that do not take the focus elsewhere here."""
        return (Qt.Key.Key_Tab, Qt.Key.Key_Backtab) if self.wiring is not None else (Qt.Key.Key_Tab,)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.wiring is not None:
            self.wiring.key(event)
        elif event.key() == Qt.Key.Key_Escape:
            self._escape()
        elif event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = True
            self.show_cursor()
        elif (command := command_for(event)) is not None:
            command(self)
        elif text := typed_text(event):
            self.open_quick_add(text=text)
        elif event.key() != Qt.Key.Key_Space:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = False
            self.show_cursor()
        super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._space = False
        self.cancel_gesture()
        super().focusOutEvent(event)

    def _escape(self) -> None:
        if self.gesture is not None:
            self.cancel_gesture()
        else:
            self.canvas.select([])

    def step_wire(self, way: int) -> None:
        """Select the next wire (1) or the one before (-1): of the selected node's, or of all."""
        canvas = self.canvas
        graph = canvas.shown.graph
        marks = {canvas.shown.visible(node) for node in canvas.selection()}
        current = canvas.chosen_link
        if current is not None:
            self._wires = [link for link in self._wires if link in canvas.edges] or list(canvas.edges)
        else:
            self._wires = [link for link in graph.links if not marks or {link.source, link.target} & marks]
        if self._wires:
            place = self._wires.index(current) + way if current in self._wires else min(way, 0)
            canvas.select_link(self._wires[place % len(self._wires)])

    def step(self, direction: str) -> None:
        """Go from the selected node to the next one "up", "down", "left" or "right"."""
        selection = self.canvas.selection()
        node = neighbour(self.canvas, selection[-1] if selection else None, direction)
        if node is not None:
            self.show_node(node)

    @property
    def has_selection(self) -> bool:
        """Whether a node, a wire or a comment is selected."""
        canvas = self.canvas
        return bool(canvas.selectedItems() or canvas.chosen_link is not None or canvas.notes.chosen)

    def lay_out(self, across: bool) -> None:
        """Lay everything out anew and show it."""
        self.editor.arrange.lay_out(across)
        self.fit(READABLE)

    def select_all(self) -> None:
        """Select every node."""
        self.canvas.select(self.canvas.graph.by_id.keys())
        self.canvas.select_comments(self.canvas.notes.comments.keys())

    def rename_selected(self) -> None:
        """Put the cursor in the name of the selected node."""
        selection, touched = self.canvas.selection(), self.editor.groups.touched()
        if len(selection) == 1:
            self.rename_wanted.emit(selection[0])
        elif len(touched) == 1:
            self.prompts.rename_group(touched[0])
        elif len(self.canvas.notes.chosen) == 1:
            self.comments.edit(next(iter(self.canvas.notes.chosen)))

    def open_quick_add(self, point: QPoint | None = None, text: str = "") -> None:
        """Open the menu to add a layer; by default beside the selection."""
        self._onto = None
        selection = self.canvas.selection()
        behind = [node for node in selection if self.canvas.graph.outgoing[node] or len(selection) == 1]
        if point is None:
            spot = self.canvas.bounds(selection[-1:]).topRight() + QPointF(12, 0) if selection else None
            point = self.mapFromScene(spot) if spot is not None else self.viewport().rect().center()
        anchor = behind[-1] if behind and self.canvas.graph.by_id[behind[-1]].layer != OUTPUT else None
        refusal = self._refusal(anchor) if anchor is not None else None
        # A further Input stands beside the drawing, whatever is selected.
        self.quick_add.open_at(point, text, refusal and (lambda spec: None if spec.name == INPUT else refusal(spec)))

    # Drops

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        layer, block = layer_of(event.mimeData()), block_of(event.mimeData())
        if layer is None and block is None:
            event.ignore()
            return
        self._drop = DropGesture(self, layer) if layer is not None else BlockDropGesture(self, block or "")
        self._drop.move(event.position().toPoint())
        event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if self._drop is None:
            event.ignore()
            return
        self._drop.move(event.position().toPoint())
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        drop, self._drop = self._drop, None
        if drop is not None:
            drop.cancel()

    def dropEvent(self, event: QDropEvent) -> None:
        drop, self._drop = self._drop, None
        if drop is None:
            event.ignore()
            return
        drop.move(event.position().toPoint())
        drop.drop()
        event.acceptProposedAction()
        self.setFocus(Qt.FocusReason.MouseFocusReason)
