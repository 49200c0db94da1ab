"""A sortable table over rows of plain values, quick with a million of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

_Index = QModelIndex | QPersistentModelIndex


@dataclasses.dataclass(frozen=True)
class Column:
    """One column: its heading, the value of a row (for sorting), and its words (for eyes).

    Args:
        title: The heading.
        value: From a row to what is sorted by; None sorts last.
        text: From a value to words; `str` when not told.
        number: Right-aligned.
        tooltip: From a row to the exact value, for hovering.
    """

    title: str
    value: Callable[[Any], Any]
    text: Callable[[Any], str] | None = None
    number: bool = False
    tooltip: Callable[[Any], str] | None = None


class _Model(QAbstractTableModel):
    def __init__(self, columns: Sequence[Column], parent: QWidget) -> None:
        super().__init__(parent)
        self.columns = list(columns)
        self.rows: list[Any] = []

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column, line = self.columns[index.column()], self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            value = column.value(line)
            return column.text(value) if column.text is not None else "" if value is None else str(value)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.number else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ToolTipRole and column.tooltip is not None:
            return column.tooltip(line)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if self.columns[section].number else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if not 0 <= column < len(self.columns):
            return
        value = self.columns[column].value
        self.layoutAboutToBeChanged.emit()
        known = [line for line in self.rows if value(line) is not None]
        unknown = [line for line in self.rows if value(line) is None]
        known.sort(key=value, reverse=order == Qt.SortOrder.DescendingOrder)
        self.rows[:] = known + unknown
        self.layoutChanged.emit()

    def replace(self, rows: Sequence[Any]) -> None:
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()


class Table(QTableView):
    """Rows of any objects under `Column`s; `picked` tells the chosen row, `activated_row` a double click or Enter."""

    picked = Signal(object)
    activated_row = Signal(object)

    def __init__(self, columns: Sequence[Column], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _Model(columns, self)
        self.setModel(self._model)
        self.setAccessibleName(name)
        self.setSortingEnabled(True)
        self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(30)
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setWordWrap(False)
        self.selectionModel().currentRowChanged.connect(self._tell_picked)
        self.activated.connect(self._tell_activated)

    def set_rows(self, rows: Sequence[Any]) -> None:
        """Show other rows, in the sorting that is on."""
        self._model.replace(rows)
        header = self.horizontalHeader()
        if header.sortIndicatorSection() >= 0:
            self._model.sort(header.sortIndicatorSection(), header.sortIndicatorOrder())

    def rows(self) -> list[Any]:
        """The rows in the order shown."""
        return self._model.rows

    def current(self) -> Any | None:
        """The chosen row."""
        index = self.currentIndex()
        return self._model.rows[index.row()] if index.isValid() else None

    def pick(self, line: Any) -> None:
        """Choose a row."""
        if line in self._model.rows:
            self.setCurrentIndex(self._model.index(self._model.rows.index(line), 0))

    def refresh(self) -> None:
        """Read the values again."""
        if self._model.rows:
            last = self._model.index(len(self._model.rows) - 1, len(self._model.columns) - 1)
            self._model.dataChanged.emit(self._model.index(0, 0), last)

    def _tell_picked(self, index: QModelIndex) -> None:
        if index.isValid():
            self.picked.emit(self._model.rows[index.row()])

    def _tell_activated(self, index: QModelIndex) -> None:
        self.activated_row.emit(self._model.rows[index.row()])
