"""Drawing wires: from port to port in either direction, an end taken elsewhere, by the mouse or by keys alone."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent

from ui.canvas.gestures import Gesture
from ui.canvas.node_item import NodeItem
from workbench.graph import edits
from workbench.graph.edits_links import port_of
from workbench.graph.model import Link
from workbench.graph.ports import MAIN

if TYPE_CHECKING:
    from ui.canvas.view import CanvasView

_ARROWS = {Qt.Key.Key_Up: "up", Qt.Key.Key_Down: "down", Qt.Key.Key_Left: "left", Qt.Key.Key_Right: "right"}


@dataclasses.dataclass(frozen=True)
class Anchor:
    """The end of a wire that stays: a node of the document, and its input, or "" for an output, then named by `output`.

    `replugs` is the link whose other end is in the hand; None for a new wire.
    """

    node: str
    port: str = ""
    replugs: Link | None = None
    output: str = MAIN


class Wiring:
    """A wire in the making: what fits is lit, what does not says why, and it ends in one edit or in none."""

    def __init__(self, view: CanvasView, anchor: Anchor) -> None:
        self.view, self.anchor = view, anchor
        canvas = view.canvas
        graph = canvas.graph
        if anchor.replugs is not None:
            graph = edits.disconnect(graph, anchor.replugs)
        self.graph = graph
        self.reasons = (
            edits.sources(graph, anchor.node, anchor.port)
            if anchor.port
            else edits.targets(graph, anchor.node, anchor.output)
        )
        self.hidden = canvas.edges.get(canvas.shown.drawn(anchor.replugs) or anchor.replugs) if anchor.replugs else None
        if self.hidden is not None:
            self.hidden.setOpacity(0.15)
        home = canvas.shown.visible(anchor.node)
        fits = {mark: self.reason(mark) is None for mark in canvas.nodes if mark != home}
        canvas.show_fits(fits, backward=bool(anchor.port))

    def end_of(self, mark: str) -> str | None:
        """The node of the document that a wire to a node on the screen ends in; None for a group of several."""
        inside = self.view.canvas.members(mark)
        if len(inside) == 1:
            return inside[0]
        links = self.graph.incoming if self.anchor.port == "" else self.graph.outgoing
        forward = self.anchor.port == ""
        ends = [
            node
            for node in inside
            if not any((link.source if forward else link.target) in inside for link in links[node])
        ]
        return ends[0] if len(ends) == 1 else None

    def reason(self, mark: str) -> str | None:
        """Why the wire cannot end in a node on the screen."""
        if mark == self.view.canvas.shown.visible(self.anchor.node):
            return _tr("A network must not run in a circle.")
        end = self.end_of(mark)
        if end is None:
            return _tr("Unfold the group to choose the layer inside.")
        return self.reasons.get(end)

    def port(self, item: NodeItem, point: QPointF | None) -> str:
        """The input that a wire to this point of a node goes into; where it is drawn backwards, the output."""
        if item.facts.layers:
            return ""
        if self.anchor.port:
            return item.exit_at(point)
        exact = item.port_at(point) if point is not None else None
        return exact or edits.free_port(self.graph, item.facts.id)

    def refusal(self, item: NodeItem, port: str) -> str | None:
        """Why the wire cannot end in this input, or this output, of a node."""
        found = self.reason(item.facts.id)
        end = self.end_of(item.facts.id)
        if found is None and port and end is not None:
            if self.anchor.port:
                return edits.can_connect(self.graph, end, self.anchor.node, self.anchor.port, port)
            return edits.can_connect(self.graph, self.anchor.node, end, port, self.anchor.output)
        return found

    def show(self, item: NodeItem | None, port: str, point: QPointF) -> None:
        """Draw the wire to a node, or to a point of the scene where there is none."""
        canvas = self.view.canvas
        home = canvas.nodes[canvas.shown.visible(self.anchor.node)]
        refusal = self.refusal(item, port) if item is not None else None
        fits = item is not None and refusal is None
        for other in canvas.nodes.values():
            if other.fits:
                other.show_fit(True, port if other is item else "", backward=bool(self.anchor.port))
        loose, fixed = point, home.entry_of(self.anchor.port) if self.anchor.port else home.exit_of(self.anchor.output)
        if item is not None and fits:
            loose = item.exit_of(port) if self.anchor.port else item.entry_of(port)
        ends = (loose, fixed) if self.anchor.port else (fixed, loose)
        canvas.loose.show_between(*ends, canvas.flow, fits or item is None)
        canvas.say(refusal or self._words(item, port), point + QPointF(0, -26), bad=refusal is not None)

    def _words(self, item: NodeItem | None, port: str) -> str:
        if item is None:
            return _tr("Let go to take the wire off") if self.anchor.replugs else _tr("Let go to add a layer")
        target, at = (self.anchor.node, self.anchor.port) if self.anchor.port else (self.end_of(item.facts.id), port)
        old = edits.replaced_by(self.graph, target, at or "input") if target is not None else None
        name = at if not self.anchor.port and len(item.facts.ports) > 1 else ""
        if len(self.graph_outputs(item)) > 1:
            name = " → ".join(filter(None, (port if self.anchor.port else self.anchor.output, name)))
        if old is not None:
            words = _tr("In place of %1").replace("%1", self.graph.by_id[old.source].name)
            return f"{name}: {words}" if name else words
        return name

    def graph_outputs(self, item: NodeItem) -> tuple[str, ...]:
        """The outputs that the wire may come from: those of the node it is held by, or of the one it is drawn to."""
        canvas = self.view.canvas
        source = item if self.anchor.port else canvas.nodes[canvas.shown.visible(self.anchor.node)]
        return source.facts.outputs

    def finish(self, item: NodeItem | None, port: str, point: QPointF) -> None:
        """Let go: link, take off, or ask for the layer to come."""
        refusal = self.refusal(item, port) if item is not None else None
        end = self.end_of(item.facts.id) if item is not None else None
        self.clear()
        view, anchor = self.view, self.anchor
        if item is None:
            if anchor.replugs is not None:
                view.editor.wires.cut(anchor.replugs)
            else:
                view.add_to_wire(anchor.node, anchor.port, point, anchor.output)
        elif refusal is None and end is not None:
            way = (port or MAIN) if anchor.port else anchor.output
            view.editor.wires.join(anchor.node, anchor.port, end, port, anchor.replugs, way)

    def clear(self) -> None:
        """Take what was drawn off the screen."""
        canvas = self.view.canvas
        if self.hidden is not None:
            self.hidden.setOpacity(1.0)
        canvas.loose.hide()
        canvas.say("", QPointF())
        canvas.show_fits(None)


class LinkGesture(Gesture):
    """Drag from a port to another. A press on a taken input, or near a wire's end, takes that end in the hand."""

    def __init__(self, view: CanvasView, event: QMouseEvent, anchor: Anchor, click: Link | None = None) -> None:
        super().__init__(view, event)
        self._anchor, self._click = anchor, click
        self._wiring: Wiring | None = None

    def move(self, event: QMouseEvent) -> None:
        if self._wiring is None:
            if not self.went_far(event):
                return
            self._wiring = Wiring(self.view, self._anchor)
        item, port, point = self._under(event)
        self._wiring.show(item, port, point)
        self.view.scroll_near_edge(event.position().toPoint())

    def _under(self, event: QMouseEvent) -> tuple[NodeItem | None, str, QPointF]:
        point = self.view.mapToScene(event.position().toPoint())
        item = self.view.canvas.port_item(point) or self.view.canvas.node_at(point)
        port = self._wiring.port(item, point) if item is not None and self._wiring is not None else ""
        return item, port, point

    def release(self, event: QMouseEvent) -> None:
        if self._wiring is not None:
            found = self._under(event)
            self._wiring.finish(*found)
        elif self._click is not None:
            self.view.canvas.select_link(self._click)

    def cancel(self) -> None:
        if self._wiring is not None:
            self._wiring.clear()


