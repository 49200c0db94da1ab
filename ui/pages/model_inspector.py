"""The right side of the Model page: the selected node, a summary of several, or what to begin with."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from ui.canvas.editor import CanvasEditor
from ui.canvas.facts import ModelFacts
from ui.canvas.words import count_words, counted
from ui.pages.model_node import NodePanel
from ui.pages.model_presets import PresetCards
from ui.session import Session
from ui.theme import S2, S3
from ui.widgets import (
    BigNumber,
    Caption,
    DangerButton,
    Heading,
    Panel,
    QuietButton,
    Scroll,
    SectionHeader,
    row,
)


class Inspector(Panel):
    """Follows the canvas's selection."""

    repair_wanted = Signal(object)  # Repair

    def __init__(
        self, session: Session, facts: ModelFacts, editor: CanvasEditor, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, margin=0)
        self.session = session
        self.facts = facts
        self.editor = editor
        self._selection: list[str] = []
        self.node_panel = NodePanel(session, facts)
        self.node_panel.repair_wanted.connect(self.repair_wanted)
        self.overview = Overview(session, facts)
        self.several = Several(session, facts, editor)
        self._stack = QStackedLayout()
        # In the panel first: a widget put into a layout without a parent would be shown as a window of its own.
        self.body.addLayout(self._stack)
        self._scrolls = [_scrolled(panel) for panel in (self.overview, self.node_panel, self.several)]
        for scroll in self._scrolls:
            self._stack.addWidget(scroll)
        self._stale = False
        session.opened.connect(self._opened)
        facts.changed.connect(self._facts_changed)
        session.changed.connect(self._document_changed)
        self.refresh()

    def _opened(self) -> None:
        self.show_selection([])

    def _facts_changed(self) -> None:
        # In the midst of an edit the canvas follows first: what is selected may be another node then.
        self._stale = self.editor.scene.graph is not self.session.project.graph
        if not self._stale:
            self.refresh()

    def _document_changed(self) -> None:
        if self._stale:
            self.refresh()

    def show_selection(self, nodes: list[str]) -> None:
        """Show these nodes."""
        self._selection = list(nodes)
        self.refresh()

    def refresh(self) -> None:
        """Show what is selected as the document has it now."""
        self._stale = False
        alive = [node for node in self._selection if node in self.session.project.graph.by_id]
        if len(alive) == 1:
            self.node_panel.show_node(alive[0])
            self._stack.setCurrentIndex(1)
        elif alive:
            self.several.show_nodes(alive)
            self._stack.setCurrentIndex(2)
        else:
            self.overview.refresh()
            self._stack.setCurrentIndex(0)

    def put_first(self, widget: QWidget) -> None:
        """Put a widget over what is told of one node."""
        self._scrolls[1].body.insertWidget(0, widget)

    def focus_name(self, node: str) -> None:
        """Let the user type a node's name."""
        self.show_selection([node])
        self.node_panel.focus_name()


def _scrolled(panel: QWidget) -> Scroll:
    scroll = Scroll(margin=S3)
    scroll.body.addWidget(panel)
    scroll.body.addStretch(1)
    return scroll


class Overview(QWidget):
    """Nothing is selected: totals, and architectures that suit the data."""

    def __init__(self, session: Session, facts: ModelFacts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.facts = facts
        self.total = BigNumber("–", self.tr("parameters"))
        self._layers = Caption()
        self.cards = PresetCards(session)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S2)
        column.addWidget(Heading(self.tr("Model")))
        column.addWidget(self.total)
        column.addWidget(self._layers)
        self._title = SectionHeader("")
        column.addWidget(self._title)
        column.addWidget(self.cards)
        column.addStretch(1)

    def refresh(self) -> None:
        """Show the totals and presets of this moment."""
        graph, total = self.session.project.graph, self.facts.total_params
        self.total.set(count_words(total) if total is not None else "–")
        self._layers.setText(counted(max(len(graph.nodes) - 2, 0), self.tr("1 layer"), self.tr("%1 layers")))
        info = self.session.project.info
        self._title.set_text(self.tr("Architectures") if info is None else self.tr("Architectures for this data"))
        self.cards.refresh()


class Several(QWidget):
    """Several nodes are selected: what they add up to, and what can be done to all of them."""

    def __init__(
        self, session: Session, facts: ModelFacts, editor: CanvasEditor, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.session = session
        self._heading = Heading()
        self.total = BigNumber("–", self.tr("parameters"))
        duplicate = QuietButton(self.tr("Duplicate"), "copy-plus")
        delete = DangerButton(self.tr("Delete layers"), "trash-2")
        duplicate.clicked.connect(editor.duplicate)
        delete.clicked.connect(editor.delete)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S3)
        column.addWidget(self._heading)
        column.addWidget(self.total)
        column.addLayout(row(duplicate, delete, None))
        column.addStretch(1)

    def show_nodes(self, nodes: list[str]) -> None:
        """Show these nodes' sum."""
        self._heading.setText(self.tr("%1 layers selected").replace("%1", str(len(nodes))))
        report = self.session.report
        found = [report.by_id[node] for node in nodes if node in report.by_id] if report is not None else []
        self.total.set(count_words(sum(entry.params for entry in found)) if len(found) == len(nodes) else "–")
