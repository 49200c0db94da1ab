"""The tabs below the plots: the runs, what was found and watched in the first selected one, two compared, the queue."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QTabWidget, QWidget

from ui.pages.train.compared import RunsCompared
from ui.pages.train.findings import FindingsPanel
from ui.pages.train.layers import LayersPanel
from ui.pages.train.queue import QueuePanel
from ui.pages.train.runs_table import RunsTable
from ui.pages.train.samples import SamplesPanel
from ui.session import Session
from ui.theme import S2
from ui.widgets import IconButton, row, set_icon
from workbench.core.events import Event


class RunTabs(QTabWidget):
    """Fills the tab that is looked at; the others wait until they are.

    `grown` asks that they have the plots' room too, or no longer.
    """

    grown = Signal(bool)

    def __init__(self, session: Session, table: RunsTable, queue: QueuePanel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table, self.queue = table, queue
        self.findings = FindingsPanel()
        self.samples = SamplesPanel(session)
        self.layers = LayersPanel(session)
        self.compared = RunsCompared(session)
        self.setDocumentMode(True)
        self.tabBar().setDrawBase(False)
        self.addTab(table, self.tr("Runs"))
        self.addTab(self.findings, self.tr("Findings"))
        self.addTab(self.samples, self.tr("Samples"))
        self.addTab(self.layers, self.tr("Layers"))
        self.addTab(self.compared, self.tr("Compare"))
        self.addTab(queue, self.tr("Queue"))
        self.grow = IconButton("maximize-2", "", size=16)
        self.grow.setObjectName("grow_button")
        self.grow.setCheckable(True)
        self.grow.toggled.connect(self._grow)
        self.grow.toggled.connect(self.grown)
        self._grow(False)
        corner = QWidget()
        corner.setLayout(row(table.count, table.search, self.grow, spacing=S2))
        self.setCornerWidget(corner)
        self.currentChanged.connect(self._follow)

    def _grow(self, grown: bool) -> None:
        words = self.tr("Show the plots again") if grown else self.tr("Hide the plots: these tables take their room")
        self.grow.setToolTip(words)
        self.grow.setAccessibleName(words)
        set_icon(self.grow, "minimize-2" if grown else "maximize-2", size=16)

    def _follow(self) -> None:
        for widget in (self.table.search, self.table.count):
            widget.setVisible(self.currentWidget() is self.table)

    def show_front(self, events: Sequence[Event]) -> None:
        """Fill the tab in front.

        Args:
            events: Those of the first selected run.
        """
        front = self.currentWidget()
        if isinstance(front, SamplesPanel | LayersPanel):
            front.show_events(events)
        elif front is self.compared:
            pair = self.table.pair()
            self.compared.show_runs(pair, [self.table.model.title_of(record.run) for record in pair])

    def show_findings(self, events: Sequence[Event]) -> None:
        """Show what was found in the first selected run, and how much of it."""
        self.findings.show_events(events)
        count = self.findings.accusing
        words = self.tr("Findings ({count})").format(count=count) if count else self.tr("Findings")
        self.setTabText(self.indexOf(self.findings), words)

    def show_queue(self) -> None:
        """Show which runs wait, and how many."""
        self.queue.refresh()
        waiting = len(self.queue.runs)
        words = self.tr("Queue ({count})").format(count=waiting) if waiting else self.tr("Queue")
        self.setTabText(self.indexOf(self.queue), words)
