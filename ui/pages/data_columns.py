"""Every column of a table with two choices: whether it is used, and whether its numbers are categories."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from ui.theme import tokens
from workbench.data.spec import ColumnInfo, DatasetSpec

Index = QModelIndex | QPersistentModelIndex
NAME, USE, CATEGORY = range(3)
ROW = 26
MOST_ROWS = 9


class ColumnsModel(QAbstractTableModel):
    """The columns that a network could see. Ticking asks for a change; the answer comes as new data."""

    asked = Signal(str, str, bool)  # "ignored" or "categorical", column, on

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns: tuple[ColumnInfo, ...] = ()
        self._forced: frozenset[str] = frozenset()

    @property
    def columns(self) -> tuple[ColumnInfo, ...]:
        """What is shown."""
        return self._columns

    def show(self, columns: tuple[ColumnInfo, ...], spec: DatasetSpec) -> None:
        """Show the columns as they are found now."""
        self.beginResetModel()
        self._columns = tuple(column for column in columns if column.kind not in ("target", "further", "weight"))
        self._forced = frozenset(spec.categorical)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._columns)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else 3

    def is_open(self, column: ColumnInfo) -> bool:
        """Whether the kind of a column is the user's to choose: text has only one."""
        return column.kind == "numeric" or column.name in self._forced

    def flags(self, index: Index) -> Qt.ItemFlag:
        base = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        column = self._columns[index.row()]
        if index.column() == USE:
            return base | Qt.ItemFlag.ItemIsUserCheckable
        if index.column() == CATEGORY:
            open_ = self.is_open(column) and column.kind != "ignored"
            return base | Qt.ItemFlag.ItemIsUserCheckable if open_ else Qt.ItemFlag.ItemIsSelectable
        return base

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column = self._columns[index.row()]
        if role == Qt.ItemDataRole.CheckStateRole and index.column() in (USE, CATEGORY):
            on = column.kind != "ignored" if index.column() == USE else column.kind == "categorical"
            return Qt.CheckState.Checked if on else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.DisplayRole and index.column() == NAME:
            return column.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.words(column, index.column())
        if role == Qt.ItemDataRole.ForegroundRole and column.kind == "ignored":
            return QBrush(QColor(tokens().faint))
        return None

    def words(self, column: ColumnInfo, place: int) -> str:
        """What is known of a column, in a sentence."""
        if place == CATEGORY and not self.is_open(column):
            return self.tr("“{name}” holds text, so it is a category.").format(name=column.name)
        return self.tr("{name}: {distinct} different values, {missing} missing, for example {example}").format(
            name=column.name,
            distinct=f"{column.distinct:,}",
            missing=f"{column.missing:,}",
            example=column.example or "–",
        )

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        on = Qt.CheckState(value) == Qt.CheckState.Checked
        name = self._columns[index.row()].name
        if index.column() == USE:
            self.asked.emit("ignored", name, not on)
        else:
            self.asked.emit("categorical", name, on)
        return False

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return (self.tr("Column"), self.tr("Use"), self.tr("Category"))[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return (
                self.tr("The column's name"),
                self.tr("Whether the network sees this column"),
                self.tr("Treat the numbers as names of categories, not as amounts"),
            )[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft if section == NAME else Qt.AlignmentFlag.AlignHCenter
            return side | Qt.AlignmentFlag.AlignVCenter
        return None


class ColumnsView(QTableView):
    """The list of columns; Space ticks the box of the current cell."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns_model = ColumnsModel(self)
        self.setModel(self.columns_model)
        self.setObjectName("columns_view")
        self.setAccessibleName(self.tr("Columns"))
        self.setShowGrid(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW)
        header = self.horizontalHeader()
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        for column, width in ((USE, 44), (CATEGORY, 76)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, width)
        header.setHighlightSections(False)

    def show_columns(self, columns: tuple[ColumnInfo, ...], spec: DatasetSpec) -> None:
        """Show the columns, as tall as they need up to nine rows; the place is kept."""
        place = self.verticalScrollBar().value()
        current = self.currentIndex()
        self.columns_model.show(columns, spec)
        rows = min(MOST_ROWS, self.columns_model.rowCount())
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + rows * ROW + 2)
        self.verticalScrollBar().setValue(place)
        if current.isValid() and current.row() < self.columns_model.rowCount():
            self.setCurrentIndex(self.columns_model.index(current.row(), current.column()))
