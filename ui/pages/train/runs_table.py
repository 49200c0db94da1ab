"""The runs below the plots: select one to see its curves, several to lay them over each other."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, QSize, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLineEdit, QTableView, QVBoxLayout, QWidget

from ui.pages.train.runs import NAME, NOTE, RUN_ROLE, SORT_ROLE, STAR, STARTED, TAGS, WORDS_ROLE, RunsModel
from ui.theme import S2
from ui.training import Training
from ui.widgets import Caption
from workbench.project.model import RunRecord
from workbench.runs.notes import load_notes

MOST_SHOWN = 5
ROW_HEIGHT = 30
STAR_WIDTH = 32
WIDTHS = {NAME: 120, TAGS: 100, NOTE: 120}
SEARCH_WIDTH = 144


class _View(QTableView):
    delete_wanted = Signal()
    copy_wanted = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete_wanted.emit()
        else:
            super().keyPressEvent(event)


class RunsTable(QWidget):
    """A table whose selection is what the page shows; a run that begins selects itself.

    `search` and `count` are put beside it by who shows it.
    """

    selected = Signal(list)  # names of runs, the one at the top of the selection first
    starred = Signal(list)
    delete_wanted = Signal(list)
    menu_wanted = Signal(list, QPoint)

    def __init__(self, training: Training, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.training = training
        self.model = RunsModel(self)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSortRole(SORT_ROLE)
        self._sorted.setFilterRole(WORDS_ROLE)
        self._sorted.setFilterKeyColumn(NAME)
        self._sorted.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._sorted.setSourceModel(self.model)
        self._live: str | None = None
        self._filling = False
        self.search = QLineEdit()
        self.search.setObjectName("runs_search")
        self.search.setPlaceholderText(self.tr("Filter the runs"))
        self.search.setToolTip(self.tr("Show only runs with this in their name, tags, note or state"))
        self.search.setAccessibleName(self.search.placeholderText())
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(SEARCH_WIDTH)
        self.search.textChanged.connect(self._filter)
        self.count = Caption("")
        self.count.setWordWrap(False)
        self.view = self._made()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, S2, 0, 0)
        layout.addWidget(self.view, 1)
        self.view.selectionModel().selectionChanged.connect(self._tell)
        self.refresh(None)

    def _made(self) -> _View:
        view = _View()
        view.setObjectName("runs_table")
        view.setAccessibleName(self.tr("Runs"))
        view.setModel(self._sorted)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setSortingEnabled(True)
        view.sortByColumn(STARTED, Qt.SortOrder.DescendingOrder)
        view.setIconSize(QSize(16, 16))
        view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        header = view.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(STAR, QHeaderView.ResizeMode.Fixed)
        view.setColumnWidth(STAR, STAR_WIDTH)
        for column, width in WIDTHS.items():
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            view.setColumnWidth(column, width)
        header.setStretchLastSection(True)
        header.setHighlightSections(False)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._ask_menu)
        view.clicked.connect(self._clicked)
        view.delete_wanted.connect(lambda: self.delete_wanted.emit(self.chosen()))
        view.copy_wanted.connect(self.copy)
        return view

    def refresh(self, live: str | None) -> None:
        """Read the runs anew; keep the selection, or take the run that began, or the newest."""
        before = self.selection()
        began = live is not None and live != self._live
        self._live = live
        folder = self.training.session.folder
        records = self.training.runs()
        self._filling = True
        self.model.set_records(
            records, {record.run: load_notes(folder, record.run) for record in records} if folder else {}, live
        )
        kept = [run for run in before if self.model.row_of(run) >= 0]
        if began and live is not None:
            kept = [live]
        elif not kept and self.model.records:
            kept = [self._first()]
        self.select(kept)
        self._filling = False
        self._count()
        self._tell()

    def _first(self) -> str:
        """The newest run that has begun, else the newest."""
        begun = [record.run for record in self.model.records if record.outcome != "queued"]
        return begun[0] if begun else self.model.records[0].run

    def chosen(self) -> list[str]:
        """All selected runs, from the top of the table down."""
        rows = sorted(self.view.selectionModel().selectedRows(NAME), key=lambda index: index.row())
        return [str(index.data(RUN_ROLE)) for index in rows]

    def selection(self) -> list[str]:
        """The selected runs that are drawn: the first few of them."""
        return self.chosen()[:MOST_SHOWN]

    def pair(self) -> list[RunRecord]:
        """The two selected runs, the older one first; none where not two are selected."""
        chosen = self.chosen()
        return [record for record in reversed(self.model.records) if record.run in chosen] if len(chosen) == 2 else []

    def select(self, runs: list[str]) -> None:
        """Select these runs."""
        model = self.view.selectionModel()
        model.clearSelection()
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        for run in runs:
            place = self._place(run, NAME)
            if place.isValid():
                model.select(place, flags)

    def edit(self, run: str, column: int) -> None:
        """Let a run's name, tags or note be typed in its place."""
        place = self._place(run, column)
        if place.isValid():
            self.view.setCurrentIndex(place)
            self.view.edit(place)

    def copy(self) -> None:
        """Put the selected rows on the clipboard as a table."""
        columns = range(NAME, NOTE + 1)
        lines = ["\t".join(str(self.model.headerData(column, Qt.Orientation.Horizontal)) for column in columns)]
        for run in self.chosen():
            line = self.model.row_of(run)
            lines.append("\t".join(str(self.model.index(line, column).data()) for column in columns))
        QGuiApplication.clipboard().setText("\n".join(lines))

    def _place(self, run: str, column: int) -> QModelIndex:
        line = self.model.row_of(run)
        return self._sorted.mapFromSource(self.model.index(line, column)) if line >= 0 else QModelIndex()

    def _clicked(self, index: QModelIndex) -> None:
        if index.column() == STAR:
            self.starred.emit([str(index.siblingAtColumn(NAME).data(RUN_ROLE))])

    def _ask_menu(self, place: QPoint) -> None:
        if self.chosen():
            self.menu_wanted.emit(self.chosen(), self.view.viewport().mapToGlobal(place))

    def _filter(self, text: str) -> None:
        self._sorted.setFilterFixedString(text.strip())
        self._count()

    def _count(self) -> None:
        shown, there = self._sorted.rowCount(), self.model.rowCount()
        self.count.setText(self.tr("{shown} of {all} runs").format(shown=shown, all=there) if shown != there else "")

    def _tell(self) -> None:
        if not self._filling:
            self.selected.emit(self.selection())
