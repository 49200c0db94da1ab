"""One layer on the canvas, painted in one piece."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QLineF, QMarginsF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from ui.canvas.facts import NodeFacts
from ui.canvas.fonts import fitting_font, pixel_font
from ui.canvas.swatch import pictured
from ui.theme import BODY, CAPTION, RADIUS, S1, S2, S3, tokens
from workbench.graph.edits import port_of
from workbench.graph.layout import Point
from workbench.graph.model import Graph, Link
from workbench.graph.ports import MAIN

Flow = Literal["down", "right"]

WIDTH, HEIGHT = 220.0, 56.0
BAR = 4.0
STRIP_WIDTH = 248.0
"""Narrow enough for the strips of two neighbours to stand side by side."""
STRIP_GAP = 6.0
BUTTON_HEIGHT = 24.0
BESIDE = 3
"""As many lines a sentence may have beside the button of its repair; a longer one has the button under it."""
DETAIL_FROM = 0.4
PORT = 4.5
PORT_REACH = 11.0
STACK = 6.0
BODY_MARGINS = QMarginsF(8, 8, 8, 8)
BODY_BOUNDS = QRectF(0, 0, WIDTH, HEIGHT).marginsAdded(BODY_MARGINS)


def _part(place: int, main: int, spare: int) -> float:
    """How far along its side a port stands: the main ones evenly, those that may be left free behind the middle."""
    if place < main:
        return (place + 1) / (main + 1)
    return 0.5 + 0.5 * (place - main + 1) / (spare + 1)


_WRAP = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class NodeItem(QGraphicsObject):
    """The picture of a node; the origin is its upper left corner. Gestures ask where they hit; it gets no events."""

    def __init__(self, facts: NodeFacts) -> None:
        super().__init__()
        self.facts = facts
        self.setFlag(self.GraphicsItemFlag.ItemIsSelectable)
        self.setCacheMode(self.CacheMode.DeviceCoordinateCache)
        self.setZValue(1)
        self.lifted = False
        self.flow: Flow = "down"
        self._fits: bool | None = None
        self._port, self._backward = "", False
        self.strip_height = 0.0
        """How much room the sentence under the node takes."""
        self._measure()
        self._describe()

    def show_facts(self, facts: NodeFacts) -> None:
        """Show other facts; nothing is repainted when they are the same."""
        if facts is self.facts or facts == self.facts:
            return
        self.prepareGeometryChange()
        self.facts = facts
        self._measure()
        self._describe()
        self.update()

    def lift(self, lifted: bool) -> None:
        """Draw as held in the hand."""
        self.lifted = lifted
        self.setZValue(2 if lifted else 1)
        self.setOpacity(0.85 if lifted else 1.0)

    @property
    def repair_rect(self) -> QRectF:
        """Where the repair button is, in the item's coordinates; null when there is none."""
        return self._button

    @property
    def entry(self) -> QPointF:
        """Where a wire into the first input comes in, in the scene."""
        return self.entry_of("")

    def entry_of(self, port: str) -> QPointF:
        """Where a wire comes into an input, in the scene; the middle where there is no input of that name."""
        return self.pos() + self._spot(port)

    @property
    def exit(self) -> QPointF:
        """Where a wire goes out, in the scene."""
        return self.exit_of(MAIN)

    def exit_of(self, port: str) -> QPointF:
        """Where a wire goes out of an output, in the scene; the first where there is no output of that name."""
        return self.pos() + QPointF(*self.spot_out(port))

    def spot_out(self, port: str) -> Point:
        """Where a wire goes out of an output, from the node's corner."""
        names = self.facts.outputs
        part = _part(names.index(port), 1, len(names) - 1) if port in names else 0.5
        return (WIDTH * part, HEIGHT) if self.flow == "down" else (WIDTH, HEIGHT * part)

    def spot_of(self, graph: Graph, link: Link) -> Point:
        """Where a link of a drawing comes in, from the node's corner."""
        if len(self.facts.ports) > 1:
            spot = self._spot(port_of(graph, link))
            return spot.x(), spot.y()
        return (WIDTH / 2, 0.0) if self.flow == "down" else (0.0, HEIGHT / 2)

    def _spot(self, port: str) -> QPointF:
        ports, spare = self.facts.ports, self.facts.spare
        part = _part(ports.index(port), len(ports) - spare, spare) if port in ports else 0.5
        return QPointF(WIDTH * part, 0) if self.flow == "down" else QPointF(0, HEIGHT * part)

    def port_at(self, point: QPointF) -> str | None:
        """The input under a point of the scene, "" for an output (see `exit_at`), None where no port is."""
        spots = [(QLineF(self.entry_of(port), point).length(), port) for port in self.facts.ports]
        if self.facts.leads_on:
            spots += [(QLineF(self.exit_of(port), point).length(), "") for port in self.facts.outputs]
        distance, port = min(spots, default=(PORT_REACH + 1, None))
        return port if distance <= PORT_REACH else None

    def exit_at(self, point: QPointF | None) -> str:
        """The output under a point of the scene; the first where none is."""
        if point is None:
            return MAIN
        spots = [(QLineF(self.exit_of(port), point).length(), port) for port in self.facts.outputs]
        distance, port = min(spots)
        return port if distance <= PORT_REACH else MAIN

    def turn(self, flow: Flow) -> None:
        """Have the wires come and go at the upper and lower, or at the left and right side."""
        if flow != self.flow:
            self.flow = flow
            self.update()

    def show_fit(self, fits: bool | None, port: str = "", *, backward: bool = False) -> None:
        """While a wire is drawn: whether it could end here, and in which input it would; None when none is drawn.

        `backward` says that it is drawn from an input, and so would end in this node's output.
        """
        if (fits, port, backward) != (self._fits, self._port, self._backward):
            self._fits, self._port, self._backward = fits, port, backward
            self.setOpacity(0.4 if fits is False else 1.0)
            self.update()

    @property
    def fits(self) -> bool | None:
        return self._fits

    def _describe(self) -> None:
        facts = self.facts
        lines = [f"{facts.title} {facts.name}".strip(), facts.summary]
        if facts.shape:
            lines.append(self.tr("Output %1").replace("%1", facts.shape))
        if facts.shared:
            lines.append(self.tr("Uses the layer of %1 again").replace("%1", facts.shared))
        if facts.params:
            lines.append(self.tr("%1 parameters").replace("%1", facts.params))
        if facts.problem is not None:
            lines += [facts.problem.message, facts.problem.hint]
        self.setToolTip("\n".join(line for line in lines if line))

    def _measure(self) -> None:
        problem = self.facts.problem
        self._strip, self._button, self._sentence = QRectF(), QRectF(), QRectF()
        self._bounds, self.strip_height = BODY_BOUNDS, 0.0
        if problem is None:
            return
        metrics = QFontMetricsF(pixel_font(CAPTION))
        button_width = metrics.horizontalAdvance(problem.repair.label) + 2 * S3 if problem.repair is not None else 0.0
        whole, lines = STRIP_WIDTH - 2 * S3, BESIDE * metrics.lineSpacing()
        height = _height(metrics, problem.message, max(whole - button_width - S2, 1.0) if button_width else whole)
        below = button_width > 0 and height > lines
        if below:
            height = _height(metrics, problem.message, whole) + S2 + BUTTON_HEIGHT
        height = max(height, BUTTON_HEIGHT) + 2 * S2
        left = (WIDTH - STRIP_WIDTH) / 2
        self._strip = QRectF(left, HEIGHT + STRIP_GAP, STRIP_WIDTH, height)
        self._bounds, self.strip_height = BODY_BOUNDS.united(self._strip.adjusted(-8, -8, 8, 8)), height + STRIP_GAP
        if button_width:
            top = self._strip.bottom() - S2 - BUTTON_HEIGHT if below else self._strip.center().y() - BUTTON_HEIGHT / 2
            corner = QPointF(self._strip.right() - S2 - button_width, top)
            self._button = QRectF(corner, QSizeF(button_width, BUTTON_HEIGHT))
        self._sentence = self._strip.adjusted(S3, S1, -S3, -S1)
        if below:
            self._sentence.setBottom(self._button.top() - S1)
        elif button_width:
            self._sentence.setRight(self._button.left() - S2)

    def boundingRect(self) -> QRectF:
        return self._bounds

    def shape(self) -> QPainterPath:
        path = QPainterPath()
        path.addRect(QRectF(0, 0, WIDTH, HEIGHT).adjusted(-PORT, -PORT, PORT, PORT))
        if not self._strip.isNull():
            path.addRect(self._strip)
        return path

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        colours = tokens()
        body = QRectF(0.5, 0.5, WIDTH - 1, HEIGHT - 1)
        bar = QColor(colours.category(self.facts.category))
        problem = self.facts.problem
        ring = None
        if problem is not None:
            ring = colours.danger if problem.severity == "error" else colours.warning
        if self.isSelected():
            ring = colours.accent
        if QStyleOptionGraphicsItem.levelOfDetailFromTransform(painter.worldTransform()) < DETAIL_FROM:
            painter.fillRect(body, QColor(colours.raised))
            painter.fillRect(QRectF(0, 0, 12, HEIGHT), bar)
            painter.setPen(QPen(QColor(ring or colours.strong_border), 4 if ring else 2))
            painter.drawRect(body)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.facts.layers:
            self._paint_stack(painter, ring)
        outline = QPainterPath()
        outline.addRoundedRect(body, RADIUS, RADIUS)
        painter.fillPath(outline, QColor(colours.wash if self.isSelected() else colours.raised))
        painter.save()
        painter.setClipPath(outline)
        painter.fillRect(QRectF(0, 0, BAR + 0.5, HEIGHT), bar)
        painter.restore()
        painter.setPen(QPen(QColor(ring or colours.strong_border), 2 if ring else 1))
        painter.drawPath(outline)
        self._paint_words(painter)
        self._paint_ports(painter)
        if problem is not None:
            self._paint_strip(painter)

    def _paint_stack(self, painter: QPainter, ring: str | None) -> None:
        """A second sheet behind the first: here more than one layer lies."""
        colours = tokens()
        painter.setPen(QPen(QColor(ring or colours.strong_border), 1))
        painter.setBrush(QColor(colours.surface))
        for step in (STACK, STACK / 2):
            painter.drawRoundedRect(QRectF(step, step, WIDTH - 0.5, HEIGHT - 0.5), RADIUS, RADIUS)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_ports(self, painter: QPainter) -> None:
        colours = tokens()
        facts = self.facts
        spots = [(port, self._spot(port), False) for port in facts.ports]
        if facts.leads_on:
            spots += [(port, QPointF(*self.spot_out(port)), True) for port in facts.outputs]
        free = facts.ports[len(facts.ports) - facts.spare :] if facts.spare else ()
        for port, spot, out in spots:
            lit = bool(self._fits) and self._backward == out and self._port in ("", port)
            painter.setPen(QPen(QColor(colours.accent if lit or self.isSelected() else colours.faint), 1.5))
            painter.setBrush(QColor(colours.accent if lit else colours.raised))
            minor = port in free if not out else port != facts.outputs[0]
            size = PORT + 1.5 if lit else PORT - 1 if minor else PORT
            painter.drawEllipse(spot, size, size)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_words(self, painter: QPainter) -> None:
        colours, facts = tokens(), self.facts
        left, right = BAR + S3, WIDTH - S3
        if facts.shared or facts.layers:
            mark = pictured("link" if facts.shared else "layers", colours.muted)
            painter.drawPixmap(QPointF(right - 14, 11), mark)
            right -= 18
        top, bottom = QRectF(left, 8, right - left, 20), QRectF(left, 29, WIDTH - S3 - left, 18)
        end = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        begin = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        small = QFontMetricsF(pixel_font(CAPTION))

        painter.setFont(pixel_font(CAPTION))
        painter.setPen(QColor(colours.faint if facts.pending else colours.muted))
        shape = "…" if facts.pending else facts.shape
        painter.drawText(top, end, shape)
        painter.drawText(bottom, end, facts.params)

        room = bottom.width() - small.horizontalAdvance(facts.params) - (S2 if facts.params else 0)
        painter.setPen(QColor(colours.faint if facts.frozen else colours.muted))
        words = small.elidedText(facts.summary, Qt.TextElideMode.ElideRight, room)
        painter.drawText(bottom, begin, words)

        room = top.width() - small.horizontalAdvance(shape) - S2
        title_font = fitting_font(pixel_font(BODY, QFont.Weight.DemiBold), facts.title, room)
        title = QFontMetricsF(title_font)
        painter.setFont(title_font)
        painter.setPen(QColor(colours.faint if facts.frozen else colours.text))
        words = title.elidedText(facts.title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(top, begin, words)
        used = title.horizontalAdvance(words) + S2
        if facts.name and room - used > 24:
            painter.setFont(pixel_font(CAPTION))
            painter.setPen(QColor(colours.muted))
            name = small.elidedText(facts.name, Qt.TextElideMode.ElideRight, room - used)
            painter.drawText(top.adjusted(used, 0, 0, 0), begin, name)

    def _paint_strip(self, painter: QPainter) -> None:
        problem = self.facts.problem
        assert problem is not None
        colours = tokens()
        grave = QColor(colours.danger if problem.severity == "error" else colours.warning)
        box = QPainterPath()
        box.addRoundedRect(self._strip.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        painter.fillPath(box, QColor(colours.surface))
        painter.setPen(QPen(QColor(colours.border), 1))
        painter.drawPath(box)
        painter.setFont(pixel_font(CAPTION))
        painter.setPen(grave)
        painter.drawText(self._sentence, _WRAP, problem.message)
        if problem.repair is not None:
            button = QPainterPath()
            button.addRoundedRect(self._button, RADIUS, RADIUS)
            painter.fillPath(button, QColor(colours.accent))
            painter.setPen(QColor(colours.on_accent))
            painter.drawText(self._button, Qt.AlignmentFlag.AlignCenter, problem.repair.label)


def _height(metrics: QFontMetricsF, words: str, width: float) -> float:
    """How high a sentence of the strip is at this width."""
    return metrics.boundingRect(QRectF(0, 0, width, 1000), _WRAP, words).height()
