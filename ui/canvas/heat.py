"""Where the cost sits: nodes tinted by their share of the operations, the parameters or the memory, with a legend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QLinearGradient, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QGraphicsItem, QStyleOptionGraphicsItem, QToolButton, QWidget

from ui.canvas.fonts import pixel_font
from ui.canvas.node_item import HEIGHT, WIDTH, NodeItem
from ui.canvas.view import CanvasView
from ui.canvas.words import bytes_words, short_count
from ui.theme import CAPTION, RADIUS, S1, S2, S3
from ui.theme.colormap import viridis
from ui.widgets import Caption, Card, column, row
from workbench.graph.groups import shown

if TYPE_CHECKING:
    from workbench.engine.check import NodeReport

Measure = Literal["flops", "params", "memory"]
BAND = 8.0
TINT = 0.22
PILL_HEIGHT = 18.0
LEAST_SHARE = 0.005
_LIGHT_FROM = 0.55


def cost_of(report: NodeReport, measure: Measure) -> int:
    """One node's cost: operations a sample, parameters, or bytes kept at this batch size."""
    return {"flops": report.flops, "params": report.params, "memory": report.activation_bytes}[measure]


def cost_words(cost: int, measure: Measure) -> str:
    """A cost for eyes: 1.2 M, 26.4 k, 3.1 MB."""
    return bytes_words(cost) if measure == "memory" else short_count(cost)


class HeatMark(QGraphicsItem):
    """Lies on a node as its child: a tint, a band at its right side, and its share beside that."""

    def __init__(self, node: NodeItem) -> None:
        super().__init__(node)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.heat, self.words = 0.0, ""

    def show_cost(self, heat: float, words: str) -> None:
        """Show a heat from 0 to 1, and the words beside the node."""
        if (heat, words) != (self.heat, self.words):
            self.prepareGeometryChange()
            self.heat, self.words = heat, words
            self.update()

    @property
    def _pill(self) -> QRectF:
        width = QFontMetricsF(pixel_font(CAPTION, QFont.Weight.DemiBold)).horizontalAdvance(self.words) + 2 * S2
        return QRectF(WIDTH - width - S1, HEIGHT - PILL_HEIGHT / 2, width, PILL_HEIGHT)

    def boundingRect(self) -> QRectF:
        return QRectF(0, 0, WIDTH, HEIGHT).united(self._pill).adjusted(-1, -1, 1, 1)

    def shape(self) -> QPainterPath:
        return QPainterPath()  # what is under it is what is pointed at

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        colour = viridis(self.heat)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(0.5, 0.5, WIDTH - 1, HEIGHT - 1), RADIUS, RADIUS)
        tint = QColor(colour)
        tint.setAlphaF(TINT * self.heat)
        painter.fillPath(outline, tint)
        painter.save()
        painter.setClipPath(outline)
        painter.fillRect(QRectF(WIDTH - BAND, 0, BAND, HEIGHT), colour)
        painter.restore()
        if self.words:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawRoundedRect(self._pill, PILL_HEIGHT / 2, PILL_HEIGHT / 2)
            painter.setFont(pixel_font(CAPTION, QFont.Weight.DemiBold))
            painter.setPen(QColor(Qt.GlobalColor.black if self.heat > _LIGHT_FROM else Qt.GlobalColor.white))
            painter.drawText(self._pill, Qt.AlignmentFlag.AlignCenter, self.words)


