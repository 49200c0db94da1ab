"""What one real sample becomes, shown beside each node on request; asked of the engine on a thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from ui.canvas.node_item import HEIGHT, WIDTH, NodeItem
from ui.canvas.sample_paint import image_of, paint_activation
from ui.canvas.view import CanvasView
from ui.moments import later
from ui.theme import RADIUS, S1, S2, tokens
from workbench.core.errors import WorkbenchError

if TYPE_CHECKING:
    from workbench.core.cancel import CancelToken
    from workbench.engine.activations import Activation, Activations

SIDE, LEAST_SIDE = HEIGHT, 28.0
DELAY_MS = 300


class SampleMark(QGraphicsItem):
    """Stands at a node's left side, as its child."""

    def __init__(self, node: NodeItem) -> None:
        super().__init__(node)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.found: Activation | None = None
        self._image: QImage | None = None
        self._side = SIDE

    def show_activation(self, found: Activation, side: float) -> None:
        """Show what the sample is there, in a square of that side."""
        if found is self.found and side == self._side:
            return
        self.prepareGeometryChange()
        self.found, self._side, self._image = found, side, image_of(found)
        self.update()

    def boundingRect(self) -> QRectF:
        return QRectF(-self._side - S2, (HEIGHT - self._side) / 2, self._side, self._side)

    def shape(self) -> QPainterPath:
        return QPainterPath()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if self.found is None:
            return
        box = self.boundingRect().adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens().strong_border), 1))
        painter.setBrush(QColor(tokens().surface))
        painter.drawRoundedRect(box, RADIUS, RADIUS)
        paint_activation(painter, box.adjusted(S1, S1, -S1, -S1), self.found, self._image)


class Samples(QObject):
    """Keeps the answer for the drawing as it is: asked again a moment after each edit that leaves it sound."""

    changed = Signal()  # `answer`, `failure` or `busy` is new

    def __init__(self, view: CanvasView) -> None:
        super().__init__(view)
        self._canvas = view.canvas
        self.on = self.busy = False
        self.row = 0
        self.answer: Activations | None = None
        self.failure = ""
        self._asked = 0
        self._again = False
        self._marked = False
        self._timer = later(self._ask, DELAY_MS, self)
        session = self._canvas.session
        session.report_changed.connect(self._ask_soon)
        session.dataset_changed.connect(self._ask_soon)
        session.opened.connect(self._forget)
        session.changed.connect(self._show)

    def why_not(self) -> str | None:
        """Why no sample can be shown now; None when one can."""
        session = self._canvas.session
        if session.project.dataset is None:
            return self.tr("Pick data first.")
        if session.engine_state != "ready":
            return self.tr("Wait until TensorFlow is loaded.")
        if session.dataset is None:
            return self.tr("Wait until the data are read.")
        if self._canvas.facts.errors:
            return self.tr("Mend the errors of the drawing first.")
        return None

    def turn(self, on: bool) -> None:
        """Show what a sample becomes, or no longer."""
        self.on = on
        if on:
            self._ask()
        else:
            self._timer.stop()
            self._asked += 1
            self.answer, self.failure = None, ""
            self._show()
        self.changed.emit()

    def next(self) -> None:
        """Take another sample."""
        self.row += 1
        self._ask()

    def of(self, node: str) -> Activation | None:
        """What the sample is after a node; None while it is not known."""
        return self.answer.nodes.get(node) if self.answer is not None else None

    def _forget(self) -> None:
        self.row = 0
        self.turn(False)

    def _ask_soon(self) -> None:
        if self.on:
            self._timer.start()

    def _ask(self) -> None:
        session = self._canvas.session
        self.failure = self.why_not() or ""
        dataset = session.dataset
        if self.failure or dataset is None or not self.on:
            self.changed.emit()
            return
        self._asked += 1
        if self.busy:
            self._again = True
            return
        self.busy = True
        current, project, folder, row = self._asked, session.project, session.folder, self.row

        def work(token: CancelToken, progress: object) -> Activations:
            from workbench.engine.activations import activations

            return activations(project, dataset, row, folder=folder, cancel=token)

        def answered(found: Activations) -> None:
            if current == self._asked:
                self.answer = found
                self._show()

        def failed(error: WorkbenchError) -> None:
            if current == self._asked:
                self.failure = str(error)

        task = session.run_task(self.tr("Sending a sample through the model"), work, answered, failed, visible=False)
        task.ended.connect(self._ended)
        self.changed.emit()

    def _ended(self) -> None:
        self.busy = False
        if self._again and self.on:
            self._again = False
            self._ask()
        self.changed.emit()

    def _show(self) -> None:
        """Put the marks on the canvas; smaller ones where a neighbour stands close."""
        if self.answer is None and not self._marked:
            return
        self._marked = self.answer is not None
        rooms = self._rooms() if self.answer is not None else {}
        for node, item in self._canvas.nodes.items():
            mark = next((child for child in item.childItems() if isinstance(child, SampleMark)), None)
            found = self.of(node)
            if found is None:
                if mark is not None:
                    mark.hide()
                continue
            mark = mark if mark is not None else SampleMark(item)
            mark.show_activation(found, rooms[node])
            mark.show()

    def _rooms(self) -> dict[str, float]:
        spots = {node: self._canvas.place_of(node) for node in self._canvas.nodes}
        rows: dict[int, list[float]] = {}
        for spot in spots.values():
            rows.setdefault(round(spot.y() / HEIGHT), []).append(spot.x())
        rooms = {}
        for node, spot in spots.items():
            near = [spot.x() - x - WIDTH for x in rows[round(spot.y() / HEIGHT)] if x < spot.x()]
            rooms[node] = max(min([SIDE, *(gap - S2 for gap in near)]), LEAST_SIDE)
        return rooms
