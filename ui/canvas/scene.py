"""The scene: one item a node, one a link, kept equal to the document by comparing it before and after each edit."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from PySide6.QtCore import QEasingCurve, QObject, QPointF, QRectF, QVariantAnimation, Signal
from PySide6.QtWidgets import QApplication, QGraphicsScene, QStyle

from ui.canvas.edge_item import DropMark, EdgeItem, WireLabel
from ui.canvas.facts import ModelFacts
from ui.canvas.node_item import HEIGHT, WIDTH, NodeItem
from ui.session import Session
from ui.theme import theme
from workbench.graph.layout import positions
from workbench.graph.model import OUTPUT, Graph, Link
from workbench.project.model import Project

MOTION_MS = 140
MARGIN = 400.0


class CanvasScene(QGraphicsScene):
    """Mirrors the session's drawing. It changes nothing but what is on the screen."""

    overhauled = Signal()  # most of the drawing is another one now
    picked = Signal(list)  # ids of the selected nodes, in the order of the graph

    def __init__(self, session: Session, facts: ModelFacts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.facts = facts
        self.graph = Graph()
        self.nodes: dict[str, NodeItem] = {}
        self.edges: dict[Link, EdgeItem] = {}
        self.animated = True
        self._laid_out: object = None
        self._places: dict[str, QPointF] = {}
        self._targets: dict[str, QPointF] = {}
        self._starts: dict[str, QPointF] = {}
        self._held: frozenset[str] = frozenset()
        self._mark, self._label = DropMark(), WireLabel()
        self.addItem(self._mark)
        self.addItem(self._label)
        self._motion = QVariantAnimation(self)
        self._motion.setDuration(MOTION_MS)
        self._motion.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._motion.setStartValue(0.0)
        self._motion.setEndValue(1.0)
        self._motion.valueChanged.connect(self._glide)
        session.changed.connect(self._follow)
        session.opened.connect(self._start_over)
        facts.changed.connect(self._show_facts)
        theme().changed.connect(self._restyle)
        self.selectionChanged.connect(self._tell_selection)
        self._start_over()

    # The mirror

    def _start_over(self) -> None:
        for link in list(self.edges):
            self.removeItem(self.edges.pop(link))
        for node in list(self.nodes):
            self.removeItem(self.nodes.pop(node))
        self.graph = Graph()
        self._mirror(self.session.project.graph, animate=False)

    def _follow(self, before: Project, after: Project) -> None:
        if after.graph != self.graph:
            self._mirror(after.graph)
        else:
            self.graph = after.graph
            self._show_facts()

    def _mirror(self, graph: Graph, *, animate: bool = True) -> None:
        had_selection = bool(self.selectedItems())
        self.blockSignals(True)
        self.graph = graph
        for link in self.edges.keys() - set(graph.links):
            self.removeItem(self.edges.pop(link))
        for node in self.nodes.keys() - graph.by_id.keys():
            self.removeItem(self.nodes.pop(node))
        fresh, other = set[str](), set[str]()
        for entry in graph.nodes:
            if entry.id not in self.nodes:
                item = self.nodes[entry.id] = NodeItem(self.facts.of(entry))
                self.addItem(item)
                fresh.add(entry.id)
            else:
                item = self.nodes[entry.id]
                if item.facts.title != entry.layer:
                    other.add(entry.id)
                    item.setSelected(False)
                item.show_facts(self.facts.of(entry))
        for link in graph.links:
            if link not in self.edges:
                edge = self.edges[link] = EdgeItem(link)
                self.addItem(edge)
        self.blockSignals(False)
        self._arrange(fresh, animate=animate)
        if had_selection:
            self._tell_selection()
        if 2 * len(fresh | other) > len(graph.nodes):
            self.overhauled.emit()

    def _show_facts(self) -> None:
        if self.graph is not self.session.project.graph:
            return  # the mirror is about to follow
        room_before = {node: item.strip_height for node, item in self.nodes.items()}
        for entry in self.graph.nodes:
            self.nodes[entry.id].show_facts(self.facts.of(entry))
        if room_before != {node: item.strip_height for node, item in self.nodes.items()}:
            self._arrange(set())

    def _restyle(self) -> None:
        for item in self.nodes.values():
            item.update()
        for edge in self.edges.values():
            edge.restyle()
        self._mark.update()
        self._label.update()
        self.update()

    # Where things are

    def _arrange(self, fresh: Collection[str], *, animate: bool = True) -> None:
        """Send each node to its place; the sentence under a faulty node pushes down what is below."""
        base = self._base_places()
        strips = dict[float, float]()
        for node, place in base.items():
            strips[place.y()] = max(strips.get(place.y(), 0.0), self.nodes[node].strip_height)
        pushed, extra = dict[float, float](), 0.0
        for row in sorted(strips):
            pushed[row] = extra
            extra += strips[row]
        self._targets = {node: place + QPointF(0, pushed[place.y()]) for node, place in base.items()}
        for node in fresh:
            self._move(node, self._targets[node])
        self._starts = {node: self.nodes[node].pos() for node in self._targets if node not in self._held}
        self._motion.stop()
        moving = any(self._targets[node] != place for node, place in self._starts.items())
        if moving and animate and self._may_animate():
            self._motion.start()
            self._route(self.edges)
        else:
            self.settle()
        bounds = QRectF()
        for place in self._targets.values():
            bounds = bounds.united(QRectF(place.x(), place.y(), WIDTH, HEIGHT))
        self.setSceneRect(bounds.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN))

    def _base_places(self) -> dict[str, QPointF]:
        """The layout's places; asked for anew only when nodes, links or hand-set places differ."""
        key = (tuple((node.id, node.position) for node in self.graph.nodes), self.graph.links)
        if key != self._laid_out:
            self._laid_out = key
            self._places = {node: QPointF(*place) for node, place in positions(self.graph).items()}
        return self._places

    def _may_animate(self) -> bool:
        shown = any(view.isVisible() for view in self.views())
        style = QApplication.style()
        return self.animated and shown and style.styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) > 0

    def _glide(self, part: float) -> None:
        for node, start in self._starts.items():
            if node in self.nodes and node not in self._held:
                self._move(node, start + (self._targets[node] - start) * part)
        self._route(self.edges)

    def settle(self) -> None:
        """Put everything at its place at once."""
        self._motion.stop()
        for node, place in self._targets.items():
            if node not in self._held:
                self._move(node, place)
        self._route(self.edges)

    def _move(self, node: str, place: QPointF) -> None:
        self.nodes[node].setPos(place)

    def _route(self, links: Iterable[Link]) -> None:
        for link in links:
            edge = self.edges[link]
            edge.route(self.nodes[link.source].exit, self.nodes[link.target].entry)

    def place_of(self, node: str) -> QPointF:
        """Where a node belongs when nothing moves."""
        return self._targets[node]

    def hold(self, nodes: Collection[str]) -> None:
        """Take nodes in the hand: the layout leaves them alone until they are let go (`hold(())`)."""
        for node in self._held | frozenset(nodes):
            if node in self.nodes:
                self.nodes[node].lift(node in nodes)
        self._held = frozenset(nodes)

    def carry(self, places: dict[str, QPointF]) -> None:
        """Move held nodes."""
        for node, place in places.items():
            if node in self.nodes:
                self._move(node, place)
        self._route(link for link in self.edges if link.source in places or link.target in places)

    def glide_home(self) -> None:
        """Let the layout take every node back to its place."""
        self._arrange(set())

    def bounds(self, nodes: Iterable[str] | None = None) -> QRectF:
        """The rectangle around all nodes, or some."""
        rect = QRectF()
        for node in self._targets if nodes is None else nodes:
            item = self.nodes[node]
            rect = rect.united(item.boundingRect().translated(self._targets[node]))
        return rect

    # Selection

    def _tell_selection(self) -> None:
        chosen = set(self.selection())
        for link, edge in self.edges.items():
            edge.activate(link.source in chosen or link.target in chosen)
        self.picked.emit(self.selection())

    def selection(self) -> list[str]:
        """The ids of the selected nodes; those in the graph's order first."""
        chosen = [node for node, item in self.nodes.items() if item.isSelected()]
        order = {node: place for place, node in enumerate(self.graph.order)}
        return sorted(chosen, key=lambda node: order.get(node, len(order)))

    def select(self, nodes: Collection[str]) -> None:
        """Select exactly these nodes."""
        self.blockSignals(True)
        for node, item in self.nodes.items():
            item.setSelected(node in nodes)
        self.blockSignals(False)
        self._tell_selection()

    # Dropping

    def node_at(self, point: QPointF) -> NodeItem | None:
        """The node under a point of the scene."""
        return next((item for item in self.items(point) if isinstance(item, NodeItem)), None)

    def edge_at(self, point: QPointF) -> EdgeItem | None:
        """The wire under a point of the scene."""
        return next((item for item in self.items(point) if isinstance(item, EdgeItem)), None)

    def nearest_link(self, point: QPointF, reach: float, without: Collection[str] = ()) -> Link | None:
        """The link nearest to a point, no further than `reach`, that touches none of the nodes `without`."""
        near = [
            (edge.distance(point), place, link)
            for place, (link, edge) in enumerate(self.edges.items())
            if link.source not in without and link.target not in without
        ]
        best = min(near, key=lambda entry: entry[:2], default=None)
        return best[2] if best is not None and best[0] <= reach else None

    def last_link(self) -> Link | None:
        """The link into the output, where an appended layer goes."""
        output = next(iter(self.graph.of_layer(OUTPUT)), None)
        incoming = self.graph.incoming[output.id] if output is not None else ()
        return incoming[0] if incoming else None

    def name_wire(self, point: QPointF | None) -> None:
        """Write on the wire under a point what flows through it; nothing where there is none."""
        edge = self.edge_at(point) if point is not None and self.node_at(point) is None else None
        self._label.show_words(self.nodes[edge.link.source].facts.shape if edge is not None else "")
        if edge is not None:
            self._label.setPos(edge.middle)

    def light(self, link: Link | None) -> None:
        """Show where a drop would land; None shows nothing."""
        for other, edge in self.edges.items():
            edge.light(other == link)
        self._mark.setVisible(link is not None)
        if link is not None:
            self._mark.setPos(self.edges[link].middle)
