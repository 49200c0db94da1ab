"""A table of the real rows: a polars frame seen through a virtual model, with what was found of each column."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import polars as pl
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from ui.pages.data_paint import font
from ui.theme import CAPTION, tokens
from workbench.data.spec import ColumnInfo

Index = QModelIndex | QPersistentModelIndex
ROW_HEIGHT = 28
HEAD_ROOM, BODY_ROOM = 36, 12
LEAST_WIDTH, MOST_WIDTH = 64, 240
FITTED_COLUMNS = 60
SIX_DIGITS, LARGEST_WHOLE = 1e5, 1e15


class FrameModel(QAbstractTableModel):
    """A frame's rows and columns; nothing is copied, sorting keeps an order of row numbers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.decimals: dict[str, int] = {}  # columns that show the same number of decimals in every row
        self._frame = pl.DataFrame()
        self._columns: dict[str, ColumnInfo] = {}
        self._order: np.ndarray | None = None
        self._numbers: np.ndarray | None = None

    @property
    def frame(self) -> pl.DataFrame:
        """What is shown."""
        return self._frame

    def show(self, frame: pl.DataFrame, columns: tuple[ColumnInfo, ...], numbers: np.ndarray | None = None) -> None:
        """Show a frame, what was found of its columns, and the rows' own numbers where they are not 0, 1, 2..."""
        self.beginResetModel()
        self._numbers = numbers
        self._frame = frame
        self._columns = {column.name: column for column in columns}
        self._order = None
        self.endResetModel()

    def source_row(self, row: int) -> int:
        """The frame's row that stands in a place of the table."""
        return row if self._order is None else int(self._order[row])

    def number(self, row: int) -> int:
        """The number of the sample in a place of the table."""
        row = self.source_row(row)
        return row if self._numbers is None else int(self._numbers[row])

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else self._frame.height

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else self._frame.width

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column = self._frame.columns[index.column()]
        info = self._columns.get(column)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            value = self._frame[self.source_row(index.row()), index.column()]
            if value is None:
                return self.tr("missing")
            if role == Qt.ItemDataRole.ToolTipRole:
                return exact(value)
            return f"{value:.{self.decimals[column]}f}" if column in self.decimals else rounded(value)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if self.is_number(index.column()) else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ForegroundRole:
            if info is not None and info.kind == "ignored":
                return QBrush(QColor(tokens().faint))
            if self._frame[self.source_row(index.row()), index.column()] is None:
                return QBrush(QColor(tokens().warning))
        if role == Qt.ItemDataRole.BackgroundRole and info is not None and info.kind in ("target", "further"):
            return QBrush(QColor(tokens().wash))
        return None

    def is_number(self, column: int) -> bool:
        """Whether a column holds numbers, so that they stand right."""
        return self._frame.dtypes[column].is_numeric()

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Vertical:
            return f"{self.number(section)}" if role == Qt.ItemDataRole.DisplayRole else None
        name = self._frame.columns[section]
        info = self._columns.get(name)
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{name}\n{self.kind_words(info)}" if info is not None else name
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.column_words(name, info)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if self.is_number(section) else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def kind_words(self, info: ColumnInfo) -> str:
        """A column's kind in a word."""
        words = {
            "numeric": self.tr("number"),
            "categorical": self.tr("category"),
            "ignored": self.tr("left out"),
            "target": self.tr("to predict"),
            "further": self.tr("also to predict"),
            "weight": self.tr("weight"),
        }
        return words[info.kind]

    def column_words(self, name: str, info: ColumnInfo | None) -> str:
        """What was found of a column, in a sentence."""
        if info is None:
            return name
        return self.tr("{name}: {kind}, {distinct} different values, {missing} missing").format(
            name=name, kind=self.kind_words(info), distinct=f"{info.distinct:,}", missing=f"{info.missing:,}"
        )

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.layoutAboutToBeChanged.emit()
        if not 0 <= column < self._frame.width:
            self._order = None
        else:
            descending = order == Qt.SortOrder.DescendingOrder
            self._order = self._frame.to_series(column).arg_sort(descending=descending, nulls_last=True).to_numpy()
        self.layoutChanged.emit()


def rounded(value: Any) -> str:
    """A value for the eye: at most six significant digits, whole numbers whole."""
    if not isinstance(value, float) or not math.isfinite(value):
        return str(value)
    if value.is_integer() and abs(value) < LARGEST_WHOLE:
        return str(int(value))
    return f"{value:.2f}" if SIX_DIGITS <= abs(value) < LARGEST_WHOLE else f"{value:.6g}"


def exact(value: Any) -> str:
    """A value with every digit."""
    if isinstance(value, float) and value.is_integer() and abs(value) < LARGEST_WHOLE:
        return str(int(value))
    return repr(value) if isinstance(value, float) else str(value)


class RowsView(QTableView):
    """The table view: sortable by its headers, rows as one piece, nothing editable."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.frame_model = FrameModel(self)
        self.setModel(self.frame_model)
        self.setObjectName("rows_view")
        self.setAccessibleName(self.tr("Rows of the data"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setAlternatingRowColors(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setWordWrap(False)
        rows = self.verticalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(ROW_HEIGHT)
        rows.setFont(font(CAPTION))
        header = self.horizontalHeader()
        header.setFixedHeight(44)
        header.setHighlightSections(False)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)

    def show_frame(
        self, frame: pl.DataFrame, columns: tuple[ColumnInfo, ...], numbers: np.ndarray | None = None
    ) -> None:
        """Show a frame from its first row, columns as wide as their first rows need; see `FrameModel.show`."""
        same = list(self.frame_model.frame.columns) == list(frame.columns)
        self.frame_model.show(frame, columns, numbers)
        self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        target = [column.name for column in columns if column.kind == "target"]
        self._lead_with(frame.columns.index(target[0]) if target and target[0] in frame.columns else None)
        if not same:
            for column in range(frame.width):
                self.setColumnWidth(column, self._fitting_width(column))

    def _fitting_width(self, column: int) -> int:
        """A width for the heading's longer line and its arrow, and for the first rows."""
        words = str(self.frame_model.headerData(column, Qt.Orientation.Horizontal)).split("\n")
        metrics = self.horizontalHeader().fontMetrics()
        head = max(metrics.horizontalAdvance(line) for line in words) + HEAD_ROOM
        body = self.sizeHintForColumn(column) + BODY_ROOM if column < FITTED_COLUMNS else 0
        return max(LEAST_WIDTH, min(MOST_WIDTH, max(head, body)))

    def _lead_with(self, column: int | None) -> None:
        """Show a column before all others, the rest in their own order."""
        header = self.horizontalHeader()
        order = list(range(header.count()))
        if column is not None:
            order.insert(0, order.pop(column))
        for place, section in enumerate(order):
            header.moveSection(header.visualIndex(section), place)

    def sizeHint(self) -> QSize:
        return QSize(600, 400)