class Heat(QObject):
    """Tints the canvas while `measure` is set. A folded group shows the sum of what it holds."""

    changed = Signal()

    def __init__(self, view: CanvasView) -> None:
        super().__init__(view)
        self._canvas = view.canvas
        self.measure: Measure | None = None
        self.costs: dict[str, int] = {}
        # After the scene itself, which was there first.
        for signal in (self._canvas.facts.changed, self._canvas.session.changed, self._canvas.session.opened):
            signal.connect(self._follow)

    def set_measure(self, measure: Measure | None) -> None:
        """Tint by a measure; None takes the tint off."""
        if measure != self.measure:
            self.measure = measure
            self._show()

    @property
    def most(self) -> int:
        """The largest cost of a node."""
        return max(self.costs.values(), default=0)

    def _follow(self) -> None:
        if self.measure is not None:
            self._show()

    def _show(self) -> None:
        measure, report = self.measure, self._canvas.session.report
        known = report.by_id if report is not None and measure is not None else {}
        picture, self.costs = shown(self._canvas.session.project.graph), {}
        for node in self._canvas.nodes if measure is not None else ():
            inside = [known[member] for member in picture.members(node) if member in known]
            self.costs[node] = sum(cost_of(entry, measure) for entry in inside) if measure is not None else 0
        total, most = sum(self.costs.values()), self.most
        for node, item in self._canvas.nodes.items():
            mark = next((child for child in item.childItems() if isinstance(child, HeatMark)), None)
            cost = self.costs.get(node, 0)
            if not cost:
                if mark is not None:
                    mark.hide()
                continue
            mark = mark if mark is not None else HeatMark(item)
            share = cost / total
            # The square root lifts small differences to where they are seen.
            mark.show_cost((cost / most) ** 0.5, f"{100 * share:.0f} %" if share >= LEAST_SHARE else "")
            mark.show()
        self.changed.emit()


class _Ramp(QWidget):
    """The colours from little to much."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(S2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        gradient = QLinearGradient(0, 0, self.width(), 0)
        for index in range(11):
            gradient.setColorAt(index / 10, viridis((index / 10) ** 0.5))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(gradient)
        painter.drawRoundedRect(QRectF(self.rect()), 4, 4)


class HeatLegend(Card):
    """What the colours mean, and which cost they show; in the upper left corner of the canvas."""

    def __init__(self, view: CanvasView, heat: Heat) -> None:
        super().__init__(view, margin=S2)
        self._view, self._heat = view, heat
        self.setObjectName("heat_legend")
        self.setAccessibleName(self.tr("Cost of each layer"))
        self.buttons: dict[Measure, QToolButton] = {}
        group = QButtonGroup(self)
        titles: dict[Measure, tuple[str, str]] = {
            "flops": (self.tr("FLOPs"), self.tr("Operations for one sample, estimated")),
            "params": (self.tr("Parameters"), self.tr("Numbers that the layer keeps")),
            "memory": (self.tr("Memory"), self.tr("Activations kept during a training step at this batch size")),
        }
        for measure, (title, words) in titles.items():
            button = self.buttons[measure] = QToolButton(self)
            button.setText(title)
            button.setToolTip(words)
            button.setCheckable(True)
            button.setObjectName(f"heat_{measure}")
            button.clicked.connect(lambda _checked=False, chosen=measure: heat.set_measure(chosen))
            group.addButton(button)
        self._least, self._most = Caption("0"), Caption()
        for caption in (self._least, self._most):
            caption.setWordWrap(False)
        self._most.setObjectName("heat_most")
        self.body.addLayout(row(*self.buttons.values(), None, spacing=S1))
        self.body.addLayout(column(_Ramp(), row(self._least, None, self._most), spacing=S1))
        heat.changed.connect(self.refresh)
        self.move(S3, S3)
        self.hide()

    def refresh(self) -> None:
        """Follow the tint."""
        measure = self._heat.measure
        self.setVisible(measure is not None)
        if measure is None:
            return
        self.buttons[measure].setChecked(True)
        total = sum(self._heat.costs.values())
        most = self.tr("most %1 of %2").replace("%1", cost_words(self._heat.most, measure))
        self._most.setText(most.replace("%2", cost_words(total, measure)) if total else self.tr("not known yet"))
        self.adjustSize()
        self.raise_()

    def event(self, event: QEvent) -> bool:
        # A click between the buttons is not for the canvas below.
        if event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick, QEvent.Type.Wheel):
            return True
        return super().event(event)
