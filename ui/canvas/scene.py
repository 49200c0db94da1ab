"""The scene: one item a node, one a link, kept equal to the document by comparing it before and after each edit."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain

from PySide6.QtCore import QObject, QPointF, QRectF, Signal

from ui.canvas.edge_item import DropMark, EdgeItem, GuideLines, LooseWire, WireLabel
from ui.canvas.facts import ModelFacts, NodeFacts
from ui.canvas.hits import HitScene
from ui.canvas.node_item import BODY_MARGINS, HEIGHT, WIDTH, Flow, NodeItem
from ui.canvas.notes import Notes
from ui.canvas.whereabouts import Whereabouts
from ui.session import Session
from ui.theme import theme
from workbench.graph.groups import shown
from workbench.graph.layout import Point
from workbench.graph.model import Graph, Link
from workbench.project.model import Project

MARGIN = 400.0


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
        self.chosen_link: Link | None = None
        self.notes = Notes(self)
        self.nodes: dict[str, NodeItem] = {}
        self.edges: dict[Link, EdgeItem] = {}
        self.animated = True
        self._bright: set[Link] = set()
        self._marked: Link | None = None
        self._extent: QRectF | None = None
        self._next: Collection[str] | None = None
        self._where = Whereabouts(self.nodes, self.edges, self)
        self._where.rerouted.connect(lambda: self.notes.surround(self._area_of))
        # Whatever a step of the way may have left on the paper is painted over.
        self._where.arrived.connect(lambda: self.update())
        self._mark, self._label, self.guides, self.loose = DropMark(), WireLabel(), GuideLines(), LooseWire()
        for item in (self._mark, self._label, self.guides, self.loose):
            self.addItem(item)
        session.changed.connect(self._follow)
        session.opened.connect(self._start_over)
        facts.changed.connect(self._show_facts)
        theme().changed.connect(self._restyle)
        self.selectionChanged.connect(self._tell_selection)
        self._start_over()

    # The mirror

    def _start_over(self) -> None:
        # What is selected goes with all the rest: that is told once.
        had_selection = bool(self.selectedItems())
        self.blockSignals(True)
        for link in list(self.edges):
            self.removeItem(self.edges.pop(link))
        for node in list(self.nodes):
            self.removeItem(self.nodes.pop(node))
        self.graph, self.shown = Graph(), shown(Graph())
        self.blockSignals(False)
        self._bright.clear()
        self._where.forget()
        self._mirror(self.session.project.graph, animate=False)
        if had_selection:
            self._tell_selection()

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
        self._where.follow(graph, self.shown.graph)
        fresh, reshaped, other = self._mirror_items(chosen)
        if self.chosen_link not in self.edges:
            self.chosen_link = None
        self.notes.mirror(graph)
        self.blockSignals(False)
        self._arrange(fresh, reshaped, animate=animate)
        if self._next is not None:
            self.select([node for node in self._next if node in graph.by_id])
        elif had_selection:
            self._tell_selection()
        if 2 * (len(fresh) + other) > len(self.nodes):
            self.overhauled.emit()

    def _mirror_items(self, chosen: set[str]) -> tuple[set[str], set[str], int]:
        """Take off and put on what differs.

        Returns:
            The nodes that are fresh, those that have other ports now, and how many are of another layer now.
        """
        picture, nodes, edges = self.shown.graph, self.nodes, self.edges
        rewired = self._where.rewired
        if rewired:
            for link in edges.keys() - set(picture.links):
                self.removeItem(edges.pop(link))
            self._bright &= edges.keys()
        for node in nodes.keys() - picture.by_id.keys():
            self.removeItem(nodes.pop(node))
        fresh, reshaped, other = set[str](), set[str](), 0
        for facts in self._all_facts():
            item = nodes.get(facts.id)
            if item is None:
                item = nodes[facts.id] = NodeItem(facts)
                self.addItem(item)
                fresh.add(facts.id)
                # What was selected stays so when it folds away or comes out.
                item.setSelected(not chosen.isdisjoint(self.members(facts.id)))
            elif item.facts is not facts:
                if item.facts.title != facts.title and not facts.layers:
                    other += 1
                    item.setSelected(False)
                if item.facts.ports != facts.ports or item.facts.outputs != facts.outputs:
                    reshaped.add(facts.id)
                item.show_facts(facts)
        for link in picture.links if rewired else ():
            if link not in edges:
                edge = edges[link] = EdgeItem(link)
                self.addItem(edge)
        return fresh, reshaped, other

    def _all_facts(self) -> Iterator[NodeFacts]:
        """What each node on the screen shows."""
        folded, by_id = self.shown.folded, self.graph.by_id
        if not folded:
            return self.facts.of_each(self.shown.graph.nodes)
        layers = self.facts.of_each(by_id[entry.id] for entry in self.shown.graph.nodes if entry.id not in folded)
        return chain(layers, (self.facts.of_group(mark, group) for mark, group in folded.items()))

    def members(self, node: str) -> tuple[str, ...]:
        """The document's nodes behind a node on the screen: one, or those of a folded group."""
        return self.shown.members(node)

    def _show_facts(self) -> None:
        if self.graph is not self.session.project.graph:
            return  # the mirror is about to follow
        room_before = [item.strip_height for item in self.nodes.values()]
        for facts in self._all_facts():
            item = self.nodes[facts.id]
            if item.facts is not facts:
                item.show_facts(facts)
        if room_before != [item.strip_height for item in self.nodes.values()]:
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

    def _arrange(self, fresh: Collection[str], reshaped: Collection[str] = (), *, animate: bool = True) -> None:
        """Send each node to its place; the sentence under a faulty node pushes down what is below."""
        self._extent = None
        self._where.arrange(fresh, self.views() if animate and self.animated else (), reshaped)
        self.setSceneRect(self._where.extent.united(self.notes.bounds()).adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN))

    @property
    def flow(self) -> Flow:
        """The way that most of the wires run."""
        return self._where.flow

    def _area_of(self, node: str) -> QRectF:
        place = self.nodes[self.shown.visible(node)].pos()
        return QRectF(place.x(), place.y(), WIDTH, HEIGHT)

    def place_of(self, node: str) -> QPointF:
        """Where a node belongs when nothing moves; for one in a folded group, where the group does."""
        return self._where.place_of(self.shown.visible(node))

    def places(self) -> Mapping[str, Point]:
        """Where each node on the screen belongs."""
        return self._where.targets

    def hold(self, nodes: Collection[str]) -> None:
        """Take nodes in the hand: the layout leaves them alone until they are let go (`hold(())`)."""
        self._where.hold(nodes)

    def carry(self, places: Mapping[str, QPointF]) -> None:
        """Move held nodes."""
        self._where.carry(places)

    def glide_home(self) -> None:
        """Let the layout take every node back to its place."""
        self._arrange(set())

    def bounds(self, nodes: Iterable[str] | None = None) -> QRectF:
        """The rectangle around everything, or around some nodes."""
        if nodes is None:
            if self._extent is None:
                speaking = (node for node, item in self.nodes.items() if item.strip_height)
                bodies = self._where.extent
                if not bodies.isNull():
                    bodies = bodies.marginsAdded(BODY_MARGINS)
                self._extent = bodies.united(self._around(speaking)).united(self.notes.bounds())
            return self._extent
        return self._around(self.shown.visible(node) for node in nodes)

    def _around(self, marks: Iterable[str]) -> QRectF:
        rect = QRectF()
        for mark in marks:
            rect = rect.united(self.nodes[mark].boundingRect().translated(self._where.place_of(mark)))
        return rect

    # Selection

    def _tell_selection(self) -> None:
        links, chosen = self.shown.graph, self._chosen()
        bright = {link for node in chosen for link in (*links.incoming[node], *links.outgoing[node])}
        bright &= self.edges.keys()
        for link in bright ^ self._bright:
            self.edges[link].activate(link in bright)
        self._bright = bright
        self._show_chosen_link()
        selection = self.selection()
        self.notes.show_selection(selection)
        self.picked.emit(selection)

    def _chosen(self) -> list[str]:
        """The selected nodes on the screen."""
        return [item.facts.id for item in self.selectedItems() if isinstance(item, NodeItem)]

    def _show_chosen_link(self) -> None:
        """Mark the wire that is chosen, and no other."""
        for link, edge in ((link, self.edges.get(link)) for link in (self._marked, self.chosen_link) if link):
            if edge is not None:
                edge.choose(link == self.chosen_link)
        self._marked = self.chosen_link

    def selection(self) -> list[str]:
        """The ids of the selected nodes, all of a folded group's among them; those in the graph's order first."""
        chosen = [member for node in self._chosen() for member in self.members(node)]
        if len(chosen) < 2:
            return chosen
        order = {node: place for place, node in enumerate(self.graph.order)}
        return sorted(chosen, key=lambda node: order.get(node, len(order)))

    @contextlib.contextmanager
    def selecting(self, nodes: Collection[str]) -> Iterator[None]:
        """Select these nodes as soon as an edit has changed the drawing; they may come to be known in the edit."""
        self._next = nodes
        try:
            yield
        finally:
            self._next = None

    def select(self, nodes: Collection[str]) -> None:
        """Select exactly these nodes; a folded group with them where one of its nodes is among them."""
        wanted = {self.shown.visible(node) for node in nodes}
        self.blockSignals(True)
        self.chosen_link = None
        self.notes.choose(())
        before = set(self._chosen())
        for node in before ^ wanted:
            self.nodes[node].setSelected(node in wanted)
        self.blockSignals(False)
        self._tell_selection()

    def select_link(self, link: Link | None) -> None:
        """Select a wire, and nothing else."""
        self.select(())
        self.chosen_link = link
        self._show_chosen_link()

    def select_comments(self, comments: Collection[str]) -> None:
        """Select comments beside the nodes that are selected."""
        self.notes.choose(comments)

    def show_fits(self, fits: Mapping[str, bool] | None, *, backward: bool = False) -> None:
        """Light the nodes where a wire could end and dim the others; None when no wire is drawn any more."""
        for node, item in self.nodes.items():
            item.show_fit(fits.get(node) if fits is not None else None, backward=backward)

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
            self.say(_carried(self.nodes[edge.link.source].facts, edge.link.source_port), edge.middle)
        elif point is not None and (words := self.port_words(point)):
            self.say(words[0], words[1])
        else:
            self.say("", QPointF())

    def port_words(self, point: QPointF) -> tuple[str, QPointF] | None:
        """The name of the input or output under a point, where a layer has several, and what comes out there."""
        item = self.port_item(point)
        port = item.port_at(point) if item is not None else None
        away = QPointF(0, -20) if self.flow == "down" else QPointF(-40, 0)
        if item is None or port is None or len(item.facts.ports if port else item.facts.outputs) < 2:
            return None
        if port:
            return port, item.entry_of(port) + away
        way = item.exit_at(point)
        return f"{way} {_carried(item.facts, way)}".strip(), item.exit_of(way) - away

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


def _carried(facts: NodeFacts, port: str) -> str:
    """The shape that comes out at an output, as words."""
    place = facts.outputs.index(port) if port in facts.outputs else 0
    return facts.shapes[place] if place < len(facts.shapes) else facts.shape
