"""The scene: one item a node, one a link, kept equal to the document by comparing it before and after each edit."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping

from PySide6.QtCore import QEasingCurve, QObject, QPointF, QRectF, QVariantAnimation, Signal
from PySide6.QtWidgets import QApplication, QStyle

from ui.canvas.edge_item import DropMark, EdgeItem, GuideLines, LooseWire, WireLabel
from ui.canvas.facts import ModelFacts, NodeFacts
from ui.canvas.hits import HitScene
from ui.canvas.node_item import HEIGHT, WIDTH, Flow, NodeItem
from ui.canvas.notes import Notes
from ui.canvas.routes import Boxes
from ui.session import Session
from ui.theme import theme
from workbench.graph import edits
from workbench.graph.groups import shown
from workbench.graph.layout import positions
from workbench.graph.model import Graph, Link, Node
from workbench.project.model import Project

MOTION_MS = 140
MARGIN = 400.0
LAYOUTS = 6


class CanvasScene(HitScene):
    """Mirrors the session's drawing. It changes nothing but what is on the screen."""

    overhauled = Signal()  # most of the drawing is another one now
    picked = Signal(list)  # ids of the selected nodes, in the order of the graph

    def __init__(self, session: Session, facts: ModelFacts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.facts = facts
        self.graph = Graph()
        self.shown = shown(self.graph)
        self.flow: Flow = "down"
        self.chosen_link: Link | None = None
        self.notes = Notes(self)
        self.nodes: dict[str, NodeItem] = {}
        self.edges: dict[Link, EdgeItem] = {}
        self.animated = True
        self._layouts: deque[tuple[object, dict[str, QPointF]]] = deque(maxlen=LAYOUTS)
        self._targets: dict[str, QPointF] = {}
        self._starts: dict[str, QPointF] = {}
        self._held: frozenset[str] = frozenset()
        self._boxes = Boxes((), "down")
        self._resting = False
        self._routed: tuple[Link, ...] | None = None
        self._extent: QRectF | None = None
        self._mark, self._label, self.guides, self.loose = DropMark(), WireLabel(), GuideLines(), LooseWire()
        for item in (self._mark, self._label, self.guides, self.loose):
            self.addItem(item)
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
        self.graph, self.shown, self._routed = Graph(), shown(Graph()), None
        self._mirror(self.session.project.graph, animate=False)

    def _follow(self, before: Project, after: Project) -> None:
        if after.graph is not self.graph:
            self._mirror(after.graph)
        else:
            self.graph = after.graph
            self._show_facts()

    def _mirror(self, graph: Graph, *, animate: bool = True) -> None:
        had_selection = bool(self.selectedItems())
        chosen = set(self.selection())
        self.blockSignals(True)
        self.graph, self.shown = graph, shown(graph)
        picture = self.shown.graph
        rewired = picture.links != self._routed
        if rewired:
            for link in self.edges.keys() - set(picture.links):
                self.removeItem(self.edges.pop(link))
        for node in self.nodes.keys() - picture.by_id.keys():
            self.removeItem(self.nodes.pop(node))
        fresh, other = set[str](), set[str]()
        for entry in picture.nodes:
            facts = self._facts_of(entry)
            if entry.id not in self.nodes:
                item = self.nodes[entry.id] = NodeItem(facts)
                self.addItem(item)
                fresh.add(entry.id)
                # What was selected stays so when it folds away or comes out.
                item.setSelected(not chosen.isdisjoint(self.members(entry.id)))
            else:
                item = self.nodes[entry.id]
                if item.facts.title != facts.title and not facts.layers:
                    other.add(entry.id)
                    item.setSelected(False)
                item.show_facts(facts)
        for link in picture.links if rewired else ():
            if link not in self.edges:
                edge = self.edges[link] = EdgeItem(link)
                self.addItem(edge)
        if self.chosen_link not in self.edges:
            self.chosen_link = None
        self.notes.mirror(graph)
        self.blockSignals(False)
        self._arrange(fresh, animate=animate)
        if had_selection:
            self._tell_selection()
        if 2 * len(fresh | other) > len(picture.nodes):
            self.overhauled.emit()

    def _facts_of(self, entry: Node) -> NodeFacts:
        group = self.shown.folded.get(entry.id)
        return self.facts.of_group(entry.id, group) if group is not None else self.facts.of(self.graph.by_id[entry.id])

    def members(self, node: str) -> tuple[str, ...]:
        """The document's nodes behind a node on the screen: one, or those of a folded group."""
        return self.shown.members(node)

    def _show_facts(self) -> None:
        if self.graph is not self.session.project.graph:
            return  # the mirror is about to follow
        room_before = {node: item.strip_height for node, item in self.nodes.items()}
        for entry in self.shown.graph.nodes:
            self.nodes[entry.id].show_facts(self._facts_of(entry))
        if room_before != {node: item.strip_height for node, item in self.nodes.items()}:
            self._arrange(set())

    def _restyle(self) -> None:
        for item in self.nodes.values():
            item.update()
        for edge in self.edges.values():
            edge.restyle()
        self.notes.restyle()
        self._mark.update()
        self._label.update()
        self.update()

    # Where things are

    def _arrange(self, fresh: Collection[str], *, animate: bool = True) -> None:
        """Send each node to its place; the sentence under a faulty node pushes down what is below."""
        self._extent = None
        base, picture = self._base_places(), self.shown.graph
        strips = dict[float, float]()
        for node, place in base.items():
            if picture.by_id[node].position is None:
                strips[place.y()] = max(strips.get(place.y(), 0.0), self.nodes[node].strip_height)
        pushed, extra = dict[float, float](), 0.0
        for row in sorted(strips):
            pushed[row] = extra
            extra += strips[row]
        targets = {
            node: place if picture.by_id[node].position is not None else place + QPointF(0, pushed[place.y()])
            for node, place in base.items()
        }
        if self._resting and self._routed == picture.links and not fresh and targets == self._targets:
            self.notes.surround(self._area_of)
            self._reach()
            return
        self._targets, self._routed = targets, picture.links
        self._turn()
        for node in fresh:
            self._move(node, self._targets[node])
        self._starts = {node: self.nodes[node].pos() for node in self._targets if node not in self._held}
        self._motion.stop()
        moving = any(self._targets[node] != place for node, place in self._starts.items())
        if moving and animate and self._may_animate():
            self._resting = False
            self._motion.start()
            self._route(self.edges)
        else:
            self.settle()
        self._reach()

    def _reach(self) -> None:
        """Let the scene be as large as what is in it."""
        bounds = self.notes.bounds()
        if self._targets:
            across = [place.x() for place in self._targets.values()]
            along = [place.y() for place in self._targets.values()]
            corner = QPointF(min(across), min(along))
            bounds = bounds.united(QRectF(corner, QPointF(max(across) + WIDTH, max(along) + HEIGHT)))
        self.setSceneRect(bounds.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN))

    def _turn(self) -> None:
        """Have the wires run the way most of the drawing does."""
        links = self.shown.graph.links
        ways = [self._targets[link.target] - self._targets[link.source] for link in links]
        across, down = sum(way.x() > WIDTH for way in ways), sum(way.y() > HEIGHT for way in ways)
        self.flow = "right" if across > down else "down"
        for item in self.nodes.values():
            item.turn(self.flow)
        self._boxes = Boxes(self._targets.values(), self.flow)

    def _base_places(self) -> dict[str, QPointF]:
        """The layout's places, asked for anew only when nodes or links differ; and those that were set by hand."""
        picture = self.shown.graph
        key = (tuple(picture.by_id), picture.links)
        places = next((known for laid_out, known in self._layouts if laid_out == key), None)
        if places is None:
            freed = picture
            if any(node.position is not None for node in picture.nodes):
                freed = edits.place(picture, dict.fromkeys(picture.by_id))
            places = {node: QPointF(*spot) for node, spot in positions(freed).items()}
            # An undo, or a group that folds and unfolds, comes back to what was laid out a moment ago.
            self._layouts.appendleft((key, places))
        by_hand = {node.id: QPointF(*node.position) for node in picture.nodes if node.position is not None}
        return {**places, **by_hand} if by_hand else places

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
        self._resting = not self._held
        for node, place in self._targets.items():
            if node not in self._held:
                self._move(node, place)
        self._route(self.edges)

    def _move(self, node: str, place: QPointF) -> None:
        self.nodes[node].setPos(place)

    def _route(self, links: Iterable[Link]) -> None:
        for link in links:
            target = self.nodes[link.target]
            port = edits.port_of(self.graph, link) if len(target.facts.ports) > 1 else ""
            self.edges[link].route(self.nodes[link.source].exit, target.entry_of(port), self.flow, self._boxes)
        self.notes.surround(self._area_of)

    def _area_of(self, node: str) -> QRectF:
        place = self.nodes[self.shown.visible(node)].pos()
        return QRectF(place.x(), place.y(), WIDTH, HEIGHT)

    def place_of(self, node: str) -> QPointF:
        """Where a node belongs when nothing moves; for one in a folded group, where the group does."""
        return self._targets[self.shown.visible(node)]

    def hold(self, nodes: Collection[str]) -> None:
        """Take nodes in the hand: the layout leaves them alone until they are let go (`hold(())`)."""
        for node in self._held | frozenset(nodes):
            if node in self.nodes:
                self.nodes[node].lift(node in nodes)
        self._held = frozenset(nodes)

    def carry(self, places: dict[str, QPointF]) -> None:
        """Move held nodes."""
        self._resting = False
        for node, place in places.items():
            if node in self.nodes:
                self._move(node, place)
        self._route(link for link in self.edges if link.source in places or link.target in places)

    def glide_home(self) -> None:
        """Let the layout take every node back to its place."""
        self._arrange(set())

    def bounds(self, nodes: Iterable[str] | None = None) -> QRectF:
        """The rectangle around everything, or around some nodes."""
        if nodes is None and self._extent is not None:
            return self._extent
        rect = QRectF()
        for node in self._targets if nodes is None else nodes:
            mark = self.shown.visible(node)
            rect = rect.united(self.nodes[mark].boundingRect().translated(self._targets[mark]))
        if nodes is None:
            self._extent = rect = rect.united(self.notes.bounds())
        return rect

    # Selection

    def _tell_selection(self) -> None:
        chosen = {node for node, item in self.nodes.items() if item.isSelected()}
        for link, edge in self.edges.items():
            edge.activate(link.source in chosen or link.target in chosen)
            edge.choose(link == self.chosen_link)
        selection = self.selection()
        self.notes.show_selection(selection)
        self.picked.emit(selection)

    def selection(self) -> list[str]:
        """The ids of the selected nodes, all of a folded group's among them; those in the graph's order first."""
        chosen = [member for node, item in self.nodes.items() if item.isSelected() for member in self.members(node)]
        if len(chosen) < 2:
            return chosen
        order = {node: place for place, node in enumerate(self.graph.order)}
        return sorted(chosen, key=lambda node: order.get(node, len(order)))

    def select(self, nodes: Collection[str]) -> None:
        """Select exactly these nodes; a folded group with them where one of its nodes is among them."""
        wanted = {self.shown.visible(node) for node in nodes}
        self.blockSignals(True)
        self.chosen_link = None
        self.notes.choose(())
        for node, item in self.nodes.items():
            item.setSelected(node in wanted)
        self.blockSignals(False)
        self._tell_selection()

    def select_link(self, link: Link | None) -> None:
        """Select a wire, and nothing else."""
        self.select(())
        self.chosen_link = link
        for other, edge in self.edges.items():
            edge.choose(other == link)

    def select_comments(self, comments: Collection[str]) -> None:
        """Select comments beside the nodes that are selected."""
        self.notes.choose(comments)

    def show_fits(self, fits: Mapping[str, bool] | None) -> None:
        """Light the nodes where a wire could end and dim the others; None when no wire is drawn any more."""
        for node, item in self.nodes.items():
            item.show_fit(fits.get(node) if fits is not None else None)

    def say(self, words: str, place: QPointF, bad: bool = False) -> None:
        """Write something at a place of the scene; nothing takes it away."""
        self._label.show_words(words, bad)
        self._label.setPos(place)

    # Dropping

    def name_wire(self, point: QPointF | None) -> None:
        """Write on the wire under a point what flows through it; nothing where there is none."""
        link = self.link_at(point, 6.0) if point is not None and self.node_at(point) is None else None
        edge = self.edges.get(link) if link is not None else None
        if edge is not None:
            self.say(self.nodes[edge.link.source].facts.shape, edge.middle)
        elif point is not None and (words := self._port_words(point)):
            self.say(words[0], words[1])
        else:
            self.say("", QPointF())

    def _port_words(self, point: QPointF) -> tuple[str, QPointF] | None:
        """The name of the input under a point, where a layer has several."""
        item = self.port_item(point)
        port = item.port_at(point) if item is not None else None
        if item is None or not port or len(item.facts.ports) < 2:
            return None
        away = QPointF(0, -20) if self.flow == "down" else QPointF(-40, 0)
        return port, item.entry_of(port) + away

    def light(self, link: Link | None) -> None:
        """Show where a drop would land; None shows nothing."""
        for other, edge in self.edges.items():
            edge.light(other == link)
        self._mark.setVisible(link is not None)
        if link is not None:
            self._mark.setPos(self.edges[link].middle)

    def mark(self, point: QPointF | None) -> None:
        """Show where something would come to lie, away from every wire."""
        self._mark.setVisible(point is not None)
        if point is not None:
            self._mark.setPos(point)