class KeyWiring:
    """A wire drawn by keys: the arrows choose the end, Tab its input, Shift+Tab the output, Enter links it."""

    def __init__(self, view: CanvasView, node: str) -> None:
        self.view = view
        self._wiring = Wiring(view, Anchor(node))
        canvas = view.canvas
        self._home = canvas.shown.visible(node)
        self._fitting = [mark for mark in canvas.nodes if mark != self._home and self._wiring.reason(mark) is None]
        here = canvas.place_of(self._home)
        below = sorted(
            self._fitting,
            key=lambda mark: (canvas.place_of(mark).y() <= here.y(), (canvas.place_of(mark) - here).manhattanLength()),
        )
        self._mark = below[0] if below else None
        self._port = ""
        self._choose(self._mark)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to link to."""
        return self._mark is None

    def _choose(self, mark: str | None, port: str | None = None) -> None:
        if mark is None:
            return
        item = self.view.canvas.nodes[mark]
        self._mark, self._port = mark, port if port is not None else self._wiring.port(item, None)
        self.view.reveal(mark)
        self._wiring.show(item, self._port, item.entry_of(self._port))

    def key(self, event: QKeyEvent) -> None:
        """Obey a key."""
        key = Qt.Key(event.key())
        if key in _ARROWS and self._mark is not None:
            self._choose(self._next(_ARROWS[key]))
        elif key == Qt.Key.Key_Backtab and self._mark is not None:
            self._next_output()
        elif key == Qt.Key.Key_Tab and self._mark is not None:
            ports = self.view.canvas.nodes[self._mark].facts.ports
            if ports:
                self._choose(
                    self._mark, ports[(ports.index(self._port) + 1) % len(ports) if self._port in ports else 0]
                )
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            item = self.view.canvas.nodes[self._mark] if self._mark is not None else None
            self.view.leave_wiring()
            if item is not None:
                self._wiring.finish(item, self._port, QPointF())
        elif key == Qt.Key.Key_Escape:
            self.view.leave_wiring()

    def _next_output(self) -> None:
        """Let the wire come from the next output of its node."""
        anchor, mark = self._wiring.anchor, self._mark
        outputs = self.view.canvas.nodes[self._home].facts.outputs
        way = outputs[(outputs.index(anchor.output) + 1) % len(outputs)] if anchor.output in outputs else MAIN
        self._wiring.clear()
        self._wiring = Wiring(self.view, dataclasses.replace(anchor, output=way))
        self._choose(mark, self._port)

    def _next(self, direction: str) -> str:
        canvas = self.view.canvas
        assert self._mark is not None
        here, found = canvas.place_of(self._mark), list[tuple[float, str]]()
        for mark in self._fitting:
            way = canvas.place_of(mark) - here
            along, aside = (way.x(), way.y()) if direction in ("left", "right") else (way.y(), way.x())
            along = -along if direction in ("left", "up") else along
            if mark != self._mark and along > 0:
                found.append((along + 2 * abs(aside), mark))
        return min(found)[1] if found else self._mark

    def clear(self) -> None:
        """Take what was drawn off the screen."""
        self._wiring.clear()


def anchor_at(view: CanvasView, point: QPointF) -> Anchor | None:
    """What a press on a port at a point of the scene takes hold of."""
    canvas = view.canvas
    item = canvas.port_item(point)
    port = item.port_at(point) if item is not None else None
    if item is None or port is None:
        return None
    inside = canvas.members(item.facts.id)
    if len(inside) > 1:
        entering = port != ""
        links = canvas.graph.incoming if entering else canvas.graph.outgoing
        ends = [
            node
            for node in inside
            if not any((link.source if entering else link.target) in inside for link in links[node])
        ]
        return Anchor(ends[0], "input" if entering else "") if len(ends) == 1 else None
    node = inside[0]
    if not port:
        return Anchor(node, output=item.exit_at(point))
    old = edits.replaced_by(canvas.graph, node, port)
    return Anchor(old.source, "", old, old.source_port) if old is not None else Anchor(node, port)


def end_at(view: CanvasView, point: QPointF, link: Link) -> Anchor:
    """What a press on a wire takes hold of: its nearer end, the other one stays."""
    edge = view.canvas.edges[view.canvas.shown.drawn(link) or link]
    if edge.near_end(point) == "target":
        return Anchor(link.source, "", link, link.source_port)
    return Anchor(link.target, port_of(view.canvas.graph, link), link)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Wiring", text)
