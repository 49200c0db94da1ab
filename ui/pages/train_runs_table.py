"""The runs below the plots: select one to see its curves, several to lay them over each other."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QSortFilterProxyModel, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QVBoxLayout, QWidget

from ui.pages.train_runs import RUN, SORT_ROLE, STARTED, RunsModel
from ui.theme import S2, S5
from ui.training import Training
from ui.widgets import SectionHeader

MOST_SHOWN = 5


class RunsTable(QWidget):
    """A table whose selection is what the page shows; a run that begins selects itself."""

    selected = Signal(list)  # names of runs, the one at the top of the selection first

    def __init__(self, training: Training, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.training = training
        self.model = RunsModel(self)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSortRole(SORT_ROLE)
        self._sorted.setSourceModel(self.model)
        self._live: str | None = None
        self._filling = False
        self.view = QTableView()
        self.view.setObjectName("runs_table")
        self.view.setAccessibleName(self.tr("Runs"))
        self.view.setModel(self._sorted)
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setShowGrid(False)
        self.view.setSortingEnabled(True)
        self.view.sortByColumn(STARTED, Qt.SortOrder.DescendingOrder)
        self.view.verticalHeader().hide()
        header = self.view.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        header.setHighlightSections(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(S5, S2, S5, S5)
        layout.setSpacing(S2)
        layout.addWidget(SectionHeader(self.tr("Runs")))
        layout.addWidget(self.view, 1)
        self.view.selectionModel().selectionChanged.connect(self._tell)
        self.refresh(None)

    def refresh(self, live: str | None) -> None:
        """Read the runs anew; keep the selection, or take the run that began, or the newest."""
        before = self.selection()
        began = live is not None and live != self._live
        self._live = live
        self._filling = True
        self.model.set_records(self.training.runs(), live)
        kept = [run for run in before if self.model.row_of(run) >= 0]
        if began and live is not None:
            kept = [live]
        elif not kept and self.model.records:
            kept = [self.model.records[0].run]
        self.select(kept)
        self._filling = False
        self._tell()

    def selection(self) -> list[str]:
        """The selected runs, from the top of the table down."""
        rows = sorted(self.view.selectionModel().selectedRows(RUN), key=lambda index: index.row())
        return [str(index.data()) for index in rows][:MOST_SHOWN]

    def select(self, runs: list[str]) -> None:
        """Select these runs."""
        model = self.view.selectionModel()
        model.clearSelection()
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        for run in runs:
            row = self.model.row_of(run)
            if row >= 0:
                model.select(self._sorted.mapFromSource(self.model.index(row, RUN)), flags)

    def _tell(self) -> None:
        if not self._filling:
            self.selected.emit(self.selection())
