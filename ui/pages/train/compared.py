"""Two runs beside one another, under their curves: settings that differ, the drawing, figures of the best epoch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from ui.pages.compared import counted, entries
from ui.pages.train.progress import metric_title
from ui.plots.words import figure
from ui.session import Session
from ui.theme import S2, theme, tokens
from ui.widgets import IconButton, Text, row
from workbench.core.errors import WorkbenchError
from workbench.graph.diff import said
from workbench.project.model import RunRecord
from workbench.runs.compare import RunDifference, compare_runs

WHAT_WIDTH, CHANGE_WIDTH = 260, 120

Line = tuple[str, str, str, str]
"""What differs, how it is in the first run, how in the second, and the change."""


class RunsCompared(QWidget):
    """From the older run to the newer one."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.difference: RunDifference | None = None
        self._titles: Sequence[str] = ()
        self._known: tuple[Path, Sequence[RunRecord], Sequence[str]] | None = None
        self.words = Text("", "muted", wrap=False)
        self.copy_button = IconButton("copy", self.tr("Copy as text"), size=16)
        self.copy_button.clicked.connect(self.copy)
        self.tree = self._made()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, S2, 0, 0)
        layout.setSpacing(S2)
        body = row(spacing=S2)
        body.addWidget(self.tree, 1)
        body.addWidget(self.copy_button, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.words)
        layout.addLayout(body, 1)
        layout.addStretch(0)
        theme().changed.connect(self._fill)
        self._fill()

    def _made(self) -> QTreeWidget:
        tree = QTreeWidget()
        tree.setObjectName("runs_difference")
        tree.setAccessibleName(self.tr("Differences of two runs"))
        tree.setColumnCount(4)
        tree.setUniformRowHeights(True)
        tree.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        tree.setFrameShape(QTreeWidget.Shape.NoFrame)
        header = tree.header()
        header.setStretchLastSection(False)
        tree.setColumnWidth(0, WHAT_WIDTH)
        tree.setColumnWidth(3, CHANGE_WIDTH)
        for place in (1, 2):
            header.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)
        return tree

    def show_runs(self, records: Sequence[RunRecord], titles: Sequence[str]) -> None:
        """Compare two runs; other numbers of them are asked for another choice.

        Args:
            records: The chosen runs, the older one first.
            titles: What each is called.
        """
        folder = self.session.folder
        known = (folder, records, titles) if folder is not None else None
        if known == self._known and known is not None:
            return  # asked after each epoch, and the answer is on the disk
        self._known, self._titles, self.difference = known, titles, None
        if folder is not None and len(records) == 2:
            try:
                self.difference = compare_runs(folder, records[0].run, records[1].run)
            except WorkbenchError as error:
                self.session.tell("warning", error)
        self._fill()

    def _fill(self) -> None:
        found = self.difference
        self.tree.clear()
        for widget in (self.tree, self.copy_button):
            widget.setVisible(found is not None)
        self.words.setVisible(found is None or not (found.model or found.settings))
        if found is None:
            self.words.setText(self.tr("Select two runs in the table (Ctrl and click) to see what differs."))
            return
        self.words.setText(self.tr("Settings and drawing are the same."))
        self.tree.setHeaderLabels(["", *self._titles, self.tr("Change")])
        for heading, lines in self.groups(found):
            top = QTreeWidgetItem([heading])
            top.setFlags(Qt.ItemFlag.ItemIsEnabled)
            top.setForeground(0, QColor(tokens().muted))
            top.addChildren([self._item(line) for line in lines])
            self.tree.addTopLevelItem(top)
            top.setFirstColumnSpanned(True)
            top.setExpanded(True)

    @staticmethod
    def _item(line: Line) -> QTreeWidgetItem:
        item = QTreeWidgetItem(list(line))
        for place, words in enumerate(line):
            item.setToolTip(place, words)
        return item

    def groups(self, found: RunDifference) -> list[tuple[str, list[Line]]]:
        """What differs, under its headings."""
        nothing = "–"
        figures = [
            (
                metric_title(name),
                figure(old),
                figure(new),
                f"{'+' if new > old else ''}{figure(new - old)}" if old is not None and new is not None else nothing,
            )
            for name, (old, new) in found.metrics.items()
        ]
        settings = [(_spoken(path), said(old), said(new), "") for path, (old, new) in found.settings.items()]
        groups = [(self.tr("Settings"), settings)]
        for kind, lines in entries(found.model).items():
            told = [
                (f"{name} ({layer})" + (f": {what}" if what else ""), before or nothing, after or nothing, "")
                for _, (name, layer, what, before, after) in lines
            ]
            groups.append((counted(kind, len({line[0].partition(":")[0] for line in told})), told))
        groups.append((self.tr("Figures of the best epoch"), figures))
        return [(heading, lines) for heading, lines in groups if lines]

    def text(self) -> str:
        """The comparison as a table with tabs."""
        if self.difference is None:
            return ""
        lines = ["\t".join(("", *self._titles, self.tr("Change")))]
        for heading, told in self.groups(self.difference):
            lines += [heading, *("\t".join(line) for line in told)]
        return "\n".join(lines)

    def copy(self) -> None:
        """Put the comparison on the clipboard."""
        QGuiApplication.clipboard().setText(self.text())
        self.session.noticed.emit("info", self.tr("The comparison was copied."), "")


def _spoken(path: str) -> str:
    """A setting's path as people read it: "training.learning_rate" is "learning rate"."""
    return path.removeprefix("training.").replace(".", ": ").replace("_", " ")
