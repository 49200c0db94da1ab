"""The drawing beside another, under the canvas: what was added, removed, changed and rewired, kept up to date."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QMenu, QStackedLayout, QTreeWidget, QTreeWidgetItem, QWidget

from ui.moments import later
from ui.pages.compared import Entry, counted, entries
from ui.pages.model_compare_sources import Other, Sources
from ui.session import Session
from ui.theme import S1, S2, S3, theme, tokens
from ui.widgets import Badge, EmptyState, IconButton, Line, QuietButton, column, row, set_reason
from workbench.graph.diff import Difference, compare

HEIGHT = 320
DELAY_MS = 250
KINDS = {"added": "good", "removed": "danger", "changed": "warning", "rewired": "accent"}
WIDTHS, NARROW_WIDTHS = (200, 188, 104), (112, 104, 72)
ROOMY = 600
MOST_TITLE = 32
_NODE = Qt.ItemDataRole.UserRole


class ComparePanel(QWidget):
    """From the other drawing to this one; a click on a line leads to its layer."""

    node_wanted = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._other: Other | None = None
        self.difference: Difference | None = None
        self.setObjectName("compare_panel")
        self.setAccessibleName(self.tr("The drawing compared with another"))
        self.set_room(HEIGHT)
        self.sources = Sources(session, self)
        self.sources.chosen.connect(self.show_other)
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(lambda: self.sources.fill(self._menu))
        self._choose = QuietButton(self.tr("Compare with…"), "columns-3", self)
        self._choose.setObjectName("compare_choose")
        self._choose.clicked.connect(self.offer)
        self.badges = {name: Badge("", kind) for name, kind in KINDS.items()}
        self.copy_button = IconButton("copy", self.tr("Copy as text"), self, 16)
        self.copy_button.setObjectName("copy_difference")
        self.copy_button.clicked.connect(self.copy)
        self.close_button = IconButton("x", self.tr("Close"), self, 16)
        self.tree = self._made_tree()
        self._empty = EmptyState("columns-3", "", "", parent=self)
        self._body = QStackedLayout()
        head = row(self._choose, *self.badges.values(), None, self.copy_button, self.close_button, spacing=S2)
        head.setContentsMargins(S3, S1, S3, S1)
        self.setLayout(column(Line(), head, self._body, spacing=0))
        # Only now: what is put into a layout that has no parent yet is shown as a window of its own.
        self._body.addWidget(self._empty)
        self._body.addWidget(self.tree)
        self._timer = later(self._refresh, DELAY_MS, self)
        session.changed.connect(self._follow)
        session.opened.connect(self._forget)
        theme().changed.connect(self._show)
        self.hide()
        self._show()

    def _made_tree(self) -> QTreeWidget:
        tree = QTreeWidget(self)
        tree.setObjectName("difference")
        tree.setAccessibleName(self.tr("Differences"))
        tree.setHeaderLabels([self.tr("Layer"), self.tr("Class"), self.tr("What"), self.tr("Before"), self.tr("After")])
        tree.setUniformRowHeights(True)
        tree.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        tree.setFrameShape(QTreeWidget.Shape.NoFrame)
        header = tree.header()
        header.setMinimumSectionSize(56)
        header.setStretchLastSection(False)
        for place in (3, 4):
            header.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)
        tree.itemClicked.connect(self._go)
        tree.itemActivated.connect(self._go)
        return tree

    def set_room(self, height: int) -> None:
        """Take the usual height, or less where there is less."""
        self.setFixedHeight(min(HEIGHT, height))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for place, width in enumerate(WIDTHS if self._roomy else NARROW_WIDTHS):
            self.tree.setColumnWidth(place, width)
        self._show_badges()

    @property
    def _roomy(self) -> bool:
        return self.width() >= ROOMY

    # What is compared

    def turn(self, on: bool) -> None:
        """Show the comparison, or put it away."""
        self.setVisible(on)
        if on:
            self._refresh()

    def offer(self) -> None:
        """Let the user choose what to compare with."""
        self._menu.popup(self._choose.mapToGlobal(self._choose.rect().bottomLeft()))

    def show_other(self, other: Other) -> None:
        """Compare the drawing with another one."""
        self._other = other
        self._refresh()

    def _forget(self) -> None:
        self._other, self.difference = None, None
        self._timer.stop()
        self._show()

    def _follow(self) -> None:
        if self.isVisible() and self._other is not None:
            self._timer.start()

    def _refresh(self) -> None:
        self._timer.stop()
        if self._other is not None:
            self.difference = compare(self._other.graph, self._session.project.graph)
        self._show()

    # Showing

    def _show(self) -> None:
        found, other = self.difference, self._other
        groups = entries(found) if found is not None else {}
        for kind, badge in self.badges.items():
            layers = {entry[1][:2] for entry in groups.get(kind, ())}
            badge.setText(counted(kind, len(layers)) if layers else "")
        self._show_badges()
        self._choose.setText(self._heading(MOST_TITLE))
        self._choose.setToolTip(self.tr("Choose what to compare the drawing with"))
        set_reason(self.copy_button, None if other is not None else self.tr("Choose what to compare with first."))
        if found is None:
            title, text = (
                self.tr("Compare the drawing"),
                self.tr("Choose an architecture, an earlier run, another project or a Keras model."),
            )
        else:
            title, text = self.tr("The two are the same."), self.tr("Every layer, setting and link is alike.")
        self._empty.set(title, text, "columns-3" if found is None else "check-check")
        self._body.setCurrentIndex(1 if found else 0)
        self._fill(groups)

    def _show_badges(self) -> None:
        """Where there is little room the list's own headings have to do."""
        for badge in self.badges.values():
            badge.setVisible(bool(badge.text()) and self._roomy)

    def _heading(self, most: int | None = None) -> str:
        """What is compared with, cut to a number of letters."""
        if self._other is None:
            return self.tr("Compare with…")
        title = self._other.title
        short = title if most is None or len(title) <= most else f"{title[: most - 1]}…"
        return self.tr("Compared with %1").replace("%1", short)

    def _fill(self, groups: dict[str, list[Entry]]) -> None:
        self.tree.clear()
        for kind, lines in groups.items():
            if not lines:
                continue
            layers = {cells[:2] for _, cells in lines}
            top = QTreeWidgetItem([counted(kind, len(layers))])
            top.setForeground(0, QColor(getattr(tokens(), KINDS[kind])))
            top.setFlags(Qt.ItemFlag.ItemIsEnabled)
            top.addChildren(list(self._lines(lines)))
            self.tree.addTopLevelItem(top)
            top.setFirstColumnSpanned(True)
            top.setExpanded(True)

    def _lines(self, told: Iterable[Entry]) -> Iterable[QTreeWidgetItem]:
        last: tuple[str, str] | None = None
        for node, cells in told:
            same, last = last == cells[:2], cells[:2]
            line = QTreeWidgetItem(["", "", *cells[2:]] if same else list(cells))
            line.setData(0, _NODE, node)
            line.setForeground(1, QColor(tokens().muted))
            line.setForeground(2, QColor(tokens().muted))
            gone = self.tr("%1 is not in this drawing").replace("%1", cells[0])
            for place, words in enumerate(cells):
                line.setToolTip(place, words if node is not None else gone)
            yield line

    # What can be done with it

    def _go(self, item: QTreeWidgetItem) -> None:
        node = item.data(0, _NODE)
        if node in self._session.project.graph.by_id:
            self.node_wanted.emit(node)

    def text(self) -> str:
        """The comparison in words, a line for each difference."""
        lines = self.difference.lines() if self.difference is not None else []
        return "\n".join([self._heading(), *(lines or [self.tr("The two are the same.")])])

    def copy(self) -> None:
        """Put the comparison on the clipboard."""
        QGuiApplication.clipboard().setText(self.text())
        self._session.noticed.emit("info", self.tr("The comparison was copied."), "")
