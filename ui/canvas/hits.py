"""What lies under a point of the scene: a node, a port, a wire."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QGraphicsScene

from ui.canvas.edge_item import EdgeItem
from ui.canvas.node_item import PORT_REACH, NodeItem
from workbench.graph.groups import Shown
from workbench.graph.model import OUTPUT, Link


class HitScene(QGraphicsScene):
    """Answers what is where; the heir keeps `shown` and `edges` equal to the document."""

    shown: Shown
    edges: dict[Link, EdgeItem]

    def node_at(self, point: QPointF) -> NodeItem | None:
        """The node under a point of the scene."""
        return next((item for item in self.items(point) if isinstance(item, NodeItem)), None)

    def link_at(self, point: QPointF, reach: float) -> Link | None:
        """The wire under a point of the scene, or no further than `reach`."""
        area = QRectF(point.x() - reach, point.y() - reach, 2 * reach, 2 * reach)
        near = [(item.distance(point), item.link) for item in self.items(area) if isinstance(item, EdgeItem)]
        distance, link = min(near, key=lambda entry: entry[0], default=(reach + 1, None))
        return link if distance <= reach else None

    def nearest_link(self, point: QPointF, reach: float, without: Collection[str] = ()) -> Link | None:
        """The link nearest to a point, no further than `reach`, that touches none of the nodes `without`."""
        near = [
            (edge.distance(point, reach), place, link)
            for place, (link, edge) in enumerate(self.edges.items())
            if link.source not in without and link.target not in without
        ]
        best = min(near, key=lambda entry: entry[:2], default=None)
        return best[2] if best is not None and best[0] <= reach else None

    def last_link(self) -> Link | None:
        """The link into the output, where an appended layer goes."""
        picture = self.shown.graph
        output = next(iter(picture.of_layer(OUTPUT)), None)
        incoming = picture.incoming[output.id] if output is not None else ()
        return incoming[0] if incoming else None

    def port_item(self, point: QPointF) -> NodeItem | None:
        """The node one of whose ports is under a point of the scene."""
        area = QRectF(point.x() - PORT_REACH, point.y() - PORT_REACH, 2 * PORT_REACH, 2 * PORT_REACH)
        near = (item for item in self.items(area) if isinstance(item, NodeItem))
        return next((item for item in near if item.port_at(point) is not None), None)
