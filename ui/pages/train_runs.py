"""The table of the project's runs: what became of each, newest first."""

from __future__ import annotations

import datetime
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from ui.pages.train_progress import main_figure, metric_title
from ui.plots.words import duration, figure
from ui.theme import tokens
from workbench.project.model import RunRecord

RUN, OUTCOME, EPOCHS, BEST, SECONDS, STARTED = range(6)
SORT_ROLE = Qt.ItemDataRole.UserRole

Index = QModelIndex | QPersistentModelIndex


class RunsModel(QAbstractTableModel):
    """Rows of `RunRecord`. `live` names the run in progress: a record that says "running" otherwise broke off."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self.records: list[RunRecord] = []
        self.live: str | None = None
        self._headers = (
            self.tr("Run"),
            self.tr("Outcome"),
            self.tr("Epochs"),
            self.tr("Best"),
            self.tr("Time"),
            self.tr("Started"),
        )

    def set_records(self, records: list[RunRecord], live: str | None) -> None:
        """Show these runs, given oldest first."""
        self.beginResetModel()
        self.records = list(reversed(records))
        self.live = live
        self.endResetModel()

    def row_of(self, run: str) -> int:
        """The row of a run, or -1."""
        return next((row for row, record in enumerate(self.records) if record.run == run), -1)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.records)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._headers)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._headers[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(section)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        record, column = self.records[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(record, column)
            case Qt.ItemDataRole.ToolTipRole:
                return self._tooltip(record, column)
            case Qt.ItemDataRole.TextAlignmentRole:
                return self._alignment(column)
            case Qt.ItemDataRole.ForegroundRole if column == OUTCOME:
                return QColor(self._color(record))
        if role == SORT_ROLE:
            return self._sort_key(record, column)
        return None

    def outcome(self, record: RunRecord) -> str:
        """What became of a run, in a word."""
        if record.outcome == "running":
            return self.tr("running") if record.run == self.live else self.tr("broken off")
        words = {"done": self.tr("done"), "stopped": self.tr("stopped"), "failed": self.tr("failed")}
        return words.get(record.outcome, self.tr("broken off"))

    def _text(self, record: RunRecord, column: int) -> str:
        name = main_figure(record.metrics)
        return (
            record.run,
            self.outcome(record),
            str(record.epochs) if record.epochs else "–",
            f"{metric_title(name)} {figure(record.metrics[name])}" if name else "–",
            duration(record.seconds) if record.seconds else "–",
            started(record.created),
        )[column]

    def _tooltip(self, record: RunRecord, column: int) -> str | None:
        if column == OUTCOME and record.message:
            return f"{record.message} {record.hint}".strip()
        if column == BEST and record.metrics:
            lines = [f"{metric_title(name)}: {value!r}" for name, value in record.metrics.items()]
            return "\n".join([self.tr("Epoch {epoch}").format(epoch=record.best_epoch), *lines])
        if column == SECONDS and record.seconds:
            return f"{record.seconds:.3f} s"
        return record.created if column == STARTED else None

    def _color(self, record: RunRecord) -> str:
        colors = tokens()
        if record.outcome == "running":
            return colors.accent if record.run == self.live else colors.warning
        return {"done": colors.good, "stopped": colors.muted, "failed": colors.danger}.get(
            record.outcome, colors.warning
        )

    def _sort_key(self, record: RunRecord, column: int) -> Any:
        name = main_figure(record.metrics)
        value = record.metrics.get(name)
        return (
            record.run,
            self.outcome(record),
            record.epochs,
            value if value is not None else float("-inf"),
            record.seconds,
            record.created,
        )[column]

    @staticmethod
    def _alignment(column: int) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if column in (EPOCHS, BEST, SECONDS) else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter


def started(created: str) -> str:
    """A UTC time stamp as the user's clock shows it."""
    try:
        moment = datetime.datetime.fromisoformat(created).astimezone()
    except ValueError:
        return created
    today = datetime.datetime.now().astimezone().date()
    return moment.strftime("%H:%M" if moment.date() == today else "%Y-%m-%d %H:%M")
