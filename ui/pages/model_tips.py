"""Why a layer has so many parameters, and what it costs: told on hover, on the canvas and in the inspector."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QLabel, QToolTip

from ui.canvas.words import bytes_words, count_words, short_count
from workbench.graph.why import parameter_sum

if TYPE_CHECKING:
    from ui.pages.model import ModelPage


class NodeTips(QObject):
    """Answers where the pointer rests on a node, and keeps the inspector's figure explained."""

    def __init__(self, page: ModelPage) -> None:
        super().__init__(page)
        self._page = page
        self._figure = page.inspector.node_panel.findChild(QLabel, "node_params")
        page.view.viewport().installEventFilter(self)
        if self._figure is not None:
            self._figure.installEventFilter(self)

    def why(self, node_id: str) -> str:
        """The sum behind a node's parameters; empty where it is not known."""
        session = self._page.session
        report, node = session.report, session.project.graph.by_id.get(node_id)
        found = report.by_id.get(node_id) if report is not None else None
        if report is None or node is None or found is None:
            return ""
        feeders = [report.by_id.get(link.source) for link in session.project.graph.incoming[node_id]]
        shape = feeders[0].output_shape if feeders and feeders[0] is not None else None
        return parameter_sum(node.layer, node.params, shape or (), found.params)

    def cost(self, node_id: str) -> str:
        """What a node costs, in one line."""
        report = self._page.session.report
        found = report.by_id.get(node_id) if report is not None else None
        if report is None or found is None:
            return ""
        pieces = []
        if found.flops:
            pieces.append(self.tr("%1 operations a sample").replace("%1", short_count(found.flops)))
        if found.activation_bytes:
            held = self.tr("%1 at batch %2").replace("%1", bytes_words(found.activation_bytes))
            pieces.append(held.replace("%2", count_words(report.batch_size)))
        return " · ".join(pieces)

    def words(self, node_id: str, told: str) -> str:
        """A node's tooltip with the sum after its count, and its cost."""
        why, lines = self.why(node_id), told.split("\n")
        if why:
            figure = why.rpartition(" = ")[2]
            lines = [line.replace(figure, why, 1) if line.startswith(figure) else line for line in lines]
        return "\n".join(filter(None, (*lines, self.cost(node_id))))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            view = self._page.view
            if watched is self._figure:
                words = self.why(self._page.inspector.node_panel.node_id or "")
                QToolTip.showText(event.globalPos(), words or self.tr("How many numbers the layer keeps"), view)
                return True
            point = view.mapToScene(event.pos())
            item = self._page.canvas.node_at(point)
            if self._page.canvas.port_words(point) is not None:
                # The port's own label stands there.
                return True
            if item is not None:
                QToolTip.showText(event.globalPos(), self.words(item.facts.id, item.toolTip()), view)
                return True
        return super().eventFilter(watched, event)
