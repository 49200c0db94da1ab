"""Where every node and wire on the canvas is, where it belongs, and how it gets there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from PySide6.QtCore import QEasingCurve, QObject, QPointF, QRectF, QVariantAnimation, Signal
from PySide6.QtWidgets import QApplication, QGraphicsView, QStyle

from ui.canvas.edge_item import EdgeItem
from ui.canvas.node_item import HEIGHT, WIDTH, Flow, NodeItem
from ui.canvas.placing import Placing
from ui.canvas.routes import Boxes
from workbench.graph.layout import Point
from workbench.graph.model import Graph, Link

MOTION_MS = 140


class Whereabouts(QObject):
    """Moves the scene's items, and only those that are not where they belong.

    What is out of sight goes to its place at once; what is in sight glides there. A wire's path is drawn anew only
    where its two ends, or what stands between them, lie otherwise to one another.
    """

    rerouted = Signal()  # nodes are elsewhere than before
    arrived = Signal()  # nothing moves any more

    def __init__(self, nodes: dict[str, NodeItem], edges: dict[Link, EdgeItem], parent: QObject) -> None:
        super().__init__(parent)
        self._nodes, self._edges = nodes, edges
        self._graph = self._picture = Graph()
        self._placing = Placing()
        self.targets: dict[str, Point] = {}
        self._spots: dict[str, Point] = {}
        self._starts: dict[str, Point] = {}
        self._held: frozenset[str] = frozenset()
        self._boxes = Boxes((), "down")
        self._routed: tuple[Link, ...] | None = None
        self._ranks: dict[Link, int] = {}
        self._resting = False
        self.flow: Flow = "down"
        self._motion = QVariantAnimation(self)
        self._motion.setDuration(MOTION_MS)
        self._motion.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._motion.setStartValue(0.0)
        self._motion.setEndValue(1.0)
        self._motion.valueChanged.connect(self._glide)
        self._motion.finished.connect(self._arrived)

    # What belongs where

    def place_of(self, node: str) -> QPointF:
        """Where a node belongs when nothing moves."""
        return QPointF(*self.targets[node])

    @property
    def extent(self) -> QRectF:
        """The rectangle around the bodies of all nodes, where they belong."""
        if not self.targets:
            return QRectF()
        across, along = zip(*self.targets.values(), strict=True)
        corner = QPointF(min(across), min(along))
        return QRectF(corner, QPointF(max(across) + WIDTH, max(along) + HEIGHT))

    @property
    def rewired(self) -> bool:
        """Whether the links are others than those that are routed."""
        return self._picture.links != self._routed

    def follow(self, graph: Graph, picture: Graph) -> None:
        """Take another drawing, and as it is shown; `arrange` then carries it out."""
        self._graph, self._picture = graph, picture

    def forget(self) -> None:
        """Nothing is where it was."""
        self._motion.stop()
        self._spots, self._starts, self._routed = {}, {}, None
        self._ranks = {}

    # Getting there

    def arrange(
        self, fresh: Collection[str], views: Iterable[QGraphicsView] = (), reshaped: Collection[str] = ()
    ) -> None:
        """Send each node to its place.

        Args:
            fresh: The nodes that have just come; they stand at their places at once.
            views: What looks on; without it nothing glides.
            reshaped: The nodes that have other ports than before.
        """
        strips = {node: height for node, item in self._nodes.items() if (height := item.strip_height)}
        targets = self._placing.places(self._picture, strips)
        if self._resting and not (self.rewired or fresh or reshaped) and targets == self.targets:
            return
        if self.rewired:
            # With other links beside it, one may come in at another port.
            several = (node for node, item in self._nodes.items() if len(item.facts.ports) > 1)
            reshaped = {*reshaped, *several}
        for node in self._spots.keys() - targets.keys():
            del self._spots[node]
        self.targets, self._routed = targets, self._picture.links
        turned = self._turn(fresh)
        self._motion.stop()
        astray = {node for node, place in targets.items() if self._spots.get(node) != place} - self._held
        self._starts = self._gliding(astray.difference(fresh), views)
        shifts = self._move({node: targets[node] for node in astray if node not in self._starts})
        self._resting = not self._starts and not self._held
        if self._starts:
            self._motion.start()
        self._rank()
        self._route(self._picture.links if turned else self._bent(shifts, reshaped))

    def settle(self) -> None:
        """Put everything at its place at once."""
        self._motion.stop()
        self._arrived()

    def _arrived(self) -> None:
        self._starts = {}
        astray = (node for node, place in self.targets.items() if self._spots.get(node) != place)
        moved = {node: self.targets[node] for node in astray if node not in self._held}
        self._resting = not self._held
        self._move(moved)
        self._route(self._touching(moved))
        self.arrived.emit()

    def hold(self, nodes: Collection[str]) -> None:
        """Take nodes in the hand: the layout leaves them alone until they are let go (`hold(())`)."""
        for node in self._held | frozenset(nodes):
            if node in self._nodes:
                self._nodes[node].lift(node in nodes)
        self._held = frozenset(nodes)

    def carry(self, places: Mapping[str, QPointF]) -> None:
        """Move held nodes."""
        self._resting = False
        moved = {node: (place.x(), place.y()) for node, place in places.items() if node in self._nodes}
        self._move(moved)
        self._route(self._touching(moved))

    def _turn(self, fresh: Collection[str]) -> bool:
        """Have the wires run the way most of the drawing does; whether that is another way than before."""
        across = down = 0
        for link in self._picture.links:
            (x, y), (x_end, y_end) = self.targets[link.source], self.targets[link.target]
            across += x_end - x > WIDTH
            down += y_end - y > HEIGHT
        flow: Flow = "right" if across > down else "down"
        turned = flow != self.flow
        for node in self._nodes if turned else fresh:
            self._nodes[node].turn(flow)
        self.flow = flow
        self._boxes = Boxes(self.targets.values(), flow)
        return turned

    def _gliding(self, astray: Collection[str], views: Iterable[QGraphicsView]) -> dict[str, Point]:
        """Where those begin that are seen on their way."""
        looking = [view for view in views if view.isVisible()]
        if not looking or QApplication.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) <= 0:
            return {}
        found = dict[str, Point]()
        for view in looking:
            sight = view.mapToScene(view.viewport().rect()).boundingRect()
            left, top, right, bottom = sight.left() - WIDTH, sight.top() - HEIGHT, sight.right(), sight.bottom()
            for node in astray:
                for x, y in (self._spots[node], self.targets[node]):
                    if left <= x <= right and top <= y <= bottom:
                        found[node] = self._spots[node]
        return found

    def _glide(self, part: float) -> None:
        moved: dict[str, Point] = {}
        for node, (x, y) in self._starts.items():
            if node in self._nodes and node not in self._held:
                x_end, y_end = self.targets[node]
                moved[node] = (x + (x_end - x) * part, y + (y_end - y) * part)
        self._move(moved)
        self._route(self._touching(moved))

    def _move(self, places: Mapping[str, Point]) -> dict[str, Point]:
        """Put nodes at places; by how much each of them moved that stood somewhere before."""
        shifts = dict[str, Point]()
        for node, (x, y) in places.items():
            before = self._spots.get(node)
            if before is not None:
                shifts[node] = (x - before[0], y - before[1])
            self._nodes[node].setPos(x, y)
        self._spots.update(places)
        return shifts

    def _touching(self, nodes: Collection[str]) -> list[Link]:
        return [link for link in self._picture.links if link.source in nodes or link.target in nodes]

    def _bent(self, shifts: Mapping[str, Point], reshaped: Collection[str]) -> list[Link]:
        """The wires that must be laid anew; a short one whose two ends move alike just goes along.

        Args:
            shifts: By how much nodes moved.
            reshaped: The nodes that have other ports than before.
        """
        spots, along = self._spots, 1 if self.flow == "down" else 0
        bent, far = list[Link](), 2 * self._boxes.long
        for link, edge in self._edges.items():
            source, target = link.source, link.target
            shift = shifts.get(source)
            if (
                shift != shifts.get(target)
                or not edge.laid
                or spots[target][along] - spots[source][along] >= far
                or source in reshaped
                or target in reshaped
            ):
                bent.append(link)
            elif shift is not None:
                edge.shift(shift)
        return bent

    def _rank(self) -> None:
        """Tell the long wires apart, as they lie when nothing moves."""
        targets, along, far = self.targets, 1 if self.flow == "down" else 0, 2 * self._boxes.long
        self._ranks = self._boxes.ranks(
            (link, *self._ends(link, targets))
            for link in self._picture.links
            if targets[link.target][along] - targets[link.source][along] >= far
        )

    def _ends(self, link: Link, spots: Mapping[str, Point]) -> tuple[Point, Point]:
        """Where a wire begins and ends."""
        x, y = spots[link.source]
        x_end, y_end = spots[link.target]
        away, aside = self._nodes[link.source].spot_out(link.source_port)
        across, along = self._nodes[link.target].spot_of(self._graph, link)
        return (x + away, y + aside), (x_end + across, y_end + along)

    def _route(self, links: Iterable[Link]) -> None:
        edges, flow, boxes, ranks = self._edges, self.flow, self._boxes, self._ranks
        for link in links:
            edges[link].route(*self._ends(link, self._spots), flow, boxes, ranks.get(link, 0))
        self.rerouted.emit()
