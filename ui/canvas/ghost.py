"""A repair as it would look, drawn dashed over the canvas while one points at it; and the words for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QMouseEvent, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from ui.canvas.fonts import pixel_font
from ui.canvas.node_item import HEIGHT, WIDTH
from ui.canvas.view import CanvasView
from ui.theme import CAPTION, RADIUS, S2, tokens
from workbench.core.errors import WorkbenchError
from workbench.graph.foretold import Change, Shapes, change
from workbench.graph.problems import Repair
from workbench.graph.repairs import repaired

if TYPE_CHECKING:
    from workbench.engine.check import CheckReport

BOX_HEIGHT = 28.0
GAP = 20.0
PILL_HEIGHT = 22.0


class Ghost(QGraphicsItem):
    """Boxes for what would come, a veil over what would go, rings and pills for what would change."""

    def __init__(self) -> None:
        super().__init__()
        self.setZValue(4)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self._area = QRectF()
        self.boxes: list[tuple[QRectF, str, str]] = []
        self.rings: list[QRectF] = []
        self.veils: list[QRectF] = []
        self.pills: list[tuple[QRectF, str]] = []
        self.wires: list[tuple[QPointF, QPointF]] = []
        self.hide()

    def show_change(self, told: Change, places: Callable[[str], QPointF], shapes: Shapes | None) -> None:
        """Show what a change would make of the canvas.

        Args:
            told: The change.
            places: Where a node of the canvas stands.
            shapes: Each node's output after the change, where it is known.
        """
        self.prepareGeometryChange()
        body = QRectF(0, 0, WIDTH, HEIGHT)
        below, above = QPointF(WIDTH / 2, HEIGHT), QPointF(WIDTH / 2, 0)
        small = QFontMetricsF(pixel_font(CAPTION))
        self.boxes, self.pills = [], []
        for node in told.added:
            source, target = told.ends(node.id)
            # Above the target, where no sentence of the source's stands.
            way = QPointF(0, GAP + len(self.boxes) * (BOX_HEIGHT + 2))
            if target is not None:
                middle = places(target) + above - way
            elif source is not None:
                middle = places(source) + below + way
            else:
                continue
            sizes = told.sizes(node.id, shapes)
            bold = QFontMetricsF(pixel_font(CAPTION, QFont.Weight.DemiBold)).horizontalAdvance(node.layer)
            width = max(WIDTH + 20, bold + small.horizontalAdvance(sizes) + 5 * S2)
            box = QRectF(middle.x() - width / 2, middle.y() - BOX_HEIGHT / 2, width, BOX_HEIGHT)
            self.boxes.append((box, node.layer, sizes))
        self.veils = [body.translated(places(node.id)) for node in told.removed]
        self.rings = list({one.node.id: body.translated(places(one.node.id)) for one in told.settings}.values())
        for one in told.settings:
            width = small.horizontalAdvance(one.words) + 2 * S2
            row = sum(1 for other in told.settings[: told.settings.index(one)] if other.node.id == one.node.id)
            corner = places(one.node.id) + QPointF(WIDTH - width - S2, -PILL_HEIGHT / 2 + row * (PILL_HEIGHT + 2))
            self.pills.append((QRectF(corner.x(), corner.y(), width, PILL_HEIGHT), one.words))
        self.wires = [(places(link.source) + below, places(link.target) + above) for link in told.linked]
        self._measure()
        self.setVisible(not self._area.isNull())
        self.update()

    def _measure(self) -> None:
        area = QRectF()
        for rect in (*self.rings, *self.veils, *(box for box, _, _ in self.boxes), *(pill for pill, _ in self.pills)):
            area = area.united(rect)
        for start, end in self.wires:
            area = area.united(QRectF(start, end).normalized().adjusted(-1, -1, 1, 1))
        self._area = area

    def boundingRect(self) -> QRectF:
        return self._area.adjusted(-6, -6, 6, 6)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        colours = tokens()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(colours.window)
        veil.setAlphaF(0.65)
        painter.setPen(QPen(QColor(colours.danger), 2, Qt.PenStyle.DashLine))
        painter.setBrush(veil)
        for rect in self.veils:
            painter.drawRoundedRect(rect, RADIUS, RADIUS)
        dashed = QPen(QColor(colours.accent), 2, Qt.PenStyle.DashLine)
        painter.setPen(dashed)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for rect in self.rings:
            painter.drawRoundedRect(rect.adjusted(-3, -3, 3, 3), RADIUS + 2, RADIUS + 2)
        for start, end in self.wires:
            bend = QPointF(0, max(abs(end.y() - start.y()) / 2, 12.0))
            path = QPainterPath(start)
            path.cubicTo(start + bend, end - bend, end)
            painter.drawPath(path)
        for rect, layer, sizes in self.boxes:
            painter.setPen(QPen(QColor(colours.accent), 1.5, Qt.PenStyle.DashLine))
            painter.setBrush(QColor(colours.wash))
            painter.drawRoundedRect(rect, RADIUS, RADIUS)
            inner = rect.adjusted(S2 + 4, 0, -S2 - 4, 0)
            painter.setPen(QColor(colours.text))
            painter.setFont(pixel_font(CAPTION, QFont.Weight.DemiBold))
            painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, layer)
            painter.setFont(pixel_font(CAPTION))
            painter.setPen(QColor(colours.muted))
            painter.drawText(inner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, sizes)
        painter.setFont(pixel_font(CAPTION))
        for rect, words in self.pills:
            painter.setPen(QPen(QColor(colours.accent), 1))
            painter.setBrush(QColor(colours.wash))
            painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
            painter.setPen(QColor(colours.text))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, words)


class RepairPreview(QObject):
    """Shows the ghost of the repair that is pointed at. `told` carries the sentence, empty when nothing is."""

    told = Signal(str)

    def __init__(self, view: CanvasView) -> None:
        super().__init__(view)
        self._view = view
        self.ghost = Ghost()
        view.canvas.addItem(self.ghost)
        self.repair: Repair | None = None
        self._watched: WeakKeyDictionary[QObject, Callable[[], Repair | None]] = WeakKeyDictionary()
        view.viewport().installEventFilter(self)
        view.canvas.session.changed.connect(self.hide)
        view.canvas.session.opened.connect(self.hide)

    def watch(self, button: QWidget, repair: Callable[[], Repair | None]) -> None:
        """Show what a button would do while the pointer or the keyboard is on it."""
        self._watched[button] = repair
        button.installEventFilter(self)

    def words(self, repair: Repair) -> str:
        """What a repair would do, without the sizes; its label where it can no longer be done."""
        found = self._change(repair)
        return found.words() if found is not None else repair.label

    def show(self, repair: Repair | None) -> None:
        """Show what a repair would do; None shows nothing."""
        if repair == self.repair:
            return
        self.hide()
        found = self._change(repair) if repair is not None else None
        if repair is None or found is None:
            return
        self.repair = repair
        self._draw(found, None)
        self._ask(repair, found)

    def hide(self) -> None:
        """Show nothing."""
        if self.repair is not None:
            self.repair = None
            self.ghost.hide()
            self.told.emit("")

    def _change(self, repair: Repair) -> Change | None:
        graph = self._view.canvas.session.project.graph
        try:
            return change(graph, repaired(graph, repair))
        except (WorkbenchError, KeyError):
            return None

    def _draw(self, found: Change, shapes: Shapes | None) -> None:
        self.ghost.show_change(found, self._view.canvas.place_of, shapes)
        self.told.emit(found.words(shapes))

    def _ask(self, repair: Repair, found: Change) -> None:
        """Let Keras say what sizes would come of it."""
        session = self._view.canvas.session
        if session.engine_state != "ready" or not found.added:
            return
        project = session.project.model_copy(update={"graph": found.after})

        def work(token: object, progress: object) -> CheckReport:
            from workbench.engine.check import check

            return check(project)

        def answered(report: CheckReport) -> None:
            if self.repair == repair and session.project.graph == found.before:
                self._draw(found, {node.id: node.output_shape for node in report.nodes})

        session.run_task(self.tr("Checking a repair"), work, answered, lambda _: None, visible=False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if watched in self._watched:
            if kind in (QEvent.Type.Enter, QEvent.Type.FocusIn):
                self.show(self._watched[watched]())
            elif kind in (QEvent.Type.Leave, QEvent.Type.FocusOut, QEvent.Type.Hide):
                self.hide()
        elif isinstance(event, QMouseEvent) and kind == QEvent.Type.MouseMove and self._view.gesture is None:
            self._point(event)
        elif kind == QEvent.Type.Leave and watched is self._view.viewport():
            self.hide()
        return super().eventFilter(watched, event)

    def _point(self, event: QMouseEvent) -> None:
        repair = self._view.repair_at(event.position().toPoint())
        if repair is not None:
            self.show(repair)
        elif self.repair is not None:
            self.hide()
